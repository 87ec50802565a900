//! Sinks that come and go leave no descriptor and no mapping behind. Alone in its binary, because it counts them.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use casedd_transport::hub::Event;
use casedd_transport::link::Link;
use casedd_transport::{Refusal, Want};
use stage::{Renderer, want};
use std::time::Duration;

/// Open descriptors, and mapped memory files, of this process.
fn count() -> (usize, usize) {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mapped = maps.lines().filter(|line| line.contains("memfd:casedd")).count();
    (std::fs::read_dir("/proc/self/fd").unwrap().count(), mapped)
}

#[test]
fn two_hundred_sinks_that_come_and_go_leave_nothing() {
    let mut renderer = Renderer::start();
    let _stays = renderer.attach(&want("stays"));
    renderer.publish();
    let before = count();
    for round in 0..200 {
        // Every fourth needs a larger pool, every fifth is refused, every third view is a new one.
        let depth = if round % 4 == 0 { 16 } else { 2 };
        if round % 5 == 0 {
            refuse_one(&mut renderer);
        }
        if round % 3 == 0 {
            let view = renderer.hub.open_view(320, 240).unwrap();
            let known = std::mem::replace(&mut renderer.view, view);
            drop(renderer.attach(&want("other view")));
            assert!(matches!(renderer.event(), Event::Gone { .. }));
            renderer.hub.close_view(std::mem::replace(&mut renderer.view, known));
        }
        let mut link = renderer.attach(&Want { depth, ..want("goes") });
        renderer.publish();
        let frame = link.take_newest().unwrap().unwrap().keep();
        drop(link);
        drop(frame);
        assert!(matches!(renderer.event(), Event::Gone { .. }));
    }
    assert_eq!(count(), before, "descriptors, mappings");
}

fn refuse_one(renderer: &mut Renderer) {
    let path = renderer.socket.clone();
    let asking = std::thread::spawn(move || Link::connect(&path, &want("no"), Duration::from_secs(5)));
    let Event::Asked { sink, .. } = renderer.event() else { panic!("nobody asked") };
    renderer.hub.refuse(sink, Refusal::Topic, "no such template");
    assert!(asking.join().unwrap().is_err());
}
