//! Where each shared word lies, counted in words from the start of its memory file, and the hash of it all.
//! What the words mean to each other is the ring's business.
//!
//! | file | writer | words |
//! |-|-|-|
//! | pool header | renderer | header, `latest`, damage history, `slot sequence[slots]`, `meta[slots]` |
//! | pool pixels | renderer | `slots` frames, each at a multiple of 4 KiB |
//! | tx (one a sink) | renderer | header, `floor`, `head`, `want space`, `heartbeat`, `descriptor[16]` |
//! | rx (one a sink) | that sink | header, `tail`, `sleeping`, `hold[4]`, counters, latency buckets |
//!
//! Words that are written often lie on cache lines of their own.

/// Words of a line: two cache lines, because the prefetcher fetches pairs.
#[cfg(not(loom))]
pub const LINE: usize = 16;
/// Frames that a ring can queue.
#[cfg(not(loom))]
pub const RING: usize = crate::limits::DEPTH_MAX as usize;
/// Hold words of a sink.
#[cfg(not(loom))]
pub const HOLDS: usize = crate::limits::HOLDS_MAX as usize;
/// Frames whose damage is remembered.
#[cfg(not(loom))]
pub const HISTORY: usize = 32;

/// The model checker needs everything as small as it can be.
#[cfg(loom)]
pub const LINE: usize = 1;
#[cfg(loom)]
pub const RING: usize = 2;
#[cfg(loom)]
pub const HOLDS: usize = 1;
#[cfg(loom)]
pub const HISTORY: usize = 1;

/// Pages that slots start at.
pub const SLOT_ALIGN_BYTES: usize = 4096;

/// Words of the pool header's file.
pub mod pool {
    use super::{HISTORY, LINE};

    /// Descriptor of the newest frame.
    pub const LATEST: usize = LINE;
    /// 1 once a larger pool has taken over.
    pub const RETIRED: usize = 2 * LINE;
    /// Damage of recent frames: pairs of sequence and packed rectangle.
    pub const DAMAGE: usize = 3 * LINE;
    /// One line a slot: the sequence it holds.
    pub const SLOT_SEQUENCE: usize = DAMAGE + 2 * HISTORY;
    /// Words of one slot's metadata.
    pub const META_WORDS: usize = 32;

    /// The word that says which frame a slot holds.
    pub const fn slot_sequence(slot: usize) -> usize {
        SLOT_SEQUENCE + slot * LINE
    }

    /// First word of a slot's metadata, in a pool of `slots`.
    pub const fn meta(slots: usize, slot: usize) -> usize {
        slot_sequence(slots) + slot * META_WORDS
    }

    /// Words of the whole file.
    pub const fn words(slots: usize) -> usize {
        meta(slots, slots)
    }
}

/// Words of a sink's tx file.
pub mod tx {
    use super::{LINE, RING};

    /// First frame that is still queued.
    pub const FLOOR: usize = LINE;
    /// First frame that is not queued yet.
    pub const HEAD: usize = 2 * LINE;
    /// 1 while the renderer waits for space.
    pub const WANT_SPACE: usize = 3 * LINE;
    /// When the renderer's loop last turned.
    pub const HEARTBEAT: usize = 4 * LINE;
    /// The queued descriptors.
    pub const DESCRIPTOR: usize = 5 * LINE;
    /// Words of the whole file.
    pub const WORDS: usize = DESCRIPTOR + RING;
}

/// Words of a sink's rx file.
pub mod rx {
    use super::{HOLDS, LINE};

    /// First frame that the sink has not passed.
    pub const TAIL: usize = LINE;
    /// 1 while the sink sleeps or is about to.
    pub const SLEEPING: usize = 2 * LINE;
    /// One line a hold: the descriptor that is being read.
    pub const HOLD: usize = 3 * LINE;
    /// Queued frames that it passed over; those that it took are the rest of `TAIL`.
    pub const LOST: usize = HOLD + HOLDS * LINE;
    /// Queued frames that were shown.
    pub const DELIVERED: usize = LOST + 1;
    /// Queued frames that were given back unshown.
    pub const GIVEN_BACK: usize = LOST + 2;
    /// Frames shown once more.
    pub const REPAINTED: usize = LOST + 3;
    /// Frames that changed in the sink's hands.
    pub const USES_AFTER_RELEASE: usize = LOST + 4;
    /// When a frame was last shown.
    pub const LAST_DELIVERED: usize = LOST + 5;
    /// Slowest frame, in microseconds.
    pub const LATENCY_MAX: usize = LOST + 6;
    /// Counts of frames by latency, after the seven counters.
    pub const LATENCY: usize = LOST + if LINE > 8 { LINE } else { 8 };
    /// Words of the whole file.
    pub const WORDS: usize = LATENCY + crate::latency::BUCKETS;

    /// The hold word at `index`.
    pub const fn hold(index: usize) -> usize {
        HOLD + index * LINE
    }
}

/// Changes whenever two programs would not find the same word at the same place.
pub const fn hash() -> u64 {
    let places = [
        LINE,
        RING,
        HOLDS,
        HISTORY,
        SLOT_ALIGN_BYTES,
        crate::limits::SLOTS_MAX,
        crate::latency::BUCKETS,
        pool::LATEST,
        pool::RETIRED,
        pool::DAMAGE,
        pool::SLOT_SEQUENCE,
        pool::META_WORDS,
        tx::WANT_SPACE,
        tx::HEARTBEAT,
        tx::WORDS,
        rx::TAIL,
        rx::SLEEPING,
        rx::LATENCY,
        rx::WORDS,
        size_of::<crossbeam_utils::CachePadded<u64>>(),
        cfg!(target_endian = "big") as usize,
    ];
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < places.len() {
        hash = (hash ^ places[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn words_written_by_different_moments_share_no_line() {
        for pair in [tx::FLOOR, tx::HEAD, tx::WANT_SPACE, tx::HEARTBEAT, tx::DESCRIPTOR].windows(2) {
            assert!(pair[1] - pair[0] >= LINE);
        }
        assert!(rx::SLEEPING - rx::TAIL >= LINE && rx::hold(1) - rx::hold(0) >= LINE);
        assert!(size_of::<crossbeam_utils::CachePadded<u64>>() <= LINE * 8);
        assert_eq!(pool::words(2), pool::meta(2, 1) + pool::META_WORDS);
    }
}
