//! The ring under the model checker: every order in which two threads' loads and stores may become visible.
//! A pixel is a cell that the checker watches, so that any unordered read and write of it is an error by itself.
//!
//! Run by `./x loom`; `LOOM_MAX_PREEMPTIONS=3 ./x loom drop_oldest_of_two` takes minutes more and finds more orders.
#![allow(unsafe_code, reason = "loom's cells are read and written through pointers")]

use super::*;
use crate::layout::{RING, pool, rx, tx};
use crate::policy::DropPolicy;
use crate::words::{Ordering, OwnWords, PeerWords, fence, pair};
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;

const SLOTS: usize = 3;

/// Frames by slot; loom's own cell, because it reports accesses that nothing orders.
struct Pixels(Vec<UnsafeCell<u64>>);

// SAFETY: the models share the cells between threads on purpose; loom checks every access.
unsafe impl Sync for Pixels {}
// SAFETY: as above.
unsafe impl Send for Pixels {}

impl Pixels {
    fn draw(&self, slot: usize, value: u64) {
        // SAFETY: loom checks that nobody else accesses the cell.
        self.0[slot].with_mut(|pixel| unsafe { *pixel = value });
    }

    fn read(&self, slot: usize) -> u64 {
        // SAFETY: loom checks that nobody writes the cell.
        self.0[slot].with(|pixel| unsafe { *pixel })
    }
}

/// Both ends of one pool and one queue.
struct World {
    pool: (OwnWords, PeerWords),
    tx: (OwnWords, PeerWords),
    rx: (OwnWords, PeerWords),
    pixels: Arc<Pixels>,
}

fn world() -> World {
    World {
        pool: pair(pool::slot_sequence(SLOTS)),
        tx: pair(tx::WORDS),
        rx: pair(rx::LATENCY),
        pixels: Arc::new(Pixels((0..SLOTS).map(|_| UnsafeCell::new(0)).collect())),
    }
}

/// What one thread has of a sink.
struct Sink {
    reader: Reader,
    pool: PeerWords,
    rx: OwnWords,
    pixels: Arc<Pixels>,
}

impl Sink {
    fn new(world: &World) -> Sink {
        let reader = Reader::new(world.tx.1.clone(), world.rx.0.clone(), 1);
        Sink { reader, pool: world.pool.1.clone(), rx: world.rx.0.clone(), pixels: world.pixels.clone() }
    }

    fn take(&mut self) -> Take {
        self.reader.take(PoolWords { words: &self.pool, slots: SLOTS, epoch: 0 })
    }

    fn latest(&mut self) -> Take {
        self.reader.latest(PoolWords { words: &self.pool, slots: SLOTS, epoch: 0 })
    }

    /// Reads a frame to the end and gives it back.
    fn use_up(&self, claim: Claim) -> u64 {
        let sequence = claim.sequence();
        assert_eq!(self.pixels.read(claim.slot()), sequence, "torn or wrong frame");
        assert!(claim.is_whole(&self.pool), "false alarm");
        claim.release(&self.rx);
        sequence
    }
}

/// What one thread has of the renderer.
struct Renderer {
    slots: Slots,
    ports: Vec<Port>,
    pixels: Arc<Pixels>,
}

impl Renderer {
    fn new(world: &World, policy: DropPolicy, depth: u32) -> Renderer {
        let port = Port::new(world.tx.0.clone(), world.rx.1.clone(), policy, depth, 1);
        let slots = Slots::new(world.pool.0.clone(), SLOTS, 0, 0);
        Renderer { slots, ports: vec![port], pixels: world.pixels.clone() }
    }

    fn frame(&mut self) -> bool {
        let Some(blank) = self.slots.acquire(&mut self.ports) else { return false };
        self.pixels.draw(blank.slot(), self.slots.sequence() + 1);
        let frame = self.slots.publish(blank);
        self.ports.iter_mut().for_each(|port| {
            port.push(frame);
        });
        true
    }
}

fn model(run: impl Fn() + Sync + Send + 'static) {
    model_with(3, run);
}

