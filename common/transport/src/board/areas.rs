//! Publishing and reading a payload: areas in turn, each with its sequence, without a lock.
//! Runs over any words, so that the model checker can run it too; names and files are left to others.
//!
//! An area whose sequence is 0 is being written. It is never "repaired" after its writer died: it stays so until it
//! is written again. `LATEST` always names a complete area.

use super::layout::{AREA_COUNT, AREA_HEAD, AREAS, LATEST, Sizes};
use crate::words::{Ordering, OwnWords, PeerWords, fence};

/// Tries of one read. With four areas a second try is rare; this bound only has to exist.
pub const TRIES_MAX: u32 = 64;

const WORD_BYTES: usize = size_of::<u64>();

/// Sequence 0 marks an area that is being written.
const BEING_WRITTEN: u64 = 0;

fn area(sizes: &Sizes, sequence: u64) -> usize {
    AREAS + (sequence % AREA_COUNT as u64) as usize * sizes.area_words()
}

/// Makes `payload` the newest, after the payload `previous`. It must fit.
pub fn publish(words: &OwnWords, sizes: &Sizes, previous: u64, payload: &[u8]) -> u64 {
    let sequence = previous + 1;
    let area = area(sizes, sequence);
    words.store(area, BEING_WRITTEN);
    // Release: whoever sees a new word sees that the area is being written.
    fence(Ordering::Release);
    words.store(area + 1, payload.len() as u64);
    words.fill(area + AREA_HEAD, payload.chunks(WORD_BYTES).map(word));
    // Release: pairs with the first load in `read`.
    words.store_release(area, sequence);
    // Release: pairs with the load in `newest`.
    words.store_release(LATEST, sequence);
    sequence
}

/// Sequence of the newest payload, 0 when there is none.
pub fn newest(words: &PeerWords) -> u64 {
    words.load(LATEST)
}

/// Copies the payload `sequence` to `out`; false when the area was written meanwhile.
pub fn read(words: &PeerWords, sizes: &Sizes, sequence: u64, out: &mut Vec<u8>) -> bool {
    let area = area(sizes, sequence);
    if words.load(area) != sequence {
        return false;
    }
    // The length comes from another process, like all the rest.
    let length = (words.load_relaxed(area + 1) as usize).min(sizes.payload_bytes);
    out.clear();
    out.resize(length.next_multiple_of(WORD_BYTES), 0);
    let loaded = words.scan(area + AREA_HEAD, length.div_ceil(WORD_BYTES));
    out.chunks_exact_mut(WORD_BYTES)
        .zip(loaded)
        .for_each(|(to, word)| to.copy_from_slice(&word.to_le_bytes()));
    out.truncate(length);
    // Acquire: the words were loaded before the sequence is looked at once more.
    fence(Ordering::Acquire);
    words.load_relaxed(area) == sequence
}

fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; WORD_BYTES];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}
