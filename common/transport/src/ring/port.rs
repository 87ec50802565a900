//! The renderer's end of one sink's queue: what is queued, what is dropped, what the sink holds.
//! Which slot may be written is decided in `slots`; waking a sink is left to the hub.

use super::Descriptor;
use super::slots::SlotSet;
use crate::layout::{RING, rx, tx};
use crate::policy::DropPolicy;
use crate::words::{Ordering, OwnWords, PeerWords, fence};

/// What became of a frame that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Push {
    /// It is queued.
    Queued,
    /// The ring was full, or the port is shut: the frame is counted as dropped.
    Dropped,
}

/// Says that what was pushed before is visible to every sink, for looking who sleeps.
#[derive(Clone, Copy)]
pub struct Pushed(());

impl Pushed {
    /// All that was pushed until now; one serves for any number of ports.
    pub fn until_now() -> Pushed {
        // SeqCst: with the fence in `Reader::prepare_sleep`; either `sleeping` is seen, or the sink sees `head`.
        fence(Ordering::SeqCst);
        Pushed(())
    }
}

/// The renderer's end of one sink's queue.
pub struct Port {
    tx: OwnWords<{ tx::WORDS }>,
    rx: PeerWords<{ rx::WORDS }>,
    policy: DropPolicy,
    depth: u64,
    holds: usize,
    /// What `tx` says; kept here because own words need not be read back. Invariant: `floor <= head`.
    head: u64,
    floor: u64,
    /// The sink's tail as last believed. Invariant: never falls, never passes `head`.
    tail_seen: u64,
    dropped_newest: u64,
    high_water: u64,
    /// The last frame that a drop-oldest queue keeps, and its index: its slot is in use until `tail` has passed that.
    kept: Descriptor,
    kept_at: u64,
}

impl Port {
    /// A queue of `depth` for a sink that may hold `holds` frames.
    pub fn new(tx: OwnWords, rx: PeerWords, policy: DropPolicy, depth: u32, holds: u32) -> Port {
        let (depth, holds) = (u64::from(depth).clamp(1, RING as u64), holds as usize);
        let (head, floor, tail_seen, dropped_newest, high_water) = (0, 0, 0, 0, 0);
        let (tx, rx, kept, kept_at) = (tx.known(), rx.known(), Descriptor::NONE, 0);
        Port {
            tx,
            rx,
            policy,
            depth,
            holds,
            head,
            floor,
            tail_seen,
            dropped_newest,
            high_water,
            kept,
            kept_at,
        }
    }

    /// Offers a frame.
    #[inline]
    pub fn push(&mut self, descriptor: Descriptor) -> Push {
        let mut pending = self.pending();
        if pending >= self.depth {
            match self.policy {
                DropPolicy::DropOldest => {
                    self.raise_floor(self.head - self.depth + 1);
                    pending = self.depth - 1;
                }
                DropPolicy::DropNewest | DropPolicy::Block => return self.drop_newest(),
            }
        }
        let at = self.head as usize % RING;
        let word = if self.keeps_next(descriptor) { descriptor.kept() } else { descriptor };
        // Release, after `floor`: a sink that loads this descriptor also sees that older ones were dropped.
        self.tx.store_release(tx::DESCRIPTOR + at, word.0);
        self.head += 1;
        // Release: pairs with the load of `head` in `Reader::take`; the descriptor is there before it counts.
        self.tx.store_release(tx::HEAD, self.head);
        if pending >= self.high_water {
            self.high_water = pending + 1;
        }
        Push::Queued
    }

    /// Whether the frame to be queued now is kept until the sink has passed it; remembers it when it may be dropped.
    #[inline]
    fn keeps_next(&mut self, descriptor: Descriptor) -> bool {
        if self.policy != DropPolicy::DropOldest {
            return true;
        }
        // The one kept before was passed, so one at a time is enough to remember.
        let keeps = self.tail_seen == self.head;
        if keeps {
            (self.kept, self.kept_at) = (descriptor, self.head);
        }
        keeps
    }

    /// Counts a frame that the sink does not get.
    pub fn drop_newest(&mut self) -> Push {
        self.dropped_newest += 1;
        Push::Dropped
    }

    /// Frames that wait.
    #[inline]
    pub fn pending(&mut self) -> u64 {
        self.head - self.tail().max(self.floor)
    }

    /// True when as many frames wait as may.
    pub fn is_full(&mut self) -> bool {
        self.pending() >= self.depth
    }

