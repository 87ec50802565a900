//! What WebSocket viewers get.

use std::time::{Duration, Instant};

use super::client::{Sent, Viewer, get, metric, wait_for_viewers};
use super::renderer::{PERIOD, Renderer};
use super::sink::{SinkProcess, runtime, wait_for};

#[test]
fn the_first_messages_say_what_is_shown_and_how_it_is() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    sink.wait_for_message("READY=1");
    let mut viewer = Viewer::connect(&sink);
    let Sent::Word(hello) = viewer.next() else { panic!("no hello") };
    assert_eq!((&hello["type"], &hello["name"]), (&"hello".into(), &"web".into()));
    assert_eq!(
        (&hello["width"], &hello["height"], &hello["rate_hz"]),
        (&320.into(), &192.into(), &50.0.into())
    );
    let Sent::Word(state) = viewer.next() else { panic!("no state") };
    assert_eq!((&state["type"], &state["link"]), (&"state".into(), &"connected".into()));
}

#[test]
fn pictures_come_in_order_and_each_one_once() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let mut viewer = Viewer::connect(&sink);
    let mut last = viewer.picture();
    for _ in 0..100 {
        let next = viewer.picture();
        assert!(next > last, "{next} after {last}");
        last = next;
    }
}

#[test]
fn a_late_viewer_sees_the_newest_picture_at_once_even_when_nothing_changes() {
    let runtime = runtime();
    let renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let mut first = Viewer::connect(&sink);
    first.picture();
    let newest = renderer.hold_still();
    first.see(newest);
    // The quickest of some: a machine has its hiccups.
    let times = (0..5).map(|_| {
        let start = Instant::now();
        assert_eq!(Viewer::connect(&sink).picture(), newest);
        start.elapsed()
    });
    let quickest = times.min().expect("five");
    assert!(quickest < Duration::from_millis(300), "{quickest:?}");
}

#[test]
fn a_picture_drawn_before_anybody_looked_is_shown_to_the_first_who_does() {
    let runtime = runtime();
    let renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    sink.wait_for_message("READY=1");
    wait_for("nobody looks", || (!renderer.is_watched()).then_some(()));
    renderer.set_eager(true);
    let before = renderer.rendered();
    wait_for("pictures that nobody sees", || (renderer.rendered() > before + 3).then_some(()));
    let newest = renderer.hold_still();
    assert_eq!(Viewer::connect(&sink).picture(), newest);
}

#[test]
fn nothing_is_drawn_or_encoded_while_nobody_looks() {
    let runtime = runtime();
    let renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    sink.wait_for_message("READY=1");
    let assert_rests = || {
        wait_for("nobody looks", || (!renderer.is_watched()).then_some(()));
        let (turns, rendered) = (renderer.turns(), renderer.rendered());
        let encoded = metric(address, "frames_encoded_total");
        wait_for("fifty periods", || (renderer.turns() > turns + 50).then_some(()));
        assert_eq!(renderer.rendered(), rendered);
        assert_eq!(metric(address, "frames_encoded_total"), encoded);
        assert_eq!(get(address, "/healthz").status, 200, "that nobody looks is no fault");
    };
    assert_rests();
    let mut viewer = Viewer::connect(&sink);
    viewer.picture();
    assert!(renderer.is_watched());
    drop(viewer);
    assert_rests();
}

#[test]
fn ten_viewers_get_every_frame_that_is_encoded_once() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let mut viewers: Vec<Viewer> = (0..10).map(|_| Viewer::connect(&sink)).collect();
    let firsts: Vec<u32> = viewers.iter_mut().map(Viewer::picture).collect();
    let goal = firsts.iter().max().expect("ten") + 50;
    let seen: Vec<u32> = viewers
        .iter_mut()
        .map(|viewer| {
            let mut seen = 0;
            while viewer.picture() < goal {
                seen += 1;
            }
            seen
        })
        .collect();
    assert!(seen.iter().all(|&seen| seen >= 40), "{seen:?} of 50");
    let address = sink.address();
    let (encoded, sent) = (metric(address, "frames_encoded_total"), metric(address, "frames_sent_total"));
    assert!(sent > 5.0 * encoded, "{sent} sent, {encoded} encoded");
}

#[test]
fn stalled_viewers_cost_nobody_anything_and_are_cut_off() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let mut viewer = Viewer::connect(&sink);
    viewer.picture();
    let before = sink.memory_bytes();
    let stalled: Vec<Viewer> = (0..10)
        .map(|_| {
            let stalled = Viewer::connect(&sink);
            socket2::SockRef::from(stalled.stream()).set_recv_buffer_size(4096).expect("a socket");
            stalled
        })
        .collect();
    wait_for_viewers(address, 11.0);
    let (mut last, mut gaps, mut most) = (Instant::now(), Vec::new(), before);
    while metric(address, "viewers") > 1.0 {
        viewer.picture();
        gaps.push(last.elapsed());
        last = Instant::now();
        most = most.max(sink.memory_bytes());
        assert!(gaps.len() < 1500, "the stalled viewers stay");
    }
    assert!(gaps.len() > 100, "they were cut off after {} frames", gaps.len());
    // One in fifty may be the machine's own.
    gaps.sort();
    let long = gaps[gaps.len() - 1 - gaps.len() / 50];
    assert!(long < 2 * PERIOD + Duration::from_millis(250), "gaps of {long:?} and more");
    assert!(most < before + (8 << 20), "memory went from {before} to {most} bytes");
    drop(stalled);
}

#[test]
fn a_viewer_that_comes_back_goes_on() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let mut last = 0;
    for _ in 0..20 {
        let next = Viewer::connect(&sink).picture();
        assert!(next >= last, "{next} after {last}");
        last = next;
    }
    wait_for_viewers(sink.address(), 0.0);
}
