//! One word that names a frame: its sequence, the pool's epoch, its slot.
//! A word cannot tear; that is why it is one.

/// Bits of the slot (plus one, so that an empty word names nothing).
const SLOT_BITS: u32 = 8;
/// Bits of the epoch.
const EPOCH_BITS: u32 = 8;
/// Bits that say where a frame lies.
const PLACE_MASK: u64 = (1 << (SLOT_BITS + EPOCH_BITS)) - 1;
/// Mark of a queued frame whose slot is not written before the sink's `tail` has passed it.
const KEPT: u64 = 1 << 63;

/// Names a frame: `sequence << 16 | epoch << 8 | slot + 1`; 0 names none. In a queue the top bit may say more of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptor(pub u64);

impl Descriptor {
    /// Names no frame.
    pub const NONE: Descriptor = Descriptor(0);

    /// The frame `sequence` in `slot` of the pool of `epoch`.
    pub const fn new(sequence: u64, epoch: u8, slot: usize) -> Descriptor {
        Descriptor(sequence << (SLOT_BITS + EPOCH_BITS) | (epoch as u64) << SLOT_BITS | (slot as u64 + 1))
    }

    /// Its sequence; 47 bits last for 4,400 years at 1,000 frames a second.
    pub const fn sequence(self) -> u64 {
        self.frame().0 >> (SLOT_BITS + EPOCH_BITS)
    }

    /// The same with the renderer's word that the slot is not written before the sink's `tail` has passed the frame.
    pub const fn kept(self) -> Descriptor {
        Descriptor(self.0 | KEPT)
    }

    /// True when the renderer gave that word.
    pub const fn is_kept(self) -> bool {
        self.0 & KEPT != 0
    }

    /// The name alone.
    pub const fn frame(self) -> Descriptor {
        Descriptor(self.0 & !KEPT)
    }

    /// Which pool of the view it lies in; a view's pools count up, modulo 256.
    pub const fn epoch(self) -> u8 {
        (self.0 >> SLOT_BITS) as u8
    }

    /// Its slot; `None` when the word names no frame.
    pub const fn slot(self) -> Option<usize> {
        match self.0 & ((1 << SLOT_BITS) - 1) {
            0 => None,
            slot => Some(slot as usize - 1),
        }
    }

    /// The slot, when it lies in the pool of `epoch`.
    pub fn slot_in(self, epoch: u8) -> Option<usize> {
        if self.epoch() == epoch { self.slot() } else { None }
    }

    /// True when both name the same slot of the same pool.
    pub const fn same_place(self, other: Descriptor) -> bool {
        self.0 & PLACE_MASK == other.0 & PLACE_MASK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_descriptor_gives_back_its_parts() {
        let descriptor = Descriptor::new(1 << 40, 255, 254);
        assert_eq!(descriptor.sequence(), 1 << 40);
        assert_eq!((descriptor.epoch(), descriptor.slot()), (255, Some(254)));
        assert_eq!(descriptor.slot_in(254), None);
        assert!(descriptor.same_place(Descriptor::new(3, 255, 254)));
        assert_eq!(Descriptor::NONE.slot(), None);
        let kept = descriptor.kept();
        assert_eq!((kept.is_kept(), descriptor.is_kept(), kept.frame()), (true, false, descriptor));
        assert_eq!((kept.sequence(), kept.slot_in(255)), (1 << 40, Some(254)));
    }
}
