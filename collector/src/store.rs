//! What is known: every key's newest reading, how each getter fares, and which history belongs to which key.
//!
//! Reads nothing itself and publishes nothing; keeps the promises of a snapshot (sorted, finite, limited).
//!
//! A key that a good run of its getter no longer gives is dropped once its time to live is over (a row of a list at
//! once); its history stays for a while, in case it comes back. The readings of a getter that fails stay, and grow stale.

use std::time::{Duration, SystemTime};

use casedd_common::board::BoardWriter;
use casedd_common::config::Intervals;
use casedd_common::history::{SERIES_MAX, Sample};
use casedd_common::metrics::{DormantSeries, GetterState, NO_SERIES, Reading, Snapshot, Value};

use crate::batch::Entry;
use crate::registry::GETTERS;
use crate::runner::Outcome;

/// Most keys of a snapshot.
const READINGS_MAX: usize = 4000;
/// Most histories kept for keys that have gone, and for how long.
const DORMANT_MAX: usize = 256;
const DORMANT_NS_MAX: u64 = 20 * 60 * 1_000_000_000;
/// A reading is stale when its getter missed two runs.
const TTL_INTERVALS: u32 = 3;
/// How long no new series are asked for when there is no memory.
const FULL_NS: u64 = 60 * 1_000_000_000;

/// Where histories are kept.
pub trait Histories {
    /// Gives a series memory and empties it; false when there is none left.
    fn open(&mut self, series: u32) -> bool;
    /// Adds a sample to an opened series.
    fn push(&mut self, series: u32, sample: Sample);
}

impl Histories for BoardWriter {
    fn open(&mut self, series: u32) -> bool {
        let opened = self.open_series(series);
        if let Err(error) = &opened {
            tracing::warn!("new values get no history: {error}");
        }
        opened.is_ok()
    }

    fn push(&mut self, series: u32, sample: Sample) {
        BoardWriter::push(self, series, sample);
    }
}

/// For one look at the machine, which needs no past.
pub struct NoHistories;

impl Histories for NoHistories {
    fn open(&mut self, _series: u32) -> bool {
        false
    }

    fn push(&mut self, _series: u32, _sample: Sample) {}
}

/// Who gave a reading, and in which of its good runs; nobody yet for adopted ones.
#[derive(Clone, Copy, Debug)]
struct Origin {
    getter: Option<usize>,
    run: u64,
    is_row: bool,
}

/// All that is known.
pub struct Store {
    snapshot: Snapshot,
    /// One for each reading, at the same index.
    origins: Vec<Origin>,
    /// Good runs of each getter.
    runs: [u64; GETTERS.len()],
    full_until_ns: u64,
}

impl Store {
    /// Starts with what an earlier collector knew.
    pub fn new(adopted: Option<Snapshot>, intervals: &Intervals) -> Store {
        let mut snapshot = adopted.unwrap_or_default();
        let old = std::mem::take(&mut snapshot.getters);
        snapshot.getters = GETTERS
            .iter()
            .map(|row| GetterState {
                name: row.name.to_owned(),
                error: String::new(),
                last_success_ns: old
                    .iter()
                    .find(|old| old.name == row.name)
                    .map_or(0, |old| old.last_success_ns),
                duration_ns: 0,
                interval_ms: u32::try_from(row.every(intervals).as_millis()).unwrap_or(u32::MAX),
            })
            .collect();
        let origins = vec![Origin { getter: None, run: 0, is_row: false }; snapshot.readings.len()];
        Store { snapshot, origins, runs: [0; GETTERS.len()], full_until_ns: 0 }
    }

    /// What is known now.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Takes in one run of a getter.
    pub fn merge(&mut self, outcome: Outcome, histories: &mut impl Histories) {
        let state = &mut self.snapshot.getters[outcome.getter];
        state.duration_ns = outcome.duration_ns;
        let ttl_ms = state.interval_ms.saturating_mul(TTL_INTERVALS);
        if outcome.error.is_none() {
            state.last_success_ns = outcome.ended_at_ns;
            self.runs[outcome.getter] += 1;
        }
        self.set_error(outcome.getter, outcome.error.unwrap_or_default());
        let run = self.runs[outcome.getter];
        let at_ns = outcome.batch.at_ns;
        let mut series = NO_SERIES;
        for entry in outcome.batch.into_entries() {
            let Some(index) = self.place(&entry) else { continue };
            let wants_series = matches!(entry.value, Value::Number(_)) && !entry.is_row;
            let is_row = entry.is_row;
            if !entry.is_alias {
                series = match self.snapshot.readings[index].series {
                    NO_SERIES if wants_series => self.find_series(&entry.key, at_ns, histories),
                    series => series,
                };
                if let (Value::Number(number), false) = (&entry.value, is_row) {
                    histories.push(series, Sample { at_ns, value: *number as f32 });
                }
            }
            let reading = &mut self.snapshot.readings[index];
            reading.value = entry.value;
            reading.at_ns = at_ns;
            reading.ttl_ms = ttl_ms;
            reading.series = series;
            self.origins[index] = Origin { getter: Some(outcome.getter), run, is_row };
        }
    }

