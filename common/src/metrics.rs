//! Metric types: one value, one reading, and the snapshot of all readings at one tick.
//!
//! Knows nothing of where values come from, nor of how a snapshot travels.

use serde::{Deserialize, Serialize};

/// The series number of a reading that has no history (texts and flags).
pub const NO_SERIES: u32 = u32::MAX;

/// What a key can hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Any measured number; never NaN or infinite once published.
    Number(f64),
    /// A text, or rows of `left|right` separated by newlines.
    Text(String),
    /// A yes or no.
    Flag(bool),
}

impl Value {
    /// The value as a number: a flag counts as 0 or 1, a text that is a number counts as that number.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Flag(flag) => Some(f64::from(u8::from(*flag))),
            Value::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        }
    }
}

/// One key's newest value, with the time it was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Flat dotted name, as `cpu.percent`.
    pub key: String,
    /// What was read.
    pub value: Value,
    /// When it was read: `CLOCK_MONOTONIC` nanoseconds.
    pub at_ns: u64,
    /// From this age on the value counts as stale. 0: it never does.
    pub ttl_ms: u32,
    /// Where its history is, or [`NO_SERIES`].
    pub series: u32,
}

impl Reading {
    /// How old the value is, in milliseconds.
    pub fn age_ms(&self, now_ns: u64) -> u64 {
        now_ns.saturating_sub(self.at_ns) / 1_000_000
    }

    /// Whether the value is older than its time to live.
    pub fn is_stale(&self, now_ns: u64) -> bool {
        self.ttl_ms != 0 && now_ns.saturating_sub(self.at_ns) > u64::from(self.ttl_ms) * 1_000_000
    }
}

/// How one getter fares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GetterState {
    /// Its name, as in the configuration (`cpu`).
    pub name: String,
    /// Why its last run failed; empty when it did not.
    pub error: String,
    /// End of its last good run: `CLOCK_MONOTONIC` nanoseconds, 0 for never.
    pub last_success_ns: u64,
    /// How long its last run took.
    pub duration_ns: u64,
    /// How often it runs.
    pub interval_ms: u32,
}

impl GetterState {
    /// Whether its last run was a good one.
    pub fn is_ok(&self) -> bool {
        self.error.is_empty() && self.last_success_ns != 0
    }
}

/// All readings at one tick of the collector, sorted by key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Number of this tick; grows by one each publication, also across restarts of the collector.
    pub tick: u64,
    /// When it was published: `CLOCK_MONOTONIC` nanoseconds.
    pub taken_at_ns: u64,
    /// The same instant as Unix time in milliseconds.
    pub taken_unix_ms: i64,
    /// Every key's newest reading, sorted by key.
    pub readings: Vec<Reading>,
    /// How each getter fares, in the order of the registry.
    pub getters: Vec<GetterState>,
    /// Series kept for keys that have gone and may come back.
    pub dormant: Vec<DormantSeries>,
}

/// A history whose key is not in the snapshot at present: an unplugged sensor, an interface that is down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DormantSeries {
    /// The key that gets its history back when it returns.
    pub key: String,
    /// Where that history is.
    pub series: u32,
    /// When the key went: `CLOCK_MONOTONIC` nanoseconds.
    pub since_ns: u64,
}

impl Snapshot {
    /// The newest reading of `key`.
    pub fn get(&self, key: &str) -> Option<&Reading> {
        self.readings.get(self.place(key)?)
    }

    /// Where the newest reading of `key` stands among all.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.readings.binary_search_by(|reading| reading.key.as_str().cmp(key)).ok()
    }

    /// Every series that has a key, present or dormant; those with aliases more than once.
    pub fn series(&self) -> impl Iterator<Item = u32> + '_ {
        let dormant = self.dormant.iter().map(|dormant| dormant.series);
        let all = self.readings.iter().map(|reading| reading.series).chain(dormant);
        all.filter(|series| *series != NO_SERIES)
    }

    /// The newest value of `key` as a number.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.get(key)?.value.as_number()
    }
}
