//! The commands that talk to a running group.

use std::fs;
use std::process::Output;

use nix::sys::signal::Signal;

use crate::harness::{Running, is_alive, is_ready, pid, process};

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_sink_is_attached_and_detached_without_touching_the_others() {
    let running = Running::start("", &[]);
    let before = running.status().expect("running");
    let output = running.casedd(&["attach", "ws", "--name", "extra"]);
    assert!(output.status.success() && said(&output).contains("extra is ready"), "{}", said(&output));
    let during = running.status().expect("running");
    let extra = process(&during, "extra");
    assert_eq!((&extra["state"], &extra["is_attached"]), (&"ready".into(), &true.into()));
    let extra = pid(&during, "extra").expect("running");
    assert!(running.casedd(&["detach", "extra"]).status.success());
    assert!(!is_alive(extra));
    let after = running.status().expect("running");
    assert!(process(&after, "extra").is_null());
    for name in ["collector", "renderer", "web", "desk"] {
        assert_eq!(pid(&before, name), pid(&after, name));
    }
}

#[test]
fn a_sink_that_cannot_start_is_reported_and_taken_away() {
    let running = Running::start("extra=crash", &[]);
    let output = running.casedd(&["attach", "ws", "--name", "extra"]);
    assert_eq!(output.status.code(), Some(70), "{}", said(&output));
    assert!(said(&output).contains("crashed as told"), "{}", said(&output));
    let output = running.casedd(&["attach", "ws", "--no-such-flag"]);
    assert_eq!(output.status.code(), Some(64), "{}", said(&output));
    let output = running.casedd(&["attach", "e-ink"]);
    assert!(said(&output).contains("casedd-sink-e-ink"), "{}", said(&output));
    let output = running.casedd(&["attach", "ws", "--name", "web"]);
    assert_eq!(output.status.code(), Some(64), "{}", said(&output));
    let status = running.wait_for("the end of the failed ones", 5, |status| {
        status["processes"].as_array().is_some_and(|processes| processes.len() == 4)
    });
    assert!(is_ready(&status, "web"));
}

#[test]
fn only_sinks_can_be_detached() {
    let running = Running::start("", &[]);
    let output = running.casedd(&["detach", "renderer"]);
    assert_eq!(output.status.code(), Some(64));
    assert!(said(&output).contains("running: web, desk"), "{}", said(&output));
}

#[test]
fn the_tables_name_everybody() {
    let running = Running::start("", &[]);
    let output = running.casedd(&["status"]);
    let text = said(&output);
    for word in ["PROCESS", "collector", "renderer", "web", "desk", "ready", "serving http://127.0.0.1/web"] {
        assert!(text.contains(word), "{word} is missing in\n{text}");
    }
}

#[test]
fn without_a_running_group_every_question_says_so() {
    let mut running = Running::start("", &[]);
    assert!(running.casedd(&["stop"]).status.success());
    assert!(!running.runtime_dir().exists(), "stop returns when everything is gone");
    assert_eq!(running.wait_for_end(5), Some(0));
    for words in [&["status"][..], &["stop"], &["detach", "web"], &["reload"], &["attach", "ws"]] {
        let output = running.casedd(words);
        assert_eq!(output.status.code(), Some(69), "{words:?}");
        assert!(said(&output).contains("casedd up"), "{}", said(&output));
    }
}

#[test]
fn a_reload_starts_stops_and_changes_only_what_differs() {
    let running = Running::start("", &[]);
    let before = running.status().expect("running");
    let text = "outputs:\n  web: { type: websocket, port: 0 }\n  desk: { type: websocket, port: 0, refresh_rate: 5 }\n  \
                hall: { type: websocket, port: 0 }\n";
    fs::write(running.config(), text).expect("written");
    running.signal(Signal::SIGHUP);
    let after = running.wait_for("the new sink", 5, |status| {
        is_ready(status, "hall") && is_ready(status, "desk") && pid(status, "desk") != pid(&before, "desk")
    });
    for name in ["collector", "renderer", "web"] {
        assert_eq!(pid(&before, name), pid(&after, name), "{name}");
    }
    fs::write(running.config(), "outputs: [").expect("written");
    assert!(running.casedd(&["reload"]).status.success());
    running.wait_for_log("last good one stays in force");
    assert_eq!(running.status().expect("running")["processes"].as_array().map(Vec::len), Some(5));
}

#[test]
fn a_configuration_is_validated_without_starting_anything() {
    let running = Running::start("", &[]);
    let output = running.casedd(&["validate"]);
    assert!(output.status.success() && said(&output).contains("2 of 2 outputs"), "{}", said(&output));
    fs::write(running.config(), "refresh_rat: 3\n").expect("written");
    let output = running.casedd(&["validate"]);
    assert_eq!(output.status.code(), Some(78));
    assert!(said(&output).contains("refresh_rate"), "{}", said(&output));
}

#[test]
fn a_command_line_that_is_wrong_ends_with_the_code_for_usage() {
    let running = Running::start("", &[]);
    assert_eq!(running.casedd(&["fly"]).status.code(), Some(64));
    assert_eq!(running.casedd(&["--version"]).status.code(), Some(0));
}
