//! A hub and its links in one process, over the real socket and real memory.
//! Death of either side is tested with processes, in `processes.rs`.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use casedd_transport::frame::{Damage, Rect};
use casedd_transport::hub::{Event, HubOptions};
use casedd_transport::link::Link;
use casedd_transport::observe::observe;
use casedd_transport::{DropPolicy, LinkError, Refusal, Want};
use stage::{Renderer, want};
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_frame_arrives_with_its_pixels_and_metadata() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&want("a"));
    assert_eq!(link.geometry().width, 64);
    assert!(!link.wait(Duration::from_millis(1), &[]).unwrap().frame);
    let rect = Rect { x: 1, y: 2, width: 3, height: 4 };
    renderer.publish_damage(&Damage::from(rect));
    assert!(link.wait(SECOND, &[]).unwrap().frame);
    let frame = link.take().unwrap().unwrap();
    assert_eq!((frame.meta().sequence, frame.meta().flags, frame.skipped()), (1, 7, 0));
    assert_eq!(frame.meta().damage.rects(), [rect]);
    assert_eq!(*frame.damage(), Damage::full(64, 48), "the first frame is all new");
    assert!(frame.pixels_u32().iter().all(|pixel| *pixel == 1));
    assert_eq!(frame.pixels().len(), frame.geometry().frame_bytes());
    assert_eq!(frame.check(), Ok(()));
    frame.delivered();
    assert!(link.take().unwrap().is_none());
    let stats = &renderer.hub.stats().sinks[0];
    assert_eq!((stats.pushed, stats.delivered, stats.in_flight), (1, 1, 0));
    assert!(stats.latency_p50_us <= stats.latency_p99_us && stats.last_delivered_at_ns > 0);
}

#[test]
fn a_late_joiner_gets_the_newest_frame_at_once() {
    let mut renderer = Renderer::start();
    (0..5).for_each(|_| renderer.publish());
    let mut link = renderer.attach(&want("late"));
    assert!(link.wait(SECOND, &[]).unwrap().frame);
    let frame = link.take().unwrap().unwrap();
    assert_eq!(frame.meta().sequence, 5);
    assert_eq!(*frame.damage(), Damage::full(64, 48));
    frame.delivered();
    let again = link.latest().unwrap().unwrap();
    assert_eq!((again.meta().sequence, again.skipped()), (5, 0));
    again.delivered();
    let stats = &renderer.hub.stats().sinks[0];
    assert_eq!((stats.delivered, stats.repainted), (1, 1));
}

#[test]
fn each_policy_drops_what_it_says() {
    for (policy, first, oldest, newest) in
        [(DropPolicy::DropOldest, 4, 3, 0), (DropPolicy::DropNewest, 1, 0, 3), (DropPolicy::Block, 1, 0, 3)]
    {
        let mut renderer = Renderer::start();
        let mut link = renderer.attach(&Want { policy, ..want("p") });
        (0..5).for_each(|_| renderer.publish());
        let stats = &renderer.hub.stats().sinks[0];
        assert_eq!((stats.pending, stats.is_full, stats.high_water), (2, true, 2));
        assert_eq!(
            (stats.dropped_oldest, stats.dropped_newest, stats.pushed),
            (oldest, newest, 5),
            "{policy}"
        );
        assert!((stats.drop_rate - 0.6).abs() < 1e-9);
        let mut next = || link.take().unwrap().unwrap().meta().sequence;
        let frames = [next(), next()];
        assert_eq!(frames, [first, first + 1], "{policy}");
    }
}

