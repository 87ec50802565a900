//! The sink shell: the one trait that an output process implements, and the loop that drives it.
//!
//! Leaves out every device, port and pixel format; those are the sinks' own, and adding a sink changes nothing here.

use std::os::fd::BorrowedFd;

use crate::exit::Failure;
use crate::transport::{Want, link::Frame};

mod backoff;
mod run;
mod want;

pub use backoff::Backoff;
pub use run::run;
pub use want::want;

/// An output: it asks for frames of one size and puts them where somebody sees them.
///
/// [`run`] calls everything from one thread. A sink that serves several clients does that on threads of its own
/// and wakes the loop by a descriptor in [`Sink::fds`].
pub trait Sink {
    /// Opens the device, or looks again at the one that is open, and says which frames it wants.
    ///
    /// Called before every connection to the renderer, so also after a restarted renderer and after
    /// [`SinkError::Reopen`]; the answer may differ each time. The first frame after it must be painted whole.
    fn want(&mut self) -> Result<Want, SinkError>;

    /// Puts one frame out and calls [`Frame::delivered`] once it is on the glass (or encoded for the viewers).
    fn show(&mut self, frame: Frame<'_>) -> Result<(), SinkError>;

    /// The connection to the renderer changed. The last picture stays in every state.
    fn link_changed(&mut self, _state: LinkState) {}

    /// Whether anybody looks. While this is false the renderer does no work for this sink.
    fn watched(&mut self) -> bool {
        true
    }

    /// Descriptors that end the loop's wait when they are readable (a viewer came, the device has news).
    ///
    /// [`Sink::tick`] must make them unreadable again.
    fn fds(&self) -> Vec<BorrowedFd<'_>> {
        Vec::new()
    }

    /// Called at every wake-up, connected or not, and at least each 250 ms: look after the device and the clients.
    fn tick(&mut self) -> Result<(), SinkError> {
        Ok(())
    }

    /// What this output is, for `STATUS=` and the log: size, device, rate; or the address it serves.
    fn describe(&self) -> String {
        String::new()
    }

    /// Whether the process counts as ready once the renderer has admitted it, before any frame was shown.
    ///
    /// For a sink that nobody may be looking at; a device counts as working only when a frame reached it.
    fn ready_without_frames(&self) -> bool {
        false
    }

    /// Leaves the device or the port behind as configured. Called once, at the end, also when the end is a failure.
    fn close(&mut self) {}
}

/// The connection between this sink and the renderer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Frames may come; the renderer of this generation answers.
    Connected {
        /// Random number of the renderer's start: a new one means a new renderer.
        generation: u64,
    },
    /// Connected, but the renderer has not shown a sign of life for a while (stopped, or stuck).
    Stale {
        /// Since when, in milliseconds.
        age_ms: u64,
    },
    /// No connection; the shell tries again until there is one.
    Lost {
        /// Why, in words for a person.
        reason: String,
    },
}

/// What can go wrong in a sink, by what is done about it.
#[derive(Debug)]
pub enum SinkError {
    /// The device is lost: [`Sink::want`] is called again, with backoff, until it is there.
    Reopen(String),
    /// Nothing that waiting would mend: the process ends with this.
    Fatal(Failure),
}

impl From<Failure> for SinkError {
    fn from(failure: Failure) -> Self {
        SinkError::Fatal(failure)
    }
}
