//! A frame in a sink's hands; dropping it gives the slot back.
//! How it was claimed is the ring's business.

use crate::error::UseAfterRelease;
use crate::frame::{Damage, FrameMeta, Geometry};
use std::marker::PhantomData;

/// A picture in the renderer's memory, held against being drawn over until this is dropped.
pub struct Frame<'a> {
    link: PhantomData<&'a ()>,
}

#[expect(
    clippy::missing_const_for_fn,
    clippy::unused_self,
    clippy::unimplemented,
    reason = "first signatures"
)]
impl Frame<'_> {
    /// The pixels, rows `geometry().stride_bytes` apart.
    pub fn pixels(&self) -> &[u8] {
        &[]
    }

    /// The same as whole pixels (little-endian 0xXXRRGGBB), rows `stride_bytes / 4` apart.
    pub fn pixels_u32(&self) -> &[u32] {
        &[]
    }

    /// Size and layout.
    pub fn geometry(&self) -> Geometry {
        unimplemented!()
    }

    /// Sequence, times, flags, and the damage against the frame just before it.
    pub fn meta(&self) -> &FrameMeta {
        unimplemented!()
    }

    /// What changed since the frame that this link handed out before; all, when that is not known.
    pub fn damage(&self) -> &Damage {
        unimplemented!()
    }

    /// Frames of the view between the one handed out before and this one.
    pub fn skipped(&self) -> u64 {
        0
    }

    /// Whether the pixels are still those of this frame: call it after reading and before showing.
    pub fn check(&self) -> Result<(), UseAfterRelease> {
        Ok(())
    }

    /// The frame is shown: counts it with its latency, and gives the slot back.
    pub fn delivered(self) {}

    /// Detaches the frame from the borrow of its link; it still counts as one of the sink's holds.
    pub fn keep(self) -> Frame<'static> {
        Frame { link: PhantomData }
    }
}
