//! `gauge`: an arc from `min` to `max` with a tip where the value is, the number inside, the label in its opening.
//! Leaves out half-hidden arcs: whatever its angles, the arc is as large as its cell allows.

use std::f32::consts::TAU;

use casedd_raster::{Arc, Paint, PointF, RectF, Scene};

use super::parts::number::{self, Look};
use super::parts::{Anchor, Ink, head, tint};
use super::{Cx, Widget};
use crate::data::{Freshness, Shown};
use crate::template::spec::{GaugeSpec, Kind};

/// The arc's width as a share of its radius.
const WIDTH_SHARE: f32 = 0.19;
/// From this radius on, in sizes of a label, the label stands inside the arc.
const INSIDE_LABELS_MIN: f32 = 3.2;
/// An arc that reaches less far below its centre (in radii) is a bow: its number stands on its ends.
const LOW_MIN: f32 = 0.5;

/// Draws an arc, a number and a label.
pub struct Gauge;

impl Widget for Gauge {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let Kind::Gauge(spec) = cx.spec.kind else { return };
        let shown = cx.data.shown(cx.spec);
        let state = head::own_freshness(cx, &shown);
        let placed = place(cx, angles(&spec), spec.ticks);
        draw_arc(cx, scene, (placed.arc, spec.ticks), &shown);
        draw_number(cx, scene, &placed, &shown);
        if let Some((middle, room)) = placed.label {
            let label = cx.spec.label.as_deref().unwrap_or_default();
            let ink = cx.label_ink();
            // A long label is set a little smaller before it is cut.
            let width = cx.fonts.width(label, ink.style).max(1.0);
            let size = ink.style.size_px * (room / width).clamp(0.78, 1.0);
            let ink = Ink { style: ink.style.sized(size), ..ink };
            let baseline = cx.baseline(ink.style, middle - 1.0, middle + 1.0);
            cx.put(scene, label, ink, (Anchor::Middle, placed.arc.centre.x, baseline), room);
        }
        if state.0 == Freshness::Stale {
            let at = (cx.area.right(), cx.area.y + cx.scale.caption_px * 0.6);
            head::mark(cx, scene, at, state.1, cx.area.width * 0.4);
        }
    }
}

/// Where the arc starts and how far it goes, clockwise from the right, as the rasteriser has it.
fn angles(spec: &GaugeSpec) -> (f32, f32) {
    let start = -spec.arc_start_deg.to_radians();
    let sweep = (spec.arc_start_deg - spec.arc_end_deg).to_radians();
    let sweep = if sweep > 0.0 { sweep.min(TAU) } else { sweep.rem_euclid(TAU) };
    (start, if sweep < 0.01 { TAU } else { sweep })
}

struct Placed {
    arc: Arc,
    /// The middle of the label's row and how wide it may be.
    label: Option<(f32, f32)>,
    /// The label shares the arc's inside with the number.
    is_inside: bool,
    /// There is nothing of the arc below its centre.
    is_bow: bool,
}

/// How far the arc reaches from its centre, for a radius of one (to the middle of its line): up, right, down, left.
fn reach((start, sweep): (f32, f32)) -> [f32; 4] {
    let holds = |angle: f32| (angle - start).rem_euclid(TAU) <= sweep + 1e-3;
    let ends = [start, start + sweep];
    let furthest = |direction: f32| {
        if holds(direction) {
            return 1.0;
        }
        ends.iter().map(|end| (end - direction).cos()).fold(0.0, f32::max)
    };
    let quarter = TAU / 4.0;
    [furthest(-quarter), furthest(0.0), furthest(quarter), furthest(quarter * 2.0)]
}

