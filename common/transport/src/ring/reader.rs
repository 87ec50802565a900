//! A sink's end: it takes descriptors, claims their slots, and gives them back.
//! What lies in a slot, and how to sleep until there is one, is left to the link.

use super::{Descriptor, RECLAIM};
use crate::layout::{HOLDS, RING, pool, rx, tx};
use crate::words::{Ordering, OwnWords, PeerWords, fence};

/// Tries of one call before it says "empty": a renderer that laps the sink again and again must not keep it here.
const TRIES_MAX: usize = 4 * RING;
/// Frames that no real renderer reaches: beyond it the numbers are garbage.
const INDEX_MAX: u64 = 1 << 62;

/// A slot that the renderer does not write while this exists. Give it back with [`release`](Claim::release).
#[derive(Debug, PartialEq, Eq)]
pub struct Claim {
    descriptor: Descriptor,
    slot: usize,
    hold: usize,
}

impl Claim {
    /// Its slot, below the pool's count.
    pub fn slot(&self) -> usize {
        self.slot
    }

    /// Number of the frame in it.
    pub fn sequence(&self) -> u64 {
        self.descriptor.sequence()
    }

    /// False when the slot was written although it is held.
    pub fn is_whole(&self, pool: &PeerWords) -> bool {
        // Acquire: the reads of the pixels happened before this look.
        fence(Ordering::Acquire);
        pool.load_relaxed(pool::slot_sequence(self.slot)) & !RECLAIM == self.descriptor.sequence()
    }

    /// Gives the slot back.
    #[inline]
    pub fn release<const KNOWN: usize>(self, rx: &OwnWords<KNOWN>) {
        // Release: pairs with `Port::held`; the reads of the pixels happened before the slot is written again.
        rx.store_release(rx::hold(self.hold), Descriptor::NONE.0);
    }
}

/// What taking gave.
#[derive(Debug, PartialEq, Eq)]
pub enum Take {
    /// A frame.
    Got(Claim),
    /// None waits.
    Empty,
    /// All hold words are in use.
    TooManyHeld,
    /// The next frame lies in the pool of this epoch, not in the one that was given.
    OtherPool(u8),
    /// The renderer's words make no sense.
    Corrupt,
}

/// The pool that a reader looks into.
#[derive(Clone, Copy)]
pub struct PoolWords<'a> {
    /// Its header's words.
    pub words: &'a PeerWords,
    /// Its slots.
    pub slots: usize,
    /// Which pool of the view it is.
    pub epoch: u8,
}

enum Claiming {
    Held(Claim),
    Gone,
    Corrupt,
}

/// A sink's end of its queue.
pub struct Reader {
    tx: PeerWords<{ tx::WORDS }>,
    rx: OwnWords<{ rx::WORDS }>,
    holds: usize,
    /// First frame not passed yet.
    next: u64,
    /// Those of them that were not taken. Invariant: `lost <= next`, and what `rx` says of both.
    lost: u64,
}

impl Reader {
    /// A reader that may hold `holds` frames.
    pub fn new(tx: PeerWords, rx: OwnWords, holds: u32) -> Reader {
        Reader { tx: tx.known(), rx: rx.known(), holds: (holds as usize).clamp(1, HOLDS), next: 0, lost: 0 }
    }

    /// Takes the oldest frame that waits.
    #[inline]
    pub fn take(&mut self, pool: PoolWords<'_>) -> Take {
        let Some(hold) = self.free_hold() else { return Take::TooManyHeld };
        for _ in 0..TRIES_MAX {
            // `floor` before `head`: in the renderer `floor <= head` at every moment.
            let floor = self.tx.load(tx::FLOOR);
            let head = self.tx.load(tx::HEAD);
            if head > INDEX_MAX || floor > head || head < self.next {
                return Take::Corrupt;
            }
            let index = self.next.max(floor);
            if index >= head {
                self.pass(index);
                return Take::Empty;
            }
            let descriptor = Descriptor(self.tx.load(tx::DESCRIPTOR + index as usize % RING));
            if self.tx.load(tx::FLOOR) > index {
                continue; // dropped meanwhile, and perhaps overwritten
            }
            if descriptor.epoch() != pool.epoch {
                return Take::OtherPool(descriptor.epoch());
            }
            match self.claim(hold, descriptor, pool) {
                Claiming::Corrupt => return Take::Corrupt,
                Claiming::Gone => self.pass(index + 1),
                Claiming::Held(claim) => {
                    self.take_at(index);
                    return Take::Got(claim);
                }
            }
        }
        Take::Empty
    }

