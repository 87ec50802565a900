//! What several widgets are made of: labels, numbers with units, stale marks, charts.
//! Leaves out whole widgets.

pub mod axis;
pub mod chart;
pub mod family;
pub mod frame;
pub mod head;
pub mod legend;
pub mod number;
pub mod series;
pub mod steps;
pub mod tint;

use bumpalo::collections::String;
use casedd_raster::{Color, Face, RectF, Scene, TextStyle};

use super::Cx;
use crate::data::{Freshness, Shown};
use crate::fill;

/// Where text stands: its left end, its middle, or its right end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// `x` is where it starts.
    Start,
    /// `x` is its middle.
    Middle,
    /// `x` is where it ends.
    End,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub struct Ink {
    /// Face and size.
    pub style: TextStyle,
    /// Its colour.
    pub color: Color,
}

impl Ink {
    /// The look of a label or a name: its digits do not change.
    pub const fn words(face: Face, size_px: f32, color: Color) -> Ink {
        Ink { style: TextStyle::words(face, size_px), color }
    }

    /// A face, a size and a colour.
    pub const fn new(face: Face, size_px: f32, color: Color) -> Ink {
        Ink { style: TextStyle::new(face, size_px), color }
    }
}

impl<'a> Cx<'a> {
    /// Labels of all widgets.
    pub(super) fn label_ink(&self) -> Ink {
        Ink::words(Face::Medium, self.scale.label_px, self.theme.text_dim)
    }

    /// Axis marks and legends.
    pub(super) fn caption_ink(&self) -> Ink {
        Ink::new(Face::Medium, self.scale.caption_px, self.theme.text_faint)
    }

    /// The widget's `detail` with its values, and how far they can be relied on; empty for none.
    pub(super) fn detail(&self) -> &'a str {
        let detail = self.spec.detail.as_deref().unwrap_or_default();
        let (text, freshness) = fill::fill(detail, self.data, self.room);
        // Nothing but dashes says nothing.
        if freshness == Freshness::Missing { "" } else { text }
    }

    /// What the widget's `source` or `content` comes to.
    pub(super) fn shown(&self) -> Shown<'a> {
        self.data.shown(self.spec, self.room)
    }

    /// A text that is made for this scene.
    pub(super) fn say(&self, what: std::fmt::Arguments<'_>) -> &'a str {
        use std::fmt::Write;
        let mut text = String::new_in(self.room);
        // Writing into memory does not fail, but for what refuses to be written.
        let _ = text.write_fmt(what);
        text.into_bump_str()
    }

    /// How high the row of a label is.
    pub(super) fn label_row_px(&self) -> f32 {
        (self.scale.label_px * 1.3).round()
    }

    /// How high the row of label and value above a content is: one height for all widgets, so that neighbours' labels
    /// stand in line.
    pub(super) fn head_row_px(&self) -> f32 {
        (self.scale.value_px * 1.2).round().max(self.label_row_px())
    }

    /// The space between things that belong together.
    pub(super) fn gap_px(&self) -> f32 {
        (self.scale.label_px * 0.45).round().max(2.0)
    }

    /// The baseline that puts capitals and digits into the middle of `top..bottom`.
    pub(super) fn baseline(&mut self, style: TextStyle, top: f32, bottom: f32) -> f32 {
        ((top + bottom + self.fonts.metrics(style).cap_height) / 2.0).round()
    }

    /// Draws `text`, ended by an ellipsis where it would be wider than `room`; gives how wide it became.
    #[expect(clippy::too_many_arguments, reason = "a text has a look, a place and a limit")]
    pub(super) fn put(
        &mut self,
        scene: &mut Scene,
        text: &str,
        ink: Ink,
        (anchor, x, baseline): (Anchor, f32, f32),
        room: f32,
    ) -> f32 {
        let line = self.fonts.ellipsize(text, ink.style, room);
        let width = line.width_px();
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        scene.text(&line, left, baseline, ink.color);
        width
    }
}

impl Cx<'_> {
    /// Draws the widget's label into what a value has left of its row; a few letters and an ellipsis are no label.
    /// Gives how wide it became.
    pub(super) fn put_label(&mut self, scene: &mut Scene, (x, baseline): (f32, f32), room: f32) -> f32 {
        let spec = self.spec;
        let label = spec.label.as_deref().unwrap_or_default();
        let ink = self.label_ink();
        if room >= ink.style.size_px * 3.0 || self.fonts.width(label, ink.style) <= room {
            return self.put(scene, label, ink, (Anchor::Start, x, baseline), room);
        }
        0.0
    }
}

/// The lower part of `rect`, from `by_px` below its top.
pub fn below(rect: RectF, by_px: f32) -> RectF {
    rect.inset_sides([by_px.min(rect.height), 0.0, 0.0, 0.0])
}
