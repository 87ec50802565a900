//! Control messages in both directions: anything may arrive, with or without descriptors.
//! Promises: what is accepted keeps to the limits, and can be said again; a pool is never larger than its files.

use super::Script;
use crate::frame::Geometry;
use crate::header::{Header, Kind};
use crate::hub::ViewId;
use crate::hub::connection::{Connection, Heard, State};
use crate::layout::{self, pool, rx};
use crate::limits::{MESSAGE_MAX_BYTES, SLOTS_MAX};
use crate::link::pools::Pool;
use crate::segment::Segment;
use crate::socket::{Packet, Peer};
use crate::wire::{self, PoolNews, ToHub, ToSink};
use crate::words::OwnWords;
use rustix::event::{EventfdFlags, eventfd};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::os::fd::OwnedFd;

/// Pixels that come with every pool.
const PIXELS_BYTES: usize = 64 << 10;

/// The message in the bytes; one that decodes can be said again, and means the same.
fn message<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let message: T = wire::decode(bytes).ok()?;
    let again = wire::encode(&message).expect("what was received can be sent");
    assert!(again.len() <= MESSAGE_MAX_BYTES);
    let decoded: T = wire::decode(&again).expect("what was sent can be received");
    assert_eq!(wire::encode(&decoded).as_ref(), Ok(&again));
    Some(message)
}

/// Whole messages of ours are rare among random bytes: an odd first byte puts our prefix before the rest.
fn with_prefix(bytes: &[u8]) -> Vec<u8> {
    let mut script = Script(bytes);
    let mut whole = Vec::new();
    if script.byte() & 1 == 1 {
        whole = wire::encode(&ToHub::Observe).expect("it is short");
        whole.truncate(wire::PREFIX_BYTES);
    }
    whole.extend_from_slice(script.0);
    whole
}

/// Lets the bytes be what a sink says.
pub fn to_hub(bytes: &[u8]) {
    let with_files = bytes.first().is_some_and(|first| first & 2 != 0);
    let bytes = with_prefix(bytes);
    let known: Option<ToHub> = message(&bytes);
    for state in [State::Fresh, State::Admitted(ViewId(1))] {
        let fresh = matches!(state, State::Fresh);
        let (socket, _other) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
                .expect("a pair of sockets");
        let peer = Peer { pid: 1, uid: 1, gid: 1 };
        let connection = Connection { socket, peer, opened_at_ns: 0, state };
        let fds = if with_files && known.is_some() { rx_and_bell() } else { Vec::new() };
        let packet = Packet { bytes: bytes.len(), fds, truncated: false };
        match connection.hear(&bytes, packet, 1) {
            Heard::Asked(offer) => assert!(fresh && with_files && offer.want.check().is_ok()),
            Heard::Observe => assert!(fresh && known == Some(ToHub::Observe)),
            Heard::Watched(_) | Heard::Space | Heard::Bye => assert!(!fresh && known.is_some()),
            Heard::Refuse(_, reason) => assert!(!reason.is_empty()),
        }
    }
}

fn rx_and_bell() -> Vec<OwnedFd> {
    let segment = Segment::create("casedd-fuzz-rx", rx::WORDS * size_of::<u64>()).expect("memory");
    Header::default().write(Kind::Rx, &OwnWords::new(segment.mapping()));
    segment.seal().expect("a file that can be sealed");
    let bell = eventfd(0, EventfdFlags::NONBLOCK).expect("a descriptor");
    vec![copy(&segment), bell]
}

fn copy(segment: &Segment) -> OwnedFd {
    segment.file().try_clone_to_owned().expect("a descriptor")
}

/// Lets the bytes be what a renderer says.
pub fn to_sink(bytes: &[u8]) {
    match message::<ToSink>(&with_prefix(bytes)) {
        Some(ToSink::Admitted(news) | ToSink::Pool(news)) => open_pool(news),
        Some(ToSink::Refused { .. } | ToSink::Wake | ToSink::Stats(_)) | None => {}
    }
}

/// Files whose header says what the news say, and which are as large as they are.
fn open_pool(news: PoolNews) {
    let header =
        Segment::create("casedd-fuzz-pool", pool::words(SLOTS_MAX) * size_of::<u64>()).expect("memory");
    let words = OwnWords::new(header.mapping());
    Header::pool(news.generation, news.slots.into(), &news.geometry).write(Kind::Pool, &words);
    let pixels = Segment::create("casedd-fuzz-pixels", PIXELS_BYTES).expect("memory");
    header.seal().and_then(|()| pixels.seal()).expect("files that can be sealed");
    let Ok(opened) = Pool::open(news, vec![copy(&header), copy(&pixels)]) else { return };
    let geometry = Geometry::new(news.geometry.width, news.geometry.height).expect("it was checked");
    assert_eq!(geometry, news.geometry);
    let needed = usize::from(news.slots) * geometry.frame_bytes().next_multiple_of(layout::SLOT_ALIGN_BYTES);
    assert!(needed <= PIXELS_BYTES, "a pool beyond its file: {news:?}");
    assert!(!opened.is_retired());
}
