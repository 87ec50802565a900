//! A sink's sleep: until a frame waits, the renderer speaks or dies, or the caller's own descriptors wake it.
//! While frames keep coming no system call is made, but for a look around every few milliseconds.

use super::Link;
use crate::clock::now_ns;
use crate::error::LinkError;
use crate::limits::EXTRA_FDS_MAX;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

/// A sink that never sleeps still looks this often at its socket and at the caller's descriptors.
const LOOK_AROUND_NS: u64 = 10_000_000;
/// Bell and control socket.
const OWN_FDS: usize = 2;

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

impl Link {
    /// Waits for the first of: a frame, an extra descriptor readable, the timeout.
    /// `Closed` comes only once everything that was queued is taken.
    pub fn wait(&mut self, timeout: Duration, extra: &[BorrowedFd<'_>]) -> Result<Wake, LinkError> {
        let start = now_ns();
        if self.reader.has_pending() && start.saturating_sub(self.polled_at_ns) < LOOK_AROUND_NS {
            return Ok(Wake { frame: true, ..Wake::default() });
        }
        let deadline = start.saturating_add(timeout.as_nanos().try_into().unwrap_or(u64::MAX));
        loop {
            let may_sleep = self.reader.prepare_sleep();
            let left = if may_sleep { deadline.saturating_sub(now_ns()) } else { 0 };
            let polled = self.poll(left, extra);
            self.reader.awake();
            let extra = match polled {
                // What was queued before the renderer went can still be taken.
                Err(LinkError::Closed) if self.reader.has_pending() => false,
                polled => polled?,
            };
            self.polled_at_ns = now_ns();
            let frame = self.reader.has_pending();
            if frame || extra || self.polled_at_ns >= deadline {
                return Ok(Wake { frame, extra, timeout: !frame && !extra });
            }
        }
    }

    /// True when an extra descriptor is readable.
    fn poll(&mut self, wait_ns: u64, extra: &[BorrowedFd<'_>]) -> Result<bool, LinkError> {
        if extra.len() > EXTRA_FDS_MAX {
            let text = format!("{} extra descriptors in one wait, not {EXTRA_FDS_MAX}", extra.len());
            return Err(LinkError::Os { what: text, source: std::io::ErrorKind::InvalidInput.into() });
        }
        let own = [self.bell.as_fd(), self.kept.socket.as_fd()];
        let mut fds: [PollFd<'_>; OWN_FDS + EXTRA_FDS_MAX] = std::array::from_fn(|index| {
            let fd = own.iter().chain(extra).nth(index).unwrap_or(&own[0]);
            PollFd::from_borrowed_fd(*fd, PollFlags::IN)
        });
        let fds = &mut fds[..OWN_FDS + extra.len()];
        let wait_ns = wait_ns.min(i64::MAX as u64) as i64;
        let timeout = Timespec { tv_sec: wait_ns / 1_000_000_000, tv_nsec: wait_ns % 1_000_000_000 };
        match poll(fds, Some(&timeout)) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(false),
            Err(errno) => return Err(LinkError::os("cannot wait for frames")(errno)),
        }
        let ready: [bool; 2] = [!fds[0].revents().is_empty(), !fds[1].revents().is_empty()];
        let extra_ready = fds[OWN_FDS..].iter().any(|fd| !fd.revents().is_empty());
        if ready[0] {
            // The count does not matter, only that it is zero again; nothing to read means just that.
            let _ = rustix::io::read(&self.bell, &mut [0; 8]);
        }
        if ready[1] {
            self.hear()?;
        }
        Ok(extra_ready)
    }
}
