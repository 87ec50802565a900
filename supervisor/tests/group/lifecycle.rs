//! Start, end, and what is left afterwards.

use std::fs;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};

use crate::harness::{Running, folder, is_alive, is_ready, pids, process, up, wait};

fn order(log: &str, words: &str) -> Vec<String> {
    let lines = log.lines().filter(|line| line.contains(words));
    lines.filter_map(|line| line.split_whitespace().nth(1).map(str::to_owned)).collect()
}

#[test]
fn a_group_starts_in_order_and_ends_in_the_opposite_one_leaving_nothing() {
    let mut running = Running::start("", &[]);
    let status = running.status().expect("running");
    let pids = pids(&status);
    assert_eq!(pids.len(), 4);
    assert_eq!(process(&status, "web")["status"], "serving http://127.0.0.1/web");
    let board = running.board().expect("a directory");
    fs::write(&board, "a board that outlives its collector").expect("written");

    let summary = || fs::read_to_string(running.top.path().join("summary")).unwrap_or_default();
    wait("the summary", 2, || summary().contains("Ctrl-C"));
    let summary = summary();
    assert!(summary.contains("casedd is up") && summary.contains("http://127.0.0.1/web"), "{summary}");

    let asked = Instant::now();
    running.signal(Signal::SIGINT);
    assert_eq!(running.wait_for_end(3), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(3));
    assert!(!pids.into_iter().any(is_alive));
    assert!(!running.runtime_dir().exists() && !board.exists());
    let log = running.log();
    assert_eq!(order(&log, "stands in")[..2], ["collector", "renderer"]);
    assert_eq!(order(&log, " leaves")[2..], ["renderer", "collector"]);
}

#[test]
fn a_second_group_in_the_same_directory_is_refused_with_the_pid_of_the_first() {
    let running = Running::start("", &[]);
    let output = running.casedd(&["up"]);
    assert_eq!(output.status.code(), Some(69));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains(&format!("pid {}", running.supervisor.id())), "{error}");
    assert!(running.status().is_some(), "the first one goes on");
}

#[test]
fn children_leave_with_a_killed_supervisor_and_the_next_start_is_clean() {
    let mut running = Running::start("", &[]);
    let orphans = pids(&running.status().expect("running"));
    running.supervisor.kill().expect("killed");
    // At once, while the children may still be leaving.
    let second = up(running.top.path(), "", &[]);
    wait("the children's leaving", 1, || !orphans.iter().copied().any(is_alive));
    running.supervisor.wait().expect("reaped");
    running.supervisor = second;
    running.wait_for("the second start", 10, |status| is_ready(status, "web") && is_ready(status, "desk"));
    running.signal(Signal::SIGTERM);
    assert_eq!(running.wait_for_end(3), Some(0));
    assert!(!running.runtime_dir().exists(), "the directory of the killed run goes too");
}

#[test]
fn a_process_that_hears_no_sigterm_does_not_delay_the_end() {
    let mut running = Running::start("web=deaf,renderer=deaf", &[]);
    let pids = pids(&running.status().expect("running"));
    running.signal(Signal::SIGTERM);
    assert_eq!(running.wait_for_end(3), Some(0));
    assert!(!pids.into_iter().any(is_alive) && !running.runtime_dir().exists());
}

#[test]
fn asking_twice_ends_everybody_at_once() {
    let mut running = Running::start("web=deaf,renderer=deaf,collector=deaf", &[]);
    running.signal(Signal::SIGINT);
    running.wait_for("the stop", 2, |status| status["supervisor"]["is_stopping"] == true);
    let asked = Instant::now();
    for _ in 0..3 {
        running.signal(Signal::SIGINT);
        // sleeps because the signals must come apart: the kernel folds those that come at once into one
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(running.wait_for_end(2), Some(0));
    assert!(asked.elapsed() < Duration::from_millis(1500), "{:?}", asked.elapsed());
}

#[test]
fn a_process_that_never_gets_ready_does_not_keep_the_others_from_starting() {
    let running = Running::start("collector=never-ready", &[]);
    let status = running.wait_for("the sinks", 10, |status| is_ready(status, "web"));
    assert_eq!(process(&status, "collector")["state"], "starting");
    assert!(is_ready(&status, "renderer"));
}

#[test]
fn a_wrong_configuration_starts_nothing_and_says_where_it_is_wrong() {
    let top = folder();
    fs::write(top.path().join("casedd.yaml"), "outputs:\n  web: { type: websocked }\n").expect("written");
    let mut child = up(top.path(), "", &[]);
    assert_eq!(child.wait().expect("ended").code(), Some(78));
    let log = fs::read_to_string(top.path().join("log")).expect("a log");
    assert!(log.contains("casedd.yaml:2:") && log.contains("websocket"), "{log}");
    assert!(!top.path().join("run").exists());
}

#[test]
fn a_missing_program_is_named_and_the_others_run() {
    let top = folder();
    fs::remove_file(top.path().join("bin/casedd-collector")).expect("removed");
    let supervisor = up(top.path(), "", &[]);
    let running = Running { top, supervisor };
    let status = running.wait_for("the sinks", 10, |status| is_ready(status, "web"));
    let collector = process(&status, "collector");
    assert_eq!(collector["state"], "failed");
    assert!(collector["last_line"].as_str().expect("said").contains("bin/casedd-collector"));
}

#[test]
fn a_supervisor_that_was_stopped_blames_nobody() {
    let running = Running::start("", &[]);
    let before = pids(&running.status().expect("running"));
    running.signal(Signal::SIGSTOP);
    // sleeps because a silence longer than the one that means death is what is under test
    std::thread::sleep(Duration::from_millis(6500));
    running.signal(Signal::SIGCONT);
    wait("the remark in the log", 5, || running.log().contains("everybody gets a fresh period"));
    let status = running.status().expect("running");
    assert_eq!(pids(&status), before);
    assert!(before.iter().all(|&pid| kill(pid, None).is_ok()));
}
