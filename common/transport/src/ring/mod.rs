//! The algorithm: slots that many may read and one may write, and one queue of descriptors a sink.
//! Safe code over words, without a system call: mapping, waking and sockets are left to others.
//!
//! Every word has one writing process: [`Slots`] writes the pool's words, [`Port`] a sink's tx, [`Reader`] its rx.
//! There is no read-modify-write between processes and no lock, so nothing is left to repair when either side dies
//! at any instruction.
//!
//! *Reading a slot.* A sink stores the descriptor in a hold word, fences, and looks whether the slot still has that
//! sequence. *Writing a slot.* The renderer marks the slot's sequence, fences, and looks at all holds. Of two that
//! do this at the same time at least one sees the other (both fences are sequentially consistent), and both then
//! keep off: the sink drops its hold, the renderer restores the sequence.
//!
//! *A kept frame* needs no fence in the sink: the renderer marks it so in the queue, and does not write its slot before
//! the sink's `tail` has passed it, which is stored after the hold and loaded before the holds are. A queue that drops
//! nothing keeps all of its frames; one that drops the oldest keeps the one that it found itself empty for, so that a
//! sink which keeps up never fences. No slot more is needed for that: a frame is dropped for a newer one, and while that
//! waits, it is also the newest of all, which has a slot of its own in the reckoning.
//!
//! *Dropping* moves `floor`: it needs no consent, because whether a slot may be written is decided by the holds alone.

mod descriptor;
#[cfg(all(test, loom))]
mod models;
#[cfg(all(test, not(any(loom, miri, tsan))))]
mod oracle;
mod port;
mod reader;
mod slots;
#[cfg(all(test, not(loom)))]
mod threads;

pub use descriptor::Descriptor;
pub use port::{Port, Push, Pushed};
pub use reader::{Claim, PoolWords, Reader, Take};
pub use slots::{Blank, Newest, Slots};

/// Mark on a slot's sequence while the renderer looks whether anybody holds it: its pixels are still whole.
pub const RECLAIM: u64 = 1 << 63;
/// Sequence of a slot that is being written, or was never.
pub const BEING_WRITTEN: u64 = 0;
