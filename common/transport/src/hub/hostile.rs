//! Peers that do not keep to the protocol, against a real hub over a real socket.
//! They speak through `wire` and `socket` themselves, because a `Link` cannot misbehave.

use super::{Event, Hub, HubOptions, SinkId, ViewId};
use crate::error::Refusal;
use crate::frame::Damage;
use crate::header::{Header, Kind};
use crate::layout::{self, HOLDS, rx};
use crate::link::{self, Link};
use crate::ring::Descriptor;
use crate::segment::Segment;
use crate::want::Want;
use crate::wire::{self, ToHub, ToSink};
use crate::words::OwnWords;
use crate::{DropPolicy, LinkError, socket};
use rustix::event::{EventfdFlags, eventfd};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(10);

struct Stage {
    hub: Hub,
    view: ViewId,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

fn want(name: &str) -> Want {
    Want { name: name.into(), width: 16, height: 4, ..Want::default() }
}

fn stage(options: HubOptions) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.sock");
    let mut hub = Hub::bind(&path, options).unwrap();
    let view = hub.open_view(16, 4).unwrap();
    Stage { hub, view, path, _folder: folder }
}

impl Stage {
    fn publish(&mut self) -> u64 {
        let mut writing = self.hub.begin(self.view).expect("a hostile sink starved the renderer");
        writing.pixels_u32_mut().fill(7);
        writing.publish(1, 1, &Damage::full(16, 4), 0).sequence
    }

    fn until<T>(&mut self, mut found: impl FnMut(Event) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            assert!(start.elapsed() < LIMIT, "not in time");
            for event in self.hub.wait(Duration::from_millis(20), &[]).unwrap() {
                if let Some(found) = found(event) {
                    return found;
                }
            }
        }
    }

    fn admit(&mut self) -> SinkId {
        let sink = self.until(|event| if let Event::Asked { sink, .. } = event { Some(sink) } else { None });
        self.hub.admit(sink, self.view).unwrap();
        sink
    }

    /// What the hub answers to raw bytes.
    fn answer(&mut self, bytes: &[u8], fds: &[BorrowedFd<'_>]) -> Option<ToSink> {
        let peer = link::open(&self.path, LIMIT).unwrap();
        socket::send(peer.as_fd(), bytes, fds).unwrap();
        let mut buffer = [0; 4096];
        let start = Instant::now();
        loop {
            assert!(start.elapsed() < LIMIT, "no answer");
            self.hub.wait(Duration::from_millis(1), &[]).unwrap();
            if let Ok(packet) = socket::receive(peer.as_fd(), &mut buffer) {
                return wire::decode(&buffer[..packet.bytes]).ok();
            }
        }
    }

    fn refusal(&mut self, bytes: &[u8], fds: &[BorrowedFd<'_>]) -> (Refusal, String) {
        match self.answer(bytes, fds) {
            Some(ToSink::Refused { code, message }) => (code, message),
            other => panic!("{other:?}"),
        }
    }
}

fn bell() -> OwnedFd {
    eventfd(0, EventfdFlags::NONBLOCK).unwrap()
}

fn rx_segment() -> Segment {
    let segment = Segment::create("casedd-test-rx", rx::WORDS * 8).unwrap();
    Header::default().write(Kind::Rx, &OwnWords::new(segment.mapping()));
    segment
}

fn hello(want: Want) -> Vec<u8> {
    wire::encode(&ToHub::Hello { layout_hash: layout::hash(), want }).unwrap()
}

/// Open descriptors, and mapped memory files, of this process.
fn open_things() -> (usize, usize) {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mapped = maps.lines().filter(|line| line.contains("memfd:casedd")).count();
    (std::fs::read_dir("/proc/self/fd").unwrap().count(), mapped)
}

/// True inside of a process that runs this test alone, so that it can count descriptors; outside, runs it there.
fn is_alone(test: &str) -> bool {
    const ALONE: &str = "CASEDD_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("hub::hostile::{test}"), "--nocapture"]).env(ALONE, "1");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{output:?}");
    false
}

#[test]
fn a_request_for_the_impossible_or_of_another_release_is_answered_and_leaves_nothing() {
    if !is_alone("a_request_for_the_impossible_or_of_another_release_is_answered_and_leaves_nothing") {
        return;
    }
    let mut stage = stage(HubOptions::default());
    let (rx, bell) = (rx_segment(), bell());
    rx.seal().unwrap();
    let fds = [rx.file(), bell.as_fd()];
    let before = open_things();
    for (width, height) in [(0, 0), (100_000, 100_000)] {
        let (code, text) = stage.refusal(&hello(Want { width, height, ..want("x") }), &fds);
        assert_eq!(code, Refusal::Geometry, "{text}");
    }
    let (code, _) = stage.refusal(&hello(Want { depth: 99, ..want("x") }), &fds);
    assert_eq!(code, Refusal::Invalid);
    let other = ToHub::Hello { layout_hash: 1, want: want("x") };
    assert_eq!(stage.refusal(&wire::encode(&other).unwrap(), &fds).0, Refusal::Layout);
    let mut next_year = hello(want("x"));
    next_year[4] = 99;
    let (code, text) = stage.refusal(&next_year, &fds);
    assert!(code == Refusal::Protocol && text.contains("version 99"), "{text}");
    assert_eq!(stage.refusal(b"GET / HTTP/1.1\r\n\r\n", &[]).0, Refusal::Protocol);
    assert_eq!(stage.refusal(&[0; 8000], &fds).0, Refusal::Protocol);
    assert!(stage.hub.connections.is_empty());
    assert_eq!(open_things(), before, "descriptors, mappings");
}

