//! The renderer's side for these tests: a real hub that serves numbered pictures while somebody looks.
//!
//! Draws nothing but a pattern that survives JPEG: the number in black and white squares over a soft gradient.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use casedd_common::transport::clock::now_ns;
use casedd_common::transport::frame::{Damage, Rect};
use casedd_common::transport::hub::{Event, Hub, HubOptions, ViewId};

use super::sink::wait_for;

pub const WIDTH: u32 = 320;
pub const HEIGHT: u32 = 192;
/// Time between two pictures.
pub const PERIOD: Duration = Duration::from_millis(20);
/// Side of the squares that write the number; a multiple of what JPEG takes together.
const SQUARE_PX: u32 = 16;
const BITS: u32 = 16;

/// Picture number `n`, as red, green and blue.
pub fn pixel(x: u32, y: u32, n: u32) -> [u8; 3] {
    if y < SQUARE_PX && x < BITS * SQUARE_PX {
        return if n >> (x / SQUARE_PX) & 1 == 1 { [255; 3] } else { [0; 3] };
    }
    [(x * 255 / WIDTH) as u8, (y * 255 / HEIGHT) as u8, ((x + y) * 255 / (WIDTH + HEIGHT)) as u8]
}

/// The number that a decoded picture shows.
pub fn number(rgb: &image::RgbImage) -> u32 {
    let bit =
        |at: u32| u32::from(rgb.get_pixel(at * SQUARE_PX + SQUARE_PX / 2, SQUARE_PX / 2)[0] > 127) << at;
    (0..BITS).map(bit).sum()
}

#[derive(Default)]
struct Control {
    stop: AtomicBool,
    is_still: AtomicBool,
    is_stopped: AtomicBool,
    is_eager: AtomicBool,
    is_watched: AtomicBool,
    rendered: AtomicU32,
    turns: AtomicU64,
}

/// A renderer on a thread of this process.
pub struct Renderer {
    control: Arc<Control>,
    thread: Option<JoinHandle<()>>,
}

impl Renderer {
    /// Its pictures are numbered from 1.
    pub fn start(runtime: &Path) -> Renderer {
        Renderer::start_from(runtime, 1)
    }

    pub fn start_from(runtime: &Path, first: u32) -> Renderer {
        let control = Arc::new(Control::default());
        control.rendered.store(first - 1, Ordering::Relaxed);
        let socket = runtime.join("renderer.sock");
        let thread = std::thread::spawn({
            let control = Arc::clone(&control);
            move || serve(&socket, &control)
        });
        Renderer { control, thread: Some(thread) }
    }

    /// Lets nothing change any more after the first picture; gives the number of the last one.
    pub fn hold_still(&self) -> u32 {
        self.control.is_still.store(true, Ordering::Relaxed);
        let turns = self.turns();
        wait_for("the turn under way to end", || (self.turns() > turns + 1).then_some(()));
        self.rendered()
    }

    /// Draws although nobody looks.
    pub fn set_eager(&self, is_eager: bool) {
        self.control.is_eager.store(is_eager, Ordering::Relaxed);
    }

    /// Stops as by SIGSTOP: the connections stay, nothing answers.
    pub fn set_stopped(&self, is_stopped: bool) {
        self.control.is_stopped.store(is_stopped, Ordering::Relaxed);
    }

    /// The number of the newest picture.
    pub fn rendered(&self) -> u32 {
        self.control.rendered.load(Ordering::Relaxed)
    }

    /// Turns of the loop: its clock.
    pub fn turns(&self) -> u64 {
        self.control.turns.load(Ordering::Relaxed)
    }

    pub fn is_watched(&self) -> bool {
        self.control.is_watched.load(Ordering::Relaxed)
    }
}

impl Drop for Renderer {
    fn drop(&mut self) {
        self.control.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Its panic, if any, is on stderr; a second one here would hide the test's own.
            let _ = thread.join();
        }
    }
}

fn serve(socket: &Path, control: &Control) {
    let mut hub = Hub::bind(socket, HubOptions::default()).expect("the socket is free");
    let mut views: Vec<ViewId> = Vec::new();
    while !control.stop.load(Ordering::Relaxed) {
        if control.is_stopped.load(Ordering::Relaxed) {
            std::thread::park_timeout(PERIOD);
            continue;
        }
        let due = Instant::now() + PERIOD;
        while let Some(left) = due.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            for event in hub.wait(left, &[]).expect("the hub works") {
                if let Event::Asked { sink, want } = event {
                    let view = hub.open_view(want.width, want.height).expect("memory for a view");
                    hub.admit(sink, view).expect("the sink is there");
                    views.push(view);
                }
            }
        }
        hub.heartbeat();
        let is_still =
            control.is_still.load(Ordering::Relaxed) && control.rendered.load(Ordering::Relaxed) > 0;
        control.is_watched.store(views.iter().any(|view| hub.watched(*view)), Ordering::Relaxed);
        let is_eager = control.is_eager.load(Ordering::Relaxed);
        let wanted: Vec<ViewId> =
            views.iter().copied().filter(|view| is_eager || hub.watched(*view)).collect();
        if !wanted.is_empty() && !is_still {
            let n = control.rendered.fetch_add(1, Ordering::Relaxed) + 1;
            wanted.iter().for_each(|view| publish(&mut hub, *view, n));
        }
        control.turns.fetch_add(1, Ordering::Relaxed);
    }
}

/// Draws all, but says that only the number changed: what the damage leaves out must come from earlier frames.
fn publish(hub: &mut Hub, view: ViewId, n: u32) {
    let Some(mut writing) = hub.begin(view) else { return };
    let geometry = writing.geometry();
    let rows = writing.pixels_u32_mut().chunks_mut(geometry.stride_bytes as usize / 4);
    for (row, y) in rows.zip(0..geometry.height) {
        for (to, x) in row.iter_mut().zip(0..geometry.width) {
            let [red, green, blue] = pixel(x, y, n);
            *to = u32::from_be_bytes([255, red, green, blue]);
        }
    }
    let number = Rect { x: 0, y: 0, width: BITS * SQUARE_PX, height: SQUARE_PX };
    let now = now_ns();
    writing.publish(now, now, &Damage::from(number).clip(geometry.width, geometry.height), 0);
}
