//! `value`: a number as large as its cell allows, with a label above, a smaller unit, and a detail below.
//! Leaves out history: a sparkline shows that.

use casedd_raster::{Color, Face, RectF, Scene, TextStyle};

use super::parts::number::{self, Look};
use super::parts::{Anchor, Ink, head, tint};
use super::{Cx, Widget, trend};
use crate::data::{Freshness, Shown};
use crate::template::spec::{Align, Kind};

/// The space between a number and its detail, as a share of the number's size.
const DETAIL_GAP: f32 = 0.2;

/// Draws a label, a number and a detail.
pub struct Value;

impl Widget for Value {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let shown = cx.shown();
        let color = number::color(cx, &shown);
        let state = head::own_freshness(cx, &shown);
        // A low cell has label and number in one row.
        if cx.spec.label.is_some() && cx.area.height < cx.label_row_px() * 2.4 {
            row(cx, scene, (&shown, color), state);
            return;
        }
        let body = head::draw(cx, scene, state);
        let foot = if cx.spec.detail.is_some() { foot_px(cx, body.height) } else { 0.0 };
        // Room above and below: a number that touches the card's edge cannot breathe.
        let air = (body.height - foot) * 0.14;
        let room = body.inset_sides([air * 0.8, body.width * 0.03, foot + air, 0.0]);
        let percent = (shown.unit == "%").then_some(100.0);
        let max = cx.spec.max.or(percent);
        let look = Look { color, max, is_alike: true };
        let mut room = room;
        if let (Kind::Value(Some(chart)), Some(_)) = (&cx.spec.kind, shown.number) {
            let (number, plot) = trend::arrange(cx, (&shown, look), (body, room), foot);
            if let Some(plot) = plot {
                trend::draw(cx, scene, chart, (plot, state.0));
            }
            room = number;
        }
        let fitted = number::put(cx, scene, &shown, (room, anchor(cx)), look);
        if foot > 0.0 {
            let style = TextStyle::new(Face::Bold, fitted.size_px);
            let baseline = cx.baseline(style, room.y, room.bottom());
            let under = RectF { y: baseline, height: body.bottom() - baseline, ..body };
            detail(cx, scene, (under, fitted.size_px * DETAIL_GAP), state.0);
        }
    }
}

/// How high the row of the detail is; a low cell has none.
fn foot_px(cx: &Cx<'_>, height: f32) -> f32 {
    let row = (cx.scale.label_px * 1.7).round();
    if height >= row * 2.6 { row } else { 0.0 }
}

/// Writes the detail below the number, `under` its baseline: close to it, as far as its size asks for.
fn detail(cx: &mut Cx<'_>, scene: &mut Scene, (under, gap): (RectF, f32), freshness: Freshness) {
    let text = cx.detail();
    let ink = Ink::new(Face::Medium, cx.scale.label_px, tint::aged(cx.theme.text_dim, freshness));
    let cap = cx.fonts.metrics(ink.style).cap_height;
    let baseline = (under.y + cap + gap.max(cap * 1.1)).min(under.bottom() - cap * 0.3).round();
    let anchor = anchor(cx);
    let x = match anchor {
        Anchor::Start => under.x,
        Anchor::Middle => under.centre().x,
        Anchor::End => under.right(),
    };
    cx.put(scene, text, ink, (anchor, x, baseline), under.width);
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

fn row(cx: &mut Cx<'_>, scene: &mut Scene, (shown, color): (&Shown<'_>, Color), state: (Freshness, u64)) {
    let area = cx.area;
    let size = cx.scale.value_px.min(area.height * 0.9);
    let ink = cx.label_ink();
    let baseline = cx.baseline(ink.style, area.y, area.bottom());
    let used = number::put_end(cx, scene, shown, (size, color), (area.right(), baseline, area.width));
    let mut right = area.right() - used - cx.gap_px();
    if state.0 == Freshness::Stale {
        right -=
            head::mark(cx, scene, (right, area.centre().y), state.1, (right - area.x) * 0.4) + cx.gap_px();
    }
    cx.put_label(scene, (area.x, baseline), (right - area.x).max(0.0));
}
