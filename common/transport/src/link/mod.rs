//! A sink's end: it connects, waits for frames, takes them without copying, and says when they were shown.
//! Reconnecting is left to the caller: a `Link` is one connection.

mod connect;
mod frame;
pub(crate) mod pools;
mod wait;

pub(crate) use connect::{answer, open, say};
pub use frame::Frame;
pub use wait::Wake;

use crate::clock::age_ms;
use crate::error::LinkError;
use crate::frame::{Damage, Geometry};
use crate::meta;
use crate::policy::DropPolicy;
use crate::ring::{Claim, Reader, Take};
use crate::socket;
use crate::want::Want;
use crate::wire::{self, ToHub, ToSink};
use crate::words::OwnWords;
use frame::{Held, Kept};
use pools::{Pool, Pools};
use rustix::io::Errno;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// One connection to the renderer.
pub struct Link {
    kept: Arc<Kept>,
    bell: OwnedFd,
    reader: Reader,
    pools: Pools,
    policy: DropPolicy,
    holds: u32,
    /// Number of the newest frame handed out, 0 before the first.
    seen: u64,
    polled_at_ns: u64,
    buffer: Box<[u8]>,
}

impl Link {
    /// Connects and asks; returns once the renderer has said yes.
    pub fn connect(socket: &Path, want: &Want, timeout: Duration) -> Result<Link, LinkError> {
        connect::connect(socket, want, timeout)
    }

    /// Size and layout of the frames.
    pub fn geometry(&self) -> Geometry {
        self.pools.newest().news.geometry
    }

    /// Random number of the renderer's start.
    pub fn generation(&self) -> u64 {
        self.pools.newest().news.generation
    }

