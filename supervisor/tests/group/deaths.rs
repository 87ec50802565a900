//! Processes that die, hang, fail or cannot work with their configuration.

use std::fs;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};

use crate::harness::{Running, is_ready, pid, process};

const NAMES: [&str; 4] = ["collector", "renderer", "web", "desk"];

#[test]
fn a_killed_process_is_back_within_a_second_and_no_other_one_is_touched() {
    let running = Running::start("", &["--restart-limit", "100"]);
    let mut late = 0;
    for round in 0..12 {
        let name = NAMES[round % NAMES.len()];
        let before = running.status().expect("running");
        kill(pid(&before, name).expect("running"), Signal::SIGKILL).expect("killed");
        let killed = Instant::now();
        let after = running.wait_for("the return", 10, |status| {
            pid(status, name) != pid(&before, name) && is_ready(status, name)
        });
        late += usize::from(killed.elapsed() > Duration::from_secs(1));
        for other in NAMES.into_iter().filter(|other| *other != name) {
            assert_eq!(pid(&before, other), pid(&after, other), "{other}");
        }
        assert_eq!(process(&after, name)["last_exit"], "killed by SIGKILL");
    }
    // One for a machine that has a hiccup.
    assert!(late <= 1, "{late} of 12 were back later than after a second");
}

#[test]
fn a_process_that_dies_too_often_fails_and_the_others_go_on() {
    let running = Running::start("web=crash", &["--restart-limit", "3"]);
    let status = running.wait_for("the failure", 10, |status| process(status, "web")["state"] == "failed");
    let web = process(&status, "web");
    assert_eq!((web["restarts"].as_u64(), &web["last_exit"]), (Some(3), &"exit 70 (fault of ours)".into()));
    assert_eq!(web["last_line"], "casedd-sink-ws: crashed as told");
    assert!(web["next_start_ms"].as_u64().is_some_and(|ms| ms > 50_000));
    assert!(["collector", "renderer", "desk"].iter().all(|name| is_ready(&status, name)));
}

#[test]
fn a_stopped_process_is_suspect_then_ended_and_started_again() {
    let running = Running::start("", &[]);
    let before = running.status().expect("running");
    kill(pid(&before, "web").expect("running"), Signal::SIGSTOP).expect("stopped");
    running.wait_for("the suspicion", 3, |status| process(status, "web")["state"] == "suspect");
    let after = running.wait_for("the return", 10, |status| {
        pid(status, "web") != pid(&before, "web") && is_ready(status, "web")
    });
    assert_eq!(process(&after, "web")["last_exit"], "killed by SIGABRT");
    assert_eq!(pid(&before, "desk"), pid(&after, "desk"));
}

#[test]
fn a_suspect_that_goes_on_is_left_alone() {
    let running = Running::start("", &[]);
    let before = running.status().expect("running");
    let web = pid(&before, "web").expect("running");
    kill(web, Signal::SIGSTOP).expect("stopped");
    running.wait_for("the suspicion", 3, |status| process(status, "web")["state"] == "suspect");
    kill(web, Signal::SIGCONT).expect("continued");
    let after = running.wait_for("its answer", 2, |status| is_ready(status, "web"));
    assert_eq!(pid(&after, "web"), Some(web));
}

#[test]
fn a_process_that_needs_another_configuration_waits_for_it() {
    let running = Running::start("web=needs-config", &[]);
    let status =
        running.wait_for("its refusal", 5, |status| process(status, "web")["state"] == "needs_config");
    assert_eq!(process(&status, "web")["restarts"], 0);
    assert!(is_ready(&status, "desk"));
    let text = fs::read_to_string(running.config()).expect("read");
    fs::write(running.config(), text + "# mended\n").expect("written");
    let after = running.wait_for("its start", 5, |status| is_ready(status, "web"));
    assert_eq!(pid(&status, "desk"), pid(&after, "desk"));
}

#[test]
fn a_chatty_process_disturbs_nobody() {
    let running = Running::start("web=chatty", &[]);
    for _ in 0..20 {
        assert!(is_ready(&running.status().expect("answered"), "desk"));
    }
    running.wait_for_log("chatter");
}
