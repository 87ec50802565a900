//! Real processes at both ends: what the kernel keeps a peer from, what the death of one leaves, and a hostile one.
//! Deaths by the hundred are in `chaos.rs`, deaths at every instruction in `step_kill.rs` and `board_kill.rs`.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use casedd_transport::hub::{Event, HubOptions};
use casedd_transport::link::Link;
use casedd_transport::{LinkError, Want};
use rustix::fs::{FallocateFlags, Mode, OFlags, fallocate, ftruncate, open, readlink};
use stage::child::{Part, Role, part, start};
use stage::roles::{Random, is_whole, play_renderer, play_sink};
use stage::{Renderer, connect, want};
use std::collections::BTreeSet;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(10);

#[test]
fn a_child_plays_its_role() {
    let Some(part) = part() else { return };
    match part.role.as_str() {
        "drop-oldest" | "drop-newest" => play_sink(&part),
        "renderer" => play_renderer(&part),
        "holder" => play_holder(&part),
        "liar" => play_liar(&part),
        other => panic!("no role {other}"),
    }
}

/// Takes a frame and never gives it back.
fn play_holder(part: &Part) {
    let mut link = Link::connect(&part.socket, &Want { lease_ms: 20, ..want("holder") }, LIMIT).unwrap();
    assert!(link.wait(LIMIT, &[]).unwrap().frame);
    let _held = link.take().unwrap().unwrap();
    loop {
        std::thread::park();
    }
}

/// Writes garbage into every word of its memory, again and again, through the kernel's view of this process.
fn play_liar(part: &Part) {
    let link = Link::connect(&part.socket, &Want { holds: 4, ..want("liar") }, LIMIT).unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let line = maps.lines().find(|line| line.contains("memfd:casedd-rx")).unwrap();
    let (first, rest) = line.split_once('-').unwrap();
    let (last, _) = rest.split_once(' ').unwrap();
    let [first, last] = [first, last].map(|address| u64::from_str_radix(address, 16).unwrap());
    let memory = std::fs::OpenOptions::new().write(true).open("/proc/self/mem").unwrap();
    let mut random = Random(part.socket.as_os_str().len() as u64 | 1);
    loop {
        for at in (first..last).step_by(8) {
            let word = random.below(u64::MAX) >> random.below(64);
            std::os::unix::fs::FileExt::write_at(&memory, &word.to_le_bytes(), at).unwrap();
        }
        std::hint::black_box(&link);
    }
}

/// Tries everything that the kernel must not allow with the memory files of another process, whether it has them open or
/// only mapped (those can be opened by root alone); the names of those that were tried.
fn intrude(pid: u32) -> BTreeSet<String> {
    let mut tried = BTreeSet::new();
    for folder in ["fd", "map_files"] {
        for entry in std::fs::read_dir(format!("/proc/{pid}/{folder}")).unwrap().flatten() {
            let target = readlink(entry.path(), Vec::new()).unwrap_or_default();
            let Some(name) = target.to_str().ok().and_then(|name| name.strip_prefix("/memfd:casedd-")) else {
                continue;
            };
            if let Ok(file) = open(entry.path(), OFlags::RDWR | OFlags::CLOEXEC, Mode::empty()) {
                misuse(&file);
                tried.insert(name.trim_end_matches(" (deleted)").to_owned());
            }
        }
    }
    tried
}

fn misuse(file: &OwnedFd) {
    assert!(rustix::io::pwrite(file, b"x", 0).is_err(), "written");
    assert!(ftruncate(file, 0).is_err() && ftruncate(file, 1 << 30).is_err(), "resized");
    let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    assert!(fallocate(file, hole, 0, 4096).is_err(), "punched");
    assert!(rustix::fs::fcntl_add_seals(file, rustix::fs::SealFlags::WRITE).is_err(), "sealed once more");
    assert!(memmap2::MmapOptions::new().map_raw(file).is_err(), "mapped for writing");
    assert!(memmap2::MmapOptions::new().map_raw_read_only(file).is_ok(), "looking is allowed");
}

/// The names, and the ones that only root can get at.
fn names(always: &[&str], as_root: &[&str]) -> BTreeSet<String> {
    let as_root = if rustix::process::geteuid().is_root() { as_root } else { &[] };
    always.iter().chain(as_root).map(|name| (*name).to_owned()).collect()
}

#[test]
fn another_process_cannot_write_map_resize_or_punch_the_renderers_memory() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("renderer.sock");
    let role = start("renderer", &socket);
    let mut link = connect(&socket, &want("intruder"));
    assert!(link.wait(LIMIT, &[]).unwrap().frame);
    // The sink's own memory is mapped there too, and may not be written there either.
    assert_eq!(intrude(role.child.id()), names(&["pool", "pixels"], &["rx", "tx"]));
    assert!(is_whole(&link.take_newest().unwrap().unwrap()));
}

