//! One admitted sink, as its view keeps it: its queue, its bell, its lease, and how long it was waited for.
//! Its socket is the connection's business.

use super::{SinkId, breach};
use crate::account::Account;
use crate::layout::{HOLDS, rx};
use crate::limits::HOLDS_MAX;
use crate::observe::{SinkStats, Totals};
use crate::policy::DropPolicy;
use crate::ring::{Descriptor, Port, Push, Pushed};
use crate::want::Want;
use crate::{latency, wire};
use rustix::io::Errno;
use std::os::fd::{AsFd, OwnedFd};

/// How a sleeping sink is woken.
pub enum Bell {
    /// By its eventfd: it belongs to our own user.
    Event(OwnedFd),
    /// By a packet: a peer of another user could make a write to its eventfd block.
    Socket(OwnedFd),
}

impl Bell {
    fn ring(&self) {
        // A full eventfd or socket means that the sink has been woken already; a closed one, that it is gone.
        let _: Result<(), Errno> = match self {
            Bell::Event(bell) => rustix::io::write(bell, &1u64.to_ne_bytes()).map(drop),
            Bell::Socket(socket) => wire::encode(&wire::ToSink::Wake)
                .map_err(|_| Errno::INVAL)
                .and_then(|bytes| crate::socket::send(socket.as_fd(), &bytes, &[])),
        };
    }
}

/// Why a sink gets no frames any more although it is still connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It said so.
    Bye,
    /// It was told to go.
    Revoked(String),
}

/// One admitted sink.
pub struct Seat {
    /// Who.
    pub sink: SinkId,
    /// What it asked for.
    pub want: Want,
    /// Its queue.
    pub port: Port,
    /// Process at the other end.
    pub pid: u32,
    /// Somebody looks.
    pub watched: bool,
    /// It gets no frames any more, and its holds stand until its end.
    pub ending: Option<Ending>,
    bell: Bell,
    /// Number of the newest frame offered to it.
    offered: u64,
    held_since: [(Descriptor, u64); HOLDS],
    stalled: bool,
    overruns: u64,
    breaches: u64,
    blocked_since_ns: Option<u64>,
    blocked_ns: u64,
}

impl Seat {
    /// A sink that has just been admitted.
    pub fn new(sink: SinkId, want: Want, port: Port, (bell, pid): (Bell, u32)) -> Seat {
        Seat {
            sink,
            want,
            port,
            pid,
            watched: true,
            ending: None,
            bell,
            offered: 0,
            held_since: [(Descriptor::NONE, 0); HOLDS],
            stalled: false,
            overruns: 0,
            breaches: 0,
            blocked_since_ns: None,
            blocked_ns: 0,
        }
    }

    /// True when it gets frames.
    pub fn is_open(&self) -> bool {
        self.watched && self.ending.is_none()
    }

    /// True when it was told to go.
    pub fn is_revoked(&self) -> bool {
        matches!(self.ending, Some(Ending::Revoked(_)))
    }

    /// Offers a frame, unless nobody looks or it has it already.
    pub fn offer(&mut self, frame: Descriptor) -> Option<Push> {
        if !self.is_open() || self.offered == frame.sequence() {
            return None;
        }
        self.offered = frame.sequence();
        if self.stalled { Some(self.port.drop_newest()) } else { Some(self.port.push(frame)) }
    }

    /// Wakes it if it sleeps.
    pub fn wake(&self, pushed: Pushed) {
        if self.is_open() && self.port.is_sleeping(pushed) {
            self.bell.ring();
        }
    }

    /// True while the renderer must wait for it. Counts the time, and asks the sink to tell.
    pub fn is_blocking(&mut self, now_ns: u64) -> bool {
        let waits = self.want.policy == DropPolicy::Block && self.is_open() && !self.stalled;
        if !waits || !self.port.is_full() {
            self.end_block(now_ns);
            return false;
        }
        if self.blocked_since_ns.is_none() {
            self.blocked_since_ns = Some(now_ns);
            if self.port.ask_for_space() {
                self.end_block(now_ns);
                return false;
            }
        }
        self.block_ends_ns().is_none_or(|end| now_ns < end)
    }

