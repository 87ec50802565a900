//! The board's areas under the model checker: a reader never sees half a payload.
//! Run like the ring's models.

use super::areas;
use super::layout::{AREA_COUNT, AREAS, Sizes};
use crate::words::pair;
use loom::thread;

const SIZES: Sizes = Sizes { payload_bytes: 16, words: 0 };

fn payload(sequence: u64) -> Vec<u8> {
    sequence.to_le_bytes().repeat(2)
}

#[test]
fn a_reader_sees_whole_payloads_only() {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(|| {
        let (own, peer) = pair(AREAS + AREA_COUNT * SIZES.area_words());
        let reader = thread::spawn(move || {
            let mut out = Vec::new();
            let mut last = 0;
            for _ in 0..2 {
                let sequence = areas::newest(&peer);
                assert!(sequence >= last, "time runs backwards");
                last = sequence;
                if sequence > 0 && areas::read(&peer, &SIZES, sequence, &mut out) {
                    assert_eq!(out, payload(sequence), "torn");
                }
            }
        });
        let mut sequence = 0;
        for _ in 0..3 {
            sequence = areas::publish(&own, &SIZES, sequence, &payload(sequence + 1));
        }
        reader.join().unwrap();
    });
}

/// A writer that dies in the middle leaves the newest payload readable, and what it began unreadable.
#[test]
fn a_dead_writer_leaves_the_newest_payload_whole() {
    loom::model(|| {
        let (own, peer) = pair(AREAS + AREA_COUNT * SIZES.area_words());
        areas::publish(&own, &SIZES, 0, &payload(1));
        let reader = thread::spawn(move || {
            let mut out = Vec::new();
            assert!(areas::read(&peer, &SIZES, areas::newest(&peer), &mut out));
            assert_eq!(out, payload(1));
        });
        // Half of what `publish` does for the second payload.
        let area = AREAS + 2 % AREA_COUNT * SIZES.area_words();
        own.store(area, 0);
        crate::words::fence(crate::words::Ordering::Release);
        own.store(area + super::layout::AREA_HEAD, 2);
        reader.join().unwrap();
    });
}
