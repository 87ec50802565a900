//! The collector and its board: death at any moment, a second collector, a full /dev/shm, a clean end.

mod collector;
mod machine;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use casedd_common::board::BoardReader;
use casedd_common::history::Sample;
use casedd_common::transport::clock::now_ns;
use collector::{Home, reading, snapshot_with, wait_for};
use machine::Machine;

/// Collectors killed in a row.
const KILLS: u32 = 60;

fn history(reader: &BoardReader, series: u32) -> Vec<Sample> {
    let mut samples = Vec::new();
    reader.history().read(series, 0, now_ns(), &mut samples);
    samples
}

#[test]
fn killed_at_any_moment_the_next_one_goes_on_where_it_ended() {
    let machine = Machine::of("nas");
    let home = Home::new();
    let mut collector = home.start(&machine);
    let mut reader = home.reader();
    let first = snapshot_with(&mut reader, "a load", |snapshot| snapshot.get("memory.percent").is_some());
    let series = reading(&first, "memory.percent").series;
    let started = Instant::now();
    let mut tick = first.tick;
    let mut newest_ns = 0;
    for kill in 0..KILLS {
        // Not a wait for anything: where in its work the process dies is to differ.
        std::thread::park_timeout(Duration::from_micros(u64::from(kill) * 700));
        collector.kill();
        let left = reader.read().expect("what it left is whole").expect("it is there");
        assert!(left.tick >= tick, "{} after {tick}", left.tick);
        tick = left.tick;
        assert_eq!(reading(&left, "memory.percent").series, series);
        let samples = history(&reader, series);
        assert!(samples.iter().all(|sample| (sample.value - 67.98).abs() < 0.01), "{samples:?}");
        let newest = samples.last().expect("history stays").at_ns;
        assert!(newest >= newest_ns);
        newest_ns = newest;
        let generation = reader.generation();
        collector = home.start(&machine);
        wait_for("the next collector", || (reader.generation() != generation).then_some(()));
    }
    let last = snapshot_with(&mut reader, "it goes on", |snapshot| snapshot.tick > tick + 2);
    assert!(last.readings.len() >= first.readings.len());
    let samples = history(&reader, series);
    let span_s = (samples[samples.len() - 1].at_ns - samples[0].at_ns) as f64 / 1e9;
    assert!(span_s >= started.elapsed().as_secs_f64() - 2.0, "history spans {span_s} s");
    assert!(collector.terminate().success());
    assert!(home.board_file().exists(), "a supervised collector leaves the board to the next one");
}

#[test]
fn a_collector_on_its_own_takes_its_board_along() {
    let machine = Machine::of("bare");
    let home = Home::new();
    let mut collector = collector::Collector { child: home.command(&machine).spawn().expect("started") };
    let mut reader = home.reader();
    snapshot_with(&mut reader, "a snapshot", |_| true);
    assert!(home.board_file().exists());
    assert!(collector.terminate().success());
    assert!(!home.board_file().exists());
    let left: Vec<_> = std::fs::read_dir(home.path()).expect("listed").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_heartbeat_stops_with_the_process() {
    let machine = Machine::of("bare");
    let home = Home::new();
    let mut collector = home.start(&machine);
    let reader = home.reader();
    wait_for("a heartbeat", || (reader.heartbeat_age_ms() < 500).then_some(()));
    collector.kill();
    wait_for("its absence", || (reader.heartbeat_age_ms() > 1000).then_some(()));
}

#[test]
fn a_second_collector_is_refused_and_the_first_one_stays() {
    let machine = Machine::of("bare");
    let home = Home::new();
    let mut collector = home.start(&machine);
    let mut reader = home.reader();
    let first = snapshot_with(&mut reader, "a snapshot", |_| true);
    let output = home.command(&machine).output().expect("ran");
    assert_eq!(output.status.code(), Some(69));
    assert!(String::from_utf8_lossy(&output.stderr).contains("stop the other collector"), "{output:?}");
    snapshot_with(&mut reader, "more of the first", |snapshot| snapshot.tick > first.tick + 3);
    assert!(collector.terminate().success());
}

#[test]
fn a_full_shared_memory_is_said_with_the_remedy() {
    let machine = Machine::of("bare");
    let home = Home::new();
    let plain = home.command(&machine);
    // A namespace of its own, in which /dev/shm has room for nothing.
    let script = "mount -t tmpfs -o size=64k tmpfs /dev/shm && exec \"$0\" \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", script]).arg(plain.get_program());
    command.args(plain.get_args()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    let output = command.output().expect("unshare is there");
    let errors = String::from_utf8_lossy(&output.stderr);
    if errors.starts_with("unshare:") || errors.contains("mount:") {
        eprintln!("not tested: this machine allows no namespaces ({})", errors.trim());
        return;
    }
    assert_eq!(output.status.code(), Some(73), "{errors}");
    assert!(errors.contains("/dev/shm") && errors.contains("free some"), "{errors}");
}