/// Explores every order with at most so many pre-emptions, or as many as `LOOM_MAX_PREEMPTIONS` says.
fn model_with(preemptions: usize, run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound =
        Some(std::env::var("LOOM_MAX_PREEMPTIONS").map_or(preemptions, |n| n.parse().unwrap()));
    builder.max_branches = 20_000;
    builder.check(run);
}

fn queue(policy: DropPolicy, depth: u32, frames: usize, takes: usize) {
    queue_with(3, policy, depth, (frames, takes));
}

fn queue_with(preemptions: usize, policy: DropPolicy, depth: u32, (frames, takes): (usize, usize)) {
    model_with(preemptions, move || {
        let world = world();
        let mut sink = Sink::new(&world);
        let consumer = thread::spawn(move || {
            let mut last = 0;
            for _ in 0..takes {
                match sink.take() {
                    Take::Got(claim) => {
                        let sequence = sink.use_up(claim);
                        assert!(sequence > last, "out of order");
                        last = sequence;
                    }
                    Take::Empty => {}
                    other => panic!("{other:?}"),
                }
            }
            sink.reader.taken_and_lost()
        });
        let mut renderer = Renderer::new(&world, policy, depth);
        for _ in 0..frames {
            renderer.frame();
        }
        let (taken, lost) = consumer.join().unwrap();
        let port = &mut renderer.ports[0];
        let unseen = port.floor().saturating_sub(taken + lost);
        assert_eq!(port.head(), taken + lost + unseen + port.pending(), "a frame is not accounted for");
        assert_eq!((world.rx.1.load(rx::TAIL), world.rx.1.load(rx::LOST)), (taken + lost, lost));
        if policy != DropPolicy::DropOldest {
            assert_eq!(lost, 0, "only drop-oldest loses queued frames");
        }
    });
}

#[test]
fn drop_oldest_of_one() {
    queue(DropPolicy::DropOldest, 1, 3, 2);
}

#[test]
fn drop_oldest_of_two() {
    queue_with(2, DropPolicy::DropOldest, 2, (4, 2));
}

/// A queue as deep as its memory: the newest frame takes the place of the oldest one, which the sink is about to read.
#[test]
fn a_place_that_is_written_over_is_not_read_for_the_old_frame() {
    model(|| {
        let world = world();
        let mut renderer = Renderer::new(&world, DropPolicy::DropOldest, RING as u32);
        (0..RING).for_each(|_| assert!(renderer.frame()));
        let mut sink = Sink::new(&world);
        let consumer = thread::spawn(move || {
            let Take::Got(claim) = sink.take() else { return };
            let (taken, lost) = sink.reader.taken_and_lost();
            assert_eq!(sink.use_up(claim), taken + lost, "a frame of another index");
        });
        assert!(renderer.frame());
        consumer.join().unwrap();
    });
}

#[test]
fn drop_newest() {
    queue(DropPolicy::DropNewest, 1, 3, 2);
}

#[test]
fn block() {
    queue(DropPolicy::Block, 1, 3, 2);
}

#[test]
fn the_newest_frame_is_whole_whenever_it_is_claimed() {
    model(|| {
        let world = world();
        let mut sink = Sink::new(&world);
        let consumer = thread::spawn(move || {
            for _ in 0..2 {
                if let Take::Got(claim) = sink.latest() {
                    sink.use_up(claim);
                }
            }
        });
        let mut renderer = Renderer::new(&world, DropPolicy::DropNewest, 1);
        (0..3).for_each(|_| {
            renderer.frame();
        });
        consumer.join().unwrap();
    });
}

/// It waits in no queue: it was published before this sink came.
#[test]
fn the_newest_frame_can_be_claimed_while_the_next_is_drawn() {
    model(|| {
        let world = world();
        let mut renderer = Renderer::new(&world, DropPolicy::DropOldest, 1);
        let blank = renderer.slots.acquire(&mut renderer.ports).unwrap();
        renderer.pixels.draw(blank.slot(), 1);
        renderer.slots.publish(blank);
        let mut sink = Sink::new(&world);
        let consumer = thread::spawn(move || match sink.latest() {
            Take::Got(claim) => sink.use_up(claim),
            other => panic!("a late joiner got {other:?}"),
        });
        let _drawing = renderer.slots.acquire(&mut renderer.ports).unwrap();
        consumer.join().unwrap();
    });
}

