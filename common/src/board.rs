//! The board: where the collector publishes snapshots and keeps histories, and where everybody else reads them.
//!
//! Typed view of `transport::board`, which owns the shared memory; polls nothing and draws nothing.

use thiserror::Error;

mod codec;

pub use codec::{SNAPSHOT_BYTES_MAX, decode, encode};

/// Why a board could not be used.
#[derive(Debug, Error)]
pub enum BoardError {
    /// The snapshot is larger than the board's areas.
    #[error(
        "a snapshot of {readings} readings needs {bytes} bytes, the board has {SNAPSHOT_BYTES_MAX}; watch fewer things"
    )]
    TooLarge {
        /// Bytes it would have.
        bytes: usize,
        /// Readings it has.
        readings: usize,
    },
    /// A snapshot that does not encode.
    #[error("cannot encode the snapshot: {0}")]
    Encode(String),
    /// What was read is no snapshot.
    #[error("the snapshot on the board cannot be used: {0}")]
    Corrupt(&'static str),
}
