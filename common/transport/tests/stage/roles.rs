//! What killed children do: a sink and a renderer that spend nearly all of their lives inside of ring operations.
//! Each marks what it is about to do, for whoever looks after the kill: 1 to 3 are inside an operation, 4 is outside.

use super::child::Part;
use super::want;
use casedd_transport::frame::Damage;
use casedd_transport::hub::{Event, Hub, HubOptions, ViewId};
use casedd_transport::link::{Frame, Link};
use casedd_transport::{DropPolicy, Want, clock::now_ns};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(10);

/// A small deterministic generator; the seed is printed, so that a failure can be repeated.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// Every word of a frame says which frame it is.
pub fn is_whole(frame: &Frame<'_>) -> bool {
    let wanted = frame.meta().sequence as u32;
    frame.pixels_u32().iter().all(|pixel| *pixel == wanted) && frame.check().is_ok()
}

/// Takes frames as fast as they come. Ends only when a frame is torn, or the renderer is gone.
pub fn play_sink(part: &Part) {
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

/// Publishes as fast as it can to whoever asks.
pub fn play_renderer(part: &Part) {
    let mut hub = Hub::bind(&part.socket, HubOptions::default()).unwrap();
    let view = hub.open_view(64, 48).unwrap();
    for sequence in 1.. {
        // Seldom: most of its life must be spent inside of ring operations.
        if sequence % 4096 == 1 {
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
