//! A slot that is being drawn, and what publishing it did.
//! Choosing the slot is the pool's work.

use crate::frame::{Damage, Geometry};
use std::marker::PhantomData;

/// A slot that nobody reads. Dropped without `publish`, it is free again and no sink ever sees it.
pub struct Writing<'a> {
    hub: PhantomData<&'a mut ()>,
}

/// What publishing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Number of the frame in its view.
    pub sequence: u64,
    /// When it became visible.
    pub published_at_ns: u64,
    /// Sinks in whose ring it was put.
    pub queued: u32,
    /// Sinks that did not get it: ring full, or lease overrun.
    pub dropped: u32,
}

#[expect(
    clippy::missing_const_for_fn,
    clippy::unused_self,
    clippy::unimplemented,
    unused_variables,
    reason = "first signatures"
)]
impl Writing<'_> {
    /// Size and layout of the picture.
    pub fn geometry(&self) -> Geometry {
        unimplemented!()
    }

    /// The frame that the slot still holds whole, if any: only what changed since must be drawn.
    pub fn holds_sequence(&self) -> Option<u64> {
        None
    }

    /// What changed between the frame the slot holds and the newest one; all, when that is not known.
    pub fn stale(&self) -> Damage {
        Damage::empty()
    }

    /// The pixels, rows `stride_bytes` apart.
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        &mut []
    }

    /// The same as whole pixels, rows `stride_bytes / 4` apart.
    pub fn pixels_u32_mut(&mut self) -> &mut [u32] {
        &mut []
    }

    /// Makes the frame visible to every watched sink of the view and wakes those that sleep.
    pub fn publish(
        self,
        captured_at_ns: u64,
        render_started_at_ns: u64,
        damage: &Damage,
        flags: u32,
    ) -> Published {
        unimplemented!()
    }
}