#[test]
fn skipping_to_the_newest_tells_how_many_and_unites_the_damage() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&Want { depth: 8, ..want("skip") });
    let dot = |x| Rect { x, y: 0, width: 1, height: 1 };
    for x in 0..5 {
        renderer.publish_damage(&Damage::from(dot(x)));
    }
    link.take().unwrap().unwrap().delivered();
    let frame = link.take_newest().unwrap().unwrap();
    assert_eq!((frame.meta().sequence, frame.skipped()), (5, 3));
    assert_eq!(frame.damage().rects(), [dot(1), dot(2), dot(3), dot(4)]);
    drop(frame);
    let stats = &renderer.hub.stats().sinks[0];
    assert_eq!((stats.delivered, stats.given_back, stats.dropped_oldest, stats.in_flight), (1, 1, 3, 0));
    for _ in 0..40 {
        renderer.publish_damage(&Damage::from(dot(9)));
    }
    let frame = link.take_newest().unwrap().unwrap();
    assert_eq!(*frame.damage(), Damage::full(64, 48), "more than is remembered");
}

#[test]
fn a_batch_is_bounded_by_the_holds() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&Want { depth: 8, holds: 3, ..want("batch") });
    (0..5).for_each(|_| renderer.publish());
    let batch = link.take_batch().unwrap();
    let sequences: Vec<u64> = batch.iter().map(|frame| frame.meta().sequence).collect();
    assert_eq!(sequences, [1, 2, 3]);
    let kept: Vec<_> = batch.into_iter().map(|frame| frame.keep()).collect();
    assert!(matches!(link.take(), Err(LinkError::TooManyHeld { holds: 3 })));
    (0..50).for_each(|_| renderer.publish());
    for (frame, wanted) in kept.iter().zip(1..) {
        assert!(frame.check().is_ok() && frame.pixels_u32().iter().all(|pixel| *pixel == wanted));
    }
    drop(kept);
    assert_eq!(link.take_batch().unwrap().len(), 3);
}

#[test]
fn a_sink_that_nobody_looks_at_gets_nothing_and_the_newest_when_somebody_does() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&want("idle"));
    assert!(renderer.hub.watched(renderer.view));
    link.set_watched(false).unwrap();
    let event = renderer.event();
    assert!(matches!(event, Event::Watched { on: false, .. }), "{event:?}");
    assert!(!renderer.hub.watched(renderer.view));
    (0..3).for_each(|_| renderer.publish());
    assert_eq!(renderer.hub.stats().sinks[0].pushed, 0);
    link.set_watched(true).unwrap();
    assert!(matches!(renderer.event(), Event::Watched { on: true, .. }));
    assert_eq!(link.take().unwrap().unwrap().meta().sequence, 3);
}

/// Frames enough for some of them to find the sink asleep; one that is not rung for is found when the wait is over.
#[test]
fn a_sink_that_sleeps_is_woken_by_every_frame() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&want("sleeper"));
    let (taken, turn) = std::sync::mpsc::channel();
    let sleeper = std::thread::spawn(move || {
        for wanted in 1..=500 {
            let start = Instant::now();
            let wake = link.wait(SECOND * 10, &[]).unwrap();
            assert!(wake.frame && start.elapsed() < SECOND * 5, "frame {wanted} was not rung for");
            assert_eq!(link.take().unwrap().unwrap().meta().sequence, wanted);
            taken.send(()).unwrap();
        }
    });
    for _ in 0..500 {
        renderer.publish();
        turn.recv().expect("the sink takes every frame");
    }
    sleeper.join().unwrap();
}

/// Every page is there before anybody draws or looks: nothing faults in the middle of a frame.
#[test]
fn frames_lie_in_memory_before_anybody_hears_of_them() {
    let mut renderer = Renderer::start();
    renderer.view = renderer.hub.open_view(800, 480).unwrap();
    let link = renderer.attach(&want("resident"));
    let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
    let mut found = 0;
    for part in maps.split("memfd:casedd-pixels").skip(1) {
        let figure = |name: &str| {
            let line = part.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
        };
        assert_eq!(figure("Rss:"), figure("Size:"), "kB resident of kB mapped");
        found += u64::from(figure("Size:") >= 800 * 480 * 4 / 1024);
    }
    assert!(found >= 2, "the renderer's mapping and the sink's");
    drop(link);
}

