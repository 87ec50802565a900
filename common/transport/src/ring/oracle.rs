//! The ring against a plain queue: random operations, for each policy, with crashes of either side in between.
//! One thread: what can happen in between two loads is the business of `models`.

use super::*;
use crate::account::Account;
use crate::layout::{pool, rx, tx};
use crate::policy::DropPolicy;
use crate::words::{OwnWords, PeerWords, pair};
use proptest::prelude::*;
use std::collections::VecDeque;

/// What the renderer, the sink, or fate does.
#[derive(Clone, Copy, Debug)]
enum Step {
    Publish,
    Take,
    TakeNewest,
    Latest,
    Release(usize),
    GiveUpDrawing,
    SinkDies,
    RendererDies,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => Just(Step::Publish),
        6 => Just(Step::Take),
        2 => Just(Step::TakeNewest),
        2 => Just(Step::Latest),
        6 => (0usize..4).prop_map(Step::Release),
        1 => Just(Step::GiveUpDrawing),
        1 => Just(Step::SinkDies),
        1 => Just(Step::RendererDies),
    ]
}

/// The plain queue, and what must have become of every frame.
#[derive(Default)]
struct Oracle {
    queue: VecDeque<u64>,
    pushed: u64,
    taken: u64,
    oldest: u64,
    newest: u64,
    high_water: u64,
}

impl Oracle {
    fn push(&mut self, sequence: u64, policy: DropPolicy, depth: usize) {
        self.pushed += 1;
        if self.queue.len() == depth {
            if policy != DropPolicy::DropOldest {
                self.newest += 1;
                return;
            }
            self.queue.pop_front();
            self.oldest += 1;
        }
        self.queue.push_back(sequence);
        self.high_water = self.high_water.max(self.queue.len() as u64);
    }

    fn take(&mut self, newest: bool) -> Option<u64> {
        while newest && self.queue.len() > 1 {
            self.queue.pop_front();
            self.oldest += 1;
        }
        let taken = self.queue.pop_front();
        self.taken += u64::from(taken.is_some());
        taken
    }
}

/// One renderer and one sink over words, with a picture a slot.
struct Pair {
    policy: DropPolicy,
    depth: u32,
    holds: u32,
    slots: Slots,
    port: [Port; 1],
    reader: Reader,
    pool: PeerWords,
    rx: OwnWords,
    pictures: Vec<u64>,
    held: Vec<Claim>,
    oracle: Oracle,
}

fn words(count: usize) -> (OwnWords, PeerWords) {
    pair(count).expect("memory for a few words")
}

impl Pair {
    fn new(policy: DropPolicy, depth: u32, holds: u32) -> Pair {
        let count = Slots::needed([(holds, depth)].into_iter());
        let (own, pool) = words(pool::words(count));
        let (port, reader, rx) = Pair::seat(policy, depth, holds);
        Pair {
            policy,
            depth,
            holds,
            slots: Slots::new(own, count, 3, 0),
            port,
            reader,
            pool,
            rx,
            pictures: vec![0; count],
            held: Vec::new(),
            oracle: Oracle::default(),
        }
    }

    fn seat(policy: DropPolicy, depth: u32, holds: u32) -> ([Port; 1], Reader, OwnWords) {
        let ((tx_own, tx_peer), (rx_own, rx_peer)) = (words(tx::WORDS), words(rx::WORDS));
        let port = Port::new(tx_own, rx_peer, policy, depth, holds);
        ([port], Reader::new(tx_peer, rx_own.clone(), holds), rx_own)
    }

    fn publish(&mut self) {
        let blank = self.slots.acquire(&mut self.port).expect("starved");
        assert!(self.held.iter().all(|claim| claim.slot() != blank.slot()), "a held slot is drawn in");
        self.pictures[blank.slot()] = self.slots.sequence() + 1;
        let frame = self.slots.publish(blank);
        self.port[0].push(frame);
        self.oracle.push(frame.sequence(), self.policy, self.depth as usize);
    }

    fn words(&self) -> (usize, u8) {
        (self.slots.count(), self.slots.epoch())
    }

