//! Where each word of a board lies, counted in words from its start.
//! The payload's areas come first, then the array of words, of which only allocated chunks may be touched.

use crate::layout::LINE;

/// "casebrd" and a version of the layout.
pub const MAGIC_VALUE: u64 = u64::from_le_bytes(*b"casebrd\x01");

/// Says that the board is complete.
pub const MAGIC: usize = 0;
/// Bytes that one payload may have.
pub const PAYLOAD_BYTES: usize = 1;
/// Words of the array.
pub const WORD_COUNT: usize = 2;
/// Random number of the writer's start.
pub const GENERATION: usize = LINE;
/// When the writer's loop last turned.
pub const HEARTBEAT: usize = 2 * LINE;
/// Sequence of the newest payload.
pub const LATEST: usize = 3 * LINE;
/// One bit a chunk of the array: it is allocated.
pub const ALLOCATED: usize = 4 * LINE;
/// Words of those bits.
pub const ALLOCATED_WORDS: usize = if cfg!(loom) { 0 } else { 64 };
/// First area.
pub const AREAS: usize = ALLOCATED + ALLOCATED_WORDS;

/// Payloads kept: a reader must be slower than three whole publications to have to try again.
pub const AREA_COUNT: usize = if cfg!(loom) { 2 } else { 4 };
/// Words in front of an area's payload: its sequence and its length, on a line of their own.
pub const AREA_HEAD: usize = if LINE > 2 { LINE } else { 2 };

/// Words of the array that are allocated together: 64 KiB.
pub const CHUNK_WORDS: usize = 8192;
/// Words that a board can have.
pub const WORDS_MAX: usize = ALLOCATED_WORDS * 64 * CHUNK_WORDS;
/// Bytes that a payload can have.
pub const PAYLOAD_MAX_BYTES: usize = 64 << 20;

const PAGE_WORDS: usize = 4096 / size_of::<u64>();

/// The sizes of one board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes that one payload may have.
    pub payload_bytes: usize,
    /// Words of the array.
    pub words: usize,
}

impl Sizes {
    /// Words of one area.
    pub const fn area_words(&self) -> usize {
        AREA_HEAD + self.payload_bytes.div_ceil(size_of::<u64>()).next_multiple_of(LINE)
    }

    /// First word of the array; it starts a page.
    pub const fn array(&self) -> usize {
        (AREAS + AREA_COUNT * self.area_words()).next_multiple_of(PAGE_WORDS)
    }

    /// Bytes of the whole segment.
    pub const fn bytes(&self) -> usize {
        (self.array() + self.words) * size_of::<u64>()
    }
}
