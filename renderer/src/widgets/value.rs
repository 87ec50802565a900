//! `value`: a number as large as its cell allows, with a label above and a smaller unit.
//! Leaves out history: a sparkline shows that.

use casedd_raster::Scene;

use super::parts::number::{self, Look};
use super::parts::{Anchor, head};
use super::{Cx, Widget};
use crate::template::spec::Align;

/// Draws a label and a number.
pub struct Value;

impl Widget for Value {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let shown = cx.data.shown(cx.spec);
        let color = number::color(cx, &shown);
        let state = head::own_freshness(cx, &shown);
        // A low cell has label and number in one row.
        if cx.spec.label.is_some() && cx.area.height < cx.label_row_px() * 2.4 {
            row(cx, scene, (&shown, color), state);
            return;
        }
        let body = head::draw(cx, scene, state);
        // Room above and below: a number that touches the card's edge cannot breathe.
        let air = body.height * 0.14;
        let body = body.inset_sides([air * 0.8, body.width * 0.03, air, 0.0]);
        let percent = (shown.unit == "%").then_some(100.0);
        let max = cx.spec.max.or(percent);
        number::put(cx, scene, &shown, (body, anchor(cx)), Look { color, max });
    }
}

fn anchor(cx: &Cx<'_>) -> Anchor {
    match cx.spec.align {
        Some(Align::Left) => Anchor::Start,
        Some(Align::Right) => Anchor::End,
        Some(Align::Centre) => Anchor::Middle,
        None if cx.spec.label.is_some() => Anchor::Start,
        None => Anchor::Middle,
    }
}

fn row(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    (shown, color): (&crate::data::Shown, casedd_raster::Color),
    state: (crate::data::Freshness, u64),
) {
    let area = cx.area;
    let size = cx.scale.value_px.min(area.height * 0.9);
    let ink = cx.label_ink();
    let baseline = cx.baseline(ink.style, area.y, area.bottom());
    let used = number::put_end(cx, scene, shown, (size, color), (area.right(), baseline, area.width));
    let mut right = area.right() - used - cx.gap_px();
    if state.0 == crate::data::Freshness::Stale {
        right -=
            head::mark(cx, scene, (right, area.centre().y), state.1, (right - area.x) * 0.4) + cx.gap_px();
    }
    cx.put_label(scene, (area.x, baseline), (right - area.x).max(0.0));
}
