//! The dashboard that is measured and the values it shows, which change as the bench asks.
//! Leaves out drawing; nothing in here is measured.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use anyhow::Context;
use casedd_common::metrics::{Reading, Snapshot, Value};
use casedd_renderer::data::{Data, History, Sample};
use casedd_renderer::template;
use casedd_renderer::template::spec::Template;
use jiff::civil::date;
use jiff::tz::TimeZone;

/// Widgets of the dashboard.
pub const WIDGETS: usize = 24;
/// Widgets that change in a frame of live data: one in five.
const LIVE: usize = 5;
/// Time between two frames.
const STEP_MS: u64 = 500;
/// The same while no value changes: a chart without new samples goes on by itself after some seconds.
const IDLE_STEP_MS: u64 = 10;
/// How much history there is at the start.
const HISTORY_S: u64 = 120;
/// The start, on the monotonic clock.
const START_MS: u64 = 10_000_000;
/// Frames after which values come again.
pub const CYCLE: u64 = 24;
/// Frames after which everything that is made of values comes again, steps of the histogram included.
pub const SHOWN: u64 = 5 * CYCLE;
/// Steps after which all history has been made by the same kind of change.
pub const SETTLED: u64 = 20 * CYCLE;

/// What changes from one frame to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Every widget.
    All,
    /// Five of 24, in turn.
    Live,
    /// No widget; only time goes on.
    Nothing,
}

/// The dashboard.
pub fn template() -> anyhow::Result<Arc<Template>> {
    Ok(Arc::new(
        template::parse("dashboard.casedd", TEMPLATE, TEMPLATE_TEXT).context("the bench's own template")?,
    ))
}

/// The name of the bench's template.
pub const TEMPLATE: &str = "bench";
/// Its text.
pub const TEMPLATE_TEXT: &str = include_str!("dashboard.casedd");

type Series = Rc<RefCell<BTreeMap<String, Vec<Sample>>>>;

struct Shared(Series);

impl History for Shared {
    fn read(&self, reading: &Reading, (since_ms, _): (u64, u64), into: &mut Vec<Sample>) {
        let all = self.0.borrow();
        let samples = all.get(&reading.key).map(Vec::as_slice).unwrap_or_default();
        into.extend(samples.iter().filter(|sample| sample.at_ms >= since_ms));
    }
}

/// Values that change as asked.
pub struct Feed {
    data: Data,
    series: Series,
    tick: u64,
    now_ms: u64,
}

impl Feed {
    /// The values at the start.
    pub fn new() -> anyhow::Result<Feed> {
        let mut series = BTreeMap::new();
        let mut readings: Vec<Reading> = Vec::new();
        for widget in 0..WIDGETS {
            let further: &[&str] = if widget >= 20 { &["", ".b", ".c"] } else { &[""] };
            for part in further {
                let key = format!("bench.{widget:02}{part}");
                let value = Value::Number(value(widget, 0));
                readings.push(Reading { key, value, at_ns: START_MS * 1_000_000, ttl_ms: 0, series: 0 });
            }
            if (13..=17).contains(&widget) {
                let sample = |age_s: u64| Sample {
                    at_ms: START_MS - age_s * 1_000,
                    value: value(widget, 10_000 - age_s) as f32,
                };
                series.insert(format!("bench.{widget:02}"), (0..HISTORY_S).rev().map(sample).collect());
            }
        }
        readings.sort_by(|a, b| a.key.cmp(&b.key));
        let snapshot = Snapshot { readings, taken_at_ns: START_MS * 1_000_000, ..Snapshot::default() };
        let wall =
            date(2026, 5, 21).at(14, 0, 7, 0).to_zoned(TimeZone::UTC).context("a time without zone")?;
        let series = Rc::new(RefCell::new(series));
        let history = Box::new(Shared(Rc::clone(&series)));
        Ok(Feed {
            data: Data::new(snapshot, history, START_MS * 1_000_000, wall),
            series,
            tick: 0,
            now_ms: START_MS,
        })
    }

    /// Lends the values to who draws them, and takes them back when it is called again.
    pub fn lend(&mut self, to: &mut Data) {
        std::mem::swap(&mut self.data, to);
    }

    /// What is to be drawn.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The widgets that the last step changed.
    pub fn changed(&self, change: Change) -> Vec<usize> {
        (0..WIDGETS).filter(|widget| is_changed(*widget, self.tick, change)).collect()
    }

    /// Moves on by one frame.
    pub fn step(&mut self, change: Change) {
        self.tick += 1;
        let tick = self.tick;
        self.now_ms += if change == Change::Nothing { IDLE_STEP_MS } else { STEP_MS };
        let now_ms = self.now_ms;
        let wall = self.data.wall().clone();
        self.data.set_now(now_ms * 1_000_000, wall);
        let mut all = self.series.borrow_mut();
        for reading in &mut self.data.snapshot_mut().readings {
            let widget = reading.key[6..8].parse().unwrap_or(0);
            if !is_changed(widget, tick, change) {
                continue;
            }
            let number = value(widget, tick % CYCLE);
            (reading.value, reading.at_ns) = (Value::Number(number), now_ms * 1_000_000);
            if let Some(samples) = all.get_mut(&reading.key) {
                samples.push(Sample { at_ms: now_ms, value: number as f32 });
                samples.retain(|sample| sample.at_ms + 2 * HISTORY_S * 1_000 > now_ms);
            }
        }
    }
}

fn is_changed(widget: usize, tick: u64, change: Change) -> bool {
    match change {
        Change::All => true,
        Change::Live => {
            (0..LIVE).any(|step| (tick as usize * LIVE + step * (LIVE + 3) + step) % WIDGETS == widget)
        }
        Change::Nothing => false,
    }
}

/// A number of 5 to 95 that is another one at each tick.
fn value(widget: usize, tick: u64) -> f64 {
    let t = tick as f64 + widget as f64 * 7.3;
    50.0 + (t * 0.37).sin() * 25.0 + (t * 1.73).sin() * 15.0 + (t * 5.11).sin() * 5.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_data_changes_one_widget_in_five_and_each_in_its_turn() {
        let mut feed = Feed::new().expect("a feed");
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..CYCLE {
            feed.step(Change::Live);
            assert_eq!(feed.changed(Change::Live).len(), LIVE);
            seen.extend(feed.changed(Change::Live));
        }
        assert_eq!(seen.len(), WIDGETS);
    }
}
