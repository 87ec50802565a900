//! Data and templates that pictures of widgets are made from, the same at each run.
//! Leaves out real machines.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;
use std::sync::Arc;

use casedd_common::metrics::{Reading, Snapshot, Value};
use casedd_renderer::data::{Data, MemoryHistory, Sample};
use casedd_renderer::{template, view};

/// The present of all sample data.
pub const NOW_MS: u64 = 4_000_000;

/// Values of a busy machine; `age_ms` makes them stale.
pub fn data(age_ms: u64) -> Data {
    let numbers = [
        ("cpu.percent", 45.3),
        ("cpu.temperature", 71.5),
        ("cpu.fan_rpm", 1775.0),
        ("cpu.0.percent", 82.5),
        ("cpu.1.percent", 8.9),
        ("cpu.2.percent", 100.0),
        ("cpu.3.percent", 0.0),
        ("memory.percent", 72.4),
        ("memory.used_gb", 11.6),
        ("disk.percent", 91.2),
        ("disk.read_mb_s", 118.4),
        ("disk.write_mb_s", 3.25),
        ("net.bytes_recv_rate", 47.8),
        ("net.bytes_sent_rate", 6.1),
        ("odd.nan", f64::NAN),
        ("odd.infinite", f64::INFINITY),
        ("odd.huge", 1e300),
        ("odd.negative", -1234.5),
        ("odd.text_number", 17.0),
    ];
    let texts = [
        ("system.hostname", "node-07.rack3"),
        ("system.uptime", "32d 7h 49m"),
        (
            "odd.long",
            "the quick brown fox jumps over the lazy dog, again and again, until nobody can count how often it did",
        ),
        ("odd.word", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"),
        ("odd.marks", "e\u{301}\u{323} שלום Ελλάδα Київ 日本 \u{1F600} \t tab\u{7} bell"),
        (
            "table.rows",
            "nginx|healthy\npostgres|degraded\nbackup|failed\nredis|running\ngrafana|up\nold-worker|exited\nmqtt|online",
        ),
        ("table.wide", "nginx|3.1 %|120 MB\npostgres|12.5 %|1.9 GB\nchromium|44.0 %|3.2 GB"),
    ];
    let at_ns = (NOW_MS - age_ms) * 1_000_000;
    let reading = |key: &str, value| Reading { key: key.into(), value, at_ns, ttl_ms: 5_000, series: 0 };
    let mut readings: Vec<Reading> =
        numbers.iter().map(|(key, number)| reading(key, Value::Number(*number))).collect();
    readings.extend(texts.iter().map(|(key, text)| reading(key, Value::Text((*text).into()))));
    readings.push(reading("ups.online", Value::Flag(true)));
    readings.push(reading("ups.low_battery", Value::Flag(false)));
    let odd = [f64::NAN, f64::INFINITY, 1e300, -1234.5, 0.0, 17.25];
    for (n, number) in odd.into_iter().enumerate() {
        readings.push(reading(&format!("odd_rows.{n}.number"), Value::Number(number)));
        readings.push(reading(&format!("odd_rows.{n}.text"), Value::Text(texts[2 + n % 3].1.into())));
    }
    for (key, value) in casedd_renderer::sample::rows() {
        if readings.iter().all(|known| known.key != key) {
            readings.push(reading(&key, value));
        }
    }
    readings.sort_by(|a, b| a.key.cmp(&b.key));
    let snapshot = Snapshot { readings, ..Snapshot::default() };
    let wall: jiff::Zoned = "2026-05-21T14:07:36+00[UTC]".parse().expect("a time");
    Data::new(snapshot, Box::new(MemoryHistory(histories(age_ms))), NOW_MS * 1_000_000, wall)
}

fn histories(age_ms: u64) -> BTreeMap<String, Vec<Sample>> {
    let mut all = BTreeMap::new();
    let wave = |seed: u32, t: f32| {
        let slow = (t / 23.0 + seed as f32).sin() * 0.5 + 0.5;
        let quick = (t / 4.1 + seed as f32 * 1.7).sin() * 0.5 + 0.5;
        let noise = ((t * 12.9898 + seed as f32 * 78.233).sin() * 43_758.547).fract().abs();
        slow * 0.5 + quick * 0.25 + noise * 0.25
    };
    let kinds = [
        ("cpu.percent", 0.0, 100.0),
        ("cpu.temperature", 52.0, 78.0),
        ("memory.percent", 71.0, 73.5),
        ("disk.read_mb_s", 0.0, 160.0),
        ("disk.write_mb_s", 0.0, 40.0),
        ("net.bytes_recv_rate", 0.0, 118.0),
        ("net.bytes_sent_rate", 0.0, 12.0),
        ("odd.negative", -1500.0, 900.0),
        ("odd.huge", 0.0, 3e38),
    ];
    for (seed, (key, low, high)) in kinds.into_iter().enumerate() {
        let samples = (0..900u64).filter(|i| seed != 5 || !(30..42).contains(i)).map(|i| Sample {
            at_ms: NOW_MS - age_ms - i * 1_000,
            value: low + (high - low) * wave(seed as u32, i as f32),
        });
        let mut samples: Vec<Sample> = samples.collect();
        samples.reverse();
        all.insert(String::from(key), samples);
    }
    all
}

/// A picture of a template given as text.
pub fn picture(source: &str, width: u32, height: u32, data: &Data) -> Vec<u32> {
    let template =
        template::parse("sample.casedd", "sample", source).unwrap_or_else(|error| panic!("{error}"));
    view::render_once(&Arc::new(template), data, width, height)
}
