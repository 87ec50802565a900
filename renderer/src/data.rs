//! What a picture is made from: the newest values, how old they are, their history, and the time.
//! Leaves out where it comes from (`service` reads the board, tests and `render_once` bring their own).

use std::collections::BTreeMap;

use bumpalo::Bump;
use casedd_common::config::{Condition, Operand, Operator};
use casedd_common::metrics::{Reading, Snapshot, Value};
use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::ease::Eases;
use crate::fill;
use crate::format;
use crate::inputs::{Inputs, Recorder};
use crate::template::spec::{Kind, WidgetSpec};

/// One point of a key's history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// When: `CLOCK_MONOTONIC` milliseconds, as [`Data::now_ms`].
    pub at_ms: u64,
    /// What: always finite.
    pub value: f32,
}

/// Where the history of keys is found.
pub trait History {
    /// Appends the samples of a reading that were taken between `since_ms` and `now_ms`, oldest first.
    fn read(&self, reading: &Reading, between_ms: (u64, u64), into: &mut Vec<Sample>);
}

/// No history at all.
pub struct NoHistory;

impl History for NoHistory {
    fn read(&self, _: &Reading, _: (u64, u64), _: &mut Vec<Sample>) {}
}

/// History held in memory by key: for pictures of given data.
#[derive(Clone, Debug, Default)]
pub struct MemoryHistory(pub BTreeMap<String, Vec<Sample>>);

impl History for MemoryHistory {
    fn read(&self, reading: &Reading, (since_ms, _): (u64, u64), into: &mut Vec<Sample>) {
        let samples = self.0.get(&reading.key).map(Vec::as_slice).unwrap_or_default();
        into.extend(samples.iter().filter(|sample| sample.at_ms >= since_ms));
    }
}

/// How far a value can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It is as new as its getter promises.
    Fresh,
    /// Its getter, or the whole collector, has not been heard of for too long.
    Stale,
    /// There is no such key (yet).
    Missing,
}

/// A value as it is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown<'a> {
    /// The number or text; a dash when there is none.
    pub text: &'a str,
    /// What stands after it; empty for none, and for a dash.
    pub unit: &'a str,
    /// The number itself, when it is one.
    pub number: Option<f64>,
    /// How far it can be relied on.
    pub freshness: Freshness,
}

/// Everything a widget may know.
pub struct Data {
    snapshot: Snapshot,
    history: Box<dyn History>,
    now_ns: u64,
    wall: Zoned,
    is_collector_lost: bool,
    eases: Eases,
    recorder: Recorder,
}

impl Default for Data {
    fn default() -> Data {
        Data {
            snapshot: Snapshot::default(),
            history: Box::new(NoHistory),
            now_ns: 0,
            wall: jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC),
            is_collector_lost: false,
            eases: Eases::default(),
            recorder: Recorder::default(),
        }
    }
}

impl Data {
    /// The given values at the given time.
    pub fn new(snapshot: Snapshot, history: Box<dyn History>, now_ns: u64, wall: Zoned) -> Data {
        Data { snapshot, history, now_ns, wall, ..Data::default() }
    }

    /// Writes down what is looked at from now on, in the place of `inputs`.
    pub fn begin_inputs(&self, inputs: &mut Inputs) {
        self.recorder.begin(inputs);
    }

    /// What was looked at since.
    pub fn end_inputs(&self) -> Inputs {
        self.recorder.end()
    }

    /// Whether who looks at these again finds the same.
    pub fn still(&self, inputs: &Inputs) -> bool {
        inputs
            .hold(|place| self.snapshot.readings.get(place).map(|reading| (reading, self.is_stale(reading))))
    }

    /// Takes newer values in place of the old ones.
    pub fn set_snapshot(&mut self, snapshot: Snapshot) {
        self.snapshot = snapshot;
    }

    /// The values, to be read anew in place.
    pub fn snapshot_mut(&mut self) -> &mut Snapshot {
        &mut self.snapshot
    }

    /// The values.
    pub fn snapshot(&self) -> &Snapshot {
        self.recorder.other();
        &self.snapshot
    }

    /// Takes another source of history.
    pub fn set_history(&mut self, history: Box<dyn History>) {
        self.history = history;
    }

    /// Moves the clocks, and with them the numbers that glide.
    pub fn set_now(&mut self, now_ns: u64, wall: Zoned) {
        self.now_ns = now_ns;
        self.wall = wall;
        let mut eases = std::mem::take(&mut self.eases);
        eases.follow(now_ns, |key| self.number(key));
        self.eases = eases;
    }

