//! A sink and a renderer, stepped one instruction at a time, and killed after every one of them: the survivor is never
//! starved, no slot leaks, no frame is torn, a held frame stays whole, and the successor gets the newest frame.
//!
//! `./x stepkill` tries every instruction, a test build every third; `CASEDD_STEP=499` says otherwise.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use casedd_transport::Want;
use casedd_transport::clock::now_ns;
use casedd_transport::frame::Damage;
use casedd_transport::hub::{Event, Hub, HubOptions};
use casedd_transport::link::{Frame, Link};
use stage::child::{Part, part, start};
use stage::step::{begin, every_instruction, pass, phase, step_and_kill, wait_for_begin};
use stage::{Renderer, want};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(10);
/// Take, look and deliver, skip to the newest, the newest once more, sleep.
const SINK_PHASES: u32 = 5;
/// Three frames, each with begin, draw and publish; the third finds the ring full.
const RENDERER_PHASES: u32 = 9;

fn main() {
    match part() {
        Some(part) if part.role == "sink" => play_sink(&part),
        Some(part) => play_renderer(&part),
        // A thread steps its own children only, so both can go on at once.
        None => std::thread::scope(|scope| {
            scope.spawn(a_sink_killed_after_any_instruction_disturbs_nobody);
            scope.spawn(a_renderer_killed_after_any_instruction_leaves_whole_frames);
        }),
    }
}

fn is_whole(frame: &Frame<'_>) -> bool {
    let wanted = frame.meta().sequence as u32;
    frame.pixels_u32().iter().all(|pixel| *pixel == wanted) && frame.check().is_ok()
}

/// Everything that a sink does with the ring, once.
fn play_sink(part: &Part) {
    let mut link = Link::connect(&part.socket, &want("victim"), LIMIT).unwrap();
    begin();
    let taken = link.take().unwrap().unwrap().keep();
    phase();
    assert!(is_whole(&taken));
    taken.delivered();
    phase();
    drop(link.take_newest().unwrap().unwrap());
    phase();
    drop(link.latest().unwrap().unwrap());
    phase();
    link.wait(Duration::ZERO, &[]).unwrap();
    phase();
}

/// Everything that a renderer does with the ring, three times.
fn play_renderer(part: &Part) {
    let mut hub = Hub::bind(&part.socket, HubOptions::default()).unwrap();
    let view = hub.open_view(16, 2).unwrap();
    let frame = |hub: &mut Hub, number: u32, between: fn()| {
        let mut writing = hub.begin(view).unwrap();
        between();
        writing.pixels_u32_mut().fill(number);
        between();
        writing.publish(now_ns(), now_ns(), &Damage::full(16, 2), 0);
        between();
    };
    frame(&mut hub, 1, || {});
    let sink = loop {
        let events = hub.wait(LIMIT, &[]).unwrap();
        if let Some(Event::Asked { sink, .. }) = events.into_iter().next() {
            break sink;
        }
    };
    hub.admit(sink, view).unwrap();
    begin();
    (2..5).for_each(|number| frame(&mut hub, number, phase));
}

fn a_sink_killed_after_any_instruction_disturbs_nobody() {
    let mut held = 0;
    every_instruction("sink", 0..SINK_PHASES, 1, |phase, count| {
        let mut renderer = Renderer::start();
        renderer.view = renderer.hub.open_view(16, 2).unwrap();
        let mut witness = renderer.attach(&want("witness"));
        let mut role = start("sink", &renderer.socket);
        let Event::Asked { sink, .. } = renderer.event() else { panic!("nobody asked") };
        renderer.hub.admit(sink, renderer.view).unwrap();
        (0..3).for_each(|_| renderer.publish());
        wait_for_begin(&role);
        pass(&role, phase);
        let ended = step_and_kill(&mut role, count);
        let here = format!("after {count} instructions of phase {phase}");
        let stats = renderer.hub.stats();
        let slots = stats.views[1].pool_slots;
        let victim = &stats.sinks[1];
        held += u32::from(victim.in_flight > u64::from(victim.pending));
        for _ in 0..12 {
            renderer.publish();
            let frame = witness.take_newest().unwrap().unwrap();
            assert!(is_whole(&frame), "torn {here}");
        }
        renderer.until("the sink is gone", |hub| hub.stats().sinks.len() == 1);
        witness.take_newest().unwrap();
        assert_eq!(renderer.hub.stats().views[1].pool_free, slots - 1, "leaked {here}");
        let mut next = renderer.attach(&want("next"));
        assert_eq!(next.take().unwrap().unwrap().meta().sequence, 15, "{here}");
        ended
    });
    println!("sink: {held} of them with a frame in hand");
}

fn a_renderer_killed_after_any_instruction_leaves_whole_frames() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("renderer.sock");
    let mut drained = 0;
    every_instruction("renderer", 0..RENDERER_PHASES, 1, |phase, count| {
        let mut role = start("renderer", &socket);
        let mut link = stage::connect(&socket, &Want { holds: 2, width: 16, height: 2, ..want("survivor") });
        wait_for_begin(&role);
        let first = link.take().unwrap().expect("the first frame was queued at admission").keep();
        pass(&role, phase);
        let ended = step_and_kill(&mut role, count);
        let here = format!("after {count} instructions of phase {phase}");
        let mut last = 1;
        while let Some(frame) = link.take().unwrap() {
            assert!(is_whole(&frame) && frame.meta().sequence > last, "torn {here}");
            last = frame.meta().sequence;
            drained += 1;
        }
        let newest = link.latest().unwrap().expect("a newest frame");
        assert!(is_whole(&newest) && newest.meta().sequence >= last, "torn {here}");
        assert!(is_whole(&first), "a held frame changed {here}");
        ended
    });
    println!("renderer: {drained} frames drained afterwards");
}
