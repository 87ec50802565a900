//! Shared memory frame transport: board, frame pool, rings and control socket.

mod account;
pub mod board;
pub mod clock;
mod error;
pub mod frame;
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
#[cfg(not(any(loom, miri)))]
mod header;
#[cfg(not(any(loom, miri)))]
pub mod hub;
#[cfg(not(any(loom, miri)))]
pub mod link;
#[cfg(not(any(loom, miri)))]
mod map;
pub mod observe;
#[cfg(not(any(loom, miri)))]
mod segment;
#[cfg(not(any(loom, miri)))]
mod socket;

pub use error::{LinkError, Refusal, TransportError, UseAfterRelease};
pub use policy::{DropPolicy, UnknownPolicy};
pub use want::{Want, WantError};
