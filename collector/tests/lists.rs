//! Processes, ports, facts and batteries of the fixtures' machines, as the getters give them.

mod machine;

use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use casedd_collector::batch::Batch;
use casedd_collector::getters::Getter;
use casedd_collector::registry::GETTERS;
use casedd_common::metrics::Value;
use machine::Machine;

const SECOND_NS: u64 = 1_000_000_000;

fn getter(machine: &Machine, name: &str) -> Box<dyn Getter> {
    let row = GETTERS.iter().find(|row| row.name == name).expect("it is in the registry");
    (row.make)(&machine.context())
}

fn poll(getter: &mut dyn Getter, at_s: u64) -> Batch {
    let mut batch = Batch::new(at_s * SECOND_NS);
    getter.poll(&mut batch).unwrap_or_else(|error| panic!("{error}"));
    batch
}

fn text(batch: &Batch, key: &str) -> Option<String> {
    let entry = batch.entries().iter().find(|entry| &*entry.key == key)?;
    Some(match &entry.value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
    })
}

fn said<'k>(batch: &Batch, keys: &[&'k str]) -> Vec<(&'k str, String)> {
    keys.iter().filter_map(|key| Some((*key, text(batch, key)?))).collect()
}

/// Lets a process work for so many ticks more.
fn work(machine: &Machine, pid: u32, ticks: u64) {
    let path = format!("proc/{pid}/stat");
    let old = machine.text(&path);
    let (before, after) = old.rsplit_once(") ").expect("a name");
    let mut fields: Vec<String> = after.split(' ').map(str::to_owned).collect();
    fields[11] = (fields[11].parse::<u64>().expect("a number") + ticks).to_string();
    machine.write(&path, &format!("{before}) {}", fields.join(" ")));
}

#[test]
fn the_busiest_processes_come_first_with_their_share_of_a_processor() {
    let machine = Machine::of("nas");
    let mut htop = getter(&machine, "htop");
    let first = poll(&mut *htop, 100);
    assert_eq!(text(&first, "htop.total").as_deref(), Some("8"));
    assert_eq!(text(&first, "htop.0.name"), None, "what was done before the first look was not now");
    work(&machine, 311, 250);
    work(&machine, 2230, 1000);
    let second = poll(&mut *htop, 105);
    let expected = [
        ("htop.0.name", "jellyfin"),
        ("htop.0.user", "media"),
        ("htop.0.pid", "2230"),
        ("htop.0.cpu_percent", "200"),
        ("htop.0.memory_mb", "1104"),
        ("htop.1.name", "systemd-journald"),
        ("htop.1.cpu_percent", "50"),
        ("htop.1.user", "root"),
        // What did nothing is in the order of its memory.
        ("htop.2.name", "postgres"),
        ("htop.2.cpu_percent", "0"),
    ];
    assert_eq!(
        said(&second, &expected.map(|(key, _)| key)),
        expected.map(|(key, text)| (key, text.to_owned()))
    );
    assert!(
        second.entries().iter().filter(|entry| entry.key.starts_with("htop.0.")).all(|entry| entry.is_row)
    );
}

#[test]
fn a_process_that_is_new_or_has_a_dead_ones_number_counts_from_its_start() {
    let machine = Machine::of("nas");
    let mut htop = getter(&machine, "htop");
    poll(&mut *htop, 100);
    let line = machine.text("proc/803/stat");
    machine.write(
        "proc/900/stat",
        &line.replacen("803 (sshd)", "900 (new)", 1).replacen(" 51 26 ", " 100 0 ", 1),
    );
    machine.replace("proc/911/stat", " 6467 ", " 9999 ");
    work(&machine, 911, 400);
    std::fs::remove_dir_all(machine.path("proc/1188")).expect("gone");
    let batch = poll(&mut *htop, 102);
    assert_eq!(text(&batch, "htop.total").as_deref(), Some("8"));
    assert_eq!(text(&batch, "htop.0.name").as_deref(), Some("postgres"));
    assert_eq!(text(&batch, "htop.1.name").as_deref(), Some("new"));
    assert_eq!(text(&batch, "htop.1.cpu_percent").as_deref(), Some("50"));
    let rows = text(&batch, "htop.rows").expect("rows");
    assert!(!rows.contains("smbd"), "{rows}");
}

