//! Names of the hub's interface: options, events, numbers of sinks and views.
//! What they do is in the other files of this folder.

use crate::error::TransportError;
use crate::want::Want;
use rustix::fs::{Gid, Mode};
use std::path::Path;

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

impl HubOptions {
    /// Lets only our user, and the group if one is given, connect to the socket.
    pub(super) fn protect(&self, path: &Path) -> Result<(), TransportError> {
        let os = |what: &str| TransportError::os(format!("cannot {what} {}", path.display()));
        let Some(group) = self.group else {
            return rustix::fs::chmod(path, Mode::from(0o600)).map_err(os("protect"));
        };
        rustix::fs::chown(path, None, Some(Gid::from_raw(group))).map_err(os("give the group"))?;
        rustix::fs::chmod(path, Mode::from(0o660)).map_err(os("open to the group"))
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
    /// A sink was told to go, for what it did; it gets no frames any more. `Gone` follows when it has gone.
    Revoked {
        /// Which one.
        sink: SinkId,
        /// Why, for the log.
        why: String,
    },
    /// A sink is gone.
    Gone {
        /// Which one.
        sink: SinkId,
        /// Why, for the log.
        why: String,
    },
    /// A `block` sink of this view has space again, or is not waited for any more.
    Space {
        /// Which view.
        view: ViewId,
    },
    /// The extra descriptor at this index is readable (or closed).
    Extra(usize),
}
