//! A sink and a renderer, stepped one instruction at a time, and killed after every one of them: the survivor is never
//! starved, no slot leaks, no frame is torn, a held frame stays whole, and the successor gets the newest frame.
//!
//! Every instruction: `CASEDD_STEP=1 cargo test --release -p casedd-transport --test step_kill`.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use casedd_transport::Want;
use casedd_transport::clock::now_ns;
use casedd_transport::frame::Damage;
use casedd_transport::hub::{Event, Hub, HubOptions};
use casedd_transport::link::{Frame, Link};
use nix::sys::ptrace;
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use stage::child::{Part, Role, part, start};
use stage::{Renderer, want};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(10);

/// Instructions from one kill to the next. A prime by default, so that loops are hit at changing places.
fn stride() -> u64 {
    std::env::var("CASEDD_STEP").ok().and_then(|text| text.parse().ok()).unwrap_or(199)
}

fn main() {
    match part() {
        Some(part) if part.role == "sink" => play_sink(&part),
        Some(part) => play_renderer(&part),
        None => {
            a_sink_killed_after_any_instruction_disturbs_nobody();
            a_renderer_killed_after_any_instruction_leaves_whole_frames();
        }
    }
}

fn is_whole(frame: &Frame<'_>) -> bool {
    let wanted = frame.meta().sequence as u32;
    frame.pixels_u32().iter().all(|pixel| *pixel == wanted) && frame.check().is_ok()
}

/// Everything that a sink does with the ring, once, between two stops.
fn play_sink(part: &Part) {
    let mut link = Link::connect(&part.socket, &want("victim"), LIMIT).unwrap();
    ptrace::traceme().unwrap();
    raise(Signal::SIGSTOP).unwrap();
    let whole = [link.take().unwrap().map(Frame::keep), None::<Frame<'static>>];
    assert!(whole.iter().flatten().all(is_whole));
    whole.into_iter().flatten().for_each(Frame::delivered);
    drop(link.take_newest().unwrap());
    drop(link.latest().unwrap());
    link.wait(Duration::ZERO, &[]).unwrap();
    std::process::exit(0);
}

/// Everything that a renderer does with the ring, three times, between two stops.
fn play_renderer(part: &Part) {
    let mut hub = Hub::bind(&part.socket, HubOptions::default()).unwrap();
    let view = hub.open_view(16, 2).unwrap();
    let frame = |hub: &mut Hub, number: u32| {
        let mut writing = hub.begin(view).unwrap();
        writing.pixels_u32_mut().fill(number);
        writing.publish(now_ns(), now_ns(), &Damage::full(16, 2), 0);
    };
    frame(&mut hub, 1);
    let sink = loop {
        let events = hub.wait(LIMIT, &[]).unwrap();
        if let Some(Event::Asked { sink, .. }) = events.into_iter().next() {
            break sink;
        }
    };
    hub.admit(sink, view).unwrap();
    ptrace::traceme().unwrap();
    raise(Signal::SIGSTOP).unwrap();
    (2..5).for_each(|number| frame(&mut hub, number));
    std::process::exit(0);
}

/// Steps the child `count` instructions and kills it; true when it came to its end before.
fn step_and_kill(role: &mut Role, count: u64) -> bool {
    let pid = Pid::from_raw(role.child.id() as i32);
    // A panic of the child, or a signal that it did not expect, ends the loop in another state.
    for _ in 0..count {
        ptrace::step(pid, None).unwrap();
        match waitpid(pid, None).unwrap() {
            WaitStatus::Stopped(_, Signal::SIGTRAP) => {}
            WaitStatus::Exited(_, 0) => return true,
            other => panic!("the child found an error: {other:?}"),
        }
    }
    role.child.kill().unwrap();
    role.child.wait().unwrap();
    false
}

fn wait_for_stop(role: &Role) {
    let pid = Pid::from_raw(role.child.id() as i32);
    assert!(matches!(waitpid(pid, None).unwrap(), WaitStatus::Stopped(_, Signal::SIGSTOP)));
}

fn a_sink_killed_after_any_instruction_disturbs_nobody() {
    let (mut count, mut points, mut held) = (1, 0, 0);
    loop {
        let mut renderer = Renderer::start();
        renderer.view = renderer.hub.open_view(16, 2).unwrap();
        let mut witness = renderer.attach(&want("witness"));
        let mut role = start("sink", &renderer.socket);
        let Event::Asked { sink, .. } = renderer.event() else { panic!("nobody asked") };
        renderer.hub.admit(sink, renderer.view).unwrap();
        (0..3).for_each(|_| renderer.publish());
        wait_for_stop(&role);
        let ended = step_and_kill(&mut role, count);
        let stats = renderer.hub.stats();
        let slots = stats.views[1].pool_slots;
        let victim = &stats.sinks[1];
        held += u32::from(victim.in_flight > u64::from(victim.pending));
        for _ in 0..12 {
            renderer.publish();
            let frame = witness.take_newest().unwrap().unwrap();
            assert!(is_whole(&frame), "torn after {count} instructions");
        }
        renderer.until("the sink is gone", |hub| hub.stats().sinks.len() == 1);
        witness.take_newest().unwrap();
        assert_eq!(renderer.hub.stats().views[1].pool_free, slots - 1, "leaked after {count} instructions");
        let mut next = renderer.attach(&Want { ..want("next") });
        assert_eq!(next.take().unwrap().unwrap().meta().sequence, 15);
        points += 1;
        if ended {
            break;
        }
        count += stride();
    }
    println!("sink: {points} kill points in {count} instructions, {held} with a frame in hand");
}

fn a_renderer_killed_after_any_instruction_leaves_whole_frames() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("renderer.sock");
    let (mut count, mut points, mut drained) = (1, 0, 0);
    loop {
        let mut role = start("renderer", &socket);
        let mut link = stage::connect(&socket, &Want { holds: 2, width: 16, height: 2, ..want("survivor") });
        wait_for_stop(&role);
        let first = link.take().unwrap().expect("the first frame was queued at admission").keep();
        let ended = step_and_kill(&mut role, count);
        let mut last = 1;
        while let Some(frame) = link.take().unwrap() {
            assert!(is_whole(&frame) && frame.meta().sequence > last, "torn after {count} instructions");
            last = frame.meta().sequence;
            drained += 1;
        }
        let newest = link.latest().unwrap().expect("a newest frame");
        assert!(is_whole(&newest) && newest.meta().sequence >= last, "torn after {count} instructions");
        assert!(is_whole(&first), "a held frame changed after {count} instructions");
        points += 1;
        if ended {
            break;
        }
        count += stride();
    }
    println!("renderer: {points} kill points in {count} instructions, {drained} frames drained afterwards");
}