    /// Lets the bars and dials of `spec` glide to the values of its key, when it says so.
    pub fn want_ease(&mut self, spec: &WidgetSpec) {
        if let (Some(key), Some(span_ms)) = (&spec.source, spec.ease_ms) {
            self.eases.want(key, span_ms);
        }
    }

    /// Whether a bar or dial is on its way.
    pub fn is_easing(&self) -> bool {
        self.eases.is_moving(self.now_ns)
    }

    /// Where the bar or dial of a widget stands whose value is `number`.
    pub fn eased(&self, spec: &WidgetSpec, number: Option<f64>) -> Option<f64> {
        let eased = || self.eases.at(spec.source.as_ref()?, self.now_ns);
        if spec.ease_ms.is_some() {
            self.recorder.other();
        }
        number.map(|number| spec.ease_ms.and_then(|_| eased()).unwrap_or(number))
    }

    /// Marks everything as stale, or no longer.
    pub fn set_collector_lost(&mut self, is_lost: bool) {
        self.is_collector_lost = is_lost;
    }

    /// `CLOCK_MONOTONIC` nanoseconds.
    pub fn now_ns(&self) -> u64 {
        self.recorder.other();
        self.now_ns
    }

    /// `CLOCK_MONOTONIC` milliseconds.
    pub fn now_ms(&self) -> u64 {
        self.now_ns() / 1_000_000
    }

    /// Date, time and zone.
    pub fn wall(&self) -> &Zoned {
        self.recorder.other();
        &self.wall
    }

    /// The newest reading of a key.
    pub fn reading(&self, key: &str) -> Option<&Reading> {
        let Some(place) = self.snapshot.place(key) else {
            // It may come at any time.
            self.recorder.other();
            return None;
        };
        let reading = &self.snapshot.readings[place];
        self.recorder.reading(place, reading, self.is_stale(reading));
        Some(reading)
    }

    fn is_stale(&self, reading: &Reading) -> bool {
        self.is_collector_lost || reading.is_stale(self.now_ns)
    }

    /// The newest value of a key.
    pub fn value(&self, key: &str) -> Option<&Value> {
        Some(&self.reading(key)?.value)
    }

    /// The newest value of a key as a finite number.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.value(key)?.as_number().filter(|number| number.is_finite())
    }

    /// The newest value of a key as a text.
    pub fn text<'a>(&'a self, key: &str, room: &'a Bump) -> Option<&'a str> {
        Some(match self.value(key)? {
            Value::Text(text) => text.as_str(),
            Value::Number(number) => room.alloc_str(&format::number(*number, None)),
            Value::Flag(flag) => word(*flag),
        })
    }

    /// The newest value of a key as yes or no: true/on/yes/enabled/1 and numbers but 0 are yes.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.value(key)? {
            Value::Flag(flag) => Some(*flag),
            Value::Number(number) => Some(*number != 0.0),
            Value::Text(text) => format::flag(text),
        }
    }

    /// How far the value of a key can be relied on.
    pub fn freshness(&self, key: &str) -> Freshness {
        match self.reading(key) {
            None => Freshness::Missing,
            Some(reading) if self.is_stale(reading) => Freshness::Stale,
            Some(_) => Freshness::Fresh,
        }
    }

    /// How long ago a key was read.
    pub fn age_ms(&self, key: &str) -> Option<u64> {
        Some(self.now_ns().saturating_sub(self.reading(key)?.at_ns) / 1_000_000)
    }

    /// The history of a key over the last `window_ms` in place of what `into` held, oldest first.
    pub fn history(&self, key: &str, window_ms: u64, into: &mut Vec<Sample>) {
        into.clear();
        if let Some(reading) = self.reading(key) {
            let now_ms = self.now_ms();
            self.history.read(reading, (now_ms.saturating_sub(window_ms), now_ms), into);
        }
    }

    /// What a widget's `source` or `content` comes to, formatted with its `precision` and `unit`.
    pub fn shown<'a>(&'a self, spec: &'a WidgetSpec, room: &'a Bump) -> Shown<'a> {
        let Some(key) = &spec.source else {
            let content = spec.content.as_deref().unwrap_or_default();
            let (text, freshness) = fill::fill(content, self, room);
            let unit = spec.unit.as_deref().unwrap_or_default();
            return Shown { number: text.trim().parse().ok(), text, unit, freshness };
        };
        let freshness = self.freshness(key);
        let number = self.number(key);
        let text = match (self.value(key), number) {
            (Some(Value::Text(text)), _) if !text.is_empty() => text.as_str(),
            (Some(Value::Flag(flag)), _) => word(*flag),
            (Some(Value::Number(_)), Some(number)) => room.alloc_str(&format::number(number, spec.precision)),
            _ => return Shown { text: format::DASH, unit: "", number: None, freshness },
        };
        let unit = spec.unit.as_deref().unwrap_or_else(|| default_unit(spec, key));
        Shown { text, unit, number, freshness }
    }

    /// Whether a condition holds; `None` when its key is missing.
    pub fn holds(&self, condition: &Condition) -> Option<bool> {
        let equal = match &condition.value {
            Operand::Text(text) => {
                let is_equal = match self.value(&condition.source)? {
                    Value::Text(found) => found == text,
                    Value::Number(number) => format::number(*number, None) == text.as_str(),
                    Value::Flag(flag) => word(*flag) == text,
                };
                return Some(match condition.operator {
                    Operator::Eq => is_equal,
                    Operator::Neq => !is_equal,
                    Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte => false,
                });
            }
            Operand::Number(number) => self.number(&condition.source)?.partial_cmp(number)?,
        };
        Some(match condition.operator {
            Operator::Gt => equal.is_gt(),
            Operator::Gte => equal.is_ge(),
            Operator::Lt => equal.is_lt(),
            Operator::Lte => equal.is_le(),
            Operator::Eq => equal.is_eq(),
            Operator::Neq => equal.is_ne(),
        })
    }
}

