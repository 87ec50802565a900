//! The real collector on machines made of files: right numbers and rates, and what happens when files are bad.

mod collector;
mod machine;

use casedd_common::metrics::{Snapshot, Value};
use collector::{Home, reading, snapshot_with, wait_for};
use machine::Machine;

fn number(snapshot: &Snapshot, key: &str) -> f64 {
    snapshot.number(key).unwrap_or_else(|| panic!("{key} is no number in the snapshot"))
}

fn error_of(snapshot: &Snapshot, getter: &str) -> String {
    let state = snapshot.getters.iter().find(|state| state.name == getter);
    state.map(|state| state.error.clone()).unwrap_or_else(|| panic!("no getter {getter}"))
}

#[test]
fn a_known_machine_gives_its_known_numbers() {
    let machine = Machine::of("nas");
    let home = Home::new();
    let _collector = home.start(&machine);
    let snapshot = snapshot_with(&mut home.reader(), "sensors and disks", |snapshot| {
        snapshot.get("cpu.temperature").is_some() && snapshot.get("disk.rows").is_some()
    });
    let close = |key: &str, expected: f64| {
        let found = number(&snapshot, key);
        assert!((found - expected).abs() < 1e-9, "{key} is {found}, not {expected}");
    };
    let gib = 1024.0 * 1024.0;
    close("memory.total_gb", 65_764_312.0 / gib);
    close("memory.available_gb", 21_055_120.0 / gib);
    close("memory.used_gb", (65_764_312.0 - 21_055_120.0) / gib);
    close("memory.percent", (65_764_312.0 - 21_055_120.0) / 65_764_312.0 * 100.0);
    close("swap.percent", (8_388_604.0 - 8_100_860.0) / 8_388_604.0 * 100.0);
    close("cpu.count", 8.0);
    close("cpu.frequency_mhz", 2550.0);
    close("cpu.temperature", 52.375);
    close("cpu.fan_rpm", 1204.0);
    close("fans.total.count", 4.0);
    close("fans.system.avg_rpm", 803.5);
    close("disk.sda.temperature", 33.0);
    close("disk.nvme1n1.temperature", 38.85);
    close("sensors.nvme@0000:04:00.0.composite.temperature", 38.85);
    close("net.bytes_recv_total", 987_654_321_012.0);
    close("system.load_5", 1.18);
    close("system.boot_unix", 1_793_000_000.0);
    let text = |key: &str| reading(&snapshot, key).value.clone();
    assert_eq!(text("system.hostname"), Value::Text("tank".into()));
    assert_eq!(text("system.uptime"), Value::Text("3d 4h 4m".into()));
    assert_eq!(text("system.boot_time"), Value::Text("2026-10-26 07:33".into()));
    assert_eq!(text("net.eno2.up"), Value::Flag(false));
    assert!(snapshot.get("disk./mnt/tank/media.percent").is_some());
    assert!(snapshot.get("disk./var/lib/docker/overlay2.percent").is_none());
    assert!(snapshot.get("sensors.nct6798.auxtin0.temperature").is_none(), "-128 degrees is no temperature");
    assert!(snapshot.get("disk.loop0.read_mb_s").is_none());
}

#[test]
fn rates_are_growth_over_the_time_between_two_readings() {
    let machine = Machine::of("nas");
    let home = Home::new();
    let _collector = home.start(&machine);
    let mut reader = home.reader();
    let key = "net.eno1.bytes_recv";
    let mut before =
        snapshot_with(&mut reader, "a first rate", |snapshot| snapshot.get("net.recv_mbps").is_some());
    let old = number(&before, key);
    machine.replace("proc/self/net/dev", "987654321012", "987664321012");
    let after = wait_for("the new count", || {
        let snapshot = reader.read().expect("a good board").expect("one is there");
        if number(&snapshot, key) > old {
            return Some(snapshot);
        }
        before = snapshot;
        None
    });
    let elapsed_s = (reading(&after, key).at_ns - reading(&before, key).at_ns) as f64 / 1e9;
    let expected = 10_000_000.0 / elapsed_s;
    let ratio = number(&after, "net.eno1.bytes_recv_rate") * 1024.0 * 1024.0 / expected;
    assert!((ratio - 1.0).abs() < 1e-6, "the rate is {ratio} times what it should be");
    let megabits = number(&after, "net.recv_mbps") * 1e6 / 8.0 / expected;
    assert!((megabits - 1.0).abs() < 1e-6, "the total is {megabits} times what it should be");
}

#[test]
fn load_is_the_share_of_work_between_two_readings() {
    let machine = Machine::of("server32");
    let home = Home::new();
    let _collector = home.start(&machine);
    let mut reader = home.reader();
    snapshot_with(&mut reader, "a first reading", |snapshot| snapshot.get("cpu.count").is_some());
    machine.work(40);
    let snapshot = snapshot_with(&mut reader, "the load", |snapshot| snapshot.get("cpu.percent").is_some());
    assert_eq!(number(&snapshot, "cpu.percent"), 50.0);
    assert_eq!(number(&snapshot, "cpu.usage_percent"), 50.0);
    assert_eq!(number(&snapshot, "cpu.31.percent"), 50.0);
    assert_eq!(reading(&snapshot, "cpu.percent").series, reading(&snapshot, "cpu.usage_percent").series);
}

