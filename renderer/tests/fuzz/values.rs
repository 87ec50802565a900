//! Random data, and how it changes: values that come, go, grow stale, turn into another kind, or are no numbers.
//! Leaves out what is drawn of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use casedd_common::metrics::{Reading, Snapshot, Value};
use casedd_renderer::data::{Data, History, Sample};

use super::dice::Dice;
use super::templates::KEYS;

const TEXTS: [&str; 8] = [
    "",
    "on",
    "nginx|healthy\npostgres|degraded\nbackup|failed",
    "日本語 שלום e\u{301}\u{323} \u{1F600}\t\u{7}",
    "12.5",
    "a word",
    "x|y|z|1|2|3|4|5|6|7|8|9|0",
    "\u{202e}\u{200f}\u{feff}",
];

const NUMBERS: [f64; 12] =
    [0.0, -0.0, 1.0, 42.5, 99.99, 100.0, -7.0, 1e300, -1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

type Series = Rc<RefCell<BTreeMap<String, Vec<Sample>>>>;

struct Shared(Series);

impl History for Shared {
    fn read(&self, reading: &Reading, (since_ms, now_ms): (u64, u64), into: &mut Vec<Sample>) {
        let all = self.0.borrow();
        let samples = all.get(&reading.key).map(Vec::as_slice).unwrap_or_default();
        into.extend(samples.iter().filter(|sample| (since_ms..=now_ms).contains(&sample.at_ms)));
    }
}

/// Values and their history.
pub struct World {
    readings: BTreeMap<&'static str, Reading>,
    series: Series,
    now_ms: u64,
    is_lost: bool,
}

impl World {
    pub fn new(dice: &mut Dice) -> World {
        let mut world = World {
            readings: BTreeMap::new(),
            series: Rc::default(),
            now_ms: 1_000_000 + dice.below(100_000) as u64,
            is_lost: false,
        };
        for key in KEYS.iter().filter(|key| **key != "no.such.key") {
            let count = [0, 1, 2, 30, 400, 3_000][dice.below(6)];
            let samples = (0..count).rev().map(|age| Sample {
                at_ms: world.now_ms.saturating_sub(age as u64 * 700),
                value: sample(dice),
            });
            world.series.borrow_mut().insert((*key).into(), samples.collect());
            world.change(dice, key);
        }
        world
    }

    /// Lets time pass and some values change.
    pub fn step(&mut self, dice: &mut Dice) {
        self.now_ms += [0, 1, 500, 1_000, 60_000][dice.below(5)];
        self.is_lost = dice.one_in(6);
        for key in KEYS {
            match dice.below(6) {
                0 | 1 => self.change(dice, key),
                2 => drop(self.readings.remove(key)),
                _ => {}
            }
        }
    }

    fn change(&mut self, dice: &mut Dice, key: &'static str) {
        let value = match dice.below(6) {
            0 => Value::Text(dice.pick(&TEXTS).into()),
            1 => Value::Flag(dice.one_in(2)),
            2 => Value::Number(NUMBERS[dice.below(NUMBERS.len())]),
            _ => Value::Number(dice.share() * 100.0),
        };
        if let Some(samples) = self.series.borrow_mut().get_mut(key) {
            samples.push(Sample { at_ms: self.now_ms, value: sample(dice) });
        }
        let ttl_ms = [0, 800, 5_000][dice.below(3)];
        let reading = Reading { key: key.into(), value, at_ns: self.now_ms * 1_000_000, ttl_ms, series: 0 };
        self.readings.insert(key, reading);
    }

    /// What a view is given.
    pub fn data(&self) -> Data {
        let mut readings: Vec<Reading> = self.readings.values().cloned().collect();
        readings.sort_by(|a, b| a.key.cmp(&b.key));
        let snapshot = Snapshot { readings, ..Snapshot::default() };
        let wall = jiff::Timestamp::from_millisecond(self.now_ms as i64).expect("a time of 1970");
        let history = Box::new(Shared(Rc::clone(&self.series)));
        let wall = wall.to_zoned(jiff::tz::TimeZone::UTC);
        let mut data = Data::new(snapshot, history, self.now_ms * 1_000_000, wall);
        data.set_collector_lost(self.is_lost);
        data
    }
}

fn sample(dice: &mut Dice) -> f32 {
    match dice.below(12) {
        0 => [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, 0.0][dice.below(6)],
        _ => (dice.share() * 100.0) as f32,
    }
}