    /// The renderer does not wait for it any more; true when it did.
    pub fn end_block(&mut self, now_ns: u64) -> bool {
        let Some(since) = self.blocked_since_ns.take() else { return false };
        self.blocked_ns += now_ns.saturating_sub(since);
        self.port.stop_asking();
        true
    }

    /// When the longest wait for it is over, while it is waited for.
    pub fn block_ends_ns(&self) -> Option<u64> {
        let longest = u64::from(self.want.longest_block_ms) * 1_000_000;
        self.blocked_since_ns.filter(|_| longest > 0).map(|since| since + longest)
    }

    /// What the sink says of itself and cannot be true, in a view whose newest frame is `newest`. Counted.
    pub fn check_words(&mut self, newest: u64) -> Option<String> {
        let why = breach::find(&self.port, newest)?;
        self.breaches += 1;
        Some(why)
    }

    /// Looks how long frames are held. Returns the longest time beyond the lease, in ms; 0 when none is.
    pub fn check_lease(&mut self, now_ns: u64) -> u64 {
        let mut beyond_ms = None;
        let mut seen = [(Descriptor::NONE, 0); HOLDS_MAX as usize];
        for (index, held) in self.port.held().enumerate() {
            if held == Descriptor::NONE {
                continue;
            }
            let (known, since) = self.held_since[index];
            let since = if known == held { since } else { now_ns };
            seen[index] = (held, since);
            let age_ms = now_ns.saturating_sub(since) / 1_000_000;
            beyond_ms = beyond_ms.max(age_ms.checked_sub(u64::from(self.want.lease_ms)));
        }
        self.held_since = seen;
        if beyond_ms.is_some() && !self.stalled {
            self.overruns += 1;
        }
        self.stalled = beyond_ms.is_some();
        beyond_ms.unwrap_or(0)
    }

    /// True when it holds a frame, so that its lease must be looked at again soon.
    pub fn holds_any(&self) -> bool {
        self.port.held().any(|held| held != Descriptor::NONE)
    }

    /// Everything counted.
    pub fn stats(&mut self, now_ns: u64, view: u64, earlier: Totals) -> SinkStats {
        let account = Account::of(&self.port);
        let (words, want) = (self.port.rx(), &self.want);
        let counts = (0..latency::BUCKETS).map(|bucket| words.load_relaxed(rx::LATENCY + bucket));
        let blocked_now = self.blocked_since_ns.map_or(0, |since| now_ns.saturating_sub(since));
        SinkStats {
            name: want.name.clone(),
            topic: want.topic.clone(),
            view,
            width: want.width,
            height: want.height,
            rate_millihz: want.rate_millihz,
            policy: want.policy,
            pid: self.pid,
            watched: self.watched,
            stalled: self.stalled,
            revoked: self.is_revoked(),
            capacity: self.port.depth() as u32,
            depth: self.port.depth() as u32,
            pending: account.pending as u32,
            is_full: account.pending >= self.port.depth(),
            high_water: self.port.high_water() as u32,
            pushed: account.pushed,
            delivered: account.delivered,
            given_back: account.given_back,
            repainted: words.load_relaxed(rx::REPAINTED),
            dropped_oldest: account.dropped_oldest,
            dropped_newest: account.dropped_newest,
            in_flight: account.in_flight(),
            drop_rate: account.drop_rate(),
            blocked_ns: self.blocked_ns + blocked_now,
            lease_overruns: self.overruns,
            breaches: self.breaches,
            uses_after_release: words.load_relaxed(rx::USES_AFTER_RELEASE),
            latency_p50_us: latency::quantile_us(counts.clone(), 0.5),
            latency_p99_us: latency::quantile_us(counts, 0.99),
            latency_max_us: words.load_relaxed(rx::LATENCY_MAX),
            last_delivered_at_ns: words.load_relaxed(rx::LAST_DELIVERED),
            earlier,
        }
    }
}

impl AsMut<Port> for Seat {
    fn as_mut(&mut self) -> &mut Port {
        &mut self.port
    }
}