/// The largest arc that fits the cell with its label.
fn place(cx: &mut Cx<'_>, (start_rad, sweep_rad): (f32, f32), ticks: u32) -> Placed {
    let area = cx.area;
    let half = WIDTH_SHARE / 2.0;
    let [up, right, down, left] = reach((start_rad, sweep_rad)).map(|reach| reach + half);
    let largest = |width: f32, height: f32| (width / (right + left)).min(height / (up + down)).max(0.0);
    let row = cx.label_row_px();
    let has_label = cx.spec.label.as_deref().is_some_and(|label| !label.is_empty());
    let mut radius = largest(area.width, area.height);
    let mut low = area.height;
    // A large arc has the label inside, below the number; a small one below itself; a tiny one has none. Its text
    // does not count: neighbours of one size stay of one size.
    let place = match radius / cx.scale.label_px {
        _ if !has_label => LabelPlace::None,
        labels if labels > INSIDE_LABELS_MIN && down > LOW_MIN => LabelPlace::Inside,
        _ if area.height > row * 3.0 => LabelPlace::Below,
        _ => LabelPlace::None,
    };
    if place == LabelPlace::Below {
        low -= row;
        radius = largest(area.width, low);
    }
    let used_height = (up + down) * radius;
    let top = area.y + (low - used_height) / 2.0;
    let x = area.centre().x + (left - right) / 2.0 * radius;
    let centre = PointF::new(x, top + up * radius);
    let arc = Arc { centre, radius, width: WIDTH_SHARE * radius, start_rad, sweep_rad, round_caps: true };
    let label = match place {
        LabelPlace::None => None,
        LabelPlace::Inside => Some((centre.y + radius * 0.48, radius * if ticks > 0 { 1.16 } else { 1.44 })),
        LabelPlace::Below => Some((top + used_height + row * 0.5, area.width)),
    };
    Placed { arc, label, is_inside: place == LabelPlace::Inside, is_bow: down <= LOW_MIN }
}

#[derive(PartialEq)]
enum LabelPlace {
    None,
    Inside,
    Below,
}

fn draw_arc(cx: &mut Cx<'_>, scene: &mut Scene, (arc, ticks): (Arc, u32), shown: &Shown) {
    scene.arc(arc, cx.theme.track);
    draw_ticks(cx, scene, arc, ticks);
    let (min, max) = (cx.spec.min.unwrap_or(0.0), cx.spec.max.unwrap_or(100.0));
    let Some(number) = shown.number.filter(|_| max > min) else { return };
    let share = ((number - min) / (max - min)).clamp(0.0, 1.0) as f32;
    if share <= 0.0 {
        return;
    }
    let color = tint::accent(cx, Some(number));
    let sweep_rad = (arc.sweep_rad * share).max(0.02);
    // Thresholds keep their place on the arc; a plain colour brightens towards the tip.
    let over = if cx.spec.color_stops.is_empty() { sweep_rad } else { arc.sweep_rad };
    let stops = tint::ramp(cx.spec, color, (min, max));
    let paint = Paint::Sweep { centre: arc.centre, start_rad: arc.start_rad, sweep_rad: over, stops };
    let factor = if shown.freshness == Freshness::Fresh { 1.0 } else { 0.42 };
    scene.arc(Arc { sweep_rad, ..arc }, paint.faded(factor));
    // The needle: a light dot in the tip.
    let end = arc.start_rad + sweep_rad;
    let tip = PointF::new(arc.centre.x + end.cos() * arc.radius, arc.centre.y + end.sin() * arc.radius);
    scene.circle(tip, arc.width * 0.2, cx.theme.text.faded(factor));
}

fn draw_ticks(cx: &mut Cx<'_>, scene: &mut Scene, arc: Arc, ticks: u32) {
    if ticks == 0 || arc.radius < 16.0 {
        return;
    }
    let (outer, inner) = (arc.radius - arc.width * 0.75, arc.radius - arc.width * 1.1);
    for i in 0..=ticks.min(60) {
        let angle = arc.start_rad + arc.sweep_rad * i as f32 / ticks.min(60) as f32;
        let at = |radius: f32| {
            PointF::new(arc.centre.x + angle.cos() * radius, arc.centre.y + angle.sin() * radius)
        };
        scene.polyline(&[at(outer), at(inner)], cx.scale.hairline_px * 1.2, cx.theme.text_faint);
    }
}

fn draw_number(cx: &mut Cx<'_>, scene: &mut Scene, placed: &Placed, shown: &Shown) {
    let arc = placed.arc;
    let inside = arc.radius - arc.width / 2.0;
    // The label below it takes a part of the room, and moves the number up.
    let (height, lift) = match (placed.is_bow, placed.is_inside) {
        (true, _) => (inside * 0.44, inside * 0.24),
        (false, true) => (inside * 0.5, inside * 0.1),
        (false, false) => (inside * 0.56, 0.0),
    };
    let width = inside * 1.5;
    let rect = RectF::new(arc.centre.x - width / 2.0, arc.centre.y - height / 2.0 - lift, width, height);
    let color = match shown.number {
        None => cx.theme.text_faint,
        Some(_) => tint::aged(cx.theme.text, shown.freshness),
    };
    let max = cx.spec.max.or(Some(100.0));
    let fitted = number::fit(cx, shown, (width, height), max);
    if inside > 8.0 && fitted.size_px >= 7.0 {
        number::put(cx, scene, shown, (rect, Anchor::Middle), Look { color, max });
    }
}
