//! The renderer's end of a pool: which slot may be written, and which frame each one holds.
//! It has no pixels and no metadata; `hub::pool` has.

use super::{BEING_WRITTEN, Descriptor, Port, RECLAIM};
use crate::layout::pool;
use crate::limits::SLOTS_MAX;
use crate::words::{Ordering, OwnWords, fence};
use std::marker::PhantomData;

/// A slot that no sink can claim: the right to write it. There is at most one for each slot.
#[derive(Debug, PartialEq, Eq)]
pub struct Blank {
    slot: usize,
    previous: u64,
}

impl Blank {
    /// Which slot.
    pub fn slot(&self) -> usize {
        self.slot
    }

    /// The frame that it held; its pixels are whole until they are written.
    pub fn previous(&self) -> Option<u64> {
        (self.previous != BEING_WRITTEN).then_some(self.previous)
    }
}

/// The newest frame: proof that nobody writes its slot, because only the borrowed slots could allow it.
pub struct Newest<'a> {
    /// Its slot.
    pub slot: usize,
    /// Its number.
    pub sequence: u64,
    slots: PhantomData<&'a Slots>,
}

/// A set of slots.
#[derive(Clone, Default)]
pub struct SlotSet([u64; SLOTS_MAX.div_ceil(64)]);

impl SlotSet {
    pub(super) fn insert(&mut self, slot: usize) {
        if let Some(word) = self.0.get_mut(slot / 64) {
            *word |= 1 << (slot % 64);
        }
    }

    fn contains(&self, slot: usize) -> bool {
        self.0[slot / 64] >> (slot % 64) & 1 != 0
    }
}

/// The renderer's end of one pool's slots.
pub struct Slots {
    words: OwnWords,
    count: usize,
    epoch: u8,
    /// Number of the newest frame.
    sequence: u64,
    /// What each slot's word says, without the mark of reclaiming.
    slot_sequence: Vec<u64>,
    latest: Option<usize>,
    hits: u64,
    misses: u64,
}

impl Slots {
    /// `count` empty slots whose frames go on after `sequence`.
    pub fn new(words: OwnWords, count: usize, epoch: u8, sequence: u64) -> Slots {
        assert!((1..=SLOTS_MAX).contains(&count), "a pool has 1 to {SLOTS_MAX} slots, not {count}");
        let slot_sequence = vec![BEING_WRITTEN; count];
        Slots { words, count, epoch, sequence, slot_sequence, latest: None, hits: 0, misses: 0 }
    }

