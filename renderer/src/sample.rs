//! Made-up but lifelike values of a small server: for golden pictures, examples and documentation.
//! Never shown by the running program, which has only what was measured.

use std::collections::BTreeMap;

use casedd_common::metrics::{NO_SERIES, Reading, Snapshot, Value};
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::data::{Data, MemoryHistory, Sample};

mod rows;

pub use rows::rows;

/// The instant of the sample, on the monotonic clock.
const NOW_MS: u64 = 5_000_000;
/// How far its history goes back.
const HISTORY_S: u64 = 900;

/// A key, its value, and how much its history swings about it (0: it has none).
const NUMBERS: &[(&str, f64, f64)] = &[
    ("cpu.percent", 43.2, 24.0),
    ("cpu.user_percent", 31.5, 18.0),
    ("cpu.system_percent", 10.4, 6.0),
    ("cpu.iowait_percent", 1.3, 1.0),
    ("cpu.0.percent", 61.0, 30.0),
    ("cpu.1.percent", 38.4, 25.0),
    ("cpu.2.percent", 22.7, 18.0),
    ("cpu.3.percent", 50.6, 28.0),
    ("cpu.4.percent", 71.9, 22.0),
    ("cpu.5.percent", 12.3, 10.0),
    ("cpu.6.percent", 35.0, 20.0),
    ("cpu.7.percent", 53.7, 26.0),
    ("cpu.count", 8.0, 0.0),
    ("cpu.frequency_mhz", 3412.0, 300.0),
    ("cpu.temperature", 57.0, 6.0),
    ("cpu.fan_rpm", 1180.0, 60.0),
    ("memory.percent", 68.4, 3.0),
    ("memory.used_gb", 10.7, 0.5),
    ("memory.available_gb", 4.9, 0.5),
    ("memory.cached_gb", 3.6, 0.3),
    ("memory.total_gb", 15.6, 0.0),
    ("swap.percent", 4.1, 0.4),
    ("swap.used_gb", 0.16, 0.02),
    ("swap.total_gb", 4.0, 0.0),
    ("disk.percent", 71.3, 0.2),
    ("disk.used_gb", 332.4, 1.0),
    ("disk.free_gb", 133.8, 1.0),
    ("disk.total_gb", 466.2, 0.0),
    ("disk./.percent", 71.3, 0.2),
    ("disk./srv/media.percent", 87.6, 0.1),
    ("disk./srv/backup.percent", 54.2, 0.1),
    ("disk./srv/photos.percent", 38.9, 0.1),
    ("disk./boot.percent", 23.5, 0.0),
    ("disk./.free_gb", 133.8, 0.0),
    ("disk./srv/media.free_gb", 901.0, 0.0),
    ("disk./srv/backup.free_gb", 1712.0, 0.0),
    ("disk./srv/photos.free_gb", 2246.0, 0.0),
    ("disk./boot.free_gb", 0.71, 0.0),
    ("disk.read_mb_s", 18.6, 16.0),
    ("disk.write_mb_s", 42.3, 30.0),
    ("disk.nvme0n1.busy_percent", 18.2, 12.0),
    ("disk.sda.busy_percent", 46.0, 24.0),
    ("disk.sdb.busy_percent", 44.7, 24.0),
    ("disk.sdc.busy_percent", 3.1, 2.0),
    ("disk.nvme0n1.temperature", 46.0, 2.0),
    ("disk.sda.temperature", 38.0, 1.0),
    ("disk.sdb.temperature", 39.0, 1.0),
    ("disk.sdc.temperature", 34.0, 1.0),
    ("net.recv_mbps", 86.4, 60.0),
    ("net.sent_mbps", 12.8, 9.0),
    ("net.bytes_recv_rate", 10.3, 7.0),
    ("net.bytes_sent_rate", 1.53, 1.1),
    ("net.bytes_recv_total", 8.1e11, 0.0),
    ("net.bytes_sent_total", 9.3e10, 0.0),
    ("net.eth0.recv_mbps", 81.2, 58.0),
    ("net.eth0.sent_mbps", 11.4, 8.0),
    ("net.eth0.speed_mbps", 1000.0, 0.0),
    ("net.wlan0.recv_mbps", 5.2, 4.0),
    ("net.wlan0.sent_mbps", 1.4, 1.0),
    ("system.load_1", 1.82, 0.8),
    ("system.load_5", 1.46, 0.4),
    ("system.load_15", 1.21, 0.2),
    ("fans.total.count", 3.0, 0.0),
    ("fans.cpu.avg_rpm", 1180.0, 60.0),
    ("fans.cpu.0.rpm", 1180.0, 60.0),
    ("fans.system.avg_rpm", 840.0, 30.0),
    ("fans.system.0.rpm", 860.0, 30.0),
    ("fans.system.1.rpm", 820.0, 30.0),
    ("sensors.k10temp.tctl.temperature", 57.0, 6.0),
    ("sensors.nct6798.board.temperature", 36.0, 1.0),
    ("sensors.nct6798.vrm.temperature", 52.0, 4.0),
    ("sensors.nvme.composite.temperature", 46.0, 2.0),
    ("nvidia.percent", 87.0, 10.0),
    ("nvidia.temperature", 74.0, 4.0),
];

