//! What can go wrong on either side of the control socket, sorted by what the caller does about it.
//! Errors of the board stand with the board.

use crate::want::WantError;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

/// Why a sink was turned away: it is in the answer, so that the sink can choose to wait or to give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Refusal {
    /// Another version of the protocol, or no message of ours at all.
    Protocol,
    /// The shared memory of the two programs is laid out differently.
    Layout,
    /// No frame can have this size.
    Geometry,
    /// A number or a text of the request is out of range.
    Invalid,
    /// There is no such topic.
    Topic,
    /// Too many sinks, views or slots.
    Limit,
    /// No memory for the frames.
    Memory,
    /// The peer may not connect here.
    Forbidden,
    /// The renderer cannot serve it now; asking again later may help.
    Unavailable,
}

/// What fails on the renderer's side.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// A system call failed.
    #[error("{what}: {source}")]
    Os {
        /// What was tried, with the thing and the remedy.
        what: String,
        /// The system's answer.
        source: io::Error,
    },
    /// Another renderer listens there.
    #[error(
        "{} is served by another process; stop that one, or use another runtime directory", path.display()
    )]
    AddressInUse {
        /// The control socket.
        path: PathBuf,
    },
    /// The request breaks a limit.
    #[error(transparent)]
    Want(#[from] WantError),
    /// A named limit is reached.
    #[error("{what}: {asked} asked, {most} allowed")]
    Limit {
        /// Of what.
        what: &'static str,
        /// How many would be needed.
        asked: usize,
        /// How many there may be.
        most: usize,
    },
    /// The memory for a pool cannot be had.
    #[error("no memory for {slots} frames of {frame_bytes} bytes: {source}; fewer sinks or a smaller size")]
    Memory {
        /// Slots wanted.
        slots: usize,
        /// Bytes of each.
        frame_bytes: usize,
        /// The system's answer.
        source: io::Error,
    },
    /// No such sink: it has gone, or was never there.
    #[error("sink {0} is not there any more")]
    NoSink(u64),
    /// No such view.
    #[error("view {0} is not open")]
    NoView(u64),
    /// The sink has been answered already.
    #[error("sink {0} was answered already; a sink that wants another view connects anew")]
    Answered(u64),
}

/// What fails on a sink's or an observer's side.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Nobody listens: try again later.
    #[error("no renderer listens at {}; start one, or check the runtime directory", path.display())]
    NoRenderer {
        /// The control socket.
        path: PathBuf,
    },
    /// The renderer said no.
    #[error("the renderer refused: {message}")]
    Refused {
        /// The reason, for programs.
        code: Refusal,
        /// The reason, for people.
        message: String,
    },
    /// The renderer did not answer in time.
    #[error("the renderer gave no answer within {waited_ms} ms")]
    TimedOut {
        /// How long was waited.
        waited_ms: u64,
    },
    /// The renderer is gone. Frames in hand stay valid; connect anew.
    #[error("the renderer closed the connection")]
    Closed,
    /// The other side does not keep to the protocol.
    #[error("the renderer broke the protocol: {0}")]
    Protocol(String),
    /// Too many frames are held already.
    #[error("all {holds} frames that this sink may hold are held; drop one first")]
    TooManyHeld {
        /// How many were asked for.
        holds: u32,
    },
    /// The request itself is out of range.
    #[error(transparent)]
    Want(#[from] WantError),
    /// A system call failed.
    #[error("{what}: {source}")]
    Os {
        /// What was tried.
        what: String,
        /// The system's answer.
        source: io::Error,
    },
}

impl TransportError {
    pub(crate) fn os(what: impl Into<String>) -> impl FnOnce(rustix::io::Errno) -> TransportError {
        let what = what.into();
        move |errno| TransportError::Os { what, source: errno.into() }
    }
}

impl LinkError {
    pub(crate) fn os(what: impl Into<String>) -> impl FnOnce(rustix::io::Errno) -> LinkError {
        let what = what.into();
        move |errno| LinkError::Os { what, source: errno.into() }
    }
}

/// The pixels of a frame changed while it was held: the renderer broke the protocol, or the frame was kept
/// past its release. What was read must not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("frame {sequence} was given back before it was read to the end")]
pub struct UseAfterRelease {
    /// The frame that was held.
    pub sequence: u64,
}

impl TransportError {
    /// The code with which a sink is refused when this came of admitting it.
    pub fn refusal(&self) -> Refusal {
        match self {
            TransportError::Want(WantError::Geometry { .. }) => Refusal::Geometry,
            TransportError::Want(_) => Refusal::Invalid,
            TransportError::Limit { .. } => Refusal::Limit,
            TransportError::Memory { .. } => Refusal::Memory,
            TransportError::Os { .. }
            | TransportError::AddressInUse { .. }
            | TransportError::NoSink(_)
            | TransportError::NoView(_)
            | TransportError::Answered(_) => Refusal::Unavailable,
        }
    }
}
