//! The board: where the collector publishes snapshots and keeps histories, and where everybody else reads them.
//!
//! Typed view of `transport::board`, which owns the shared memory; polls nothing and draws nothing.

use thiserror::Error;

use crate::exit::{Exit, Failure};
use crate::history::{HISTORY_WORDS, HistoryReader, HistoryWriter, SERIES_MAX, Sample, series_words};
use crate::metrics::Snapshot;
use crate::transport::board::{self as segment, BoardError as SegmentError, BoardWords};

mod codec;

#[doc(hidden)]
#[cfg(fuzzing)]
pub use codec::hostile_bytes;
pub use codec::{SNAPSHOT_BYTES_MAX, decode, encode};

/// Only its owner reads and writes a board.
pub const MODE_PRIVATE: u32 = 0o600;
/// Series that get memory together: 128 KiB.
const SERIES_PER_CHUNK: u32 = 16;

/// Why a board could not be used.
#[derive(Debug, Error)]
pub enum BoardError {
    /// The shared memory is missing, full, in use or foreign.
    #[error(transparent)]
    Segment(#[from] SegmentError),
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

impl From<BoardError> for Failure {
    fn from(error: BoardError) -> Failure {
        let exit = match &error {
            BoardError::Segment(SegmentError::Full { .. } | SegmentError::Foreign { .. }) => Exit::CantCreate,
            BoardError::Segment(SegmentError::InUse { .. } | SegmentError::Missing { .. }) => {
                Exit::Unavailable
            }
            BoardError::Segment(SegmentError::Busy { .. }) => Exit::TempFail,
            BoardError::Segment(SegmentError::Os { source, .. }) => match Exit::of_io(source) {
                Exit::Io => Exit::OsError,
                exit => exit,
            },
            BoardError::Segment(SegmentError::TooLarge { .. })
            | BoardError::TooLarge { .. }
            | BoardError::Encode(_)
            | BoardError::Corrupt(_) => Exit::Software,
        };
        exit.because(error)
    }
}

/// The one writer: the collector.
pub struct BoardWriter {
    segment: segment::BoardWriter,
    history: HistoryWriter,
    /// Which chunks of series have memory; what lies outside is never touched.
    has_memory: Vec<bool>,
    bytes: Vec<u8>,
}

impl BoardWriter {
    /// Makes the board, or adopts what an earlier collector left: its snapshot is given too, and its histories go on.
    /// A snapshot that cannot be read (another version) counts as none.
    pub fn create_or_adopt(name: &str, mode: u32) -> Result<(BoardWriter, Option<Snapshot>), BoardError> {
        let segment = segment::BoardWriter::create_or_adopt(name, mode, SNAPSHOT_BYTES_MAX, HISTORY_WORDS)?;
        let snapshot = segment.newest().and_then(|bytes| match decode(&bytes) {
            Ok(snapshot) => Some(snapshot),
            Err(error) => {
                tracing::warn!(board = name, "starting afresh: {error}");
                None
            }
        });
        let has_memory = vec![false; SERIES_MAX.div_ceil(SERIES_PER_CHUNK) as usize];
        let mut board = BoardWriter { segment, history: HistoryWriter::new(), has_memory, bytes: Vec::new() };
        for series in snapshot.iter().flat_map(Snapshot::series) {
            board.provide(series)?;
        }
        Ok((board, snapshot))
    }

    /// Makes `snapshot` the newest.
    pub fn publish(&mut self, snapshot: &Snapshot) -> Result<(), BoardError> {
        encode(snapshot, &mut self.bytes)?;
        self.segment.publish(&self.bytes)?;
        Ok(())
    }

    /// Says that the collector's loop turns.
    pub fn heartbeat(&self) {
        self.segment.heartbeat();
    }

    /// Gives `series` memory and empties it, for a new key. Fails when shared memory is full.
    pub fn open_series(&mut self, series: u32) -> Result<(), BoardError> {
        self.provide(series)?;
        self.history.clear(self.segment.words(), series);
        Ok(())
    }

    /// Adds a sample to an opened (or adopted) series; other series take none.
    pub fn push(&mut self, series: u32, sample: Sample) {
        if self.has_memory.get((series / SERIES_PER_CHUNK) as usize) == Some(&true) {
            self.history.push(self.segment.words(), series, sample);
        }
    }

    fn provide(&mut self, series: u32) -> Result<(), BoardError> {
        let chunk = series / SERIES_PER_CHUNK;
        let Some(has_memory) = self.has_memory.get_mut(chunk as usize) else { return Ok(()) };
        if !*has_memory {
            let first = chunk * SERIES_PER_CHUNK;
            let last = (first + SERIES_PER_CHUNK).min(SERIES_MAX) - 1;
            self.segment.ensure_words(series_words(first).start..series_words(last).end)?;
            *has_memory = true;
        }
        Ok(())
    }

    /// Removes the board's name. False when there was none.
    pub fn unlink(name: &str) -> Result<bool, BoardError> {
        Ok(segment::BoardWriter::unlink(name)?)
    }
}

/// One of many readers.
pub struct BoardReader {
    segment: segment::BoardReader,
    bytes: Vec<u8>,
}

impl BoardReader {
    /// Opens the board read-only.
    pub fn open(name: &str) -> Result<BoardReader, BoardError> {
        Ok(BoardReader { segment: segment::BoardReader::open(name)?, bytes: Vec::new() })
    }

    /// The newest snapshot; none before the first one.
    pub fn read(&mut self) -> Result<Option<Snapshot>, BoardError> {
        match self.segment.read(&mut self.bytes)? {
            Some(_) => decode(&self.bytes).map(Some),
            None => Ok(None),
        }
    }

    /// Grows with each snapshot: whoever saw this number already need not read. 0 before the first one.
    pub fn sequence(&self) -> u64 {
        self.segment.sequence()
    }

    /// Changes when the collector is started again.
    pub fn generation(&self) -> u64 {
        self.segment.generation()
    }

    /// Milliseconds since the collector last said that it is alive.
    pub fn heartbeat_age_ms(&self) -> u64 {
        self.segment.heartbeat_age_ms()
    }

    /// Whether the name now means another board, or none: open it anew.
    pub fn replaced(&self) -> bool {
        self.segment.replaced()
    }

    /// The histories of the series that snapshots name.
    pub fn history(&self) -> HistoryReader<BoardWords<'_>> {
        HistoryReader::new(self.segment.words())
    }
}

#[cfg(test)]
mod tests;
