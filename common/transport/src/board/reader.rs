//! One of many readers of a board: it maps it read-only, leaves no trace, and cannot disturb the writer.
//! Making and writing belong to `writer`.

use super::areas;
use super::layout::{
    ALLOCATED, CHUNK_WORDS, GENERATION, HEARTBEAT, MAGIC, MAGIC_VALUE, PAYLOAD_BYTES, PAYLOAD_MAX_BYTES,
    Sizes, WORD_COUNT, WORDS_MAX,
};
use super::segment::{self, Identity};
use super::{BoardError, layout};
use crate::clock::age_ms;
use crate::map::Mapping;
use crate::words::PeerWords;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

/// One of many readers.
pub struct BoardReader {
    name: String,
    identity: Identity,
    sizes: Sizes,
    words: PeerWords,
}

/// The words of a board as a reader sees them: loads only, 0 where nothing was ever allocated.
#[derive(Clone, Copy)]
pub struct BoardWords<'a> {
    reader: &'a BoardReader,
}

impl BoardReader {
    /// Maps the board read-only.
    pub fn open(name: &str) -> Result<BoardReader, BoardError> {
        let missing = || BoardError::Missing { name: name.to_owned() };
        let file = segment::open(name, false)?.ok_or_else(missing)?;
        let identity = segment::identity(name, &file)?;
        if identity.bytes < layout::AREAS * size_of::<u64>() {
            return Err(missing()); // it is being made
        }
        let words = map(name, &file, identity.bytes)?;
        if words.load(MAGIC) != MAGIC_VALUE {
            return Err(missing());
        }
        let (payload, count) = (words.load(PAYLOAD_BYTES), words.load(WORD_COUNT));
        let sane = payload <= PAYLOAD_MAX_BYTES as u64 && count <= WORDS_MAX as u64;
        let sizes = Sizes { payload_bytes: payload as usize, words: count as usize };
        if !sane || sizes.bytes() != identity.bytes {
            let why = format!("{} bytes cannot hold {payload} bytes and {count} words", identity.bytes);
            return Err(BoardError::Foreign { name: name.to_owned(), why });
        }
        Ok(BoardReader { name: name.to_owned(), identity, sizes, words })
    }

    /// Copies the newest payload to `out` and returns its sequence; `None` when nothing was published yet.
    pub fn read(&self, out: &mut Vec<u8>) -> Result<Option<u64>, BoardError> {
        for _ in 0..areas::TRIES_MAX {
            let sequence = areas::newest(&self.words);
            if sequence == 0 {
                return Ok(None);
            }
            if areas::read(&self.words, &self.sizes, sequence, out) {
                return Ok(Some(sequence));
            }
            std::hint::spin_loop();
        }
        Err(BoardError::Busy { tries: areas::TRIES_MAX })
    }

    /// Sequence of the newest payload, 0 when there is none.
    pub fn sequence(&self) -> u64 {
        areas::newest(&self.words)
    }

    /// Milliseconds since the writer's last heartbeat.
    pub fn heartbeat_age_ms(&self) -> u64 {
        age_ms(self.words.load(HEARTBEAT))
    }

    /// Random number of the writer's start.
    pub fn generation(&self) -> u64 {
        self.words.load(GENERATION)
    }

    /// The words.
    pub fn words(&self) -> BoardWords<'_> {
        BoardWords { reader: self }
    }

    /// True when the name now means another segment (or none): open it anew.
    pub fn replaced(&self) -> bool {
        !segment::is_current(&self.name, &self.identity)
    }
}

impl BoardWords<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.reader.sizes.words
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The word at `index`; 0 when it was never allocated or lies outside.
    pub fn load(&self, index: usize) -> u64 {
        if index >= self.len() || !self.is_allocated(index) {
            return 0;
        }
        self.reader.words.load_relaxed(self.reader.sizes.array() + index)
    }

    /// Even a look at a page that is not there would allocate it, and fail on a full file system.
    fn is_allocated(&self, index: usize) -> bool {
        let chunk = index / CHUNK_WORDS;
        self.reader.words.load(ALLOCATED + chunk / 64) >> (chunk % 64) & 1 != 0
    }
}

fn map(name: &str, file: &OwnedFd, bytes: usize) -> Result<PeerWords, BoardError> {
    let memory = Mapping::read_only_sparse(file.as_fd(), bytes)
        .map_err(|source| BoardError::Os { what: format!("cannot map board {name}"), source })?;
    Ok(PeerWords::new(Arc::new(memory)))
}