#[test]
fn a_counter_that_goes_backwards_gives_no_rate() {
    let machine = Machine::of("pi");
    let home = Home::new();
    let _collector = home.start(&machine);
    let mut reader = home.reader();
    snapshot_with(&mut reader, "a first rate", |snapshot| snapshot.get("net.wlan0.recv_mbps").is_some());
    machine.replace("proc/self/net/dev", "70000000", "90000000");
    let rate = |snapshot: &Snapshot| snapshot.number("net.wlan0.recv_mbps");
    snapshot_with(&mut reader, "growth", |snapshot| rate(snapshot).is_some_and(|rate| rate > 0.0));
    machine.replace("proc/self/net/dev", "90000000", "00000700");
    let reset = snapshot_with(&mut reader, "the reset", |snapshot| {
        snapshot.number("net.wlan0.bytes_recv") == Some(700.0)
    });
    let read_at_ns = reading(&reset, "net.wlan0.bytes_recv").at_ns;
    // No rate, one from before, or none at all.
    let is_older = reset.get("net.wlan0.recv_mbps").is_none_or(|rate| rate.at_ns < read_at_ns);
    assert!(is_older || rate(&reset) == Some(0.0), "a rate was made of the reset");
    assert!(rate(&reset).is_none_or(|rate| rate >= 0.0));
}

#[test]
fn a_file_that_is_cut_or_gone_fails_its_getter_and_nobody_else() {
    let machine = Machine::of("pi");
    let home = Home::new();
    let mut collector = home.start(&machine);
    let mut reader = home.reader();
    let whole = machine.text("proc/stat");
    snapshot_with(&mut reader, "a first snapshot", |snapshot| snapshot.get("cpu.count").is_some());
    machine.write("proc/stat", &whole[..30]);
    let cut =
        snapshot_with(&mut reader, "the error", |snapshot| error_of(snapshot, "cpu").contains("proc/stat"));
    std::fs::remove_file(machine.path("proc/stat")).expect("removed");
    let gone = snapshot_with(&mut reader, "the other error", |snapshot| {
        error_of(snapshot, "cpu").contains("cannot read") && snapshot.tick > cut.tick + 5
    });
    assert_eq!(error_of(&gone, "memory"), "");
    assert!(reading(&gone, "memory.percent").at_ns > reading(&cut, "memory.percent").at_ns, "memory goes on");
    let stale = snapshot_with(&mut reader, "age", |snapshot| {
        reading(snapshot, "cpu.count").is_stale(snapshot.taken_at_ns)
    });
    assert!(stale.getters[0].last_success_ns < stale.taken_at_ns);
    machine.write("proc/stat", &whole);
    snapshot_with(&mut reader, "recovery", |snapshot| {
        let both = error_of(snapshot, "cpu").is_empty() && error_of(snapshot, "system").is_empty();
        both && !reading(snapshot, "cpu.count").is_stale(snapshot.taken_at_ns)
    });
    assert!(collector.terminate().success());
    let log = collector.errors();
    assert_eq!(log.matches("works again").count(), 2, "cpu and system read this file:\n{log}");
}

#[test]
fn a_machine_without_proc_is_told_of_and_the_collector_stays() {
    let machine = Machine::empty();
    let home = Home::new();
    let mut collector = home.start(&machine);
    let mut reader = home.reader();
    let snapshot = snapshot_with(&mut reader, "errors", |snapshot| {
        ["cpu", "memory", "network", "system", "disk_io", "disk_space"]
            .iter()
            .all(|getter| error_of(snapshot, getter).contains("cannot read"))
    });
    assert!(snapshot.readings.is_empty(), "{:?}", snapshot.readings);
    assert!(collector.child.try_wait().expect("asked").is_none());
}

#[test]
fn a_sensor_that_hangs_makes_only_its_own_values_late() {
    let machine = Machine::of("nas");
    let pipe = machine.path("sys/class/hwmon/hwmon8/temp1_input");
    std::fs::remove_file(&pipe).expect("removed");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("a pipe that nobody writes");
    let home = Home::new();
    let mut collector = home.start(&machine);
    let mut reader = home.reader();
    let snapshot = snapshot_with(&mut reader, "the hanging getter's state", |snapshot| {
        error_of(snapshot, "sensors").contains("hangs")
    });
    assert_eq!(error_of(&snapshot, "fans"), "");
    assert_eq!(number(&snapshot, "cpu.fan_rpm"), 1204.0);
    assert!(!reading(&snapshot, "memory.percent").is_stale(snapshot.taken_at_ns));
    assert!(snapshot.get("cpu.temperature").is_none());
    assert!(collector.terminate().success(), "the hanging thread keeps nobody");
}

#[test]
fn once_prints_what_there_is_and_touches_nothing() {
    let machine = Machine::of("pi");
    let home = Home::new();
    let output = home.command(&machine).args(["--once", "--json"]).output().expect("ran");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(json["values"]["cpu.temperature"], 49.85);
    assert_eq!(json["values"]["net.recv_mbps"], 0.0);
    assert_eq!(json["values"]["system.model"], "Raspberry Pi 5 Model B Rev 1.0");
    assert_eq!(json["getters"]["cpu"]["ok"], true);
    assert!(!home.path().exists());
    let text = home.command(&machine).arg("--once").output().expect("ran");
    assert!(String::from_utf8_lossy(&text.stdout).contains("sensors.cpu_thermal.temp1.temperature  49.850"));
    let list = home.command(&machine).arg("--list").output().expect("ran");
    assert_eq!(String::from_utf8_lossy(&list.stdout).lines().count(), 13);
}
