//! One connection to the hub: what the peer has said so far, and what may be said next.
//! Views and seats are left to the hub.

use crate::error::Refusal;
use crate::header::{Header, Kind};
use crate::layout;
use crate::segment;
use crate::socket::{self, Packet, Peer};
use crate::want::{Want, WantError};
use crate::wire::{self, ToHub, ToSink};
use crate::words::PeerWords;
use rustix::io::Errno;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use super::ViewId;

/// A sink that asked, and what it brought.
pub struct Offer {
    /// What it wants; checked.
    pub want: Want,
    /// Its words; sealed and checked.
    pub rx: PeerWords,
    /// Its eventfd, when it may be used.
    pub bell: Option<OwnedFd>,
}

/// How far a connection is.
pub enum State {
    /// It has said nothing, or asked for statistics.
    Fresh,
    /// It asked to be admitted.
    Asked(Box<Offer>),
    /// It has a seat in a view.
    Admitted(ViewId),
}

/// One connection.
pub struct Connection {
    /// Its socket.
    pub socket: OwnedFd,
    /// Who is at the other end.
    pub peer: Peer,
    /// When it was accepted.
    pub opened_at_ns: u64,
    /// How far it is.
    pub state: State,
}

/// What a packet means for the hub.
pub enum Heard {
    /// A sink asks.
    Asked(Box<Offer>),
    /// An observer asks.
    Observe,
    /// Somebody looks, or nobody.
    Watched(bool),
    /// There is space again.
    Space,
    /// The sink wants no more frames.
    Bye,
    /// The peer is turned away.
    Refuse(Refusal, String),
}

impl Connection {
    /// Sends a message without waiting.
    pub fn send(&self, message: &ToSink, fds: &[BorrowedFd<'_>]) -> Result<(), Errno> {
        let bytes = wire::encode(message).map_err(|_| Errno::MSGSIZE)?;
        socket::send(self.socket.as_fd(), &bytes, fds)
    }

    /// What a packet means, given what was said before.
    pub fn hear(&self, bytes: &[u8], packet: Packet, own_uid: u32) -> Heard {
        if packet.truncated {
            return Heard::Refuse(Refusal::Protocol, "the message is too long".to_owned());
        }
        match (wire::decode::<ToHub>(bytes), &self.state) {
            (Err(error), _) => Heard::Refuse(Refusal::Protocol, error.to_string()),
            (Ok(ToHub::Hello { layout_hash, want }), State::Fresh) => {
                self.hello(layout_hash, want, packet.fds, own_uid)
            }
            (Ok(ToHub::Observe), State::Fresh) => Heard::Observe,
            (Ok(ToHub::Watched(on)), State::Admitted(_)) => Heard::Watched(on),
            (Ok(ToHub::Space), State::Admitted(_)) => Heard::Space,
            (Ok(ToHub::Bye), State::Admitted(_)) => Heard::Bye,
            (Ok(message), _) => {
                let text = format!("{message:?} is not expected now").chars().take(200).collect();
                Heard::Refuse(Refusal::Protocol, text)
            }
        }
    }

    fn hello(&self, layout_hash: u64, want: Want, fds: Vec<OwnedFd>, own_uid: u32) -> Heard {
        if layout_hash != layout::hash() {
            let text = "its shared memory is laid out differently; use programs of one release and machine";
            return Heard::Refuse(Refusal::Layout, text.to_owned());
        }
        if let Err(error) = want.check() {
            let code = match error {
                WantError::Geometry { .. } => Refusal::Geometry,
                WantError::Number { .. } | WantError::Text { .. } => Refusal::Invalid,
            };
            return Heard::Refuse(code, error.to_string());
        }
        match open_rx(fds) {
            Ok((rx, bell)) => {
                let bell = Some(bell).filter(|_| self.peer.uid == own_uid);
                Heard::Asked(Box::new(Offer { want, rx, bell }))
            }
            Err(text) => Heard::Refuse(Refusal::Protocol, text),
        }
    }
}

fn open_rx(fds: Vec<OwnedFd>) -> Result<(PeerWords, OwnedFd), String> {
    let count = fds.len();
    let Ok([rx, bell]) = <[OwnedFd; 2]>::try_from(fds) else {
        return Err(format!("{count} descriptors came with the request, not 2"));
    };
    if !socket::is_bell(&bell) {
        return Err("the bell is not a non-blocking eventfd".to_owned());
    }
    let mapping = segment::open_sealed(rx.as_fd(), layout::rx::WORDS * size_of::<u64>())
        .map_err(|error| error.to_string())?;
    let words = PeerWords::new(Arc::new(mapping));
    Header::default().check(Kind::Rx, &words)?;
    Ok((words, bell))
}
