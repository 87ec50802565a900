//! Every figure that a renderer tells of itself, after a course of things in which each is known.
//! That the sums hold whatever happens is tested with the ring, and with killed processes.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use casedd_transport::clock::now_ns;
use casedd_transport::frame::Damage;
use casedd_transport::hub::Event;
use casedd_transport::link::Link;
use casedd_transport::observe::{SinkStats, Totals, ViewStats};
use casedd_transport::{DropPolicy, Want};
use stage::{Renderer, want};

/// The only sink's figures.
fn figures(renderer: &mut Renderer) -> SinkStats {
    renderer.hub.stats().sinks.remove(0)
}

fn view(renderer: &mut Renderer) -> ViewStats {
    renderer.hub.stats().views.remove(0)
}

/// Publishes a frame whose values are so old.
fn publish_old(renderer: &mut Renderer, age_us: u64) {
    let captured = now_ns() - age_us * 1_000;
    let writing = renderer.hub.begin(renderer.view).unwrap();
    writing.publish(captured, captured, &Damage::full(64, 48), 0);
}

#[test]
fn a_sink_says_who_it_is_and_what_it_asked_for() {
    let mut renderer = Renderer::start();
    let asked =
        Want { depth: 3, holds: 2, rate_millihz: 5_000, policy: DropPolicy::DropNewest, ..want("figures") };
    let mut link = renderer.attach(&asked);
    let found = figures(&mut renderer);
    assert_eq!((found.name.as_str(), found.topic.as_str()), ("figures", "topic"));
    assert_eq!((found.width, found.height, found.rate_millihz), (64, 48, 5_000));
    assert_eq!((found.policy, found.pid), (DropPolicy::DropNewest, std::process::id()));
    assert_eq!((found.view, found.capacity, found.depth), (renderer.view.0, 3, 3));
    assert_eq!((found.watched, found.stalled, found.revoked), (true, false, false));
    assert_eq!((found.pushed, found.in_flight, found.last_delivered_at_ns), (0, 0, 0));
    assert_eq!((found.drop_rate, found.is_full, found.earlier), (0.0, false, Totals::default()));
    link.set_watched(false).unwrap();
    assert!(matches!(renderer.event(), Event::Watched { on: false, .. }));
    assert!(!figures(&mut renderer).watched);
}

#[test]
fn every_frame_is_counted_where_it_went() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&Want { depth: 3, holds: 2, ..want("figures") });
    (0..5).for_each(|_| renderer.publish());
    let found = figures(&mut renderer);
    assert_eq!((found.pushed, found.pending, found.in_flight, found.dropped_oldest), (5, 3, 3, 2));
    assert!(found.is_full && found.high_water == 3 && (found.drop_rate - 0.4).abs() < 1e-9);
    let in_hand = link.take().unwrap().unwrap().keep();
    let found = figures(&mut renderer);
    assert_eq!((found.pending, found.in_flight, found.is_full, found.high_water), (2, 3, false, 3));
    in_hand.delivered();
    drop(link.take_newest().unwrap().unwrap());
    link.latest().unwrap().unwrap().delivered();
    let found = figures(&mut renderer);
    assert_eq!((found.delivered, found.given_back, found.repainted), (1, 1, 1));
    assert_eq!((found.dropped_oldest, found.dropped_newest, found.in_flight), (3, 0, 0));
    assert_eq!(
        (found.blocked_ns, found.lease_overruns, found.uses_after_release, found.breaches),
        (0, 0, 0, 0)
    );
    assert!(now_ns() - found.last_delivered_at_ns < 60_000_000_000);
}

#[test]
fn latency_is_told_by_its_middle_its_end_and_its_worst() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&want("figures"));
    // 97 frames of values 1 s old, two of 100 s, one of 10,000 s: delays of this machine do not matter beside them.
    let ages = std::iter::repeat_n(1_000_000, 97).chain([100_000_000; 2]).chain([10_000_000_000]);
    for age_us in ages {
        publish_old(&mut renderer, age_us.min(now_ns() / 2_000));
        link.take().unwrap().unwrap().delivered();
    }
    let found = figures(&mut renderer);
    let within = |found: u64, wanted: u64| found >= wanted && found < wanted * 3 / 2;
    assert!(within(found.latency_p50_us, 1_000_000), "{found:?}");
    assert!(within(found.latency_p99_us, 100_000_000.min(now_ns() / 4_000)), "{found:?}");
    assert!(
        found.latency_max_us >= found.latency_p99_us / 2 && found.latency_max_us >= 10_000_000,
        "{found:?}"
    );
}

#[test]
fn a_view_tells_of_its_pool() {
    let mut renderer = Renderer::start();
    let found = view(&mut renderer);
    assert_eq!((found.view, found.width, found.height), (renderer.view.0, 64, 48));
    assert_eq!((found.published, found.last_published_at_ns, found.sinks), (0, 0, 0));
    assert_eq!((found.pool_slots, found.pool_free), (2, 2));
    let mut link = renderer.attach(&Want { depth: 3, holds: 2, ..want("figures") });
    (0..4).for_each(|_| renderer.publish());
    let held = link.take().unwrap().unwrap().keep();
    let found = view(&mut renderer);
    // One to write, the newest, two that may be held, three that may wait; of these one is held and two wait, of
    // which one is the newest.
    assert_eq!((found.pool_slots, found.pool_free, found.sinks), (7, 4, 1));
    assert_eq!((found.pool_hits, found.pool_misses, found.published), (4, 0, 4));
    assert_eq!(found.pool_bytes, 7 * 64 * 48 * 4);
    assert!(now_ns() - found.last_published_at_ns < 60_000_000_000);
    drop(held);
    assert_eq!(view(&mut renderer).pool_free, 5);
}

#[test]
fn what_was_in_flight_when_a_sink_went_is_lost_under_its_name() {
    let mut renderer = Renderer::start();
    let attach = |renderer: &mut Renderer| -> Link { renderer.attach(&Want { depth: 2, ..want("again") }) };
    for _ in 0..3 {
        let mut link = attach(&mut renderer);
        (0..4).for_each(|_| renderer.publish());
        link.take().unwrap().unwrap().delivered();
        drop(link.take().unwrap().unwrap());
        renderer.publish();
        let in_hand = link.take().unwrap().unwrap().keep();
        drop(link);
        drop(in_hand);
        assert!(matches!(renderer.event(), Event::Gone { .. }));
    }
    let _link = attach(&mut renderer);
    let found = figures(&mut renderer).earlier;
    assert_eq!((found.connections, found.delivered), (3, 3));
    let sum = found.delivered + found.given_back + found.dropped_oldest + found.dropped_newest + found.lost;
    assert_eq!(sum, found.pushed, "{found:?}");
}