/// How yes and no are written.
fn word(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

/// Bars and gauges over a share are in per cent unless the template says otherwise.
fn default_unit(spec: &WidgetSpec, key: &str) -> &'static str {
    match spec.kind {
        Kind::Bar | Kind::Gauge(_) if key.ends_with("percent") => "%",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> Data {
        let reading = |key: &str, value, ttl_ms| Reading {
            key: key.into(),
            value,
            at_ns: 1_000_000_000,
            ttl_ms,
            series: 0,
        };
        let snapshot = Snapshot {
            readings: vec![
                reading("cpu.percent", Value::Number(42.25), 5_000),
                reading("system.hostname", Value::Text("box".into()), 0),
                reading("ups.online", Value::Flag(true), 5_000),
            ],
            ..Snapshot::default()
        };
        let history = MemoryHistory(BTreeMap::from([(
            String::from("cpu.percent"),
            vec![Sample { at_ms: 100, value: 1.0 }, Sample { at_ms: 900, value: 2.0 }],
        )]));
        Data::new(
            snapshot,
            Box::new(history),
            1_100_000_000,
            jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC),
        )
    }

    #[test]
    fn a_value_grows_stale_with_its_age_and_with_the_loss_of_the_collector() {
        let mut data = data();
        assert_eq!(data.freshness("cpu.percent"), Freshness::Fresh);
        assert_eq!(data.freshness("cpu.fan_rpm"), Freshness::Missing);
        data.set_now(7_000_000_000, data.wall().clone());
        assert_eq!(data.freshness("cpu.percent"), Freshness::Stale);
        assert_eq!(data.freshness("system.hostname"), Freshness::Fresh);
        data.set_collector_lost(true);
        assert_eq!(data.freshness("system.hostname"), Freshness::Stale);
    }

    #[test]
    fn history_is_cut_to_the_window() {
        let data = data();
        let mut samples = vec![Sample { at_ms: 0, value: 9.0 }];
        data.history("cpu.percent", 500, &mut samples);
        assert_eq!(samples, [Sample { at_ms: 900, value: 2.0 }]);
        data.history("cpu.percent", 60_000, &mut samples);
        assert_eq!(samples.len(), 2);
        data.history("no.such.key", 60_000, &mut samples);
        assert!(samples.is_empty());
    }

    #[test]
    fn conditions_compare_numbers_and_texts_and_tell_a_missing_key() {
        let data = data();
        let condition = |source: &str, operator, value| Condition { source: source.into(), operator, value };
        assert_eq!(data.holds(&condition("cpu.percent", Operator::Gte, Operand::Number(42.25))), Some(true));
        assert_eq!(data.holds(&condition("cpu.percent", Operator::Lt, Operand::Number(42.25))), Some(false));
        assert_eq!(
            data.holds(&condition("system.hostname", Operator::Eq, Operand::Text("box".into()))),
            Some(true)
        );
        assert_eq!(data.holds(&condition("gone", Operator::Eq, Operand::Number(0.0))), None);
    }
}
