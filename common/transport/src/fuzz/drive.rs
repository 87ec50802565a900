//! The short form of fuzzing, for ordinary tests: every entry of the corpus, and changed entries for a few seconds.
//! It sees no coverage; `./x fuzz` runs the same targets under libFuzzer, which does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

const SPAN: Duration = Duration::from_secs(2);
const ENTRY_MAX_BYTES: usize = 512;
const EDITS_MAX: usize = 6;

/// A small deterministic generator.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % most.max(1)
    }

    /// One entry with a few edits: bytes changed, put in, taken out, or a piece of another entry.
    fn changed(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let mut entry = corpus[self.below(corpus.len())].clone();
        for _ in 0..=self.below(EDITS_MAX) {
            let at = self.below(entry.len() + 1);
            match self.below(4) {
                0 if at < entry.len() => entry[at] = self.below(256) as u8,
                1 => {
                    let end = entry.len().min(at + 1 + self.below(8));
                    entry.drain(at..end);
                }
                2 => {
                    let other = &corpus[self.below(corpus.len())];
                    let from = self.below(other.len() + 1);
                    let to = other.len().min(from + self.below(40));
                    entry.splice(at..at, other[from..to].iter().copied());
                }
                _ => {
                    let count = self.below(8) + 1;
                    let new: Vec<u8> = (0..count).map(|_| self.below(256) as u8).collect();
                    entry.splice(at..at, new);
                }
            }
        }
        entry.truncate(ENTRY_MAX_BYTES);
        entry
    }
}

fn drive(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
    let entries = std::fs::read_dir(&folder).unwrap();
    let corpus: Vec<Vec<u8>> = entries.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(!corpus.is_empty(), "no corpus");
    let run = |entry: &[u8]| {
        let hex = || entry.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let outcome = catch_unwind(AssertUnwindSafe(|| target(entry)));
        assert!(outcome.is_ok(), "add this to the corpus of {name}, in hex: {}", hex());
    };
    corpus.iter().for_each(|entry| run(entry));
    let (start, mut random, mut runs) = (Instant::now(), Random(0x5eed), 0u64);
    while start.elapsed() < SPAN {
        run(&random.changed(&corpus));
        runs += 1;
    }
    println!("{name}: {} entries of the corpus, {runs} changed ones", corpus.len());
}

#[test]
fn a_hostile_sink_disturbs_nobody() {
    drive("hostile_sink", super::hostile_sink);
}

#[test]
fn a_hostile_renderer_gets_no_sink_to_panic() {
    drive("hostile_renderer", super::hostile_renderer);
}

#[test]
fn whatever_a_sink_says_is_answered_or_refused() {
    drive("to_hub", super::to_hub);
}

#[test]
fn whatever_a_renderer_says_is_understood_or_refused() {
    drive("to_sink", super::to_sink);
}

#[test]
fn a_board_with_anything_in_it_is_read_or_refused() {
    drive("board", super::board);
}
