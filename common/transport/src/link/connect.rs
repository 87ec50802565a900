//! The sink's half of the handshake: make its own memory, ask, and map what comes back.
//! What is done with the connection afterwards is in the other files of this folder.

use super::pools::{Pool, Pools};
use super::{Link, kept};
use crate::clock::now_ns;
use crate::error::LinkError;
use crate::header::{Header, Kind};
use crate::layout;
use crate::limits::MESSAGE_MAX_BYTES;
use crate::ring::Reader;
use crate::segment::{Segment, open_sealed};
use crate::socket::{self, Packet};
use crate::want::Want;
use crate::wire::{self, PoolNews, ToHub, ToSink};
use crate::words::{OwnWords, PeerWords};
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::Errno;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(super) fn connect(path: &Path, want: &Want, timeout: Duration) -> Result<Link, LinkError> {
    want.check()?;
    let socket = open(path, timeout)?;
    let rx = make_rx()?;
    let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)
        .map_err(LinkError::os("cannot make a bell"))?;
    let hello = ToHub::Hello { layout_hash: layout::hash(), want: want.clone() };
    say(&socket, &hello, &[rx.file(), bell.as_fd()])?;
    let mut buffer = vec![0; MESSAGE_MAX_BYTES].into_boxed_slice();
    let (answer, packet) = answer(&socket, &mut buffer, timeout)?;
    let (pool, tx) = match answer {
        ToSink::Admitted(news) => admitted(news, packet.fds)?,
        ToSink::Refused { code, message } => return Err(LinkError::Refused { code, message }),
        other => return Err(LinkError::Protocol(format!("{other:?} is no answer to a request"))),
    };
    let words = OwnWords::new(rx.mapping());
    Ok(Link {
        reader: Reader::new(tx, words.clone(), want.holds),
        kept: kept(socket, words),
        bell,
        pools: Pools::new(pool),
        policy: want.policy,
        holds: want.holds,
        seen: 0,
        polled_at_ns: now_ns(),
        buffer,
    })
}

/// Connects; nobody there is an error of its own.
pub fn open(path: &Path, timeout: Duration) -> Result<OwnedFd, LinkError> {
    socket::connect(path, timeout).map_err(|errno| match errno {
        Errno::NOENT | Errno::CONNREFUSED => LinkError::NoRenderer { path: path.to_owned() },
        Errno::AGAIN => timed_out(timeout),
        errno => LinkError::os(format!("cannot connect to {}", path.display()))(errno),
    })
}

/// Sends a request.
pub fn say(socket: &OwnedFd, message: &ToHub, fds: &[BorrowedFd<'_>]) -> Result<(), LinkError> {
    let bytes = wire::encode(message).map_err(|error| LinkError::Protocol(error.to_string()))?;
    socket::send(socket.as_fd(), &bytes, fds).map_err(|errno| match errno {
        Errno::PIPE | Errno::CONNRESET => LinkError::Closed,
        errno => LinkError::os("cannot ask the renderer")(errno),
    })
}

/// Waits for the answer to a request.
pub fn answer(socket: &OwnedFd, buffer: &mut [u8], timeout: Duration) -> Result<(ToSink, Packet), LinkError> {
    let deadline = now_ns().saturating_add(timeout.as_nanos().try_into().unwrap_or(u64::MAX));
    let packet = loop {
        match socket::receive(socket.as_fd(), buffer) {
            Ok(packet) => break packet,
            Err(Errno::AGAIN) => {}
            Err(Errno::CONNRESET) => return Err(LinkError::Closed),
            Err(errno) => return Err(LinkError::os("cannot hear the renderer")(errno)),
        }
        let left = deadline.saturating_sub(now_ns());
        if left == 0 {
            return Err(timed_out(timeout));
        }
        let mut fds = [PollFd::new(socket, PollFlags::IN)];
        let left = Timespec { tv_sec: (left / 1_000_000_000) as i64, tv_nsec: (left % 1_000_000_000) as i64 };
        match poll(&mut fds, Some(&left)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => return Err(LinkError::os("cannot wait for the renderer")(errno)),
        }
    };
    if packet.bytes == 0 && packet.fds.is_empty() {
        return Err(LinkError::Closed);
    }
    let bytes = buffer.get(..packet.bytes).filter(|_| !packet.truncated);
    let bytes = bytes.ok_or_else(|| LinkError::Protocol("the answer is too long".to_owned()))?;
    let message = wire::decode(bytes).map_err(|error| LinkError::Protocol(error.to_string()))?;
    Ok((message, packet))
}

fn make_rx() -> Result<Segment, LinkError> {
    let os = |source| LinkError::Os { what: "cannot make the sink's memory".to_owned(), source };
    let segment = Segment::create("casedd-rx", layout::rx::WORDS * size_of::<u64>()).map_err(os)?;
    Header::default().write(Kind::Rx, &OwnWords::new(segment.mapping()));
    segment.seal().map_err(os)?;
    Ok(segment)
}

fn admitted(news: PoolNews, fds: Vec<OwnedFd>) -> Result<(Pool, PeerWords), LinkError> {
    let mut fds = fds;
    let Some(tx) = fds.pop() else {
        return Err(LinkError::Protocol("no descriptors came with the answer".to_owned()));
    };
    let mapping = open_sealed(tx.as_fd(), layout::tx::WORDS * size_of::<u64>())
        .map_err(|source| LinkError::Os { what: "cannot map the queue".to_owned(), source })?;
    let tx = PeerWords::new(Arc::new(mapping));
    let header = Header { generation: news.generation, ..Header::default() };
    header.check(Kind::Tx, &tx).map_err(LinkError::Protocol)?;
    Ok((Pool::open(news, fds)?, tx))
}

fn timed_out(timeout: Duration) -> LinkError {
    LinkError::TimedOut { waited_ms: timeout.as_millis().try_into().unwrap_or(u64::MAX) }
}
