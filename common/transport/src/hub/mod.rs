//! The renderer's end: it listens, admits sinks to views, hands out slots to draw in, and publishes frames.
//! What is drawn, and which topic belongs to which view, is left to the caller.

mod writing;

pub use writing::{Published, Writing};

use crate::error::{Refusal, TransportError};
use crate::observe::Stats;
use crate::want::Want;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::time::Duration;

/// A connected sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SinkId(pub u64);

/// An open view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ViewId(pub u64);

/// What a hub allows.
#[derive(Clone, Debug)]
pub struct HubOptions {
    /// Sinks that may be admitted at once.
    pub sinks_max: usize,
    /// Bytes that one pool's pixels may take.
    pub pool_bytes_max: usize,
    /// Members of this group may connect too, not only our own user.
    pub group: Option<u32>,
    /// A sink that holds a frame this long after its lease is ended.
    pub revoke_after_ms: u64,
    /// End such a sink by SIGKILL (only when it is ours to kill); else its connection is closed.
    pub kill_revoked: bool,
}

impl Default for HubOptions {
    fn default() -> Self {
        HubOptions {
            sinks_max: 64,
            pool_bytes_max: 1 << 30,
            group: None,
            revoke_after_ms: 5_000,
            kill_revoked: false,
        }
    }
}

/// What happened while the hub waited.
#[derive(Debug)]
pub enum Event {
    /// A sink connected and wants something: answer with `admit` or `refuse`, now or later.
    Asked {
        /// Who.
        sink: SinkId,
        /// What; checked against the limits.
        want: Want,
    },
    /// Somebody looks at an admitted sink, or nobody does any more.
    Watched {
        /// Which sink.
        sink: SinkId,
        /// Whether somebody looks.
        on: bool,
    },
    /// A sink is gone.
    Gone {
        /// Which one.
        sink: SinkId,
        /// Why, for the log.
        why: String,
    },
    /// A `block` sink of this view has space again.
    Space {
        /// Which view.
        view: ViewId,
    },
    /// The extra descriptor at this index is readable (or closed).
    Extra(usize),
}

/// The renderer's end of the transport. One thread drives it; nothing but `wait` ever waits.
pub struct Hub {
    _private: (),
}

#[expect(unused_variables, clippy::missing_const_for_fn, clippy::unused_self, reason = "first signatures")]
impl Hub {
    /// Listens at `socket`; a stale socket file is replaced, a served one is an error.
    pub fn bind(socket: &Path, options: HubOptions) -> Result<Hub, TransportError> {
        Ok(Hub { _private: () })
    }

    /// Random number of this start.
    pub fn generation(&self) -> u64 {
        0
    }

    /// Waits for the first of: an event, an extra descriptor readable, the timeout.
    pub fn wait(
        &mut self,
        timeout: Duration,
        extra: &[BorrowedFd<'_>],
    ) -> Result<Vec<Event>, TransportError> {
        Ok(Vec::new())
    }

    /// Opens a view; its pool's memory is allocated before this returns.
    pub fn open_view(&mut self, width: u32, height: u32) -> Result<ViewId, TransportError> {
        Err(TransportError::NoView(0))
    }

    /// Closes a view; sinks that are still admitted to it are told to go.
    pub fn close_view(&mut self, view: ViewId) {}

    /// Admits a sink that asked to a view; the newest frame of the view, if any, is its first.
    pub fn admit(&mut self, sink: SinkId, view: ViewId) -> Result<(), TransportError> {
        Err(TransportError::NoView(view.0))
    }

    /// Turns a sink away that asked.
    pub fn refuse(&mut self, sink: SinkId, code: Refusal, message: &str) {}

    /// True when an admitted sink of the view says that somebody looks.
    pub fn watched(&self, view: ViewId) -> bool {
        false
    }

    /// False while a `block` sink of the view has no space; `Event::Space` follows.
    pub fn writable(&mut self, view: ViewId) -> bool {
        true
    }

    /// A slot of the view that nobody reads, to draw in. `None` only when the view is not open.
    pub fn begin(&mut self, view: ViewId) -> Option<Writing<'_>> {
        None
    }

    /// Tells all sinks that the renderer's loop turns; call it every turn, at least each 250 ms.
    pub fn heartbeat(&mut self) {}

    /// All counters.
    pub fn stats(&mut self) -> Stats {
        Stats::default()
    }
}
