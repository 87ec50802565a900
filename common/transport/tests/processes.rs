//! Real processes, killed with SIGKILL: whatever the instant, the survivor goes on and no frame is ever torn.
//! The full campaign: `CASEDD_KILLS=2000 cargo test --release -p casedd-transport --test processes`.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use casedd_transport::frame::Damage;
use casedd_transport::hub::{Event, Hub, HubOptions, ViewId};
use casedd_transport::link::{Frame, Link};
use casedd_transport::{DropPolicy, LinkError, Want, clock::now_ns};
use stage::child::{Part, Role, part, start};
use stage::{Renderer, connect, want};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(10);

/// Kills of each side; the full form asks for 2000.
fn kills() -> u32 {
    std::env::var("CASEDD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(200)
}

/// Whether a campaign goes on after `done` kills: until all were made and half as many hit inside a ring operation. How
/// many do is a matter of the machine's load, so more are made where fewer hit, up to five times as many.
fn goes_on(done: u32, inside: u32) -> bool {
    done < kills() || (2 * inside < kills() && done < 5 * kills())
}

/// A small deterministic generator; the seed is printed, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

#[test]
fn a_child_plays_its_role() {
    let Some(part) = part() else { return };
    match part.role.as_str() {
        "drop-oldest" | "drop-newest" => play_sink(&part),
        "renderer" => play_renderer(&part),
        "holder" => play_holder(&part),
        other => panic!("no role {other}"),
    }
}

/// Every word of a frame says which frame it is.
fn is_whole(frame: &Frame<'_>) -> bool {
    let wanted = frame.meta().sequence as u32;
    frame.pixels_u32().iter().all(|pixel| *pixel == wanted) && frame.check().is_ok()
}

/// Takes frames as fast as they come. Ends only when a frame is torn, or the renderer is gone.
fn play_sink(part: &Part) {
    let policy: DropPolicy = part.role.parse().unwrap();
    let mut link = Link::connect(&part.socket, &Want { policy, ..want("victim") }, LIMIT).unwrap();
    loop {
        part.mark(1);
        // When none waits, the newest once more: nearly all of its life is spent inside of ring operations.
        let frame = match link.take_newest().unwrap() {
            Some(frame) => Some(frame.keep()),
            None => link.latest().unwrap().map(Frame::keep),
        };
        if let Some(frame) = frame {
            part.mark(2);
            assert!(is_whole(&frame), "torn");
            part.mark(3);
            frame.delivered();
        }
        part.mark(4);
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

/// Publishes as fast as it can to whoever asks.
fn play_renderer(part: &Part) {
    let mut hub = Hub::bind(&part.socket, HubOptions::default()).unwrap();
    let view = hub.open_view(64, 48).unwrap();
    for sequence in 1.. {
        if sequence % 64 == 1 {
            part.mark(4);
            serve(&mut hub, view);
        }
        part.mark(1);
        let mut writing = hub.begin(view).unwrap();
        part.mark(2);
        writing.pixels_u32_mut().fill(sequence);
        part.mark(3);
        writing.publish(now_ns(), now_ns(), &Damage::full(64, 48), 0);
    }
}

fn serve(hub: &mut Hub, view: ViewId) {
    for event in hub.wait(Duration::ZERO, &[]).unwrap() {
        if let Event::Asked { sink, .. } = event {
            hub.admit(sink, view).unwrap();
        }
    }
}

/// Tries everything that the kernel must not allow with the memory files of another process; how many there were.
fn intrude(pid: u32) -> usize {
    use rustix::fs::{FallocateFlags, Mode, OFlags, fallocate, ftruncate, open, readlink};
    let mut tried = 0;
    for entry in std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten() {
        let target = readlink(entry.path(), Vec::new()).unwrap_or_default();
        if !target.to_string_lossy().starts_with("/memfd:casedd-p") {
            continue;
        }
        let file = open(entry.path(), OFlags::RDWR | OFlags::CLOEXEC, Mode::empty()).unwrap();
        assert!(rustix::io::pwrite(&file, b"x", 0).is_err(), "written");
        assert!(ftruncate(&file, 0).is_err() && ftruncate(&file, 1 << 30).is_err(), "resized");
        let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        assert!(fallocate(&file, hole, 0, 4096).is_err(), "punched");
        assert!(memmap2::MmapOptions::new().map_raw(&file).is_err(), "mapped for writing");
        assert!(memmap2::MmapOptions::new().map_raw_read_only(&file).is_ok(), "looking is allowed");
        tried += 1;
    }
    tried
}

#[test]
fn another_process_cannot_write_map_resize_or_punch_the_renderers_memory() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("renderer.sock");
    let role = start("renderer", &socket);
    let mut link = connect(&socket, &want("intruder"));
    assert!(link.wait(LIMIT, &[]).unwrap().frame);
    assert_eq!(intrude(role.child.id()), 2, "pool header and pixels were each tried");
    assert!(is_whole(&link.take_newest().unwrap().unwrap()));
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
    let Event::Gone { why, .. } = renderer.event() else { panic!("it was not told") };
    assert!(why.starts_with("it held a frame for"), "{why}");
    assert!(!Role::failed(role.child.wait().unwrap()), "it ended in another way");
}

/// A witness sink looks on while the victim is killed again and again, at random instants.
#[test]
fn sinks_killed_at_random_never_disturb_the_renderer_or_each_other() {
    let mut random = Random(now_ns() | 1);
    println!("seed {}", random.0);
    let mut renderer = Renderer::start();
    let mut witness = renderer.attach(&want("witness"));
    let (mut inside, mut phases) = (0, [0u32; 5]);
    let mut done = 0;
    while goes_on(done, inside) {
        let policy = ["drop-oldest", "drop-newest"][done as usize % 2];
        done += 1;
        let mut role = start(policy, &renderer.socket);
        let sink = loop {
            match renderer.event() {
                Event::Asked { sink, .. } => break sink,
                other => drop(other),
            }
        };
        renderer.hub.admit(sink, renderer.view).unwrap();
        let mut look = |renderer: &mut Renderer| {
            renderer.publish();
            let frame = witness.take_newest().unwrap().expect("the witness gets every newest frame");
            assert!(is_whole(&frame), "torn");
            frame.delivered();
        };
        let start = Instant::now();
        while renderer.hub.stats().sinks[1].delivered == 0 {
            assert!(start.elapsed() < LIMIT, "the victim shows nothing");
            look(&mut renderer);
        }
        let until = now_ns() + random.below(3_000_000);
        while now_ns() < until {
            look(&mut renderer);
        }
        let (status, phase) = role.kill();
        assert!(!Role::failed(status), "the victim found a torn frame: {status}");
        phases[phase as usize] += 1;
        inside += u32::from((1..=3).contains(&phase));
        // Before the end of the connection is read, the renderer must already be able to go on.
        (0..20).for_each(|_| look(&mut renderer));
        renderer.until("the sink is gone", |hub| hub.stats().sinks.len() == 1);
        let view = renderer.hub.stats().views[0].clone();
        assert!(view.pool_free >= view.pool_slots - 3, "leaked slots: {view:?}");
    }
    println!("killed {done} sinks, {inside} of them inside a ring operation (by phase {phases:?})");
    println!(
        "0 failures in {done} kills: with 95 % confidence fewer than {:.4} of kills fail",
        3.0 / f64::from(done)
    );
    assert!(2 * inside >= kills(), "too few kills hit a ring operation: {phases:?}");
    let stats = renderer.hub.stats();
    let witness = &stats.sinks[0];
    assert_eq!((witness.delivered, witness.dropped_newest), (witness.pushed, 0));
}

#[test]
fn renderers_killed_at_random_never_leave_a_torn_frame() {
    let mut random = Random(now_ns() | 1);
    println!("seed {}", random.0);
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("renderer.sock");
    let (mut inside, mut phases, mut frames) = (0, [0u32; 5], 0u64);
    let mut done = 0;
    while goes_on(done, inside) {
        done += 1;
        let mut role = start("renderer", &socket);
        let mut link = connect(&socket, &Want { holds: 2, ..want("survivor") });
        assert!(link.wait(LIMIT, &[]).unwrap().frame);
        let held = link.take().unwrap().unwrap().keep();
        let until = now_ns() + random.below(3_000_000);
        while now_ns() < until {
            frames += drain(&mut link);
        }
        let (status, phase) = role.kill();
        assert!(!Role::failed(status), "{status}");
        phases[phase as usize] += 1;
        inside += u32::from((1..=3).contains(&phase));
        frames += drain(&mut link);
        assert!(is_whole(&held), "a held frame changed");
        let newest = link.latest().unwrap().expect("the newest frame survives its renderer");
        assert!(is_whole(&newest), "torn");
        drop(newest);
    }
    println!(
        "killed {done} renderers, {inside} inside begin, drawing or publish (by phase {phases:?}); {frames} frames verified"
    );
    println!(
        "0 failures in {done} kills: with 95 % confidence fewer than {:.4} of kills fail",
        3.0 / f64::from(done)
    );
    assert!(2 * inside >= kills(), "too few kills hit a ring operation: {phases:?}");
}

fn drain(link: &mut Link) -> u64 {
    let mut count = 0;
    while let Some(frame) = link.take().unwrap() {
        assert!(is_whole(&frame), "torn");
        frame.delivered();
        count += 1;
        if count > 1000 {
            break;
        }
    }
    count
}
