//! A renderer for tests: a hub with one small view, whose frames are filled with their own number.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod child;
pub mod roles;
pub mod step;

use casedd_transport::LinkError;
use casedd_transport::Want;
use casedd_transport::frame::Damage;
use casedd_transport::hub::{Event, Hub, HubOptions, ViewId};
use casedd_transport::link::Link;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Nothing in these tests takes longer, unless it is broken.
const LIMIT: Duration = Duration::from_secs(10);

pub struct Renderer {
    pub hub: Hub,
    pub view: ViewId,
    pub socket: PathBuf,
    pub sequence: u32,
    _folder: tempfile::TempDir,
}

pub fn want(name: &str) -> Want {
    Want { name: name.into(), topic: "topic".into(), width: 64, height: 48, ..Want::default() }
}

/// Connects as soon as somebody listens.
pub fn connect(socket: &Path, want: &Want) -> Link {
    let start = Instant::now();
    loop {
        match Link::connect(socket, want, LIMIT) {
            Ok(link) => return link,
            Err(LinkError::NoRenderer { .. } | LinkError::Closed) if start.elapsed() < LIMIT => {
                std::thread::yield_now();
            }
            Err(error) => panic!("{error}"),
        }
    }
}

impl Renderer {
    pub fn start() -> Renderer {
        Renderer::with(HubOptions::default())
    }

    pub fn with(options: HubOptions) -> Renderer {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("renderer.sock");
        let mut hub = Hub::bind(&socket, options).unwrap();
        let view = hub.open_view(64, 48).unwrap();
        Renderer { hub, view, socket, sequence: 0, _folder: folder }
    }

    /// Connects a link from a thread, and admits it.
    pub fn attach(&mut self, want: &Want) -> Link {
        let (path, want) = (self.socket.clone(), want.clone());
        let asking = std::thread::spawn(move || Link::connect(&path, &want, LIMIT));
        let Event::Asked { sink, .. } = self.event() else { panic!("nobody asked") };
        self.hub.admit(sink, self.view).unwrap();
        asking.join().unwrap().unwrap()
    }

    pub fn publish(&mut self) {
        self.publish_damage(&Damage::full(64, 48));
    }

    pub fn publish_damage(&mut self, damage: &Damage) {
        self.sequence += 1;
        let mut writing = self.hub.begin(self.view).expect("a slot is always free");
        writing.pixels_u32_mut().fill(self.sequence);
        let now = casedd_transport::clock::now_ns();
        let published = writing.publish(now, now, damage, 7);
        assert_eq!(published.sequence, u64::from(self.sequence));
    }

    /// The next event.
    pub fn event(&mut self) -> Event {
        let start = Instant::now();
        loop {
            let mut events = self.hub.wait(Duration::from_millis(20), &[]).unwrap();
            if !events.is_empty() {
                return events.remove(0);
            }
            assert!(start.elapsed() < LIMIT, "no event in time");
        }
    }

    /// Turns the hub until the condition holds.
    pub fn until(&mut self, what: &str, mut condition: impl FnMut(&mut Hub) -> bool) {
        let start = Instant::now();
        while !condition(&mut self.hub) {
            assert!(start.elapsed() < LIMIT, "not in time: {what}");
            self.hub.wait(Duration::from_millis(5), &[]).unwrap();
        }
    }
}