#[test]
fn frames_in_hand_outlive_a_pool_that_grew_and_nothing_is_lost() {
    let mut renderer = Renderer::start();
    let mut first = renderer.attach(&Want { depth: 4, holds: 2, ..want("first") });
    renderer.publish();
    renderer.publish();
    let held = first.take().unwrap().unwrap().keep();
    let slots = renderer.hub.stats().views[0].pool_slots;
    let mut second = renderer.attach(&Want { depth: 16, ..want("second") });
    assert!(renderer.hub.stats().views[0].pool_slots > slots);
    assert_eq!(second.take().unwrap().unwrap().meta().sequence, 2, "a late joiner of a grown pool");
    renderer.publish();
    for wanted in [2, 3] {
        let frame = first.take().unwrap().unwrap();
        assert_eq!((frame.meta().sequence, frame.skipped()), (wanted, 0));
        assert!(frame.pixels_u32().iter().all(|pixel| u64::from(*pixel) == wanted));
        frame.delivered();
    }
    assert!(held.check().is_ok() && held.pixels_u32().iter().all(|pixel| *pixel == 1));
    assert_eq!(first.latest().unwrap().unwrap().meta().sequence, 3);
    drop(second);
    assert!(matches!(renderer.event(), Event::Gone { .. }));
    assert_eq!(renderer.hub.stats().views[0].pool_slots, slots, "memory is given back");
    renderer.publish();
    assert_eq!(first.take().unwrap().unwrap().meta().sequence, 4);
}

#[test]
fn a_refusal_reaches_the_sink_with_its_code_and_message() {
    let mut renderer = Renderer::start();
    let path = renderer.socket.clone();
    let asking = std::thread::spawn(move || Link::connect(&path, &want("no"), SECOND));
    let Event::Asked { sink, want } = renderer.event() else { panic!("nobody asked") };
    renderer.hub.refuse(sink, Refusal::Topic, &format!("no template {:?}", want.topic));
    let error = asking.join().unwrap().err().unwrap();
    assert!(matches!(&error, LinkError::Refused { code: Refusal::Topic, .. }));
    assert_eq!(error.to_string(), "the renderer refused: no template \"topic\"");
    assert!(renderer.hub.admit(sink, renderer.view).is_err());
}

#[test]
fn limits_of_sinks_memory_and_views_are_answered() {
    let mut renderer =
        Renderer::with(HubOptions { sinks_max: 1, pool_bytes_max: 1 << 20, ..HubOptions::default() });
    assert!(renderer.hub.open_view(4000, 4000).is_err());
    assert!(renderer.hub.open_view(0, 0).is_err());
    assert!(renderer.hub.open_view(100_000, 100_000).is_err());
    let _one = renderer.attach(&want("one"));
    let path = renderer.socket.clone();
    let two = std::thread::spawn(move || Link::connect(&path, &want("two"), SECOND));
    let Event::Asked { sink, .. } = renderer.event() else { panic!("nobody asked") };
    let error = renderer.hub.admit(sink, renderer.view).unwrap_err();
    assert_eq!(error.to_string(), "admitted sinks: 2 asked, 1 allowed");
    renderer.hub.refuse(sink, error.refusal(), &error.to_string());
    let refused = two.join().unwrap().err().unwrap();
    assert!(matches!(refused, LinkError::Refused { code: Refusal::Limit, .. }), "{refused}");
}

