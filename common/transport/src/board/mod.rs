//! The board: a named segment with one newest payload and an array of words, written by one process, read by many.
//! What the payload means is left to the caller.

use std::io;
use std::ops::Range;
use std::sync::atomic::AtomicU64;

/// What can go wrong with a board.
#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    /// Nobody has made it yet.
    #[error("there is no board {name}; start the collector")]
    Missing {
        /// Its name.
        name: String,
    },
    /// Another writer lives.
    #[error("board {name} has a writer already; stop the other collector first")]
    InUse {
        /// Its name.
        name: String,
    },
    /// No room in shared memory.
    #[error("no room for {bytes} bytes of board {name} in /dev/shm; free some, or make it larger")]
    Full {
        /// Its name.
        name: String,
        /// Bytes wanted.
        bytes: usize,
    },
    /// It is not a board of ours.
    #[error("board {name} is not usable: {why}")]
    Foreign {
        /// Its name.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// The payload is larger than the board.
    #[error("a payload of {bytes} bytes does not fit; the board takes {most}")]
    TooLarge {
        /// Bytes of the payload.
        bytes: usize,
        /// Bytes that fit.
        most: usize,
    },
    /// The writer was faster than every try to read.
    #[error("no stable payload in {tries} tries")]
    Busy {
        /// How often it was tried.
        tries: u32,
    },
    /// A system call failed.
    #[error("{what}: {source}")]
    Os {
        /// What was tried.
        what: String,
        /// The system's answer.
        source: io::Error,
    },
}

/// The one writer of a board.
pub struct BoardWriter {
    _private: (),
}

/// One of many readers.
pub struct BoardReader {
    _private: (),
}

/// The words of a board as a reader sees them: loads only, 0 where nothing was ever allocated.
#[derive(Clone, Copy)]
pub struct BoardWords<'a> {
    _reader: &'a BoardReader,
}

#[expect(unused_variables, clippy::missing_const_for_fn, clippy::unused_self, reason = "first signatures")]
impl BoardWriter {
    /// Makes the board, or adopts the one that an earlier writer left (its payload and words stay).
    pub fn create_or_adopt(
        name: &str,
        mode: u32,
        payload_bytes: usize,
        words: usize,
    ) -> Result<BoardWriter, BoardError> {
        Err(BoardError::Missing { name: name.to_owned() })
    }

    /// Makes `payload` the newest; its sequence.
    pub fn publish(&mut self, payload: &[u8]) -> Result<u64, BoardError> {
        Ok(0)
    }

    /// Says that the writer's loop turns.
    pub fn heartbeat(&self) {}

    /// Random number of this writer's start.
    pub fn generation(&self) -> u64 {
        0
    }

    /// The words; only those that `ensure_words` allocated may be touched.
    pub fn words(&self) -> &[AtomicU64] {
        &[]
    }

    /// Allocates the memory of these words, so that no store can fail.
    pub fn ensure_words(&self, range: Range<usize>) -> Result<(), BoardError> {
        Ok(())
    }

    /// The newest payload, also of an earlier writer.
    pub fn newest(&self) -> Option<Vec<u8>> {
        None
    }

    /// True when it was adopted rather than made.
    pub fn adopted(&self) -> bool {
        false
    }

    /// Removes the name; those who have it open keep it. False when there was none.
    pub fn unlink(name: &str) -> Result<bool, BoardError> {
        Ok(false)
    }
}

#[expect(unused_variables, clippy::missing_const_for_fn, clippy::unused_self, reason = "first signatures")]
impl BoardReader {
    /// Maps the board read-only.
    pub fn open(name: &str) -> Result<BoardReader, BoardError> {
        Err(BoardError::Missing { name: name.to_owned() })
    }

    /// Copies the newest payload to `out` and returns its sequence; `None` when nothing was published yet.
    pub fn read(&self, out: &mut Vec<u8>) -> Result<Option<u64>, BoardError> {
        Ok(None)
    }

    /// Sequence of the newest payload, 0 when there is none.
    pub fn sequence(&self) -> u64 {
        0
    }

    /// Milliseconds since the writer's last heartbeat.
    pub fn heartbeat_age_ms(&self) -> u64 {
        0
    }

    /// Random number of the writer's start.
    pub fn generation(&self) -> u64 {
        0
    }

    /// The words.
    pub fn words(&self) -> BoardWords<'_> {
        BoardWords { _reader: self }
    }

    /// True when the name now means another segment (or none): open it anew.
    pub fn replaced(&self) -> bool {
        false
    }
}

#[expect(unused_variables, clippy::missing_const_for_fn, clippy::unused_self, reason = "first signatures")]
impl BoardWords<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        0
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        true
    }

    /// The word at `index`; 0 when it was never allocated or lies outside.
    pub fn load(&self, index: usize) -> u64 {
        0
    }
}