/// Texts.
const TEXTS: &[(&str, &str)] = &[
    ("system.hostname", "atlas"),
    ("system.uptime", "12d 4h 36m"),
    ("system.boot_time", "2026-05-09 09:24"),
    ("system.kernel", "6.12.30"),
    ("system.os", "Debian GNU/Linux 13"),
    ("system.model", "Mini server"),
    ("cpu.model", "8-core processor"),
    ("disk.rows", "/|71 %\n/srv/media|88 %\n/srv/backup|54 %\n/srv/photos|39 %\n/boot|24 %"),
    ("net.rows", "eth0|81.2|11.4\nwlan0|5.2|1.4"),
    ("sensors.rows", "CPU|57 °C\nBoard|36 °C\nVRM|52 °C\nnvme0n1|46 °C\nsda|38 °C\nsdb|39 °C\nsdc|34 °C"),
    ("fans.rows", "CPU|1180 rpm\nCase front|860 rpm\nCase rear|820 rpm"),
    ("demo.rows", "Backup|ok 02:14\nScrub|running 61 %\nUpdates|3 waiting\nUPS|on line\nRAID md0|degraded"),
    ("ups.status", "on line"),
];

/// The sample data.
pub fn data() -> Data {
    let now_ns = NOW_MS * 1_000_000;
    let reading = |key: &str, value: Value, series: u32| Reading {
        key: key.into(),
        value,
        at_ns: now_ns - 400_000_000,
        ttl_ms: 10_000,
        series,
    };
    let numbers = NUMBERS.iter().enumerate().map(|(index, (key, value, swing))| {
        let series = if *swing > 0.0 { index as u32 } else { NO_SERIES };
        reading(key, Value::Number(*value), series)
    });
    let texts = TEXTS.iter().map(|(key, text)| reading(key, Value::Text((*text).into()), NO_SERIES));
    let mut readings: Vec<Reading> = numbers.chain(texts).collect();
    readings.push(reading("ups.online", Value::Flag(true), NO_SERIES));
    for (key, value) in rows() {
        if readings.iter().all(|known| known.key != key) {
            readings.push(reading(&key, value, NO_SERIES));
        }
    }
    readings.sort_by(|a, b| a.key.cmp(&b.key));
    let snapshot = Snapshot { tick: 1, taken_at_ns: now_ns, readings, ..Snapshot::default() };
    let wall = date(2026, 5, 21).at(14, 0, 7, 0).to_zoned(TimeZone::UTC).expect("UTC has no gaps");
    Data::new(snapshot, Box::new(history()), now_ns, wall)
}

/// Data of a machine on which nothing could be measured.
pub fn empty() -> Data {
    let full = data();
    Data::new(Snapshot::default(), Box::new(MemoryHistory::default()), full.now_ns(), full.wall().clone())
}

/// The sample data as it looks when the collector has been silent for a minute.
pub fn stale() -> Data {
    let mut data = data();
    data.set_now(data.now_ns() + 60_000_000_000, data.wall().clone());
    data
}

fn history() -> MemoryHistory {
    let with_history = NUMBERS.iter().enumerate().filter(|(_, (_, _, swing))| *swing > 0.0);
    let series = with_history.map(|(index, (key, value, swing))| {
        let sample = |age_s: u64| Sample {
            at_ms: NOW_MS - age_s * 1000,
            value: (value + wave(age_s, index as u64) * swing).max(0.0) as f32,
        };
        let mut samples: Vec<Sample> = (0..HISTORY_S).rev().step_by(2).map(sample).collect();
        if let Some(last) = samples.last_mut() {
            last.value = *value as f32;
        }
        (String::from(*key), samples)
    });
    MemoryHistory(series.collect::<BTreeMap<_, _>>())
}

/// Between about -1 and 1, and 0 at the present: slow swings with some noise, the same at every call.
fn wave(age_s: u64, seed: u64) -> f64 {
    swing(age_s, seed) - swing(0, seed)
}

fn swing(age_s: u64, seed: u64) -> f64 {
    let t = age_s as f64 + seed as f64 * 37.0;
    let smooth =
        (t / 41.0).sin() * 0.4 + (t / 13.0).sin() * 0.22 + (t / 97.0).sin() * 0.25 + (t / 5.3).sin() * 0.1;
    smooth + noise(age_s / 2, seed) * 0.14
}

/// A number between -1 and 1 that is different for each pair.
fn noise(at: u64, seed: u64) -> f64 {
    let mut word = at.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ seed.wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
    word ^= word >> 29;
    word = word.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word ^= word >> 32;
    (word % 2001) as f64 / 1000.0 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Freshness;

    #[test]
    fn every_number_that_swings_has_a_history_that_ends_in_its_value() {
        let data = data();
        let mut samples = Vec::new();
        data.history("cpu.percent", 300_000, &mut samples);
        assert!(samples.len() > 100);
        assert_eq!(samples.last().map(|sample| sample.value), Some(43.2));
        assert_eq!(data.freshness("cpu.percent"), Freshness::Fresh);
        assert_eq!(stale().freshness("cpu.percent"), Freshness::Stale);
        assert_eq!(empty().freshness("cpu.percent"), Freshness::Missing);
    }
}
