//! Why a getter gave nothing, in words for its state on the board.
//!
//! None of these stops a tick; nothing here is logged more than once a change.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A text that is not what the kernel writes there.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct ParseError(pub String);

impl ParseError {
    /// An error in these words.
    pub fn new(words: impl Into<String>) -> ParseError {
        ParseError(words.into())
    }
}

/// Why one run of a getter failed.
#[derive(Debug, Error)]
pub enum GetterError {
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file was read and not understood.
    #[error("{path}: {source}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What was missing.
        source: ParseError,
    },
    /// The file system of a mount gave no answer.
    #[error("cannot ask the file system at {path}: {source}")]
    Mount {
        /// Where it is mounted.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
