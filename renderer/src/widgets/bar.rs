//! `bar`: how far a value is on its way from `min` to `max`, with its label and number above.
//! Leaves out upright bars: a histogram has those.

use casedd_raster::{Color, Face, Paint, RectF, Scene, TextStyle};

use super::parts::number::{self, Look};
use super::parts::{Anchor, Ink, head, tint};
use super::{Cx, Widget};
use crate::data::{Freshness, Shown};

/// Draws a label, a number and a bar.
pub struct Bar;

impl Widget for Bar {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let shown = cx.shown();
        let state = head::own_freshness(cx, &shown);
        let color = number_color(cx, &shown);
        let area = cx.area;
        let row = cx.head_row_px();
        let thick = (cx.scale.label_px * 0.62).round().clamp(3.0, 40.0);
        if area.height < row + cx.gap_px() + thick {
            in_one_row(cx, scene, &shown, color);
        } else if area.height > cx.scale.label_px * 5.5 {
            tall(cx, scene, (&shown, color), state);
        } else {
            let head = head::draw_with(cx, scene, state, Some((&shown, color)));
            let detail = cx.detail();
            head::note(cx, scene, head.free, detail);
            let body = head.body;
            // The bar takes what is left up to a good thickness, at the bottom of the cell.
            let height = thick.max((body.height * 0.55).min(thick * 1.6)).min(body.height).round();
            let track = RectF { y: body.bottom() - height, height, ..body };
            draw_bar(cx, scene, track, &shown);
        }
    }
}

fn number_color(cx: &Cx<'_>, shown: &Shown<'_>) -> Color {
    if shown.number.is_none() { cx.theme.text_faint } else { cx.theme.text }
}

/// A high cell: the number is the picture, the bar its base.
fn tall(cx: &mut Cx<'_>, scene: &mut Scene, (shown, color): (&Shown<'_>, Color), state: (Freshness, u64)) {
    let body = head::draw(cx, scene, state);
    let thick = (cx.scale.label_px * 0.9).round().min(body.height);
    let track = RectF { y: body.bottom() - thick, height: thick, ..body };
    draw_bar(cx, scene, track, shown);
    let gap = cx.gap_px() * 2.0;
    let above = body.inset_sides([cx.gap_px(), 0.0, thick + gap, 0.0]);
    // Not higher than its label bears: the bar is the picture.
    let height =
        (above.height * 0.6).clamp(above.height.min(cx.scale.label_px * 2.0), cx.scale.label_px * 3.4);
    let above = RectF { y: above.bottom() - (above.height + height) / 2.0, height, ..above };
    let look = Look { color: tint::aged(color, state.0), max: Some(range(cx).1), is_alike: false };
    let fitted = number::put(cx, scene, shown, (above, Anchor::Start), look);
    // The detail stands on the number's line, at the other end.
    let detail = cx.detail();
    let ink =
        Ink::new(Face::Medium, cx.scale.label_px.min(fitted.size_px), tint::aged(cx.theme.text_dim, state.0));
    let room = above.width - fitted.width_px.max(fitted.widest_px) - cx.gap_px() * 2.0;
    if cx.fonts.width(detail, ink.style) <= room {
        let style = TextStyle::new(Face::Bold, fitted.size_px);
        let baseline = cx.baseline(style, above.y, above.bottom());
        cx.put(scene, detail, ink, (Anchor::End, above.right(), baseline), room);
    }
}

/// A low cell: label, bar and number side by side, at the same places in neighbours of the same width.
fn in_one_row(cx: &mut Cx<'_>, scene: &mut Scene, shown: &Shown<'_>, color: Color) {
    let area = cx.area;
    let size = cx.scale.body_px.min(area.height);
    let label_ink = Ink { style: cx.label_ink().style.sized(cx.scale.label_px.min(size)), ..cx.label_ink() };
    let baseline = cx.baseline(label_ink.style, area.y, area.bottom());
    let label = cx.spec.label.as_deref().unwrap_or_default();
    let gap = cx.gap_px();
    // In a narrow cell first the label goes, then the number.
    let letters = area.width / size;
    let left_width = if label.is_empty() || letters < 9.0 { 0.0 } else { area.width * 0.3 };
    let widest = cx.fonts.width("100.0", TextStyle::new(Face::SemiBold, size));
    let unit = cx.fonts.width(shown.unit, TextStyle::new(Face::Medium, size));
    let right_width = if letters < 5.0 { 0.0 } else { (widest + unit).min(area.width * 0.6) };
    let color = tint::aged(color, shown.freshness);
    if right_width > 0.0 {
        number::put_end(cx, scene, shown, (size, color), (area.right(), baseline, right_width));
    }
    cx.put(scene, label, label_ink, (Anchor::Start, area.x, baseline), left_width);
    let height = (cx.scale.label_px * 0.55).round().clamp(2.0, area.height.max(2.0));
    let left = area.x + if left_width > 0.0 { left_width + gap } else { 0.0 };
    let right = area.right() - if right_width > 0.0 { right_width + gap } else { 0.0 };
    let track = RectF::from_edges(left, 0.0, right.max(left), height);
    draw_bar(cx, scene, RectF { y: area.centre().y - height / 2.0, ..track }, shown);
}

fn range(cx: &Cx<'_>) -> (f64, f64) {
    (cx.spec.min.unwrap_or(0.0), cx.spec.max.unwrap_or(100.0))
}

fn draw_bar(cx: &mut Cx<'_>, scene: &mut Scene, track: RectF, shown: &Shown<'_>) {
    let track = track.snapped();
    let radius = track.height / 2.0;
    scene.fill_rounded(track, radius, cx.theme.track);
    let (min, max) = range(cx);
    let Some(number) = cx.data.eased(cx.spec, shown.number).filter(|_| max > min) else { return };
    let share = ((number - min) / (max - min)).clamp(0.0, 1.0) as f32;
    if share <= 0.0 {
        return;
    }
    // At least a dot: something is not nothing.
    let width = (track.width * share).max(track.height).min(track.width);
    let filled = RectF { width, ..track };
    let color = tint::accent(cx, Some(number));
    // Colours keep their place along the track: another value changes no more than the tip.
    let paint = Paint::horizontal(track.x, track.right(), tint::ramp(cx, color, (min, max)));
    let paint = match shown.freshness {
        Freshness::Fresh => paint,
        Freshness::Stale | Freshness::Missing => paint.faded(0.42),
    };
    scene.fill_rounded(filled, radius, paint);
}
