//! The renderer's side for these tests: a real hub that serves numbered pictures to whoever asks.
//!
//! Runs on a thread of the test, or as a process of its own where the test kills or stops it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use casedd_common::transport::clock::now_ns;
use casedd_common::transport::frame::{Damage, Rect};
use casedd_common::transport::hub::{Event, Hub, HubOptions, ViewId};
use casedd_common::transport::{Refusal, Want};

/// Topic that is refused, whatever its rate, as a template that does not exist is.
pub const UNKNOWN_TOPIC: &str = "no_such_template";
/// Topic whose pictures have half the size that was asked for.
pub const HALF_SIZE_TOPIC: &str = "half_size";
/// Time between two pictures.
const PERIOD: Duration = Duration::from_millis(20);
/// Side of the squares in the picture.
const SQUARE_PX: u32 = 16;
const SOCKET_VAR: &str = "CASEDD_TEST_RENDERER_SOCKET";
const FIRST_VAR: &str = "CASEDD_TEST_RENDERER_FIRST";

/// Picture number `n`: a pattern that never changes, the number in a corner, and a square that wanders.
pub fn pixel(x: u32, y: u32, n: u32) -> u32 {
    let square = wandering(n);
    let is_in = |rect: &Rect| (rect.x..rect.right()).contains(&x) && (rect.y..rect.bottom()).contains(&y);
    let colour = if is_in(&corner()) {
        n
    } else if is_in(&square) {
        n.wrapping_mul(0x0012_3456)
    } else {
        (x * 3 + y) << 16 | (y * 5) << 8 & 0xff00 | (x ^ y) & 0xff
    };
    0xff00_0000 | colour & 0x00ff_ffff
}

fn corner() -> Rect {
    Rect { x: 0, y: 0, width: SQUARE_PX, height: SQUARE_PX }
}

fn wandering(n: u32) -> Rect {
    Rect { x: 20 + n * 7 % 50, y: 20 + n * 3 % 30, width: SQUARE_PX, height: SQUARE_PX }
}

fn damage(n: u32) -> Damage {
    let mut damage = Damage::from(corner());
    damage.add(wandering(n));
    damage.add(wandering(n.wrapping_sub(1)));
    damage
}

/// A hub and what it serves.
struct Service {
    hub: Hub,
    views: Vec<ViewId>,
    next: u32,
}

impl Service {
    fn new(socket: &Path, first: u32) -> Service {
        let hub = Hub::bind(socket, HubOptions::default()).expect("the socket is free");
        Service { hub, views: Vec::new(), next: first }
    }

    fn turn(&mut self) {
        let due = Instant::now() + PERIOD;
        while let Some(left) = due.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            for event in self.hub.wait(left, &[]).expect("the hub works") {
                if let Event::Asked { sink, want } = event {
                    self.answer(sink, &want);
                }
            }
        }
        self.hub.heartbeat();
        for view in self.views.clone() {
            self.publish(view);
        }
        self.next += 1;
    }

    fn answer(&mut self, sink: casedd_common::transport::hub::SinkId, want: &Want) {
        if want.topic.starts_with(UNKNOWN_TOPIC) {
            return self.hub.refuse(sink, Refusal::Topic, "no template \"no_such_template\"");
        }
        let part = if want.topic.starts_with(HALF_SIZE_TOPIC) { 2 } else { 1 };
        let view = self.hub.open_view(want.width / part, want.height / part).expect("memory for a view");
        match self.hub.admit(sink, view) {
            Ok(()) => self.views.push(view),
            // On a busy machine it has given up waiting, and asks again.
            Err(_) => self.hub.close_view(view),
        }
    }

    fn publish(&mut self, view: ViewId) {
        let Some(mut writing) = self.hub.begin(view) else { return };
        let geometry = writing.geometry();
        let rows = writing.pixels_u32_mut().chunks_mut(geometry.stride_bytes as usize / 4);
        for (row, y) in rows.zip(0..geometry.height) {
            for (to, x) in row.iter_mut().zip(0..geometry.width) {
                *to = pixel(x, y, self.next);
            }
        }
        let now = now_ns();
        writing.publish(now, now, &damage(self.next).clip(geometry.width, geometry.height), 0);
    }
}

/// A renderer on a thread of this process.
pub struct Renderer {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Renderer {
    pub fn start(runtime: &Path) -> Renderer {
        let stop = Arc::new(AtomicBool::new(false));
        let socket = runtime.join("renderer.sock");
        let thread = std::thread::spawn({
            let stop = Arc::clone(&stop);
            move || {
                let mut service = Service::new(&socket, 1);
                while !stop.load(Ordering::Relaxed) {
                    service.turn();
                }
            }
        });
        Renderer { stop, thread: Some(thread) }
    }
}

impl Drop for Renderer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Its panic, if any, is on stderr; a second one here would hide the test's own.
            let _ = thread.join();
        }
    }
}

/// A renderer as a process of its own; killed when dropped.
pub struct RendererProcess(Child);

impl RendererProcess {
    /// Its pictures are numbered from `first` on.
    pub fn start(runtime: &Path, first: u32) -> RendererProcess {
        let child = Command::new(std::env::current_exe().expect("this test's path"))
            .args(["renderer::serves_until_it_is_killed", "--exact", "--nocapture"])
            .env(SOCKET_VAR, runtime.join("renderer.sock"))
            .env(FIRST_VAR, first.to_string())
            .stdout(Stdio::null())
            .spawn()
            .expect("started");
        RendererProcess(child)
    }

    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    pub fn kill(&mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("waited for");
    }
}

impl Drop for RendererProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The renderer's process: the other tests start it with a socket to serve; without one it has nothing to do.
#[test]
fn serves_until_it_is_killed() {
    let Some(socket) = std::env::var_os(SOCKET_VAR).map(PathBuf::from) else { return };
    let first = std::env::var(FIRST_VAR).ok().and_then(|first| first.parse().ok()).expect("a number");
    let mut service = Service::new(&socket, first);
    loop {
        service.turn();
    }
}