    fn take(&mut self, newest: bool) {
        let (slots, epoch) = self.words();
        if self.held.len() == self.holds as usize {
            assert_eq!(self.reader.take(PoolWords { words: &self.pool, slots, epoch }), Take::TooManyHeld);
            return;
        }
        if newest {
            self.reader.skip_to_newest();
        }
        let taken = self.reader.take(PoolWords { words: &self.pool, slots, epoch });
        match (taken, self.oracle.take(newest)) {
            (Take::Got(claim), Some(sequence)) => {
                assert_eq!(claim.sequence(), sequence);
                self.held.push(claim);
            }
            (Take::Empty, None) => {}
            other => panic!("{other:?}"),
        }
    }

    fn latest(&mut self) {
        let (slots, epoch) = self.words();
        match self.reader.latest(PoolWords { words: &self.pool, slots, epoch }) {
            Take::Got(claim) => {
                assert_eq!(claim.sequence(), self.slots.sequence());
                self.held.push(claim);
            }
            Take::Empty => assert_eq!(self.slots.sequence(), 0),
            Take::TooManyHeld => assert_eq!(self.held.len(), self.holds as usize),
            other => panic!("{other:?}"),
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Publish => self.publish(),
            Step::Take => self.take(false),
            Step::TakeNewest => self.take(true),
            Step::Latest => self.latest(),
            Step::Release(index) => {
                if index < self.held.len() {
                    self.held.swap_remove(index).release(&self.rx);
                }
            }
            Step::GiveUpDrawing => {
                let untouched = self.slots.acquire(&mut self.port).expect("starved");
                let previous = untouched.previous();
                self.slots.abandon(untouched, true);
                let touched = self.slots.acquire(&mut self.port).expect("starved");
                assert_eq!(touched.previous(), previous, "an untouched slot is still whole");
                let slot = touched.slot();
                self.slots.abandon(touched, false);
                let again = self.slots.acquire(&mut self.port).expect("starved");
                assert_eq!((again.slot(), again.previous()), (slot, None), "a touched one is not");
                self.slots.abandon(again, false);
            }
            // Its holds vanish with its memory; its successor has a new queue.
            Step::SinkDies => {
                let before = self.account();
                assert_eq!(
                    before.pushed - before.in_flight(),
                    before.delivered + before.given_back + before.dropped_oldest + before.dropped_newest
                );
                self.held.clear();
                (self.port, self.reader, self.rx) = Pair::seat(self.policy, self.depth, self.holds);
                self.oracle = Oracle::default();
            }
            Step::RendererDies => {
                self.check();
                *self = Pair::new(self.policy, self.depth, self.holds);
            }
        }
        self.check();
    }

    fn account(&self) -> Account {
        Account::of(&self.port[0])
    }