    /// The oldest frame that waits.
    pub fn take(&mut self) -> Result<Option<Frame<'_>>, LinkError> {
        self.take_queued()
    }

    /// The newest frame that waits; older ones are skipped, and their damage is in its own.
    pub fn take_newest(&mut self) -> Result<Option<Frame<'_>>, LinkError> {
        self.reader.skip_to_newest();
        self.take_queued()
    }

    /// All frames that wait, oldest first, as many as the sink may hold; the rest waits on.
    pub fn take_batch(&mut self) -> Result<Vec<Frame<'_>>, LinkError> {
        let mut batch = Vec::new();
        while batch.len() < self.holds as usize {
            match self.take_queued() {
                Ok(Some(frame)) => batch.push(frame.keep()),
                Err(LinkError::TooManyHeld { .. }) if !batch.is_empty() => break,
                Ok(None) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(batch)
    }

    /// The newest picture of the view, even if it was taken before.
    pub fn latest(&mut self) -> Result<Option<Frame<'_>>, LinkError> {
        if self.reader.has_pending() {
            self.reader.skip_to_newest();
            if let Some(frame) = self.take_queued()?.map(Frame::keep) {
                return Ok(Some(frame));
            }
        }
        if self.pools.newest().is_retired() {
            self.hear()?;
        }
        let pool = self.pools.newest().clone();
        match self.reader.latest(pool.words()) {
            Take::Got(claim) => Ok(Some(self.hand_out(pool, claim, false))),
            Take::Empty => Ok(None),
            Take::TooManyHeld => Err(LinkError::TooManyHeld { holds: self.holds }),
            Take::OtherPool(_) | Take::Corrupt => Err(corrupt()),
        }
    }

    /// Tells the renderer whether somebody looks; a new link counts as watched.
    pub fn set_watched(&mut self, on: bool) -> Result<(), LinkError> {
        self.kept.say(&ToHub::Watched(on))
    }

    /// Milliseconds since the renderer's last heartbeat.
    pub fn renderer_age_ms(&self) -> u64 {
        age_ms(self.reader.heartbeat_ns())
    }

    fn take_queued(&mut self) -> Result<Option<Frame<'_>>, LinkError> {
        loop {
            let pool = self.pools.oldest().clone();
            match self.reader.take(pool.words()) {
                Take::Got(claim) => {
                    if self.policy == DropPolicy::Block && self.reader.space_wanted() {
                        self.kept.say(&ToHub::Space)?;
                    }
                    return Ok(Some(self.hand_out(pool, claim, true)));
                }
                Take::Empty => return Ok(None),
                Take::TooManyHeld => return Err(LinkError::TooManyHeld { holds: self.holds }),
                Take::Corrupt => return Err(corrupt()),
                Take::OtherPool(epoch) => self.turn_to(epoch)?,
            }
        }
    }

    /// The next frame lies in a newer pool: its files were sent before the frame was queued.
    fn turn_to(&mut self, epoch: u8) -> Result<(), LinkError> {
        if !self.pools.advance_to(epoch) {
            self.hear()?;
            if !self.pools.advance_to(epoch) {
                return Err(corrupt());
            }
        }
        Ok(())
    }

    fn hand_out(&mut self, pool: Arc<Pool>, claim: Claim, queued: bool) -> Frame<'_> {
        let sequence = claim.sequence();
        let geometry = pool.news.geometry;
        let meta = pool.meta(&claim);
        let again = sequence <= self.seen;
        let between = if self.seen == 0 { 0 } else { sequence.saturating_sub(self.seen + 1) };
        let damage = match between {
            _ if self.seen == 0 || again => None,
            0 => Some(meta.damage),
            _ => meta::since(&pool.header, self.seen, sequence - 1).map(|mut damage| {
                damage.union(&meta.damage);
                damage
            }),
        };
        self.seen = self.seen.max(sequence);
        let damage = damage.unwrap_or_else(|| Damage::from(geometry.bounds()));
        let held = Held { kept: self.kept.clone(), pool, claim: Some(claim), queued };
        Frame::new(held, meta, damage, between)
    }

    /// Hears what the renderer said; `Closed` when it is gone.
    fn hear(&mut self) -> Result<(), LinkError> {
        loop {
            let packet = match socket::receive(self.kept.socket.as_fd(), &mut self.buffer) {
                Ok(packet) => packet,
                Err(Errno::AGAIN) => return Ok(()),
                Err(Errno::CONNRESET | Errno::PIPE) => return Err(LinkError::Closed),
                Err(errno) => return Err(LinkError::os("cannot hear the renderer")(errno)),
            };
            if packet.bytes == 0 && packet.fds.is_empty() {
                return Err(LinkError::Closed);
            }
            let bytes = self.buffer.get(..packet.bytes).filter(|_| !packet.truncated);
            let bytes = bytes.ok_or_else(|| LinkError::Protocol("a message is too long".to_owned()))?;
            match wire::decode::<ToSink>(bytes).map_err(|error| LinkError::Protocol(error.to_string()))? {
                ToSink::Wake => {}
                ToSink::Refused { code, message } => return Err(LinkError::Refused { code, message }),
                ToSink::Pool(news) => self.pools.push(Pool::open(news, packet.fds)?)?,
                ToSink::Admitted(_) | ToSink::Stats(_) => {
                    return Err(LinkError::Protocol("an answer that was not asked for".to_owned()));
                }
            }
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Frames that were kept hold the connection open; without them its end says the same.
        let _ = self.kept.say(&ToHub::Bye);
    }
}

impl Kept {
    fn say(&self, message: &ToHub) -> Result<(), LinkError> {
        let bytes = wire::encode(message).map_err(|error| LinkError::Protocol(error.to_string()))?;
        match socket::send(self.socket.as_fd(), &bytes, &[]) {
            Ok(()) => Ok(()),
            Err(Errno::PIPE | Errno::CONNRESET) => Err(LinkError::Closed),
            Err(errno) => Err(LinkError::os("cannot tell the renderer")(errno)),
        }
    }
}

fn corrupt() -> LinkError {
    LinkError::Protocol("its shared words make no sense".to_owned())
}

/// The words that a sink writes, with the connection that must outlive every frame.
fn kept(socket: OwnedFd, rx: OwnWords) -> Arc<Kept> {
    Arc::new(Kept { socket, rx })
}