    /// Slots with which [`Slots::acquire`] always succeeds, whatever the sinks do: one to write, the newest,
    /// and for each sink what it may hold and what may wait for it.
    pub fn needed<'a>(ports: impl Iterator<Item = (u32, u32)> + 'a) -> usize {
        2 + ports.map(|(holds, depth)| holds as usize + depth as usize).sum::<usize>()
    }

    /// A slot that nobody reads or waits for; the lowest, because it is the warmest in the caches.
    ///
    /// When there is none, queued frames of drop-oldest sinks give way. `None` only with fewer slots than
    /// [`Slots::needed`], whatever the sinks do meanwhile. It never waits.
    pub fn acquire(&mut self, ports: &mut [impl AsMut<Port>]) -> Option<Blank> {
        let mut busy = self.kept();
        for port in ports.iter_mut().map(AsMut::as_mut) {
            port.mark_held(self.epoch, &mut busy);
            port.mark_queued(self.epoch, &mut busy);
        }
        if let Some(blank) = self.claim_lowest(&busy, ports) {
            self.hits += 1;
            return Some(blank);
        }
        // A sink took hold of that one in this moment, or there was none. Holds that move about cannot evade this:
        self.claim_any(ports, false).or_else(|| {
            self.misses += 1;
            let blank = self.claim_any(ports, true)?;
            let place = Descriptor::new(0, self.epoch, blank.slot);
            ports.iter_mut().for_each(|port| port.as_mut().forget(place));
            Some(blank)
        })
    }

    /// The newest frame is never written over: who joins late finds it whole.
    fn kept(&self) -> SlotSet {
        let mut kept = SlotSet::default();
        self.latest.into_iter().for_each(|slot| kept.insert(slot));
        kept
    }

    /// Claims the lowest slot that is not busy; `None` when somebody took hold of it meanwhile.
    fn claim_lowest(&mut self, busy: &SlotSet, ports: &mut [impl AsMut<Port>]) -> Option<Blank> {
        let slot = (0..self.count).find(|slot| !busy.contains(*slot))?;
        let place = Descriptor::new(0, self.epoch, slot);
        self.mark(slot);
        // SeqCst: with the fence in `Reader::claim`; either its hold is seen below, or it sees the mark.
        fence(Ordering::SeqCst);
        if ports.iter_mut().any(|port| port.as_mut().holds(place)) {
            self.unmark(slot);
            return None;
        }
        Some(self.blank(slot))
    }

    /// Marks every slot that may be had at all, and then looks once at each hold. A sink has no more holds than it
    /// was counted with, and can claim none of the marked slots any more: so one of them is free, even if a sink
    /// moves its holds after every mark that it sees.
    fn claim_any(&mut self, ports: &mut [impl AsMut<Port>], queued_give_way: bool) -> Option<Blank> {
        let mut kept = self.kept();
        for port in ports.iter_mut().map(AsMut::as_mut) {
            if queued_give_way && port.gives_way() {
                port.mark_kept(self.epoch, &mut kept);
            } else {
                port.mark_queued(self.epoch, &mut kept);
            }
        }
        let candidates = (0..self.count).filter(|slot| !kept.contains(*slot));
        candidates.clone().for_each(|slot| self.mark(slot));
        // SeqCst: as in `claim_lowest`.
        fence(Ordering::SeqCst);
        let mut held = SlotSet::default();
        ports.iter_mut().for_each(|port| port.as_mut().mark_held(self.epoch, &mut held));
        let chosen = candidates.clone().find(|slot| !held.contains(*slot));
        candidates.filter(|slot| Some(*slot) != chosen).for_each(|slot| self.unmark(slot));
        chosen.map(|slot| self.blank(slot))
    }

    /// Claims of the slot fail from here on; what is held already stays whole.
    fn mark(&self, slot: usize) {
        self.words.store(pool::slot_sequence(slot), self.slot_sequence[slot] | RECLAIM);
    }

    fn unmark(&self, slot: usize) {
        // Release: as the store in `install`, for a sink that claims the slot from now on.
        self.words.store_release(pool::slot_sequence(slot), self.slot_sequence[slot]);
    }

    fn blank(&mut self, slot: usize) -> Blank {
        let previous = std::mem::replace(&mut self.slot_sequence[slot], BEING_WRITTEN);
        self.words.store(pool::slot_sequence(slot), BEING_WRITTEN);
        // Release: whoever sees a new pixel sees that the slot is being written.
        fence(Ordering::Release);
        Blank { slot, previous }
    }

    /// Makes a written slot the newest frame, and offers it to every port that `offers` says yes for.
    pub fn publish(&mut self, blank: Blank) -> Descriptor {
        self.sequence += 1;
        self.install(blank, self.sequence)
    }

    /// Gives a slot the frame `sequence` and makes it the newest, without counting up: for a pool that takes
    /// over from a smaller one.
    pub fn install(&mut self, blank: Blank, sequence: u64) -> Descriptor {
        self.slot_sequence[blank.slot] = sequence;
        // Release: pairs with the load in `Reader::claim`; the pixels and metadata are there before.
        self.words.store_release(pool::slot_sequence(blank.slot), sequence);
        let descriptor = Descriptor::new(sequence, self.epoch, blank.slot);
        // Release: pairs with the load in `Reader::latest`.
        self.words.store_release(pool::LATEST, descriptor.0);
        self.latest = Some(blank.slot);
        descriptor
    }

    /// Gives an unpublished slot back. `intact` says that its pixels were not touched.
    pub fn abandon(&mut self, blank: Blank, intact: bool) {
        if intact {
            self.slot_sequence[blank.slot] = blank.previous;
            // Release: as in `publish`; the frame that the slot held can be claimed again.
            self.words.store_release(pool::slot_sequence(blank.slot), blank.previous);
        }
    }

    /// Slots that could be written now.
    pub fn free(&self, ports: &mut [impl AsMut<Port>]) -> usize {
        let mut busy = self.kept();
        for port in ports.iter_mut().map(AsMut::as_mut) {
            port.mark_held(self.epoch, &mut busy);
            port.mark_queued(self.epoch, &mut busy);
        }
        (0..self.count).filter(|slot| !busy.contains(*slot)).count()
    }

    /// Number of the newest frame, 0 before the first.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// What names the newest frame.
    pub fn latest(&self) -> Option<Descriptor> {
        self.latest.map(|slot| Descriptor::new(self.slot_sequence[slot], self.epoch, slot))
    }

    /// The newest frame's slot, which cannot be written while this is borrowed.
    pub fn newest(&self) -> Option<Newest<'_>> {
        let slot = self.latest?;
        Some(Newest { slot, sequence: self.slot_sequence[slot], slots: PhantomData })
    }

    /// How many slots there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Which pool of the view this is.
    #[cfg(test)]
    pub fn epoch(&self) -> u8 {
        self.epoch
    }

    /// How often a slot was free at first, and how often not.
    pub fn hits_and_misses(&self) -> (u64, u64) {
        (self.hits, self.misses)
    }
}
