//! The policy `block`: the renderer waits for its sink and for nobody else, asleep, and not longer than it must.
//! What the other policies do is in `hub_and_link.rs`.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use casedd_transport::hub::Event;
use casedd_transport::link::Link;
use casedd_transport::{DropPolicy, Want};
use nix::time::{ClockId, clock_gettime};
use stage::child::{Role, part, start};
use stage::{Renderer, want};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(10);
/// How long the sink makes the renderer wait, where the wait itself is looked at.
const HELD_UP: Duration = Duration::from_millis(150);

fn block(depth: u32, longest_block_ms: u32) -> Want {
    Want { policy: DropPolicy::Block, depth, longest_block_ms, ..want("block") }
}

#[test]
fn a_child_plays_its_role() {
    let Some(part) = part() else { return };
    let _link = Link::connect(&part.socket, &block(1, 0), LIMIT).unwrap();
    loop {
        std::thread::park();
    }
}

/// Time that this thread ran.
fn ran() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap().into()
}

#[test]
fn the_renderer_sleeps_until_the_sink_takes_a_frame() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&block(1, 0));
    assert!(renderer.hub.writable(renderer.view));
    renderer.publish();
    assert!(!renderer.hub.writable(renderer.view));
    let sink = std::thread::spawn(move || {
        // sleeps because the renderer's wait is what is measured
        std::thread::sleep(HELD_UP);
        link.take().unwrap().unwrap().delivered();
        link
    });
    let (start, begin) = (Instant::now(), ran());
    let events = renderer.hub.wait(LIMIT, &[]).unwrap();
    let (slept, busy) = (start.elapsed(), ran() - begin);
    assert!(matches!(events[..], [Event::Space { view }] if view == renderer.view), "{events:?}");
    assert!(slept >= HELD_UP / 2 && busy < slept / 4, "it ran {busy:?} of {slept:?}");
    assert!(renderer.hub.writable(renderer.view));
    let stats = renderer.hub.stats().sinks[0].clone();
    assert!(stats.blocked_ns >= HELD_UP.as_nanos() as u64 / 2, "{stats:?}");
    assert_eq!((stats.pushed, stats.delivered, stats.dropped_newest), (1, 1, 0));
    drop(sink.join().unwrap());
}

#[test]
fn the_longest_block_ends_in_a_counted_drop() {
    let mut renderer = Renderer::start();
    let _link = renderer.attach(&block(1, 20));
    renderer.publish();
    assert!(!renderer.hub.writable(renderer.view));
    assert!(matches!(renderer.event(), Event::Space { .. }));
    assert!(renderer.hub.writable(renderer.view));
    renderer.publish();
    let stats = &renderer.hub.stats().sinks[0];
    assert_eq!((stats.pushed, stats.dropped_newest), (2, 1));
    assert!(stats.blocked_ns >= 20_000_000);
}

/// Whether the hub says, in one wait, that it need not wait for the view any more.
fn is_freed(renderer: &mut Renderer) -> bool {
    let events = renderer.hub.wait(LIMIT, &[]).unwrap();
    events.iter().any(|event| matches!(event, Event::Space { view } if *view == renderer.view))
}

#[test]
fn the_end_of_a_block_sink_frees_the_renderer_at_once() {
    let mut renderer = Renderer::start();
    let link = renderer.attach(&block(1, 0));
    renderer.publish();
    assert!(!renderer.hub.writable(renderer.view));
    drop(link);
    assert!(is_freed(&mut renderer) && renderer.hub.writable(renderer.view));
}

#[test]
fn a_block_sink_that_is_killed_frees_the_renderer_at_once() {
    let mut renderer = Renderer::start();
    let mut role = start("block", &renderer.socket);
    let Event::Asked { sink, .. } = renderer.event() else { panic!("nobody asked") };
    renderer.hub.admit(sink, renderer.view).unwrap();
    renderer.publish();
    assert!(!renderer.hub.writable(renderer.view));
    let (status, _) = role.kill();
    assert!(!Role::failed(status), "{status}");
    assert!(is_freed(&mut renderer) && renderer.hub.writable(renderer.view));
}

#[test]
fn a_block_sink_that_says_good_bye_with_a_frame_in_hand_frees_the_renderer_too() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&block(1, 0));
    renderer.publish();
    let kept = link.take().unwrap().unwrap().keep();
    renderer.publish();
    assert!(!renderer.hub.writable(renderer.view));
    drop(link);
    assert!(is_freed(&mut renderer) && renderer.hub.writable(renderer.view));
    (0..9).for_each(|_| renderer.publish());
    assert!(kept.check().is_ok() && kept.pixels_u32().iter().all(|pixel| *pixel == 1));
}

#[test]
fn a_full_block_sink_stalls_no_sink_of_another_view() {
    let mut renderer = Renderer::start();
    let blocked = renderer.view;
    let _full = renderer.attach(&block(1, 0));
    renderer.publish();
    assert!(!renderer.hub.writable(blocked));
    renderer.view = renderer.hub.open_view(64, 48).unwrap();
    renderer.sequence = 0;
    let mut other = renderer.attach(&want("other"));
    for wanted in 1..=50 {
        assert!(renderer.hub.writable(renderer.view) && !renderer.hub.writable(blocked));
        renderer.publish();
        assert!(renderer.hub.wait(Duration::ZERO, &[]).unwrap().is_empty());
        let frame = other.take().unwrap().unwrap();
        assert_eq!(frame.meta().sequence, wanted);
        frame.delivered();
    }
}
