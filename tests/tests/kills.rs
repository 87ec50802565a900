//! SIGKILL of every process of a group, one at a time and at random: it is back, and nobody else notices.

use std::time::{Duration, Instant};

use casedd_tests::group::{Group, Process, Setup};
use casedd_tests::viewer::{Received, Viewer};
use casedd_tests::{fixture, http, ports, wait};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Kills in all; the issue asks for 100.
const KILLS: usize = 104;

/// How long a killed process may take to be back, ready.
const BACK_LIMIT: Duration = Duration::from_secs(1);

/// How long the supervisor's children may outlive it.
const ORPHAN_LIMIT: Duration = Duration::from_secs(1);

/// What is later than this never comes.
const LIMIT: Duration = Duration::from_secs(20);

/// A page that does not change by itself: whatever is seen in the file was drawn from the fixture.
const STILL: &str = "\
name: still
grid:
  template_areas: |
    host memory
    disk disk
  columns: 1fr 1fr
  rows: 1fr 1fr
widgets:
  host: {type: text, source: system.hostname, label: Host}
  memory: {type: gauge, source: memory.percent, label: Memory, unit: '%'}
  disk: {type: bar, source: memory.used_gb, label: Used, min: 0, max: 64, unit: GiB}
";

fn group(port: u16) -> Group {
    let config = format!(
        "refresh_rate: 10\noutputs:\n  \
         panel: {{type: framebuffer, file: '@DIR@/panel.raw', width: 320, height: 240, template: still}}\n  \
         web: {{type: websocket, port: {port}, width: 320, height: 240, template: still}}\n"
    );
    Setup::new()
        .config(&config)
        .file("templates/still.casedd", STILL)
        .tree("fixture", &fixture::repository().join("collector/fixtures/server32"))
        .variable("CASEDD_PROCFS_PATH", "@DIR@/fixture/proc")
        .variable("CASEDD_SYSFS_PATH", "@DIR@/fixture/sys")
        .argument("--restart-limit")
        .argument("1000")
        .start()
}

/// A small generator (xorshift), so that a failing run can be had again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("below a limit that is a usize")
    }
}

fn kill_and_wait(group: &Group, victim: &Process) -> Duration {
    let before = group.processes();
    kill(Pid::from_raw(victim.pid), Signal::SIGKILL).expect("the victim runs");
    let start = Instant::now();
    let (after, _) = wait::timed(&format!("{} to be back", victim.name), LIMIT, || {
        let processes = group.processes();
        let back = processes.iter().find(|process| process.name == victim.name)?;
        (back.pid > 0 && back.pid != victim.pid && back.state == "ready").then_some(processes)
    });
    let back_after = start.elapsed();
    for old in before.iter().filter(|process| process.name != victim.name) {
        let new = after.iter().find(|process| process.name == old.name);
        assert_eq!(new.map(|new| new.pid), Some(old.pid), "{} was killed, {} changed", victim.name, old.name);
    }
    back_after
}

#[test]
fn any_process_killed_is_back_within_a_second_and_nobody_else_notices() {
    let port = ports::free();
    let mut group = group(port);
    let panel = group.file("panel.raw");
    let picture = wait::until("the first picture", Duration::from_secs(10), || {
        std::fs::read(&panel).ok().filter(|bytes| bytes.iter().any(|byte| *byte != 0))
    });
    let mut viewer = Viewer::connect(port).expect("the viewer connects");
    assert!(viewer.next_frame(Duration::from_secs(5)).is_some(), "the viewer sees a first frame");
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut times = Vec::new();
    for round in 0..KILLS {
        let names = ["collector", "renderer", "panel", "web"];
        let name = if round < 4 * 8 { names[round % 4] } else { names[dice.below(4)] };
        times.push(((round, name), kill_and_wait(&group, &group.process(name))));
        assert_eq!(
            std::fs::read(&panel).expect("the panel's file"),
            picture,
            "round {round}: {name} was killed"
        );
        if name == "web" {
            viewer = wait::until("the viewer to connect again", LIMIT, || Viewer::connect(port).ok());
            assert!(
                viewer.next_frame(Duration::from_secs(5)).is_some(),
                "a viewer that comes back sees a frame"
            );
        } else {
            let closed = matches!(viewer.next(Duration::from_millis(1)), Received::Closed);
            assert!(!closed, "round {round}: {name} was killed, and the viewer was disconnected");
        }
    }
    wait::mostly_within(BACK_LIMIT, &times, || format!("the log:\n{}", group.log()));
    assert_eq!(http::get(port, "/image").expect("an answer").status, 200);
    let pids: Vec<i32> = group.processes().iter().map(|process| process.pid).collect();
    assert!(group.stop().success());
    assert_nothing_left(&group, &pids);
}

#[test]
fn children_leave_within_a_second_of_a_killed_supervisor_and_the_next_start_is_clean() {
    let mut group = group(ports::free());
    let mut times = Vec::new();
    for round in 0..3 {
        let pids: Vec<i32> = group.processes().iter().map(|process| process.pid).collect();
        group.signal(Signal::SIGKILL);
        group.wait_for_end(LIMIT);
        let are_gone = || pids.iter().all(|pid| !runs(*pid)).then_some(());
        times.push((round, wait::timed("the children to leave", LIMIT, are_gone).1));
        group.spawn_again();
        group.wait_until_ready();
    }
    // The middle one of three: a machine has its hiccups.
    times.sort_by_key(|(_, took)| *took);
    assert!(times[1].1 <= ORPHAN_LIMIT, "children that stay: {times:?}");
    let pids: Vec<i32> = group.processes().iter().map(|process| process.pid).collect();
    assert!(group.stop().success());
    assert_nothing_left(&group, &pids);
}

/// Whether a process still runs; one that has ended but was not waited for by its new parent does not.
fn runs(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(") ").next().and_then(|rest| rest.chars().next());
    state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

fn assert_nothing_left(group: &Group, pids: &[i32]) {
    let alive: Vec<&i32> = pids.iter().filter(|pid| runs(**pid)).collect();
    assert!(alive.is_empty(), "still running: {alive:?}");
    assert_eq!(group.segments(), Vec::<String>::new(), "segments are left in /dev/shm");
    let left: Vec<_> = std::fs::read_dir(group.runtime()).into_iter().flatten().flatten().collect();
    assert!(left.is_empty(), "left in the runtime folder: {left:?}");
}
