//! What a widget looked at while its scene was built: while all of that is as it was, so is the scene.
//! Leaves out the widget's own time: one that looks at a clock, at history or at all keys is built each time.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};

use casedd_common::metrics::{Reading, Value};

/// More readings than this are not worth being compared.
const READINGS_MAX: usize = 64;

/// The readings that were looked at.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    seen: Vec<Seen>,
    /// Nothing but these readings was looked at.
    is_all: bool,
}

/// One reading as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    place: usize,
    key: u64,
    /// Its kind and its bits or hash: a zero and a no are two things.
    value: (u8, u64),
    is_stale: bool,
}

impl Seen {
    fn new(place: usize, reading: &Reading, is_stale: bool) -> Seen {
        Seen { place, key: hash(&reading.key), value: hash_of(&reading.value), is_stale }
    }
}

impl Inputs {
    /// Whether a widget that looked at these would find the same again. `now` gives the reading at a place and whether it
    /// is stale.
    pub fn hold<'a>(&self, now: impl Fn(usize) -> Option<(&'a Reading, bool)>) -> bool {
        let is_same = |seen: &Seen| {
            now(seen.place)
                .is_some_and(|(reading, is_stale)| *seen == Seen::new(seen.place, reading, is_stale))
        };
        self.is_all && self.seen.iter().all(is_same)
    }

    /// They do not hold, whatever comes.
    pub fn forget(&mut self) {
        self.is_all = false;
    }
}

/// Writes down what is looked at.
#[derive(Debug, Default)]
pub struct Recorder(RefCell<Option<Inputs>>);

impl Recorder {
    /// Begins a list, in the place of `inputs`.
    pub fn begin(&self, inputs: &mut Inputs) {
        let mut inputs = std::mem::take(inputs);
        inputs.seen.clear();
        inputs.is_all = true;
        self.0.replace(Some(inputs));
    }

    /// Ends the list and gives it.
    pub fn end(&self) -> Inputs {
        self.0.take().unwrap_or_default()
    }

    /// A reading was looked at.
    pub fn reading(&self, place: usize, reading: &Reading, is_stale: bool) {
        if let Some(inputs) = self.0.borrow_mut().as_mut() {
            inputs.is_all &= inputs.seen.len() < READINGS_MAX;
            if inputs.is_all && inputs.seen.last().is_none_or(|last| last.place != place) {
                inputs.seen.push(Seen::new(place, reading, is_stale));
            }
        }
    }

    /// Something else was looked at, which may change at any time.
    pub fn other(&self) {
        if let Some(inputs) = self.0.borrow_mut().as_mut() {
            inputs.is_all = false;
        }
    }
}

fn hash(what: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

fn hash_of(value: &Value) -> (u8, u64) {
    match value {
        Value::Number(number) => (0, number.to_bits()),
        Value::Flag(flag) => (1, u64::from(*flag)),
        Value::Text(text) => (2, hash(text)),
    }
}

#[cfg(test)]
mod tests {
    use casedd_common::metrics::{NO_SERIES, Reading, Snapshot, Value};

    use super::*;
    use crate::data::{Data, NoHistory};

    fn data(values: &[(&str, Value)], now_s: u64) -> Data {
        let reading = |(key, value): &(&str, Value)| Reading {
            key: (*key).into(),
            value: value.clone(),
            at_ns: 0,
            ttl_ms: 5_000,
            series: NO_SERIES,
        };
        let readings = values.iter().map(reading).collect();
        let wall = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
        let snapshot = Snapshot { readings, ..Snapshot::default() };
        Data::new(snapshot, Box::new(NoHistory), now_s * 1_000_000_000, wall)
    }

    fn looked_at(data: &Data, look: impl FnOnce(&Data)) -> Inputs {
        let mut inputs = Inputs::default();
        data.begin_inputs(&mut inputs);
        look(data);
        data.end_inputs()
    }

    #[test]
    fn what_was_looked_at_holds_until_one_of_it_changes_or_grows_stale() {
        let (number, text) = (Value::Number(1.0), Value::Text("up".into()));
        let first = data(&[("a", number.clone()), ("b", text.clone()), ("c", number.clone())], 1);
        let inputs = looked_at(&first, |data| {
            data.number("a");
            data.freshness("b");
        });
        let holds = |values: &[(&str, Value)], now_s| data(values, now_s).still(&inputs);
        let other = Value::Number(2.0);
        assert!(holds(&[("a", number.clone()), ("b", text.clone()), ("c", other.clone())], 3));
        assert!(!holds(&[("a", other), ("b", text.clone()), ("c", number.clone())], 1), "a number");
        let (zero, no) = (data(&[("a", Value::Number(0.0))], 1), data(&[("a", Value::Flag(false))], 1));
        assert!(!no.still(&looked_at(&zero, |data| assert!(data.value("a").is_some()))), "another kind");
        let down = Value::Text("down".into());
        assert!(!holds(&[("a", number.clone()), ("b", down), ("c", number.clone())], 1), "a text");
        assert!(!holds(&[("a", number.clone()), ("b", text.clone())], 6), "stale");
        assert!(!holds(&[("0", number.clone()), ("a", number.clone()), ("b", text)], 1), "other places");
        assert!(!holds(&[("a", number)], 1), "one is gone");
    }

    #[test]
    fn clocks_history_missing_keys_and_all_keys_together_never_hold() {
        let data = data(&[("a", Value::Flag(true))], 1);
        assert!(!data.still(&Inputs::default()), "nothing was looked at yet");
        assert!(data.still(&looked_at(&data, |_| {})), "nothing at all");
        // Each says whether there was anything to be seen.
        type Look = fn(&Data) -> bool;
        let looks: [(&str, Look); 5] = [
            ("the time", |data| data.now_ms() > 0),
            ("the date", |data| data.wall().year() == 1970),
            ("an age", |data| data.age_ms("a").is_some()),
            ("a missing key", |data| data.flag("b").is_none()),
            ("all keys", |data| data.snapshot().readings.len() == 1),
        ];
        for (what, look) in looks {
            let inputs = looked_at(&data, |data| assert!(look(data), "{what}"));
            assert!(!data.still(&inputs), "{what}");
        }
        assert!(!data.still(&looked_at(&data, |data| data.history("a", 1_000, &mut Vec::new()))), "history");
    }
}
