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
//! *A queue that drops nothing* needs no fence in the sink: the slot is kept from being written as long as it is queued,
//! and it leaves the queue by the sink's `tail`, which is stored after the hold and loaded before the holds are.
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