#[test]
fn another_process_cannot_write_map_resize_or_punch_a_sinks_memory() {
    let mut renderer = Renderer::start();
    let role = start("holder", &renderer.socket);
    let Event::Asked { sink, .. } = renderer.event() else { panic!("nobody asked") };
    renderer.hub.admit(sink, renderer.view).unwrap();
    renderer.publish();
    renderer.until("it holds the frame", |hub| {
        let sinks = hub.stats().sinks;
        sinks[0].in_flight == 1 && sinks[0].pending == 0
    });
    assert_eq!(intrude(role.child.id()), names(&[], &["pool", "pixels", "rx", "tx"]));
    let found = &renderer.hub.stats().sinks[0];
    assert_eq!((found.pushed, found.in_flight, found.breaches), (1, 1, 0));
}

#[test]
fn a_killed_sink_is_noticed_and_its_successor_gets_the_newest_frame() {
    let mut renderer = Renderer::start();
    let mut role = start("drop-oldest", &renderer.socket);
    let Event::Asked { sink, .. } = renderer.event() else { panic!("nobody asked") };
    renderer.hub.admit(sink, renderer.view).unwrap();
    for _ in 0..100 {
        renderer.publish();
    }
    let (status, _) = role.kill();
    assert!(!Role::failed(status), "{status}");
    let Event::Gone { .. } = renderer.event() else { panic!("it was not noticed") };
    assert!(!renderer.hub.watched(renderer.view));
    let mut link = renderer.attach(&want("successor"));
    assert_eq!(link.take().unwrap().unwrap().meta().sequence, 100);
}

#[test]
fn a_frame_in_hand_outlives_a_killed_renderer() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("renderer.sock");
    let mut role = start("renderer", &socket);
    let mut link = connect(&socket, &Want { holds: 2, ..want("survivor") });
    assert!(link.wait(LIMIT, &[]).unwrap().frame);
    let held = link.take().unwrap().unwrap().keep();
    role.kill();
    let closed = loop {
        match link.wait(LIMIT, &[]) {
            Ok(wake) if wake.frame => drop(link.take().unwrap()),
            Ok(wake) => panic!("{wake:?}"),
            Err(error) => break error,
        }
    };
    assert!(matches!(closed, LinkError::Closed), "{closed}");
    assert!(is_whole(&held));
    let generation = link.generation();
    drop(link);
    let _role = start("renderer", &socket);
    let again = connect(&socket, &want("survivor"));
    assert_ne!(again.generation(), generation);
    assert!(is_whole(&held), "the old pool is nobody's to write");
}

#[test]
fn a_sink_that_never_gives_back_is_killed_where_that_is_allowed() {
    let options = HubOptions { kill_revoked: true, revoke_after_ms: 50, ..HubOptions::default() };
    let mut renderer = Renderer::with(options);
    let mut role = start("holder", &renderer.socket);
    let Event::Asked { sink, .. } = renderer.event() else { panic!("nobody asked") };
    renderer.hub.admit(sink, renderer.view).unwrap();
    renderer.publish();
    let Event::Revoked { why, .. } = renderer.event() else { panic!("it was not told to go") };
    assert!(why.starts_with("it held a frame for"), "{why}");
    let Event::Gone { why: again, .. } = renderer.event() else { panic!("its end was not told") };
    assert_eq!(why, again);
    assert!(!Role::failed(role.child.wait().unwrap()), "it ended in another way");
}

#[test]
fn a_sink_that_writes_garbage_into_all_of_its_memory_is_thrown_out_and_the_others_go_on() {
    let options = HubOptions { kill_revoked: true, revoke_after_ms: 1 << 40, ..HubOptions::default() };
    let mut renderer = Renderer::with(options);
    let mut witness = renderer.attach(&want("witness"));
    let mut role = start("liar", &renderer.socket);
    let Event::Asked { sink, .. } = renderer.event() else { panic!("nobody asked") };
    renderer.hub.admit(sink, renderer.view).unwrap();
    let start = Instant::now();
    let why = 'found: loop {
        assert!(start.elapsed() < LIMIT, "it may stay");
        renderer.publish();
        let frame = witness.take().unwrap().expect("the witness gets every frame");
        assert!(is_whole(&frame), "torn");
        frame.delivered();
        for event in renderer.hub.wait(Duration::ZERO, &[]).unwrap() {
            if let Event::Gone { why, .. } = event {
                break 'found why;
            }
        }
    };
    assert!(why.starts_with("its memory makes no sense: it "), "{why}");
    assert!(!Role::failed(role.child.wait().unwrap()), "it ended in another way");
    let stats = renderer.hub.stats();
    assert_eq!((stats.sinks.len(), stats.sinks[0].delivered), (1, stats.sinks[0].pushed));
}
