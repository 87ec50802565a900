//! A frame in a sink's hands; dropping it gives the slot back.
//! How it was claimed is the ring's business.

use super::pools::Pool;
use crate::clock::now_ns;
use crate::error::UseAfterRelease;
use crate::frame::{Damage, FrameMeta, Geometry};
use crate::latency;
use crate::layout::rx;
use crate::map::Pixel;
use crate::ring::Claim;
use crate::words::OwnWords;
use std::marker::PhantomData;
use std::os::fd::OwnedFd;
use std::sync::Arc;

/// What must live as long as any frame: its end tells the renderer that nothing is read any more.
pub struct Kept {
    /// The connection.
    pub socket: OwnedFd,
    /// This sink's words.
    pub rx: OwnWords,
}

/// A held slot; dropping it gives it back.
pub struct Held {
    /// What must outlive it.
    pub kept: Arc<Kept>,
    /// The pool it lies in.
    pub pool: Arc<Pool>,
    /// Invariant: `None` only while it is dropped.
    pub claim: Option<Claim>,
    /// It came out of the queue and is not counted yet.
    pub queued: bool,
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.queued {
            self.kept.rx.add(rx::GIVEN_BACK, 1);
        }
        if let Some(claim) = self.claim.take() {
            claim.release(&self.kept.rx);
        }
    }
}

/// A picture in the renderer's memory, held against being drawn over until this is dropped.
pub struct Frame<'a> {
    held: Held,
    meta: FrameMeta,
    damage: Damage,
    skipped: u64,
    link: PhantomData<&'a ()>,
}

impl Frame<'_> {
    pub(super) fn new<'a>(held: Held, meta: FrameMeta, damage: Damage, skipped: u64) -> Frame<'a> {
        Frame { held, meta, damage, skipped, link: PhantomData }
    }

    /// The pixels, rows `geometry().stride_bytes` apart.
    pub fn pixels(&self) -> &[u8] {
        self.read()
    }

    /// The same as whole pixels (little-endian 0xXXRRGGBB), rows `stride_bytes / 4` apart.
    pub fn pixels_u32(&self) -> &[u32] {
        self.read()
    }

    fn read<P: Pixel>(&self) -> &[P] {
        self.held.claim.as_ref().map_or(&[], |claim| self.held.pool.read(claim))
    }

    /// Size and layout.
    pub fn geometry(&self) -> Geometry {
        self.meta.geometry
    }

    /// Sequence, times, flags, and the damage against the frame just before it.
    pub fn meta(&self) -> &FrameMeta {
        &self.meta
    }

    /// What changed since the frame that this link handed out before; all, when that is not known.
    pub fn damage(&self) -> &Damage {
        &self.damage
    }

    /// Frames of the view between the one handed out before and this one.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Whether the pixels are still those of this frame: call it after reading and before showing.
    pub fn check(&self) -> Result<(), UseAfterRelease> {
        let whole = self.held.claim.as_ref().is_some_and(|claim| claim.is_whole(&self.held.pool.header));
        if whole {
            return Ok(());
        }
        self.held.kept.rx.add(rx::USES_AFTER_RELEASE, 1);
        Err(UseAfterRelease { sequence: self.meta.sequence })
    }

    /// The frame is shown: counts it with its latency, and gives the slot back.
    pub fn delivered(mut self) {
        let now = now_ns();
        let words = &self.held.kept.rx;
        words.store(rx::LAST_DELIVERED, now);
        if std::mem::take(&mut self.held.queued) {
            let latency_us = now.saturating_sub(self.meta.captured_at_ns) / 1_000;
            words.add(rx::LATENCY + latency::bucket(latency_us), 1);
            words.raise(rx::LATENCY_MAX, latency_us);
            words.add(rx::DELIVERED, 1);
        } else {
            words.add(rx::REPAINTED, 1);
        }
    }

    /// Detaches the frame from the borrow of its link; it still counts as one of the sink's holds.
    pub fn keep(self) -> Frame<'static> {
        Frame::new(self.held, self.meta, self.damage, self.skipped)
    }
}