#[test]
fn a_sink_that_sleeps_was_seen_sleeping() {
    model(|| {
        let world = world();
        let sink = Sink::new(&world);
        let consumer = thread::spawn(move || sink.reader.prepare_sleep());
        let mut renderer = Renderer::new(&world, DropPolicy::DropOldest, 1);
        renderer.frame();
        let rang = renderer.ports[0].is_sleeping(Pushed::until_now());
        assert!(!consumer.join().unwrap() || rang, "it sleeps and nobody rings");
    });
}

#[test]
fn a_renderer_that_waits_for_space_is_told() {
    model(|| {
        let world = world();
        let mut renderer = Renderer::new(&world, DropPolicy::Block, 1);
        renderer.frame();
        let mut sink = Sink::new(&world);
        let consumer = thread::spawn(move || {
            let Take::Got(claim) = sink.take() else { panic!("nothing to take") };
            let told = sink.reader.space_wanted();
            sink.use_up(claim);
            told
        });
        let still_full = !renderer.ports[0].ask_for_space();
        assert!(!still_full || consumer.join().unwrap(), "the renderer waits and nobody tells it");
    });
}

/// The sink stops anywhere, with its hold standing; two slots more than it can hold or queue are enough.
#[test]
fn a_dead_sink_starves_nobody() {
    model(|| {
        let world = world();
        let mut sink = Sink::new(&world);
        let consumer = thread::spawn(move || {
            let _dies_with_it = sink.take();
        });
        let mut renderer = Renderer::new(&world, DropPolicy::DropOldest, 1);
        (0..3).for_each(|_| assert!(renderer.frame(), "starved"));
        consumer.join().unwrap();
    });
}

/// A queue as deep as there are slots: queued frames must give way, wherever the sink moves its hold meanwhile.
#[test]
fn queued_frames_give_way_under_pressure() {
    model(|| {
        let world = world();
        let mut renderer = Renderer::new(&world, DropPolicy::DropOldest, RING as u32);
        let mut sink = Sink::new(&world);
        (0..2).for_each(|_| assert!(renderer.frame()));
        let Take::Got(first) = sink.take() else { panic!("nothing to take") };
        assert!(renderer.frame());
        let consumer = thread::spawn(move || {
            sink.use_up(first);
            if let Take::Got(claim) = sink.take() {
                sink.use_up(claim);
            }
        });
        assert!(renderer.frame(), "starved");
        consumer.join().unwrap();
    });
}

/// The first frame that waits is kept; the one behind it is not, and is claimed while its slot is wanted.
#[test]
fn a_frame_that_is_not_kept_is_claimed_whole() {
    model(|| {
        let world = world();
        let mut renderer = Renderer::new(&world, DropPolicy::DropOldest, 2);
        let mut sink = Sink::new(&world);
        (0..2).for_each(|_| assert!(renderer.frame()));
        let Take::Got(first) = sink.take() else { panic!("nothing to take") };
        sink.use_up(first);
        assert!(renderer.frame());
        let consumer = thread::spawn(move || {
            if let Take::Got(claim) = sink.take() {
                sink.use_up(claim);
            }
        });
        (0..2).for_each(|_| {
            renderer.frame();
        });
        consumer.join().unwrap();
    });
}

/// A frame whose drawing was given up can be claimed again, and only whole.
#[test]
fn an_untouched_blank_comes_back_whole() {
    model(|| {
        let world = world();
        let mut renderer = Renderer::new(&world, DropPolicy::DropOldest, 1);
        renderer.frame();
        let mut sink = Sink::new(&world);
        let consumer = thread::spawn(move || {
            if let Take::Got(claim) = sink.take() {
                sink.use_up(claim);
            }
        });
        renderer.frame();
        let blank = renderer.slots.acquire(&mut renderer.ports).unwrap();
        renderer.slots.abandon(blank, true);
        renderer.frame();
        consumer.join().unwrap();
    });
}
