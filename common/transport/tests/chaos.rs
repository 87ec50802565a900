//! Sinks and renderers killed with SIGKILL at random instants, by the hundred: 0 torn frames, 0 stuck survivors, 0 leaked
//! slots, 0 lost descriptors, and every frame of the dead accounted for.
//!
//! `./x chaos` kills 2,000 of each; `CASEDD_KILLS` says how many. Each pixel of a frame holds the frame's number and
//! every pixel is looked at, which is stricter than a checksum. What the dead were doing stands in a word of a board
//! that outlives them.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use casedd_transport::Want;
use casedd_transport::clock::now_ns;
use casedd_transport::hub::Event;
use casedd_transport::link::Link;
use stage::child::{Role, part, start};
use stage::roles::{Random, is_whole, play_renderer, play_sink};
use stage::{Renderer, connect, want};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(10);

fn main() {
    match part() {
        Some(part) if part.role == "renderer" => play_renderer(&part),
        Some(part) => play_sink(&part),
        None => {
            sinks_killed_at_random_never_disturb_the_renderer_or_each_other();
            renderers_killed_at_random_never_leave_a_torn_frame();
        }
    }
}

/// Kills of each side; the full form asks for 2000.
fn kills() -> u32 {
    std::env::var("CASEDD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(200)
}

/// Descriptors that this process has open.
fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// What a campaign is worth: of so many kills none failed.
fn say(who: &str, done: u32, inside: u32, start: Instant) {
    let (share, bound) = (100 * inside / done, 3.0 / f64::from(done));
    let took = start.elapsed().as_secs_f64();
    println!(
        "{who}: {done} kills in {took:.1} s, {share} % of them inside a ring operation; 0 torn, stuck or lost,"
    );
    println!("{who}: so with 95 % confidence fewer than {bound:.4} of kills fail (3/n)");
}

/// A witness sink looks on while the victim is killed again and again, at random instants.
fn sinks_killed_at_random_never_disturb_the_renderer_or_each_other() {
    let mut random = Random(now_ns() | 1);
    println!("seed {}", random.0);
    let mut renderer = Renderer::start();
    let mut witness = renderer.attach(&want("witness"));
    let (mut inside, mut phases, begin, before) = (0, [0u32; 5], Instant::now(), descriptors());
    for done in 0..kills() {
        let policy = ["drop-oldest", "drop-newest"][done as usize % 2];
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
        assert_eq!(view.pool_free, view.pool_slots - 1, "leaked slots: {view:?}");
    }
    say("sinks", kills(), inside, begin);
    assert!(2 * inside >= kills(), "too few kills hit a ring operation: {phases:?}");
    // Every frame of every victim is accounted for, also those that died with it.
    let successor = renderer.attach(&want("victim"));
    let stats = renderer.hub.stats();
    let (witness, victims) = (&stats.sinks[0], &stats.sinks[1].earlier);
    assert_eq!((witness.delivered, witness.dropped_newest), (witness.pushed, 0));
    assert_eq!(victims.connections, u64::from(kills()));
    let shown = victims.delivered + victims.given_back + victims.dropped_oldest + victims.dropped_newest;
    assert_eq!(shown + victims.lost, victims.pushed, "{victims:?}");
    drop(successor);
    renderer.until("the successor is gone", |hub| hub.stats().sinks.len() == 1);
    assert_eq!(descriptors(), before, "descriptors were lost");
}

fn renderers_killed_at_random_never_leave_a_torn_frame() {
    let mut random = Random(now_ns() | 1);
    println!("seed {}", random.0);
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("renderer.sock");
    let (mut inside, mut phases, mut frames) = (0, [0u32; 5], 0u64);
    let (begin, before) = (Instant::now(), descriptors());
    for _ in 0..kills() {
        let mut role = start("renderer", &socket);
        let mut link = connect(&socket, &Want { holds: 2, ..want("survivor") });
        assert!(link.wait(LIMIT, &[]).unwrap().frame);
        let held = link.take().unwrap().unwrap().keep();
        // Only then is it sure to have come back from admitting this sink, and to draw again.
        let start = Instant::now();
        while link.latest().unwrap().unwrap().meta().sequence < held.meta().sequence + 3 {
            assert!(start.elapsed() < LIMIT, "no frames come");
            frames += drain(&mut link);
        }
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
    say("renderers", kills(), inside, begin);
    println!("renderers: {frames} frames verified");
    assert_eq!(descriptors(), before, "descriptors were lost");
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
