//! Who looks: every viewer, stream and waiting picture request counts for as long as its `Looker` lives.
//!
//! Knows nothing of sockets or pictures; it only tells the sink's loop whether the renderer has to work for us.

use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use casedd_common::exit::Failure;
use casedd_common::transport::clock;
use nix::sys::eventfd::{EfdFlags, EventFd};

/// The renderer goes on so long after the last one left: whoever polls `/image` each second keeps it warm.
const LINGER_NS: u64 = 2_000_000_000;

/// The count of those who look.
pub struct Audience {
    state: Mutex<State>,
    /// Rung when the first one comes, so that the sink's loop need not poll for it.
    wake: EventFd,
}

#[derive(Default)]
struct State {
    lookers: usize,
    /// When the present stretch of being watched began.
    since_ns: u64,
    /// When the last one left.
    left_at_ns: Option<u64>,
}

impl State {
    fn is_watched(&self, now_ns: u64) -> bool {
        self.lookers > 0 || self.left_at_ns.is_some_and(|left| now_ns < left + LINGER_NS)
    }
}

/// Somebody who looks; dropping it is looking away.
pub struct Looker {
    audience: Arc<Audience>,
    since_ns: u64,
}

impl Looker {
    /// Frames published from here on are fresh for this one: earlier ones may be from before a pause.
    pub fn since_ns(&self) -> u64 {
        self.since_ns
    }
}

impl Drop for Looker {
    fn drop(&mut self) {
        self.audience.leave(clock::now_ns());
    }
}

impl Audience {
    /// Nobody, yet.
    pub fn new() -> Result<Arc<Audience>, Failure> {
        let wake = EventFd::from_flags(EfdFlags::EFD_NONBLOCK | EfdFlags::EFD_CLOEXEC)
            .map_err(|errno| Failure::from(std::io::Error::from(errno)))?;
        Ok(Arc::new(Audience { state: Mutex::default(), wake }))
    }

    /// One more looks.
    pub fn enter(self: &Arc<Self>) -> Looker {
        let since_ns = self.arrive(clock::now_ns());
        Looker { audience: Arc::clone(self), since_ns }
    }

    /// Whether anybody looks, or did a moment ago.
    pub fn is_watched(&self) -> bool {
        self.state().is_watched(clock::now_ns())
    }

    /// Since when anybody looks, on the monotonic clock; `None` when nobody does.
    pub fn watched_since_ns(&self) -> Option<u64> {
        let state = self.state();
        (state.lookers > 0).then_some(state.since_ns)
    }

    /// Readable when the first one came.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }

    /// Makes [`Audience::fd`] unreadable again.
    pub fn clear_wake(&self) {
        // Nothing to read is what is wanted.
        let _ = self.wake.read();
    }

    fn arrive(&self, now_ns: u64) -> u64 {
        let mut state = self.state();
        if !state.is_watched(now_ns) {
            state.since_ns = now_ns;
            // A full counter is readable already.
            let _ = self.wake.write(1);
        }
        state.lookers += 1;
        state.since_ns
    }

    fn leave(&self, now_ns: u64) {
        let mut state = self.state();
        state.lookers -= 1;
        if state.lookers == 0 {
            state.left_at_ns = Some(now_ns);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    fn is_rung(audience: &Audience) -> bool {
        poll(&mut [PollFd::new(audience.fd(), PollFlags::POLLIN)], PollTimeout::ZERO) == Ok(1)
    }

    #[test]
    fn nobody_looks_until_the_first_one_comes_and_that_rings() {
        let audience = Audience::new().unwrap();
        assert!(!audience.is_watched() && !is_rung(&audience));
        let first = audience.enter();
        assert!(audience.is_watched() && is_rung(&audience));
        audience.clear_wake();
        let second = audience.enter();
        assert!(!is_rung(&audience), "the second one is no news");
        assert_eq!(first.since_ns(), second.since_ns());
    }

    #[test]
    fn the_last_one_to_leave_is_remembered_for_two_seconds() {
        let audience = Audience::new().unwrap();
        audience.arrive(1_000);
        audience.leave(5_000);
        assert!(audience.state().is_watched(5_000 + LINGER_NS - 1));
        assert!(!audience.state().is_watched(5_000 + LINGER_NS));
        assert_eq!(audience.arrive(6_000), 1_000, "still the same stretch");
        audience.leave(7_000);
        let late = 7_000 + LINGER_NS;
        assert_eq!(audience.arrive(late), late, "a new stretch");
    }
}