    /// Every frame is where the oracle says, and what is held is whole.
    fn check(&self) {
        for claim in &self.held {
            assert!(claim.is_whole(&self.pool) && self.pictures[claim.slot()] == claim.sequence());
        }
        let account = self.account();
        let oracle = &self.oracle;
        assert_eq!(account.pushed, oracle.pushed);
        assert_eq!(account.pending, oracle.queue.len() as u64);
        assert_eq!(account.held, oracle.taken, "nothing is said to be delivered here");
        assert_eq!((account.dropped_oldest, account.dropped_newest), (oracle.oldest, oracle.newest));
        assert_eq!(self.port[0].high_water(), oracle.high_water);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn the_ring_does_what_a_plain_queue_does(
        policy in prop_oneof![Just(DropPolicy::Block), Just(DropPolicy::DropOldest), Just(DropPolicy::DropNewest)],
        depth in 1u32..=16,
        holds in 1u32..=4,
        steps in prop::collection::vec(step(), 1..200),
    ) {
        let mut pair = Pair::new(policy, depth, holds);
        steps.into_iter().for_each(|step| pair.step(step));
    }
}

#[test]
fn a_forged_release_costs_only_the_forger() {
    let mut pair = Pair::new(DropPolicy::DropOldest, 1, 1);
    pair.publish();
    pair.take(false);
    // The sink says that it gave the frame back, and reads on.
    pair.rx.store(rx::hold(0), Descriptor::NONE.0);
    let claim = pair.held.pop().unwrap();
    for _ in 0..8 {
        pair.publish();
    }
    assert!(!claim.is_whole(&pair.pool), "the late use is found out");
    // A second release of the same hold changes nothing for anybody.
    claim.release(&pair.rx);
    pair.publish();
    pair.take(true);
    assert_eq!(pair.held[0].sequence(), 10);
}

/// Fewer slots than are needed: queued frames give way, and each time is counted.
#[test]
fn a_pool_that_is_too_small_counts_its_misses() {
    let (own, pool) = words(pool::words(3));
    let (mut port, mut reader, rx) = Pair::seat(DropPolicy::DropOldest, 2, 1);
    let mut slots = Slots::new(own, 3, 0, 0);
    let mut publish = |port: &mut [Port; 1]| {
        let blank = slots.acquire(port)?;
        let frame = slots.publish(blank);
        port[0].push(frame);
        Some(slots.hits_and_misses())
    };
    assert_eq!([(); 3].map(|()| publish(&mut port)), [Some((1, 0)), Some((2, 0)), Some((3, 0))]);
    let Take::Got(claim) = reader.take(PoolWords { words: &pool, slots: 3, epoch: 0 }) else { panic!() };
    assert_eq!(publish(&mut port), Some((4, 0)));
    // One is held, one is the newest, and the one that waits must give way.
    assert_eq!(publish(&mut port), Some((4, 1)));
    assert_eq!((port[0].pending(), Account::of(&port[0]).dropped_oldest), (2, 2));
    claim.release(&rx);
    assert_eq!(publish(&mut port), Some((5, 1)));
}

/// Its queue is full, its kept frame was dropped, it holds one more, and it is offered nothing any more: all of its
/// slots are in use, and frames that wait must give way.
#[test]
fn a_sink_that_was_left_behind_starves_nobody() {
    let count = Slots::needed([(1, 2)].into_iter());
    let (own, pool) = words(pool::words(count));
    let (mut port, mut reader, _rx) = Pair::seat(DropPolicy::DropOldest, 2, 1);
    let mut slots = Slots::new(own, count, 0, 0);
    let mut publish = |port: &mut [Port; 1], offers: bool| {
        let blank = slots.acquire(port).expect("starved");
        let frame = slots.publish(blank);
        offers.then(|| port[0].push(frame));
        (frame.slot(), slots.hits_and_misses().1)
    };
    let kept = publish(&mut port, true).0;
    (0..2).for_each(|_| assert_eq!(publish(&mut port, true).1, 0));
    publish(&mut port, false);
    let Take::Got(_claim) = reader.latest(PoolWords { words: &pool, slots: count, epoch: 0 }) else {
        panic!()
    };
    let given: Vec<_> = (0..4).map(|_| publish(&mut port, false)).collect();
    assert!(given.iter().all(|(slot, _)| *slot != kept), "a kept frame was drawn over: {given:?}");
    assert_eq!((given[0].1, given[1].1), (0, 1), "a frame that waited gave way");
}

/// A sink that takes hold of whatever slot the renderer is about to take.
#[test]
fn holds_that_chase_the_renderer_starve_it_never() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let count = Slots::needed([(1, 1)].into_iter());
    let (own, pool) = words(pool::words(count));
    let (mut port, _reader, rx) = Pair::seat(DropPolicy::DropNewest, 1, 1);
    let mut slots = Slots::new(own, count, 0, 0);
    let (done, chases) = (AtomicBool::new(false), std::sync::atomic::AtomicU64::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                for slot in 0..count {
                    if pool.load(pool::slot_sequence(slot)) & RECLAIM != 0 {
                        rx.store_release(rx::hold(0), Descriptor::new(1, 0, slot).0);
                        chases.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        });
        for _ in 0..300_000 {
            let blank = slots.acquire(&mut port);
            done.store(blank.is_none(), Ordering::Relaxed);
            slots.publish(blank.expect("starved"));
        }
        done.store(true, Ordering::Relaxed);
    });
    println!("{} chases", chases.into_inner());
}
