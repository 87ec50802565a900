//! Tests of the store, with histories in this process's memory.

use std::sync::atomic::AtomicU64;

use casedd_common::history::{HistoryReader, HistoryWriter, SAMPLES_PER_SERIES};
use proptest::prelude::*;

use super::*;
use crate::batch::Batch;

const SECOND_NS: u64 = 1_000_000_000;
const CPU: usize = 0;
const MEMORY: usize = 1;

/// Histories of the first few series; the rest has no memory.
struct Memory {
    words: Vec<AtomicU64>,
    writer: HistoryWriter,
    series: u32,
}

impl Memory {
    fn new(series: u32) -> Memory {
        let words = (0..series as usize * SAMPLES_PER_SERIES).map(|_| AtomicU64::new(0)).collect();
        Memory { words, writer: HistoryWriter::new(), series }
    }

    fn values(&self, series: u32, now_ns: u64) -> Vec<f32> {
        let mut samples = Vec::new();
        HistoryReader::new(&self.words[..]).read(series, 0, now_ns, &mut samples);
        samples.into_iter().map(|sample| sample.value).collect()
    }
}

impl Histories for Memory {
    fn open(&mut self, series: u32) -> bool {
        self.writer.clear(&self.words, series);
        series < self.series
    }

    fn push(&mut self, series: u32, sample: Sample) {
        self.writer.push(&self.words, series, sample);
    }
}

fn store(adopted: Option<Snapshot>) -> Store {
    Store::new(adopted, &Intervals::default())
}