    /// Passes over all that wait but the newest, so that `take` gives that one.
    pub fn skip_to_newest(&mut self) {
        let head = self.tx.load(tx::HEAD);
        if head <= INDEX_MAX && head > self.next + 1 {
            self.pass(head - 1);
        }
    }

    /// Claims the newest frame of the pool, whether it waits in the queue or was taken long ago.
    pub fn latest(&mut self, pool: PoolWords<'_>) -> Take {
        let Some(hold) = self.free_hold() else { return Take::TooManyHeld };
        for _ in 0..TRIES_MAX {
            let descriptor = Descriptor(pool.words.load(pool::LATEST));
            if descriptor == Descriptor::NONE {
                return Take::Empty;
            }
            match self.claim(hold, descriptor, pool) {
                Claiming::Held(claim) => return Take::Got(claim),
                Claiming::Corrupt => return Take::Corrupt,
                Claiming::Gone => std::hint::spin_loop(), // there is a newer one already
            }
            #[cfg(loom)]
            loom::thread::yield_now();
        }
        Take::Empty
    }

    #[inline]
    fn claim(&self, hold: usize, word: Descriptor, pool: PoolWords<'_>) -> Claiming {
        let descriptor = word.frame();
        let Some(slot) = descriptor.slot_in(pool.epoch).filter(|slot| *slot < pool.slots) else {
            return Claiming::Corrupt;
        };
        // Release: pairs with `Port::held`.
        self.rx.store_release(rx::hold(hold), descriptor.0);
        // The slot of a kept frame is not written before `tail` moves, and `tail` moves after the hold.
        if !word.is_kept() {
            // SeqCst: with the fence in `Slots::acquire`; either the renderer sees the hold, or its mark is seen below.
            fence(Ordering::SeqCst);
        }
        let claim = Claim { descriptor, slot, hold };
        if pool.words.load(pool::slot_sequence(slot)) == descriptor.sequence() {
            return Claiming::Held(claim);
        }
        claim.release(&self.rx);
        Claiming::Gone
    }

    /// The frame at `index` is held: counts it, and what was dropped before it.
    #[inline]
    fn take_at(&mut self, index: u64) {
        self.lose(index - self.next);
        self.tell(index + 1);
    }

    /// Passes over everything before `index`.
    #[cold]
    fn pass(&mut self, index: u64) {
        if index > self.next {
            self.lose(index - self.next);
            self.tell(index);
        }
    }

    #[inline]
    fn lose(&mut self, more: u64) {
        if more > 0 {
            self.lost += more;
            self.rx.store(rx::LOST, self.lost);
        }
    }

    #[inline]
    fn tell(&mut self, next: u64) {
        self.next = next;
        // Release: pairs with `Port::tail`; the hold is there before the frame leaves the queue, and the renderer
        // looks at holds after it looked at `tail`. What was lost is there before it counts as passed.
        self.rx.store_release(rx::TAIL, next);
    }

    #[inline]
    fn free_hold(&self) -> Option<usize> {
        // Branches on purpose: computed without them, a hold's place waits for the release of the one before.
        for hold in 0..HOLDS {
            if hold == self.holds {
                break;
            }
            if self.rx.load(rx::hold(hold)) == Descriptor::NONE.0 {
                return Some(hold);
            }
        }
        None
    }

    /// True when a frame waits. It may be gone when it is taken.
    pub fn has_pending(&self) -> bool {
        self.tx.load(tx::HEAD) > self.next
    }

    /// Says that this sink is about to sleep; true when it may, because nothing waits.
    pub fn prepare_sleep(&self) -> bool {
        self.rx.store(rx::SLEEPING, 1);
        // SeqCst: with the fence in `Pushed`; either the renderer sees `sleeping`, or its `head` is seen below.
        fence(Ordering::SeqCst);
        !self.has_pending()
    }

    /// Says that this sink is awake.
    pub fn awake(&self) {
        self.rx.store(rx::SLEEPING, 0);
    }

    /// True when the renderer waits for space in this queue. Ask it after taking.
    pub fn space_wanted(&self) -> bool {
        // SeqCst: with the fence in `Port::ask_for_space`; either the wish is seen, or the renderer sees `tail`.
        fence(Ordering::SeqCst);
        self.tx.load_relaxed(tx::WANT_SPACE) != 0
    }

    /// When the renderer's loop last turned.
    pub fn heartbeat_ns(&self) -> u64 {
        self.tx.load_relaxed(tx::HEARTBEAT)
    }

    /// Frames taken, and frames passed over.
    #[cfg(test)]
    pub fn taken_and_lost(&self) -> (u64, u64) {
        (self.next - self.lost, self.lost)
    }
}
