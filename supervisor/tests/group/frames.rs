//! What the supervisor and its commands make of frames, over the real transport.

use std::fs;

use serde_json::Value;

use crate::harness::{Running, is_ready, pid};

fn output<'a>(status: &'a Value, name: &str) -> &'a Value {
    let outputs = status["outputs"].as_array().expect("a list");
    outputs.iter().find(|output| output["name"] == name).unwrap_or(&Value::Null)
}

#[test]
fn the_status_counts_frames_of_every_output() {
    let running = Running::start("renderer=render,web=show,desk=show", &[]);
    let status = running.wait_for("ten frames", 10, |status| {
        output(status, "web")["delivered"].as_u64().is_some_and(|delivered| delivered >= 10)
    });
    let web = output(&status, "web");
    assert_eq!((&web["topic"], &web["policy"]), (&"red".into(), &"drop-oldest".into()));
    assert!(web["rendered"].as_u64() >= web["delivered"].as_u64(), "{web}");
    assert!(web["last_delivered_age_ms"].as_u64().is_some_and(|age_ms| age_ms < 2000), "{web}");
    assert_eq!(web["pid"].as_i64(), pid(&status, "web").map(|pid| i64::from(pid.as_raw())));
    let table = String::from_utf8(running.casedd(&["status"]).stdout).expect("text");
    assert!(table.contains("DELIVERED") && table.contains(" red "), "{table}");
}

#[test]
fn a_snapshot_is_the_picture_that_the_output_shows() {
    let running = Running::start("renderer=render,web=show,desk=show", &[]);
    let file = running.top.path().join("web.png");
    let saved = running.casedd(&["snapshot", "web", "-o", file.to_str().expect("text")]);
    assert!(saved.status.success(), "{}", String::from_utf8_lossy(&saved.stderr));
    let picture = image::open(&file).expect("a PNG").to_rgb8();
    assert_eq!(picture.dimensions(), (64, 48));
    assert!(picture.pixels().all(|pixel| pixel.0 == [0xff, 0, 0]));
    let status = running.status().expect("running");
    assert_eq!(status["outputs"].as_array().map(Vec::len), Some(2), "the snapshot's own link is gone");
    let unknown = running.casedd(&["snapshot", "hall", "-o", file.to_str().expect("text")]);
    assert_eq!(unknown.status.code(), Some(66));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("desk"));
    let elsewhere = running.casedd(&["snapshot", "web", "-o", "/no/such/folder/web.png"]);
    assert_eq!(elsewhere.status.code(), Some(73));
    assert!(fs::metadata(&file).is_ok());
}

#[test]
fn a_sink_that_lives_but_shows_nothing_is_started_again() {
    let running = Running::start("renderer=render,web=freeze,desk=show", &[]);
    let before = running.status().expect("running");
    let after = running.wait_for("its end", 20, |status| {
        pid(status, "web") != pid(&before, "web") && is_ready(status, "web")
    });
    running.wait_for_log("web is offered frames and shows none");
    assert_eq!(pid(&before, "desk"), pid(&after, "desk"));
}
