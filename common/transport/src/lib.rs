//! Frames and data between processes over shared memory, without a copy, a lock, or a byte left behind.
//!
//! One *renderer* draws pictures in memory that it alone can write; any number of *sinks* read them in place, each in
//! its own process, each as fast as it likes. Any process may be killed at any instruction: the others go on.
//! A *board* beside it carries one newest payload and an array of words from one writer to many readers.
//!
//! The crate knows bytes, frames and metadata. It knows nothing of dashboards, templates, devices or browsers.
//!
//! # Two processes
//!
//! The renderer opens a [`hub`], and answers what asks:
//!
//! ```no_run
//! use casedd_transport::{clock::now_ns, frame::Damage, hub::{Event, Hub, HubOptions}};
//! # use std::{path::Path, time::Duration};
//! let mut hub = Hub::bind(Path::new("/run/example/frames.sock"), HubOptions::default())?;
//! let view = hub.open_view(800, 480)?;
//! loop {
//!     for event in hub.wait(Duration::from_millis(100), &[])? {
//!         if let Event::Asked { sink, .. } = event {
//!             hub.admit(sink, view)?;
//!         }
//!     }
//!     hub.heartbeat();
//!     if hub.watched(view) && hub.writable(view) {
//!         if let Some(mut writing) = hub.begin(view) {
//!             let started = now_ns();
//!             writing.pixels_u32_mut().fill(0xff20_3040);
//!             writing.publish(started, started, &Damage::full(800, 480), 0);
//!         }
//!     }
//! }
//! # Ok::<(), casedd_transport::TransportError>(())
//! ```
//!
//! A sink opens a [`link`](link::Link), waits, and reads:
//!
//! ```no_run
//! use casedd_transport::{Want, link::Link};
//! # use std::{path::Path, time::Duration};
//! let want = Want { name: "panel".into(), topic: "clock".into(), ..Want::default() };
//! let mut link = Link::connect(Path::new("/run/example/frames.sock"), &want, Duration::from_secs(1))?;
//! loop {
//!     link.wait(Duration::from_millis(250), &[])?;
//!     if let Some(frame) = link.take_newest()? {
//!         let first = frame.pixels_u32()[0]; // in the renderer's memory, not a copy
//!         println!("frame {} starts with {first:08x}", frame.meta().sequence);
//!         frame.delivered();
//!     }
//! }
//! # Ok::<(), casedd_transport::LinkError>(())
//! ```
//!
//! `cargo run -p casedd-transport --example two_processes` runs both.
//!
//! # Laws
//!
//! 1. **Every shared word has one writing process, and the kernel enforces it.** The renderer makes the pool and each
//!    sink's tx, the sink makes its rx; each file is sealed (`SHRINK | GROW | FUTURE_WRITE | SEAL`) before anybody else
//!    has it, and is mapped read-only by everybody else.
//! 2. **No shared read-modify-write and no lock.** So nothing has to be repaired when a process dies.
//! 3. **A slot is never written while a living process may still read it.** A sink announces what it reads in a hold
//!    word; the renderer looks at all holds after it marked the slot, with a sequentially consistent fence on both
//!    sides. A frame that is *kept* (every one of a queue that drops nothing; in others the one that found the queue
//!    empty) needs none in the sink: its slot is in use until the sink has passed it. The end of the connection is the end of the sink: its holds vanish with its memory.
//! 4. **What comes from a peer is a hint.** It is clamped or refused, never used as an index or a length unchecked.
//! 5. **The renderer never waits for a sink** but where a `block` sink asked for it, and then in `Hub::wait` only.
//! 6. **A sink always finds a newest frame**: the renderer never writes the slot that holds it.
//!
//! What it does *not* do: it does not defend a sink against a renderer that breaks law 3 on purpose (the sink finds
//! out by [`Frame::check`](link::Frame::check)); it does not keep frames over a restart of the renderer; it does not
//! order frames of different views.
//!
//! # What lies where
//!
//! | file | made and written by | read by | content |
//! |-|-|-|-|
//! | pool header | renderer | sinks of the view | `latest`, damage of 32 frames, a sequence and 256 bytes of metadata a slot |
//! | pool pixels | renderer | sinks of the view | the slots, each at a multiple of 4 KiB |
//! | tx | renderer | one sink | `floor`, `head`, 16 descriptors, `want space`, heartbeat |
//! | rx | one sink | renderer | `tail`, `sleeping`, 4 holds, counters, latency histogram |
//! | board | its one writer, kept by a file lock | anybody with the mode bits | four payload areas, an array of words |
//!
//! The first four are memory files without a name, passed over the control socket; the board is a named segment.
//! A pool has `2 + sum(holds + depth)` slots: one to write, the newest, and what every sink may hold and queue. With
//! that a slot is always free, whatever the sinks do. When a sink comes for which that is too few, a larger pool with
//! the next *epoch* takes over; what is queued or held in the old one stays valid until it is let go.
//!
//! # Accounting
//!
//! For every sink and at every moment `pushed == delivered + given_back + dropped_oldest + dropped_newest + in_flight`;
//! see [`observe::SinkStats`]. What was in flight when a sink died is counted as lost under its name.

mod account;
pub mod board;
pub mod clock;
mod error;
pub mod frame;
#[doc(hidden)]
#[cfg(all(any(test, fuzzing), not(any(loom, miri, tsan))))]
pub mod fuzz;
#[cfg(feature = "handover")]
#[doc(hidden)]
pub mod handover;
mod latency;
mod layout;
pub mod limits;
mod meta;
mod policy;
mod ring;
mod want;
mod wire;
mod words;

// The model checkers run the ring and the board's areas over words on the heap, without a system call.
#[cfg(not(any(loom, miri, tsan)))]
mod header;
#[cfg(not(any(loom, miri, tsan)))]
pub mod hub;
#[cfg(not(any(loom, miri, tsan)))]
pub mod link;
#[cfg(not(any(loom, miri, tsan)))]
mod map;
pub mod observe;
#[cfg(not(any(loom, miri, tsan)))]
mod segment;
#[cfg(not(any(loom, miri, tsan)))]
mod socket;

pub use error::{LinkError, Refusal, TransportError, UseAfterRelease};
pub use policy::{DropPolicy, UnknownPolicy};
pub use want::{Want, WantError};
