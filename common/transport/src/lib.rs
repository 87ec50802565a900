//! Shared memory frame transport: board, frame pool, rings and control socket.

pub mod board;
pub mod clock;
mod error;
pub mod frame;
pub mod hub;
pub mod limits;
pub mod link;
pub mod observe;
mod policy;
mod want;

pub use error::{LinkError, Refusal, TransportError, UseAfterRelease};
pub use policy::{DropPolicy, UnknownPolicy};
pub use want::{Want, WantError};