#[test]
fn memory_that_is_not_sealed_or_a_bell_that_could_block_is_refused() {
    let mut stage = stage(HubOptions::default());
    let (open, bell) = (rx_segment(), bell());
    let (_, text) = stage.refusal(&hello(want("x")), &[open.file(), bell.as_fd()]);
    assert!(text.contains("lacks seals"), "{text}");
    open.seal().unwrap();
    let blocking = eventfd(0, EventfdFlags::empty()).unwrap();
    let (_, text) = stage.refusal(&hello(want("x")), &[open.file(), blocking.as_fd()]);
    assert!(text.contains("eventfd"), "{text}");
    let (_, text) = stage.refusal(&hello(want("x")), &[open.file()]);
    assert!(text.contains("1 descriptors"), "{text}");
    let short = Segment::create("casedd-test-rx", 64).unwrap();
    short.seal().unwrap();
    let (_, text) = stage.refusal(&hello(want("x")), &[short.file(), bell.as_fd()]);
    assert!(text.contains("bytes"), "{text}");
    assert_eq!(stage.refusal(&wire::encode(&ToHub::Space).unwrap(), &[]).0, Refusal::Protocol);
}

#[test]
fn who_says_nothing_is_closed_in_time_and_the_hub_goes_on() {
    let mut stage = stage(HubOptions::default());
    let silent = link::open(&stage.path, LIMIT).unwrap();
    let start = Instant::now();
    let mut buffer = [0; 4096];
    loop {
        stage.hub.wait(Duration::from_millis(50), &[]).unwrap();
        if socket::receive(silent.as_fd(), &mut buffer).is_ok() {
            break;
        }
        assert!(start.elapsed() < LIMIT, "still connected");
    }
    assert!(stage.hub.connections.is_empty());
}

#[test]
fn an_admitted_sink_that_breaks_the_protocol_is_thrown_out_with_a_reason() {
    let mut stage = stage(HubOptions::default());
    let (rx, bell) = (rx_segment(), bell());
    rx.seal().unwrap();
    let peer = link::open(&stage.path, LIMIT).unwrap();
    socket::send(peer.as_fd(), &hello(want("bad")), &[rx.file(), bell.as_fd()]).unwrap();
    stage.admit();
    socket::send(peer.as_fd(), &hello(want("again")), &[rx.file(), bell.as_fd()]).unwrap();
    let start = Instant::now();
    while !stage.hub.stats().sinks[0].revoked {
        stage.hub.wait(Duration::from_millis(10), &[]).unwrap();
        assert!(start.elapsed() < LIMIT, "it may stay");
    }
    assert!(!stage.hub.watched(stage.view));
    drop(peer);
    let why = stage.until(|event| if let Event::Gone { why, .. } = event { Some(why) } else { None });
    assert!(why.starts_with("it broke the protocol: Hello"), "{why}");
}

#[test]
fn a_frame_that_is_drawn_over_in_the_hands_of_a_sink_is_an_error_and_counted() {
    let mut stage = stage(HubOptions::default());
    let path = stage.path.clone();
    let asking = std::thread::spawn(move || Link::connect(&path, &want("sink"), LIMIT));
    stage.admit();
    let mut link = asking.join().unwrap().unwrap();
    let sequence = stage.publish();
    let frame = link.take().unwrap().unwrap();
    assert_eq!(frame.check(), Ok(()));
    // A renderer that breaks the law: it begins to draw in every slot.
    let pool = &stage.hub.views[&stage.view.0].pool;
    (0..pool.slots.count()).for_each(|slot| pool.words().store(layout::pool::slot_sequence(slot), 0));
    assert_eq!(frame.check(), Err(crate::UseAfterRelease { sequence }));
    assert_eq!(stage.hub.stats().sinks[0].uses_after_release, 1);
}

/// Words that look plausible, and words that do not.
struct Garbage(u64);

impl Garbage {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn word(&mut self) -> u64 {
        let raw = self.next();
        match raw % 8 {
            0 => 0,
            1 => u64::MAX,
            2 => raw,
            3 => raw >> 8 & 0x1ff,
            4 => 1 << 63 | raw >> 8 & 0x1ff,
            5 => Descriptor::new(raw >> 20 & 0x3f, (raw >> 8 & 3) as u8, (raw >> 10 & 15) as usize).0,
            6 => raw >> 2,
            _ => raw >> 8 & 7,
        }
    }
}

