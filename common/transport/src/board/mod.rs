//! The board: a named segment with one newest payload and an array of words, written by one process, read by many.
//! What the payload means is left to the caller.
//!
//! The name outlives its writer: a restarted one adopts the segment with its payload and words. A writer killed in
//! the middle of a payload leaves that area marked as being written, and the newest complete one in another area.
//! A second writer is kept out by a file lock, which the kernel drops with the process. Every page is allocated
//! before it is touched, so that a full `/dev/shm` is an error and never a SIGBUS.

pub(crate) mod areas;
pub(crate) mod layout;
#[cfg(all(test, loom))]
mod models;
#[cfg(not(any(loom, miri, tsan)))]
mod reader;
#[cfg(not(any(loom, miri, tsan)))]
pub(crate) mod segment;
#[cfg(not(any(loom, miri, tsan)))]
mod writer;

#[cfg(not(any(loom, miri, tsan)))]
pub use reader::{BoardReader, BoardWords};
#[cfg(not(any(loom, miri, tsan)))]
pub use writer::BoardWriter;

use std::io;

/// What can go wrong with a board.
#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    /// Nobody has made it yet, or not to the end.
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

impl BoardError {
    fn os(what: String) -> impl FnOnce(nix::errno::Errno) -> BoardError {
        move |errno| BoardError::Os { what, source: errno.into() }
    }
}