#[test]
fn a_frame_held_beyond_its_lease_stalls_the_sink_and_then_ends_it() {
    let options = HubOptions { revoke_after_ms: 150, ..HubOptions::default() };
    let mut renderer = Renderer::with(options);
    let mut link = renderer.attach(&Want { lease_ms: 50, ..want("stuck") });
    renderer.publish();
    let held = link.take().unwrap().unwrap().keep();
    renderer.until("it stalls", |hub| hub.stats().sinks[0].stalled);
    renderer.publish();
    let stats = renderer.hub.stats().sinks[0].clone();
    assert_eq!((stats.lease_overruns, stats.dropped_newest), (1, 1));
    renderer.until("it is revoked", |hub| hub.stats().sinks[0].revoked);
    assert!(!renderer.hub.watched(renderer.view));
    let gone = link.wait(SECOND, &[]);
    assert!(matches!(gone, Err(LinkError::Closed)), "{gone:?}");
    (0..20).for_each(|_| renderer.publish());
    assert!(held.check().is_ok() && held.pixels_u32().iter().all(|pixel| *pixel == 1), "quarantined");
    drop((link, held));
    let Event::Gone { why, .. } = renderer.event() else { panic!("it is still there") };
    assert!(why.starts_with("it held a frame for "), "{why}");
}

#[test]
fn statistics_are_read_by_another_connection_and_survive_a_reconnect() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&want("again"));
    (0..3).for_each(|_| renderer.publish());
    link.take().unwrap().unwrap().delivered();
    drop(link);
    assert!(matches!(renderer.event(), Event::Gone { .. }));
    let _link = renderer.attach(&want("again"));
    let path = renderer.socket.clone();
    let asking = std::thread::spawn(move || observe(&path, SECOND));
    renderer.until("the observer is answered", |_| asking.is_finished());
    let stats = asking.join().unwrap().unwrap();
    let earlier = stats.sinks[0].earlier;
    assert_eq!((earlier.connections, earlier.pushed, earlier.delivered), (1, 3, 1));
    assert_eq!(earlier.dropped_oldest + earlier.lost, 2);
    assert_eq!(stats.views[0].published, 3);
}

#[test]
fn a_writing_that_is_dropped_is_never_seen_and_leaves_the_slot_as_it_was() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&Want { depth: 1, ..want("drop") });
    (0..8).for_each(|_| renderer.publish());
    link.take_newest().unwrap().unwrap().delivered();
    let known = renderer.hub.begin(renderer.view).unwrap().holds_sequence();
    assert!(known.is_some());
    let mut writing = renderer.hub.begin(renderer.view).unwrap();
    assert_eq!(writing.holds_sequence(), known);
    assert!(!writing.stale().is_empty());
    writing.pixels_mut().fill(9);
    assert_eq!(writing.holds_sequence(), None);
    drop(writing);
    assert_eq!(renderer.hub.begin(renderer.view).unwrap().holds_sequence(), None);
    assert!(link.take().unwrap().is_none());
}

#[test]
fn what_was_queued_is_taken_before_the_end_of_the_renderer_is_told() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&want("last"));
    renderer.publish();
    renderer.publish();
    drop(renderer);
    for wanted in [1, 2] {
        assert!(link.wait(SECOND, &[]).unwrap().frame);
        assert_eq!(link.take().unwrap().unwrap().meta().sequence, wanted);
    }
    assert!(matches!(link.wait(SECOND, &[]), Err(LinkError::Closed)));
    assert_eq!(link.latest().unwrap().unwrap().meta().sequence, 2);
}

#[test]
fn a_view_of_another_size_is_another_connection_and_frames_in_hand_stay_whole() {
    let mut renderer = Renderer::start();
    let mut small = renderer.attach(&want("panel"));
    renderer.publish();
    let held = small.take().unwrap().unwrap().keep();
    let old = renderer.view;
    renderer.view = renderer.hub.open_view(320, 240).unwrap();
    let large = renderer.attach(&Want { width: 320, height: 240, ..want("panel") });
    assert_eq!((large.geometry().width, large.geometry().height), (320, 240));
    renderer.hub.close_view(old);
    assert!(matches!(small.wait(SECOND, &[]), Err(LinkError::Closed)));
    assert!(matches!(renderer.event(), Event::Gone { .. }));
    assert!(renderer.hub.begin(old).is_none() && !renderer.hub.watched(old));
    assert!(held.check().is_ok() && held.pixels_u32().iter().all(|pixel| *pixel == 1));
}
