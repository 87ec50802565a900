//! Waiting for connections, messages, time and the caller's own descriptors.
//! What a message does is in `serve`.

use super::{Event, Hub, SinkId};
use crate::clock::now_ns;
use crate::error::{Refusal, TransportError};
use crate::limits::{EXTRA_FDS_MAX, HELLO_DEADLINE_MS};
use rustix::event::{PollFd, PollFlags, Timespec, epoll, poll};
use rustix::io::Errno;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

/// Connections served in one turn.
pub const READY_MAX: usize = 64;
/// Key of the listening socket; connections have numbers from 1.
const LISTENER: u64 = 0;
/// Leases are looked at this often while a frame is held.
const LEASE_TICK_NS: u64 = 100_000_000;

impl Hub {
    /// Waits for the first of: an event, an extra descriptor readable, the timeout.
    pub fn wait(
        &mut self,
        timeout: Duration,
        extra: &[BorrowedFd<'_>],
    ) -> Result<Vec<Event>, TransportError> {
        let deadline = now_ns().saturating_add(timeout.as_nanos().try_into().unwrap_or(u64::MAX));
        loop {
            let now = now_ns();
            let until = if self.events.is_empty() { deadline.min(self.next_tick_ns(now)) } else { now };
            if self.poll(until.saturating_sub(now), extra)? {
                self.serve_ready()?;
            }
            let now = now_ns();
            self.tick(now);
            if !self.events.is_empty() || now >= deadline {
                return Ok(std::mem::take(&mut self.events));
            }
        }
    }

    /// True when a connection or the listener is ready. Extra descriptors become events.
    fn poll(&mut self, wait_ns: u64, extra: &[BorrowedFd<'_>]) -> Result<bool, TransportError> {
        if extra.len() > EXTRA_FDS_MAX {
            let what = "extra descriptors of one wait";
            return Err(TransportError::Limit { what, asked: extra.len(), most: EXTRA_FDS_MAX });
        }
        let mut fds: [PollFd<'_>; EXTRA_FDS_MAX + 1] = std::array::from_fn(|index| {
            let fd = index.checked_sub(1).and_then(|index| extra.get(index).copied());
            PollFd::from_borrowed_fd(fd.unwrap_or_else(|| self.epoll.as_fd()), PollFlags::IN)
        });
        let fds = &mut fds[..=extra.len()];
        match poll(fds, Some(&timespec(wait_ns))) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(false),
            Err(errno) => return Err(TransportError::os("cannot wait for sinks")(errno)),
        }
        let readable = fds[1..].iter().enumerate().filter(|(_, fd)| !fd.revents().is_empty());
        self.events.extend(readable.map(|(index, _)| Event::Extra(index)));
        Ok(!fds[0].revents().is_empty())
    }

    fn serve_ready(&mut self) -> Result<(), TransportError> {
        let mut ready = std::mem::take(&mut self.ready);
        ready.clear();
        let found = epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut ready), Some(&timespec(0)));
        match found {
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => return Err(TransportError::os("cannot look which sinks speak")(errno)),
        }
        for event in &ready {
            match event.data.u64() {
                LISTENER => self.accept_waiting()?,
                sink => self.hear(SinkId(sink)),
            }
        }
        self.ready = ready;
        Ok(())
    }

    /// When something must be done although nobody speaks.
    fn next_tick_ns(&self, now: u64) -> u64 {
        let seats = || self.views.values().flat_map(|view| &view.seats);
        let lease = seats().any(|seat| seat.holds_any()).then(|| now.saturating_add(LEASE_TICK_NS));
        let block = seats().filter_map(|seat| seat.block_ends_ns()).min();
        let hello = self.fresh().map(|(_, deadline)| deadline).min();
        [lease, block, hello].into_iter().flatten().min().unwrap_or(u64::MAX)
    }

    fn tick(&mut self, now: u64) {
        let late = self.fresh().filter(|(_, deadline)| *deadline <= now).map(|(sink, _)| sink);
        for sink in late.collect::<Vec<_>>() {
            self.turn_away(sink, Refusal::Protocol, "it did not say what it wants in time");
        }
        for view in self.views.values_mut() {
            let over =
                view.seats.iter_mut().filter(|seat| seat.block_ends_ns().is_some_and(|end| end <= now));
            if over.count() > 0 {
                self.events.push(Event::Space { view: view.id });
            }
        }
        self.check_sinks(now);
    }

    /// Connections that have not asked for anything yet, with the end of their time.
    fn fresh(&self) -> impl Iterator<Item = (SinkId, u64)> + '_ {
        self.connections.iter().filter_map(|(id, connection)| {
            let fresh = matches!(connection.state, super::State::Fresh);
            fresh.then_some((SinkId(*id), connection.opened_at_ns + HELLO_DEADLINE_MS * 1_000_000))
        })
    }

    /// Starts or stops to be told of new connections.
    pub(super) fn listen_for_connections(&self, on: bool) -> Result<(), TransportError> {
        let done = if on {
            epoll::add(
                &self.epoll,
                &self.listener,
                epoll::EventData::new_u64(LISTENER),
                epoll::EventFlags::IN,
            )
        } else {
            epoll::delete(&self.epoll, &self.listener)
        };
        done.map_err(TransportError::os("cannot watch the control socket"))
    }
}

fn timespec(nanos: u64) -> Timespec {
    let nanos = nanos.min(i64::MAX as u64) as i64;
    Timespec { tv_sec: nanos / 1_000_000_000, tv_nsec: nanos % 1_000_000_000 }
}