#[test]
fn garbage_in_every_word_of_a_sink_disturbs_nobody_else() {
    let mut garbage = Garbage(42);
    let start = Instant::now();
    let (mut rounds, mut thrown_out) = (0u64, 0);
    while start.elapsed() < Duration::from_secs(2) {
        let mut stage = stage(HubOptions { revoke_after_ms: 1 << 40, ..HubOptions::default() });
        let (rx, bell) = (rx_segment(), bell());
        let words = OwnWords::new(rx.mapping());
        rx.seal().unwrap();
        let policy = [DropPolicy::DropOldest, DropPolicy::DropNewest, DropPolicy::Block][rounds as usize % 3];
        let peer = link::open(&stage.path, LIMIT).unwrap();
        let bad = Want { policy, holds: 4, lease_ms: u32::MAX, ..want("bad") };
        socket::send(peer.as_fd(), &hello(bad), &[rx.file(), bell.as_fd()]).unwrap();
        stage.admit();
        let path = stage.path.clone();
        let asking = std::thread::spawn(move || Link::connect(&path, &want("good"), LIMIT));
        stage.admit();
        let mut good = asking.join().unwrap().unwrap();
        for _ in 0..500 {
            let at = match garbage.next() % 4 {
                0 => rx::TAIL,
                1 => rx::hold(garbage.next() as usize % HOLDS),
                2 => layout::LINE + garbage.next() as usize % (rx::WORDS - layout::LINE),
                _ => rx::SLEEPING,
            };
            words.store(at, garbage.word());
            let sequence = stage.publish();
            let frame = good.take().unwrap().expect("the good sink gets every frame");
            assert_eq!((frame.meta().sequence, frame.check()), (sequence, Ok(())));
            drop(frame);
            let stats = stage.hub.stats();
            for sink in &stats.sinks {
                let sum = sink.delivered + sink.given_back + sink.dropped_oldest + sink.dropped_newest;
                assert_eq!(sum + sink.in_flight, sink.pushed);
            }
            // Thrown out only now and then, so that there is much to be said between.
            if rounds % 50 == 49 {
                stage.hub.wait(Duration::ZERO, &[]).unwrap();
                thrown_out += u64::from(stage.hub.stats().sinks.iter().any(|sink| sink.revoked));
            }
            rounds += 1;
        }
    }
    println!("{rounds} hostile rounds, thrown out {thrown_out} times");
    assert!(thrown_out > 0, "it may say anything");
}

#[test]
fn random_control_messages_never_stop_the_hub() {
    let mut stage = stage(HubOptions::default());
    let mut garbage = Garbage(7);
    for round in 0..300 {
        let peer = link::open(&stage.path, LIMIT).unwrap();
        let mut bytes = hello(want("fuzz"));
        for _ in 0..=garbage.next() % 8 {
            let at = garbage.next() as usize % bytes.len();
            bytes[at] = garbage.next() as u8;
        }
        bytes.truncate(8 + garbage.next() as usize % (bytes.len() - 8));
        let (rx, bell) = (rx_segment(), bell());
        let fds = [rx.file(), bell.as_fd()];
        let _ = socket::send(peer.as_fd(), &bytes, &fds[..round % 3]);
        stage.hub.wait(Duration::ZERO, &[]).unwrap();
    }
    let path = stage.path.clone();
    let asking = std::thread::spawn(move || Link::connect(&path, &want("good"), LIMIT));
    let sink = stage.until(|event| match event {
        Event::Asked { sink, want } if want.name == "good" => Some(sink),
        _ => None,
    });
    stage.hub.admit(sink, stage.view).unwrap();
    assert!(asking.join().unwrap().is_ok());
}

/// Whatever the renderer's memory says, a sink gets an answer or an error, and never panics.
#[test]
fn a_sink_survives_a_renderer_that_writes_garbage() {
    let mut garbage = Garbage(9);
    let mut stage = stage(HubOptions::default());
    let path = stage.path.clone();
    let asking = std::thread::spawn(move || Link::connect(&path, &Want { holds: 4, ..want("sink") }, LIMIT));
    stage.admit();
    let mut link = asking.join().unwrap().unwrap();
    stage.publish();
    let view = &stage.hub.views[&stage.view.0];
    let (pool, slots) = (view.pool.words().clone(), view.pool.slots.count());
    for _ in 0..200_000 {
        let at = layout::LINE + garbage.next() as usize % (layout::pool::words(slots) - layout::LINE);
        if at != layout::pool::RETIRED {
            pool.store(at, garbage.word());
        }
        for taken in [
            link.latest().map(|frame| frame.map(link::Frame::keep)),
            link.take().map(|frame| frame.map(link::Frame::keep)),
        ] {
            match taken {
                Ok(Some(frame)) => {
                    let _ = (frame.pixels()[0], frame.check(), frame.damage().bounds());
                }
                Ok(None) | Err(LinkError::Protocol(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}
