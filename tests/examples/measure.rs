//! Measures a whole group at the built-in defaults: start-up, CPU and memory of each process with 0, 1 and 10 viewers.
//!
//! `./x measure` builds and runs it; it prints a table and asserts nothing.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use casedd_tests::chromium::Chromium;
use casedd_tests::group::{Group, Process, Setup};
use casedd_tests::viewer::Viewer;

/// How long each number of viewers is measured.
const SPAN: Duration = Duration::from_secs(20);

/// How often the group is started to time it.
const STARTS: usize = 5;

/// A clock tick of `/proc/PID/stat`.
const TICK_MS: f64 = 10.0;

/// True in a viewer's page once a frame is drawn.
const IS_DRAWN: &str = "Number(document.body?.dataset.frames ?? 0) > 0";

fn group() -> Group {
    Setup::new().variable("HOME", "@DIR@").variable("XDG_CONFIG_HOME", "@DIR@").spawn()
}

/// The port that the group says it serves on.
fn port(group: &Group) -> Option<u16> {
    let log = group.log();
    let (_, after) = log.split_once("serving http://127.0.0.1:")?;
    after.split('/').next()?.parse().ok()
}

/// Milliseconds from the start of `casedd up` to the first frame over a viewer's WebSocket.
fn first_frame_ms() -> f64 {
    let start = Instant::now();
    let mut group = group();
    loop {
        let viewer = port(&group).and_then(|port| Viewer::connect(port).ok());
        if viewer.is_some_and(|mut viewer| viewer.next_frame(Duration::from_secs(5)).is_some()) {
            break;
        }
        thread::park_timeout(Duration::from_millis(1));
    }
    let took = start.elapsed();
    group.stop();
    took.as_secs_f64() * 1e3
}

/// Milliseconds from the start of `casedd up` until a browser that was open already shows the first frame.
fn first_frame_in_browser_ms(browser: &mut Chromium) -> f64 {
    let start = Instant::now();
    let mut group = group();
    let port = loop {
        if let Some(port) = port(&group) {
            break port;
        }
        thread::park_timeout(Duration::from_millis(1));
    };
    browser.open(&format!("http://127.0.0.1:{port}/"), 1024, 700);
    browser.wait_until(IS_DRAWN);
    let took = start.elapsed();
    browser.open("about:blank", 1024, 700);
    group.stop();
    took.as_secs_f64() * 1e3
}

/// Prints how long `STARTS` starts took.
fn print_starts(what: &str, start: impl FnMut() -> f64) {
    let mut starts: Vec<f64> = std::iter::repeat_with(start).take(STARTS).collect();
    starts.sort_by(f64::total_cmp);
    let (median, least, most) = (starts[STARTS / 2], starts[0], starts[STARTS - 1]);
    println!(
        "from `casedd up` to the first frame {what}, {STARTS} starts: median {median:.0} ms, {least:.0} to {most:.0} ms"
    );
}

fn cpu_ms(pid: i32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) * TICK_MS
}

fn memory_mb(pid: i32, field: &str) -> f64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find(|line| line.starts_with(field));
    let kb = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1024.0
}

fn processes(group: &Group) -> Vec<Process> {
    let supervisor = Process {
        name: "supervisor".into(),
        state: "ready".into(),
        pid: group.supervisor().as_raw(),
        restarts: 0,
    };
    std::iter::once(supervisor).chain(group.processes()).collect()
}

fn measure(group: &Group, viewers: usize) {
    let port = port(group).expect("the group serves");
    let mut watching: Vec<Viewer> =
        (0..viewers).map(|_| Viewer::connect(port).expect("a viewer connects")).collect();
    let read = |watching: &mut Vec<Viewer>, span: Duration| {
        let start = Instant::now();
        let mut frames = 0;
        while start.elapsed() < span {
            thread::park_timeout(Duration::from_millis(20));
            for viewer in watching.iter_mut() {
                frames += u32::from(viewer.next_frame(Duration::from_millis(1)).is_some());
            }
        }
        frames
    };
    read(&mut watching, Duration::from_secs(3));
    let processes = processes(group);
    let before: Vec<f64> = processes.iter().map(|process| cpu_ms(process.pid)).collect();
    let start = Instant::now();
    let frames = read(&mut watching, SPAN);
    let span_ms = start.elapsed().as_secs_f64() * 1e3;
    println!("\n{viewers} viewers, {:.1} frames a second each", per_viewer(frames, viewers, span_ms));
    println!("{:<12} {:>8} {:>9} {:>9}", "process", "CPU %", "RSS MB", "PSS MB");
    for (process, before) in processes.iter().zip(before) {
        let percent = (cpu_ms(process.pid) - before) / span_ms * 100.0;
        let (rss, pss) = (memory_mb(process.pid, "Rss:"), memory_mb(process.pid, "Pss:"));
        println!("{:<12} {percent:>8.2} {rss:>9.1} {pss:>9.1}", process.name);
    }
}

fn per_viewer(frames: u32, viewers: usize, span_ms: f64) -> f64 {
    f64::from(frames) / viewers.max(1) as f64 / (span_ms / 1e3)
}

fn main() {
    print_starts("of a viewer", first_frame_ms);
    let mut browser = Chromium::start();
    print_starts("in a browser", || first_frame_in_browser_ms(&mut browser));
    drop(browser);
    let mut group = group();
    group.wait_until_ready();
    for viewers in [0, 1, 10] {
        measure(&group, viewers);
    }
    group.stop();
}