fn outcome(getter: usize, at_ns: u64, numbers: &[(&'static str, f64)]) -> Outcome {
    let mut batch = Batch::new(at_ns);
    for (key, number) in numbers {
        batch.number(*key, *number);
    }
    Outcome { getter, batch, error: None, ended_at_ns: at_ns, duration_ns: 5 }
}

fn failure(getter: usize, at_ns: u64) -> Outcome {
    Outcome { error: Some("it broke".into()), ..outcome(getter, at_ns, &[]) }
}

fn keys(store: &Store) -> Vec<&str> {
    store.snapshot().readings.iter().map(|reading| reading.key.as_str()).collect()
}

#[test]
fn readings_are_sorted_whatever_the_order_of_getters() {
    let mut store = store(None);
    let mut memory = Memory::new(8);
    store.merge(outcome(MEMORY, SECOND_NS, &[("m", 1.0), ("b", 2.0)]), &mut memory);
    store.merge(outcome(CPU, SECOND_NS, &[("z", 3.0), ("a", 4.0)]), &mut memory);
    assert_eq!(keys(&store), ["a", "b", "m", "z"]);
    assert_eq!(store.snapshot().number("m"), Some(1.0));
    assert_eq!(store.snapshot().get("m").map(|reading| reading.ttl_ms), Some(6000));
}

#[test]
fn an_alias_shares_the_history_of_its_key() {
    let mut store = store(None);
    let mut memory = Memory::new(8);
    for second in 1..4 {
        let mut outcome = outcome(CPU, second * SECOND_NS, &[]);
        outcome.batch.number("b", second as f64).alias("a");
        outcome.batch.number("c", 9.0);
        store.merge(outcome, &mut memory);
    }
    let series = |key| store.snapshot().get(key).map(|reading| reading.series);
    assert_eq!(series("a"), series("b"));
    assert_ne!(series("a"), series("c"));
    assert_eq!(memory.values(series("a").expect("there"), 4 * SECOND_NS), [1.0, 2.0, 3.0]);
}

#[test]
fn texts_and_flags_have_no_history() {
    let mut store = store(None);
    let mut run = outcome(CPU, SECOND_NS, &[]);
    run.batch.text("t", "x");
    run.batch.flag("f", true);
    store.merge(run, &mut Memory::new(8));
    assert_eq!(store.snapshot().series().count(), 0);
}

#[test]
fn a_key_that_goes_is_dropped_after_its_time_and_gets_its_history_back() {
    let mut store = store(None);
    let mut memory = Memory::new(8);
    store.merge(outcome(CPU, SECOND_NS, &[("a", 1.0), ("b", 2.0)]), &mut memory);
    let series = store.snapshot().get("b").map(|reading| reading.series);
    store.merge(outcome(CPU, 3 * SECOND_NS, &[("a", 1.0)]), &mut memory);
    store.next_snapshot(3 * SECOND_NS);
    assert_eq!(keys(&store), ["a", "b"], "a rate that is missing once does not flicker");
    store.merge(outcome(CPU, 8 * SECOND_NS, &[("a", 1.0)]), &mut memory);
    store.next_snapshot(8 * SECOND_NS);
    assert_eq!(keys(&store), ["a"]);
    store.merge(outcome(CPU, 9 * SECOND_NS, &[("new", 7.0), ("b", 3.0)]), &mut memory);
    assert_eq!(store.snapshot().get("b").map(|reading| reading.series), series);
    assert_eq!(memory.values(series.expect("there"), 9 * SECOND_NS), [2.0, 3.0]);
}

#[test]
fn the_history_of_a_key_that_stays_away_is_given_to_another_and_emptied() {
    let mut store = store(None);
    let mut memory = Memory::new(1);
    store.merge(outcome(CPU, SECOND_NS, &[("a", 1.0)]), &mut memory);
    store.merge(outcome(CPU, 10 * SECOND_NS, &[]), &mut memory);
    store.next_snapshot(10 * SECOND_NS);
    assert_eq!(store.snapshot().dormant.len(), 1);
    let later_ns = 10 * SECOND_NS + DORMANT_NS_MAX + 1;
    store.next_snapshot(later_ns);
    store.merge(outcome(CPU, later_ns, &[("b", 5.0)]), &mut memory);
    assert_eq!(store.snapshot().get("b").map(|reading| reading.series), Some(0));
    assert_eq!(memory.values(0, later_ns), [5.0]);
}

#[test]
fn the_readings_of_a_failing_getter_stay_and_grow_stale() {
    let mut store = store(None);
    let mut memory = Memory::new(8);
    store.merge(outcome(CPU, SECOND_NS, &[("a", 1.0)]), &mut memory);
    let later_ns = 100 * SECOND_NS;
    store.merge(failure(CPU, later_ns), &mut memory);
    let snapshot = store.next_snapshot(later_ns);
    assert!(snapshot.get("a").expect("it stays").is_stale(later_ns));
    let state = &snapshot.getters[CPU];
    assert_eq!((state.error.as_str(), state.last_success_ns, state.is_ok()), ("it broke", SECOND_NS, false));
    store.merge(outcome(CPU, later_ns, &[("a", 2.0)]), &mut memory);
    assert!(store.snapshot().getters[CPU].is_ok());
}

#[test]
fn what_an_earlier_collector_knew_stays_until_its_time_is_over() {
    let mut first = store(None);
    let mut memory = Memory::new(8);
    first.merge(outcome(CPU, SECOND_NS, &[("a", 1.0), ("gone", 2.0)]), &mut memory);
    let adopted = first.next_snapshot(SECOND_NS).clone();
    let series = adopted.get("a").map(|reading| reading.series);

    let mut second = store(Some(adopted.clone()));
    assert_eq!(second.snapshot().getters[CPU].last_success_ns, SECOND_NS);
    second.merge(outcome(CPU, 2 * SECOND_NS, &[("a", 3.0), ("new", 4.0)]), &mut memory);
    let snapshot = second.next_snapshot(2 * SECOND_NS);
    assert_eq!(snapshot.tick, adopted.tick + 1);
    assert_eq!(snapshot.get("a").map(|reading| reading.series), series);
    assert_eq!(keys(&second), ["a", "gone", "new"]);
    assert_eq!(memory.values(series.expect("there"), 2 * SECOND_NS), [1.0, 3.0]);
    second.next_snapshot(8 * SECOND_NS);
    assert!(second.snapshot().get("gone").is_none());
}

#[test]
fn without_memory_for_histories_values_still_come() {
    let mut store = store(None);
    store.merge(outcome(CPU, SECOND_NS, &[("a", 1.0)]), &mut NoHistories);
    let reading = store.snapshot().get("a").expect("there");
    assert_eq!((reading.series, reading.value.as_number()), (NO_SERIES, Some(1.0)));
}

#[test]
fn series_run_out_before_anything_breaks() {
    let mut store = store(None);
    let mut memory = Memory::new(3);
    store.merge(
        outcome(CPU, SECOND_NS, &[("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 1.0), ("e", 1.0)]),
        &mut memory,
    );
    let without = store.snapshot().readings.iter().filter(|reading| reading.series == NO_SERIES).count();
    assert_eq!((store.snapshot().readings.len(), without), (5, 2));
}

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// One round of a collector's life, for the test below.
#[derive(Clone, Debug)]
struct Round {
    present: [bool; NAMES.len()],
    pause_s: u64,
    death: Option<Death>,
}

#[derive(Clone, Copy, Debug)]
enum Death {
    BeforePublishing,
    AfterPublishing,
}

fn round() -> impl Strategy<Value = Round> + use<> {
    let death = proptest::option::weighted(
        0.4,
        prop_oneof![Just(Death::BeforePublishing), Just(Death::AfterPublishing)],
    );
    let pause_s = prop_oneof![8 => 1..5_u64, 1 => 5..60_u64, 1 => 1300..1400_u64];
    (any::<[bool; NAMES.len()]>(), pause_s, death).prop_map(|(present, pause_s, death)| Round {
        present,
        pause_s,
        death,
    })
}

proptest! {
    #[test]
    fn no_history_ever_holds_a_sample_of_another_key(rounds in proptest::collection::vec(round(), 1..80)) {
        let mut memory = Memory::new(4);
        let mut published = Snapshot::default();
        let mut store = store(None);
        let mut now_ns = SECOND_NS;
        for (count, round) in rounds.iter().enumerate() {
            now_ns += round.pause_s * SECOND_NS;
            let numbers = NAMES.iter().enumerate().filter(|(index, _)| round.present[*index]);
            let numbers: Vec<_> = numbers.map(|(index, name)| (*name, (index * 1000 + count) as f64)).collect();
            store.merge(outcome(CPU, now_ns, &numbers), &mut memory);
            let next = store.next_snapshot(now_ns).clone();
            if !matches!(round.death, Some(Death::BeforePublishing)) {
                published = next;
            }
            if round.death.is_some() {
                store = Store::new(Some(published.clone()), &Intervals::default());
                memory.writer = HistoryWriter::new();
            }
            for reading in &published.readings {
                let owner = NAMES.iter().position(|name| *name == reading.key);
                for value in memory.values(reading.series, now_ns) {
                    prop_assert_eq!(Some(value as usize / 1000), owner, "a sample of another in {}", reading.key);
                }
            }
        }
    }
}

#[test]
fn a_row_that_a_run_leaves_out_goes_at_once_and_has_no_history() {
    let mut store = store(None);
    let mut memory = Memory::new(8);
    let rows = |at_ns: u64, count: usize| {
        let mut batch = Batch::new(at_ns);
        batch.number("list.count", count as f64);
        for row in 0..count {
            batch.cell(format!("list.{row}.size"), Value::Number(row as f64));
        }
        Outcome { getter: CPU, batch, error: None, ended_at_ns: at_ns, duration_ns: 5 }
    };
    store.merge(rows(SECOND_NS, 3), &mut memory);
    store.next_snapshot(SECOND_NS);
    assert_eq!(keys(&store), ["list.0.size", "list.1.size", "list.2.size", "list.count"]);
    assert_eq!(store.snapshot().get("list.1.size").map(|reading| reading.series), Some(NO_SERIES));
    assert_ne!(store.snapshot().get("list.count").map(|reading| reading.series), Some(NO_SERIES));
    store.merge(rows(2 * SECOND_NS, 1), &mut memory);
    store.next_snapshot(2 * SECOND_NS);
    assert_eq!(keys(&store), ["list.0.size", "list.count"]);
    // A run that failed gave nothing and takes nothing away.
    store.merge(failure(CPU, 3 * SECOND_NS), &mut memory);
    store.next_snapshot(3 * SECOND_NS);
    assert_eq!(keys(&store), ["list.0.size", "list.count"]);
}
