//! The row above a widget's content: its label on the left, on the right its value or how long it has been stale.
//! Leaves out panels: their label belongs to the card.

use casedd_raster::{Arc, Color, Face, PointF, RectF, Scene};

use super::super::Cx;
use super::{Anchor, Ink, below, number, tint};
use crate::data::{Freshness, Shown};
use crate::format;

/// The freshness of a widget: that of the stalest of its keys which is there at all.
pub fn freshness<'k>(cx: &Cx<'_>, keys: impl Iterator<Item = &'k str>) -> (Freshness, u64) {
    let mut worst = (Freshness::Missing, 0);
    for key in keys {
        match cx.data.freshness(key) {
            Freshness::Stale => {
                let age_ms = cx.data.age_ms(key).unwrap_or(0).max(worst.1);
                worst = (Freshness::Stale, age_ms);
            }
            Freshness::Fresh if worst.0 == Freshness::Missing => worst = (Freshness::Fresh, 0),
            Freshness::Fresh | Freshness::Missing => {}
        }
    }
    worst
}

/// The freshness of a widget of one `source`, or of fixed `content`.
pub fn own_freshness(cx: &Cx<'_>, shown: &Shown<'_>) -> (Freshness, u64) {
    match &cx.spec.source {
        Some(key) => freshness(cx, std::iter::once(key.as_str())),
        None => (shown.freshness, 0),
    }
}

/// What a row above a content leaves.
pub struct Head {
    /// Below the row.
    pub body: RectF,
    /// Between the label and the value, where a short note may stand; `None`: there is no such row.
    pub free: Option<Free>,
}

/// A free part of a row of text.
#[derive(Clone, Copy)]
pub struct Free {
    /// Where it starts.
    pub left: f32,
    /// Where it ends.
    pub right: f32,
    /// What text in it stands on.
    pub baseline: f32,
}

/// Draws the label and, when stale, the mark for it; gives what is left below. A cell too low for both keeps its
/// room for the content.
pub fn draw(cx: &mut Cx<'_>, scene: &mut Scene, state: (Freshness, u64)) -> RectF {
    draw_with(cx, scene, state, None).body
}

/// The same with the newest value at the right end of the row.
pub fn draw_with(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    state: (Freshness, u64),
    value: Option<(&Shown<'_>, Color)>,
) -> Head {
    let area = cx.area;
    let spec = cx.spec;
    let label = spec.label.as_deref().unwrap_or_default();
    let row = cx.head_row_px();
    let is_bare = label.is_empty() && value.is_none();
    let is_low = area.height < row * if is_bare { 3.0 } else { 1.8 };
    if is_low || is_bare {
        // A low cell, and a line of text that is no card, have no room for the mark: there being dim must do.
        if state.0 == Freshness::Stale && !is_low && spec.card != Some(false) {
            mark(cx, scene, (area.right(), area.y + row / 2.0), state.1, area.width);
            return Head { body: below(area, row), free: None };
        }
        return Head { body: area, free: None };
    }
    let baseline = cx.baseline(cx.label_ink().style, area.y, area.y + row);
    let mut right = area.right();
    if let Some((shown, color)) = value {
        let size = cx.scale.value_px;
        let color = tint::aged(color, state.0);
        right -=
            number::put_end(cx, scene, shown, (size, color), (right, baseline, area.width)) + cx.gap_px();
    }
    if state.0 == Freshness::Stale {
        // The label goes before the age: a clock alone says enough.
        let room = right - area.x - cx.fonts.width(label, cx.label_ink().style) - cx.gap_px();
        let room = room.max((cx.scale.caption_px * 1.2).min(right - area.x));
        right -= mark(cx, scene, (right, area.y + row / 2.0), state.1, room) + cx.gap_px();
    }
    let used = cx.put_label(scene, (area.x, baseline), (right - area.x).max(0.0));
    let left = area.x + used + if used > 0.0 { cx.gap_px() * 1.6 } else { 0.0 };
    Head { body: below(area, row + cx.gap_px()), free: Some(Free { left, right, baseline }) }
}

/// A short note in the free part of a head, beside the label; left out where it does not fit whole.
pub fn note(cx: &mut Cx<'_>, scene: &mut Scene, free: Option<Free>, text: &str) {
    let Some(free) = free else { return };
    let ink = cx.caption_ink();
    if !text.is_empty() && cx.fonts.width(text, ink.style) <= free.right - free.left {
        let room = free.right - free.left;
        cx.put(scene, text, ink, (Anchor::Start, free.left, free.baseline), room);
    }
}

/// A small clock and how long ago the value was read, ending at `right`; gives how wide it is, nothing when there is
/// no room.
pub fn mark(cx: &mut Cx<'_>, scene: &mut Scene, (right, middle): (f32, f32), age_ms: u64, room: f32) -> f32 {
    let size = cx.scale.caption_px;
    let color = cx.theme.warning.faded(0.85);
    let radius = (size * 0.36).max(2.5);
    let line_width = (size * 0.11).max(1.0);
    // A changing mark would be drawn again each second: from ten seconds on, steps of five are enough.
    let age_ms = if age_ms < 10_000 { age_ms } else { age_ms / 5_000 * 5_000 };
    let ink = Ink::new(Face::Medium, size, color);
    let text = cx.fonts.line(&format::age(age_ms), ink.style);
    let gap = (size * 0.3).round();
    let clock = radius * 2.0 + 1.0;
    let with_text = clock + gap + text.width_px();
    if room < clock {
        return 0.0;
    }
    // Of a text made of several keys no single age is known.
    let width = if room < with_text || age_ms == 0 { clock } else { with_text };
    let centre = PointF::new((right - width + radius).round() + 0.5, middle.round() + 0.5);
    let ring = Arc { centre, radius, width: line_width, start_rad: 0.0, sweep_rad: 7.0, round_caps: false };
    scene.arc(ring, color);
    let hands = [
        PointF::new(centre.x, centre.y - radius * 0.6),
        centre,
        PointF::new(centre.x + radius * 0.5, centre.y + radius * 0.15),
    ];
    scene.polyline(&hands, line_width, color);
    if width > clock {
        let baseline = cx.baseline(ink.style, middle - size, middle + size);
        scene.text(&text, right - text.width_px(), baseline, color);
    }
    width
}