    /// Says how a getter fares; gives whether that is news.
    pub fn set_error(&mut self, getter: usize, error: String) -> bool {
        let state = &mut self.snapshot.getters[getter];
        if state.error == error {
            return false;
        }
        match error.is_empty() {
            true => tracing::info!(getter = state.name, "works again"),
            false => tracing::warn!(getter = state.name, "{error}"),
        }
        state.error = error;
        true
    }

    /// Drops what has gone, and gives the snapshot to publish at `now_ns`.
    pub fn next_snapshot(&mut self, now_ns: u64) -> &Snapshot {
        self.drop_gone(now_ns);
        self.snapshot.tick += 1;
        self.snapshot.taken_at_ns = now_ns;
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        self.snapshot.taken_unix_ms = i64::try_from(unix.as_millis()).unwrap_or(i64::MAX);
        &self.snapshot
    }

    /// The index of a key's reading, which is made when there is none.
    fn place(&mut self, entry: &Entry) -> Option<usize> {
        let readings = &mut self.snapshot.readings;
        match readings.binary_search_by(|reading| reading.key.as_str().cmp(&entry.key)) {
            Ok(index) => Some(index),
            Err(_) if readings.len() >= READINGS_MAX => None,
            Err(index) => {
                let key = entry.key.to_string();
                let value = Value::Flag(false);
                readings.insert(index, Reading { key, value, at_ns: 0, ttl_ms: 0, series: NO_SERIES });
                self.origins.insert(index, Origin { getter: None, run: 0, is_row: false });
                Some(index)
            }
        }
    }

    /// The history that the key had before it went, else a new one, else none.
    fn find_series(&mut self, key: &str, now_ns: u64, histories: &mut impl Histories) -> u32 {
        let dormant = &mut self.snapshot.dormant;
        if let Some(index) = dormant.iter().position(|dormant| dormant.key == key) {
            return dormant.swap_remove(index).series;
        }
        if now_ns < self.full_until_ns {
            return NO_SERIES;
        }
        let series = self.free_series().filter(|series| histories.open(*series));
        if series.is_none() {
            self.full_until_ns = now_ns.saturating_add(FULL_NS);
        }
        series.unwrap_or(NO_SERIES)
    }

    fn free_series(&self) -> Option<u32> {
        let mut used = vec![false; SERIES_MAX as usize];
        for series in self.snapshot.series() {
            if let Some(used) = used.get_mut(series as usize) {
                *used = true;
            }
        }
        used.iter().position(|used| !used).map(|series| series as u32)
    }

    fn drop_gone(&mut self, now_ns: u64) {
        let mut index = 0;
        while index < self.origins.len() {
            if !self.is_gone(index, now_ns) {
                index += 1;
                continue;
            }
            self.origins.remove(index);
            let Reading { key, series, .. } = self.snapshot.readings.remove(index);
            // An alias that goes with its key leaves the history to the key.
            if series != NO_SERIES && self.snapshot.series().all(|other| other != series) {
                self.snapshot.dormant.push(DormantSeries { key, series, since_ns: now_ns });
            }
        }
        let dormant = &mut self.snapshot.dormant;
        dormant.retain(|dormant| now_ns.saturating_sub(dormant.since_ns) <= DORMANT_NS_MAX);
        let too_many = dormant.len().saturating_sub(DORMANT_MAX);
        dormant.drain(..too_many);
    }

    fn is_gone(&self, index: usize, now_ns: u64) -> bool {
        let Origin { getter, run, is_row } = self.origins[index];
        let was_left_out = getter.is_none_or(|getter| self.runs[getter] != run);
        was_left_out && (is_row || self.snapshot.readings[index].is_stale(now_ns))
    }
}

#[cfg(test)]
mod tests;
