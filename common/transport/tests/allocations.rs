//! In steady state a frame allocates nothing, on either side: counted by an allocator that counts.
//! Connecting, a pool that grows, and statistics may allocate.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use allocation_counter::measure;
use casedd_transport::Want;
use casedd_transport::board::{BoardReader, BoardWriter};
use casedd_transport::frame::Damage;
use stage::{Renderer, want};
use std::time::Duration;

const FRAMES: usize = 500;

/// Fails when one of many runs allocates; the first runs may, because vectors grow to what they need.
fn allocates_nothing(what: &str, mut run: impl FnMut()) {
    (0..64).for_each(|_| run());
    let counted = measure(|| (0..FRAMES).for_each(|_| run()));
    println!("{what}: {} allocations of {} bytes in {FRAMES} runs", counted.count_total, counted.bytes_total);
    assert_eq!(counted.count_total, 0, "{what}");
}

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(std::hint::black_box(Box::new(1)))).count_total, 1);
}

#[test]
fn a_frame_allocates_nothing_on_either_side() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&Want { depth: 4, ..want("lean") });
    let mut other = renderer.attach(&want("other"));
    let damage = Damage::full(64, 48);
    let view = renderer.view;
    allocates_nothing("begin, draw, publish, wait, take, deliver", || {
        let mut writing = renderer.hub.begin(view).unwrap();
        writing.stale();
        writing.pixels_u32_mut().fill(7);
        writing.publish(1, 1, &damage, 0);
        assert!(link.wait(Duration::from_secs(1), &[]).unwrap().frame);
        let frame = link.take().unwrap().unwrap();
        assert_eq!((frame.check(), frame.pixels_u32()[0]), (Ok(()), 7));
        frame.delivered();
        drop(other.take_newest().unwrap().unwrap());
    });
    allocates_nothing("a frame given up", || drop(renderer.hub.begin(view).unwrap()));
    allocates_nothing("overflow, skip to the newest", || {
        for _ in 0..6 {
            renderer.hub.begin(view).unwrap().publish(1, 1, &damage, 0);
        }
        drop(link.take_newest().unwrap().unwrap());
    });
    allocates_nothing("the newest once more", || link.latest().unwrap().unwrap().delivered());
    allocates_nothing("a turn of the hub in which nobody speaks", || {
        renderer.hub.heartbeat();
        assert!(renderer.hub.wait(Duration::ZERO, &[]).unwrap().is_empty());
    });
    allocates_nothing("a sink that waits in vain", || {
        assert!(link.wait(Duration::ZERO, &[]).unwrap().timeout);
    });
}

#[test]
fn a_payload_allocates_nothing_on_either_side() {
    let name = format!("/casedd-test-{}-lean", std::process::id());
    let mut writer = BoardWriter::create_or_adopt(&name, 0o600, 20_000, 0).unwrap();
    let reader = BoardReader::open(&name).unwrap();
    let (payload, mut found) = ([7; 20_000], Vec::new());
    allocates_nothing("publish and read", || {
        writer.publish(&payload).unwrap();
        reader.read(&mut found).unwrap().unwrap();
    });
    BoardWriter::unlink(&name).unwrap();
}
