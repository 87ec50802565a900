//! A slot that is being drawn.
//! Choosing it is the pool's work, publishing it the view's.

use super::view::{Label, Published, View};
use crate::frame::{Damage, Geometry};
use crate::ring::Blank;

/// A slot that nobody reads. Dropped without `publish`, it is free again and no sink ever sees it.
pub struct Writing<'a> {
    view: &'a mut View,
    /// Invariant: `None` only once it is published.
    blank: Option<Blank>,
    touched: bool,
}

impl<'a> Writing<'a> {
    pub(super) fn new(view: &'a mut View, blank: Blank) -> Writing<'a> {
        Writing { view, blank: Some(blank), touched: false }
    }

    /// Size and layout of the picture.
    pub fn geometry(&self) -> Geometry {
        self.view.pool.news().geometry
    }

    /// The frame that the slot still holds whole, if any: only what changed since must be drawn.
    pub fn holds_sequence(&self) -> Option<u64> {
        self.blank.as_ref().filter(|_| !self.touched).and_then(Blank::previous)
    }

    /// What changed between the frame the slot holds and the newest one; all, when that is not known.
    pub fn stale(&self) -> Damage {
        match &self.blank {
            Some(blank) if !self.touched => self.view.stale(blank),
            _ => Damage::from(self.geometry().bounds()),
        }
    }

    /// Copies into the slot what it lacks of the newest frame, but for what lies within `owed`: the caller draws that.
    /// Before the first frame there is nothing to copy.
    pub fn catch_up(&mut self, owed: &Damage) {
        let Some(blank) = &mut self.blank else { return };
        let from = blank.previous().filter(|_| !self.touched);
        self.touched = true;
        self.view.catch_up(blank, from, owed);
    }

    /// The pixels, rows `stride_bytes` apart.
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        self.touched = true;
        self.blank.as_mut().map_or(&mut [], |blank| self.view.pool.draw(blank))
    }

    /// The same as whole pixels, rows `stride_bytes / 4` apart.
    pub fn pixels_u32_mut(&mut self) -> &mut [u32] {
        self.touched = true;
        self.blank.as_mut().map_or(&mut [], |blank| self.view.pool.draw(blank))
    }

    /// Makes the frame visible to every watched sink of the view and wakes those that sleep.
    pub fn publish(
        mut self,
        captured_at_ns: u64,
        render_started_at_ns: u64,
        damage: &Damage,
        flags: u32,
    ) -> Published {
        let blank = self.blank.take().expect("a slot is published once, because publishing consumes it");
        self.view.publish(blank, &Label { captured_at_ns, render_started_at_ns, damage, flags })
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if let Some(blank) = self.blank.take() {
            self.view.pool.slots.abandon(blank, !self.touched);
        }
    }
}