#[test]
fn every_port_is_there_once_with_its_addresses_and_programs() {
    let machine = Machine::of("nas");
    let mut ports = getter(&machine, "net_ports");
    let batch = poll(&mut *ports, 100);
    assert_eq!(text(&batch, "net_ports.count").as_deref(), Some("5"));
    let rows = text(&batch, "net_ports.rows").expect("rows");
    assert_eq!(rows, "22/tcp|sshd\n53/udp|\n445/tcp|smbd\n5432/tcp|postgres\n8096/tcp|");
    let expected = [
        ("net_ports.0.port", "22"),
        ("net_ports.0.protocol", "tcp"),
        ("net_ports.0.address", "*"),
        ("net_ports.0.process", "sshd"),
        ("net_ports.1.address", "127.0.0.53"),
        ("net_ports.3.address", "127.0.0.1"),
    ];
    assert_eq!(
        said(&batch, &expected.map(|(key, _)| key)),
        expected.map(|(key, text)| (key, text.to_owned()))
    );
    assert_eq!(text(&batch, "net_ports.1.process"), None, "nobody is seen to have it");
}

#[test]
fn an_owner_that_could_not_be_seen_is_looked_for_again_after_a_while() {
    let machine = Machine::of("nas");
    let mut ports = getter(&machine, "net_ports");
    poll(&mut *ports, 100);
    std::fs::create_dir_all(machine.path("proc/2230/fd")).expect("made");
    symlink("socket:[22040]", machine.path("proc/2230/fd/9")).expect("linked");
    assert_eq!(text(&poll(&mut *ports, 105), "net_ports.4.process"), None);
    assert_eq!(text(&poll(&mut *ports, 165), "net_ports.4.process").as_deref(), Some("jellyfin"));
}

#[test]
fn the_facts_of_each_machine_are_its_own() {
    let facts = |fixture: &str, keys: &[&'static str]| {
        let batch = poll(&mut *getter(&Machine::of(fixture), "sysinfo"), 100);
        said(&batch, keys).into_iter().map(|(_, text)| text).collect::<Vec<_>>()
    };
    let keys =
        ["sysinfo.cpu_model", "sysinfo.cpu_text", "sysinfo.ip", "sysinfo.virtualization", "sysinfo.board"];
    assert_eq!(facts("nas", &keys), ["AMD EPYC 3251", "8", "192.168.1.20", "Supermicro M11SDV-8C-LN4F"]);
    assert_eq!(facts("nas", &["sysinfo.ips"]), ["172.17.0.1, 192.168.1.20, 2001:db8:a::14"]);
    assert_eq!(facts("pi", &keys), ["ARM Cortex-A76", "4"]);
    assert_eq!(facts("server32", &keys), ["Intel Xeon Gold 6226R", "16 (32 threads)"]);
    assert_eq!(facts("bare", &keys), ["virtual", "1", "KVM/QEMU"]);
}

#[test]
fn a_ups_goes_before_a_battery_and_a_mouse_is_none() {
    let machine = Machine::of("nas");
    let mut ups = getter(&machine, "ups");
    let keys = [
        "ups.name",
        "ups.status",
        "ups.online",
        "ups.battery_percent",
        "ups.low_battery",
        "ups.runtime_minutes",
        "ups.load_watts",
    ];
    let values = |batch: &Batch| said(batch, &keys).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    assert_eq!(values(&poll(&mut *ups, 1)), ["ups-1", "on battery", "false", "82", "false", "41", "85.995"]);
    machine.write("sys/class/power_supply/AC/online", "1\n");
    machine.write("sys/class/power_supply/ups-1/status", "Charging\n");
    machine.write("sys/class/power_supply/ups-1/capacity_level", "Unknown\n");
    machine.write("sys/class/power_supply/ups-1/capacity", "12\n");
    std::fs::remove_file(machine.path("sys/class/power_supply/ups-1/time_to_empty_now")).expect("gone");
    assert_eq!(values(&poll(&mut *ups, 2)), ["ups-1", "charging", "true", "12", "true"]);
    std::fs::remove_dir_all(machine.path("sys/class/power_supply/ups-1")).expect("gone");
    assert!(poll(&mut *ups, 3).entries().is_empty());
}

#[test]
fn this_machines_own_processes_and_ports_are_found() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
    let port = listener.local_addr().expect("an address").port();
    let context = casedd_collector::getters::Context::default();
    let make = |name: &str| (GETTERS.iter().find(|row| row.name == name).expect("there").make)(&context);
    let batch = poll(&mut *make("net_ports"), 1);
    let rows = text(&batch, "net_ports.rows").expect("rows");
    assert!(rows.lines().any(|row| row.starts_with(&format!("{port}/tcp|lists"))), "{rows}");
    let mut htop = make("htop");
    poll(&mut *htop, 1);
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        // This process works all the time, and so must soon be among the first.
        let batch = poll(&mut *htop, 2);
        let found =
            text(&batch, "htop.rows").is_some_and(|rows| rows.lines().any(|row| row.starts_with("lists")));
        if found {
            break;
        }
        assert!(Instant::now() < deadline, "{:?}", text(&batch, "htop.rows"));
        htop = make("htop");
        poll(&mut *htop, 1);
        let end = Instant::now() + Duration::from_millis(100);
        while Instant::now() < end {
            std::hint::spin_loop();
        }
    }
}
