//! The ring and the board between real threads, as fast as they can: pixels are plain memory, so that Miri and
//! `ThreadSanitizer` report every read and write of one that nothing orders. Ordinary tests look at the values only.
//!
//! `./x miri` and `./x tsan` run it under the checkers; every interleaving of a short run is the business of `models`.
#![allow(unsafe_code, reason = "what is checked is that plain memory is never read and written at once")]

use super::*;
use crate::board::areas;
use crate::board::layout::{AREA_COUNT, AREAS, Sizes};
use crate::layout::{pool, rx, tx};
use crate::policy::DropPolicy;
use crate::words::{Ordering, OwnWords, fence};
use std::cell::UnsafeCell;
use std::sync::atomic::AtomicBool;
use std::thread;

const PIXELS: usize = 16;
const DEPTH: u32 = 2;
/// What the checkers have time for.
const FRAMES: u64 = if cfg!(miri) {
    60
} else if cfg!(tsan) {
    30_000
} else {
    200_000
};

/// Pictures by slot.
struct Pictures(Vec<UnsafeCell<[u64; PIXELS]>>);

// SAFETY: the threads of a test share the pictures on purpose; that the ring keeps them apart is what is tested.
unsafe impl Sync for Pictures {}

impl Pictures {
    fn draw(&self, blank: &Blank, value: u64) {
        // SAFETY: no claim of a blank succeeds, and there is one blank a slot.
        unsafe { *self.0[blank.slot()].get() = [value; PIXELS] };
    }

    fn read(&self, claim: &Claim) -> [u64; PIXELS] {
        // SAFETY: the renderer does not write a slot while a claim of it lives.
        unsafe { *self.0[claim.slot()].get() }
    }
}

#[cfg(any(miri, tsan))]
use crate::words::pair as words;
#[cfg(not(any(miri, tsan)))]
fn words(count: usize) -> (OwnWords, crate::words::PeerWords) {
    crate::words::pair(count).expect("memory for a few words")
}

/// A sink in its thread: it takes and reads until the renderer has ended and nothing waits.
struct Sink<'a> {
    reader: Reader,
    rx: OwnWords,
    pool: PoolWords<'a>,
    pictures: &'a Pictures,
}

impl Sink<'_> {
    /// Frames taken, and frames passed over.
    fn run(mut self, done: &AtomicBool) -> (u64, u64) {
        let mut last = 0;
        loop {
            let is_last = done.load(Ordering::Acquire);
            match self.reader.take(self.pool) {
                Take::Got(claim) => {
                    assert!(claim.sequence() > last, "out of order");
                    last = claim.sequence();
                    self.use_up(claim);
                }
                Take::Empty if is_last => return self.reader.taken_and_lost(),
                Take::Empty => thread::yield_now(),
                other => panic!("{other:?}"),
            }
            if let Take::Got(claim) = self.reader.latest(self.pool) {
                self.use_up(claim);
            }
        }
    }

    fn use_up(&self, claim: Claim) {
        assert_eq!(self.pictures.read(&claim), [claim.sequence(); PIXELS], "torn or wrong frame");
        assert!(claim.is_whole(self.pool.words), "false alarm");
        claim.release(&self.rx);
    }
}

#[test]
fn threads_read_whole_frames_only() {
    let policies = [DropPolicy::DropOldest, DropPolicy::DropNewest];
    let count = Slots::needed(policies.iter().map(|_| (1, DEPTH)));
    let (own, pool) = words(pool::words(count));
    let pictures = Pictures((0..count).map(|_| UnsafeCell::new([0; PIXELS])).collect());
    let done = AtomicBool::new(false);
    let mut slots = Slots::new(own, count, 0, 0);
    thread::scope(|scope| {
        let (mut ports, mut threads) = (Vec::new(), Vec::new());
        for policy in policies {
            let ((tx_own, tx_peer), (rx_own, rx_peer)) = (words(tx::WORDS), words(rx::WORDS));
            ports.push(Port::new(tx_own, rx_peer, policy, DEPTH, 1));
            let reader = Reader::new(tx_peer, rx_own.clone(), 1);
            let pool = PoolWords { words: &pool, slots: count, epoch: 0 };
            let sink = Sink { reader, rx: rx_own, pool, pictures: &pictures };
            let done = &done;
            threads.push(scope.spawn(move || sink.run(done)));
        }
        for sequence in 1..=FRAMES {
            let blank = slots.acquire(&mut ports).expect("starved");
            pictures.draw(&blank, sequence);
            let frame = slots.publish(blank);
            for port in &mut ports {
                port.push(frame);
            }
            fence(Ordering::SeqCst);
        }
        done.store(true, Ordering::Release);
        for (port, thread) in ports.iter_mut().zip(threads) {
            let (taken, lost) = thread.join().unwrap();
            let unseen = port.floor().saturating_sub(taken + lost);
            assert_eq!(port.head(), taken + lost + unseen + port.pending(), "a frame is not accounted for");
            assert_eq!(port.head() + port.dropped_newest(), FRAMES);
        }
    });
}

#[test]
fn threads_read_whole_payloads_only() {
    const SIZES: Sizes = Sizes { payload_bytes: 8 * PIXELS, words: 0 };
    let payload = |sequence: u64| sequence.to_le_bytes().repeat(PIXELS);
    let (own, peer) = words(AREAS + AREA_COUNT * SIZES.area_words());
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut out, mut last) = (Vec::new(), 0);
            while !done.load(Ordering::Acquire) {
                let sequence = areas::newest(&peer);
                assert!(sequence >= last, "time runs backwards");
                last = sequence;
                if sequence > 0 && areas::read(&peer, &SIZES, sequence, &mut out) {
                    assert_eq!(out, payload(sequence), "torn");
                }
                thread::yield_now();
            }
        });
        let mut sequence = 0;
        for _ in 0..FRAMES {
            sequence = areas::publish(&own, &SIZES, sequence, &payload(sequence + 1));
        }
        done.store(true, Ordering::Release);
        reader.join().unwrap();
    });
}
