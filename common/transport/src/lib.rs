//! Shared memory frame transport: board, frame pool, rings and control socket.

mod latency;
mod layout;
mod policy;
mod ring;
mod words;

mod account;
pub mod board;
pub mod clock;
mod error;
pub mod frame;
mod header;
pub mod hub;
pub mod limits;
pub mod link;
mod map;
mod meta;
pub mod observe;
mod segment;
mod socket;
mod want;
mod wire;

pub use error::{LinkError, Refusal, TransportError, UseAfterRelease};
pub use policy::{DropPolicy, UnknownPolicy};
pub use want::{Want, WantError};