    /// True when the sink sleeps, so that it must be woken: it stores `sleeping`, fences, and looks at `head` once more.
    pub fn is_sleeping(&self, _pushed: Pushed) -> bool {
        self.rx.load_relaxed(rx::SLEEPING) != 0
    }

    /// Asks the sink to tell when it takes a frame; true when there is space already, so that it may not have seen it.
    pub fn ask_for_space(&mut self) -> bool {
        self.tx.store(tx::WANT_SPACE, 1);
        // SeqCst: with the fence in `Reader::space_wanted`; either the sink sees the wish, or its tail is seen here.
        fence(Ordering::SeqCst);
        !self.is_full()
    }

    /// The sink need not tell any more.
    pub fn stop_asking(&self) {
        self.tx.store(tx::WANT_SPACE, 0);
    }

    /// Says when the renderer's loop last turned.
    pub fn heartbeat(&self, now_ns: u64) {
        self.tx.store(tx::HEARTBEAT, now_ns);
    }

    /// The frames that the sink holds.
    pub fn held(&self) -> impl Iterator<Item = Descriptor> + '_ {
        // `load` acquires: it pairs with the release store that ends a hold, so that the sink's reads of the
        // pixels happened before.
        (0..self.holds).map(|index| Descriptor(self.rx.load(rx::hold(index))))
    }

    pub(super) fn holds(&self, place: Descriptor) -> bool {
        self.held().any(|held| held.same_place(place))
    }

    pub(super) fn mark_held(&self, epoch: u8, busy: &mut SlotSet) {
        self.held().filter_map(|held| held.slot_in(epoch)).for_each(|slot| busy.insert(slot));
    }

    pub(super) fn mark_queued(&mut self, epoch: u8, busy: &mut SlotSet) {
        for index in self.tail().max(self.floor)..self.head {
            if let Some(slot) = self.queued(index).slot_in(epoch) {
                busy.insert(slot);
            }
        }
        self.mark_kept(epoch, busy);
    }

    /// Marks the frame that may be dropped, but is kept: the sink may be claiming it without a fence.
    pub(super) fn mark_kept(&mut self, epoch: u8, busy: &mut SlotSet) {
        if self.tail() <= self.kept_at {
            self.kept.slot_in(epoch).into_iter().for_each(|slot| busy.insert(slot));
        }
    }

    /// What was queued at `index`: nobody else writes it.
    fn queued(&self, index: u64) -> Descriptor {
        Descriptor(self.tx.load(tx::DESCRIPTOR + index as usize % RING))
    }

    /// True when queued frames may be dropped to get at their slots.
    pub(super) fn gives_way(&self) -> bool {
        self.policy == DropPolicy::DropOldest
    }

    /// Drops the frame in this place, and what was queued before it.
    pub(super) fn forget(&mut self, place: Descriptor) {
        let range = self.tail().max(self.floor)..self.head;
        let found = range.rev().find(|index| self.queued(*index).same_place(place));
        if let Some(index) = found {
            self.raise_floor(index + 1);
        }
    }

    /// The sink's tail is a hint from another process: it is clamped, never trusted.
    #[inline]
    fn tail(&mut self) -> u64 {
        self.tail_seen = self.rx.load(rx::TAIL).min(self.head).max(self.tail_seen);
        self.tail_seen
    }

    #[inline]
    fn raise_floor(&mut self, floor: u64) {
        self.floor = floor;
        // Release: pairs with the loads of `floor` in `Reader::take`.
        self.tx.store_release(tx::FLOOR, floor);
    }

    /// Frames that may wait.
    pub fn depth(&self) -> u64 {
        self.depth
    }

    /// Frames ever queued.
    pub fn head(&self) -> u64 {
        self.head
    }

    /// First frame that was not dropped to make room.
    pub fn floor(&self) -> u64 {
        self.floor
    }

    /// First frame that the sink has not passed, as last believed.
    pub fn tail_seen(&self) -> u64 {
        self.tail_seen
    }

    /// Frames that were not queued.
    pub fn dropped_newest(&self) -> u64 {
        self.dropped_newest
    }

    /// The most that ever waited.
    pub fn high_water(&self) -> u64 {
        self.high_water
    }

    /// The sink's own words, for its counters.
    pub fn rx(&self) -> &PeerWords<{ rx::WORDS }> {
        &self.rx
    }
}

impl AsMut<Port> for Port {
    fn as_mut(&mut self) -> &mut Port {
        self
    }
}
