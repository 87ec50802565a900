//! A sink's end: it connects, waits for frames, takes them without copying, and says when they were shown.
//! Reconnecting is left to the caller: a `Link` is one connection.

mod frame;

pub use frame::Frame;

use crate::error::LinkError;
use crate::frame::Geometry;
use crate::want::Want;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::time::Duration;

/// Why `wait` returned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wake {
    /// A frame can be taken.
    pub frame: bool,
    /// An extra descriptor is readable.
    pub extra: bool,
    /// The time was over before anything happened.
    pub timeout: bool,
}

/// One connection to the renderer.
pub struct Link {
    geometry: Geometry,
}

#[expect(unused_variables, clippy::missing_const_for_fn, clippy::unused_self, reason = "first signatures")]
impl Link {
    /// Connects and asks; returns once the renderer has said yes.
    pub fn connect(socket: &Path, want: &Want, timeout: Duration) -> Result<Link, LinkError> {
        Err(LinkError::NoRenderer { path: socket.to_owned() })
    }

    /// Size and layout of the frames.
    pub fn geometry(&self) -> Geometry {
        self.geometry
    }

    /// Random number of the renderer's start.
    pub fn generation(&self) -> u64 {
        0
    }

    /// Waits for the first of: a frame, an extra descriptor readable, the timeout.
    pub fn wait(&mut self, timeout: Duration, extra: &[BorrowedFd<'_>]) -> Result<Wake, LinkError> {
        Err(LinkError::Closed)
    }

    /// The oldest frame that waits.
    pub fn take(&mut self) -> Result<Option<Frame<'_>>, LinkError> {
        Ok(None)
    }

    /// The newest frame that waits; older ones are skipped, and their damage is in its own.
    pub fn take_newest(&mut self) -> Result<Option<Frame<'_>>, LinkError> {
        Ok(None)
    }

    /// The newest picture of the view, even if it was taken before.
    pub fn latest(&mut self) -> Result<Option<Frame<'_>>, LinkError> {
        Ok(None)
    }

    /// Tells the renderer whether somebody looks; a new link counts as watched.
    pub fn set_watched(&mut self, on: bool) -> Result<(), LinkError> {
        Ok(())
    }

    /// Milliseconds since the renderer's last heartbeat.
    pub fn renderer_age_ms(&self) -> u64 {
        0
    }
}
