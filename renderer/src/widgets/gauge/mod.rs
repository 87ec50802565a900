//! `gauge`: an arc from `min` to `max` with a tip where the value is, the number inside, label and detail around it.
//! Leaves out half-hidden arcs: whatever its angles, the arc is as large as its cell allows.

use casedd_raster::{Arc, Face, Paint, PointF, Scene};

use super::parts::number::{self, Look};
use super::parts::{Anchor, Ink, head, tint};
use super::{Cx, Widget};
use crate::data::{Freshness, Shown};
use crate::template::spec::Kind;

mod place;

use place::{LabelPlace, Placed};

/// Draws an arc, a number, a label and a detail.
pub struct Gauge;

impl Widget for Gauge {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let Kind::Gauge(spec) = cx.spec.kind else { return };
        let shown = cx.shown();
        let state = head::own_freshness(cx, &shown);
        let detail = cx.detail();
        let placed = place::place(cx, &spec, cx.spec.detail.is_some());
        draw_arc(cx, scene, (placed.arc, spec.ticks), &shown);
        draw_number(cx, scene, &placed, &shown);
        draw_label(cx, scene, &placed, state);
        if let Some((middle, room)) = placed.detail {
            // A large dial bears a larger text.
            let size = (placed.arc.radius * 0.15).clamp(cx.scale.caption_px, cx.scale.body_px);
            let ink = Ink::new(Face::Medium, size, tint::aged(cx.theme.text_dim, state.0));
            let baseline = cx.baseline(ink.style, middle - 1.0, middle + 1.0);
            cx.put(scene, detail, ink, (Anchor::Middle, placed.arc.centre.x, baseline), room);
        }
    }
}

fn draw_label(cx: &mut Cx<'_>, scene: &mut Scene, placed: &Placed, state: (Freshness, u64)) {
    match placed.label {
        LabelPlace::Head => {
            head::draw(cx, scene, state);
            return;
        }
        LabelPlace::Row { middle, room } => {
            let label = cx.spec.label.as_deref().unwrap_or_default();
            let ink = cx.label_ink();
            // A long label is set a little smaller before it is cut.
            let width = cx.fonts.width(label, ink.style).max(1.0);
            let size = ink.style.size_px * (room / width).clamp(0.78, 1.0);
            let ink = Ink { style: ink.style.sized(size), ..ink };
            let baseline = cx.baseline(ink.style, middle - 1.0, middle + 1.0);
            cx.put(scene, label, ink, (Anchor::Middle, placed.arc.centre.x, baseline), room);
        }
        LabelPlace::None => {}
    }
    if state.0 == Freshness::Stale {
        let at = (cx.area.right(), cx.area.y + cx.scale.caption_px * 0.6);
        head::mark(cx, scene, at, state.1, cx.area.width * 0.4);
    }
}

fn draw_arc(cx: &mut Cx<'_>, scene: &mut Scene, (arc, ticks): (Arc, u32), shown: &Shown<'_>) {
    scene.arc(arc, cx.theme.track);
    draw_ticks(cx, scene, arc, ticks);
    let (min, max) = (cx.spec.min.unwrap_or(0.0), cx.spec.max.unwrap_or(100.0));
    let Some(number) = cx.data.eased(cx.spec, shown.number).filter(|_| max > min) else { return };
    let share = ((number - min) / (max - min)).clamp(0.0, 1.0) as f32;
    if share <= 0.0 {
        return;
    }
    let color = tint::accent(cx, Some(number));
    let sweep_rad = (arc.sweep_rad * share).max(0.02);
    // Colours keep their place on the arc: another value changes no more than the tip.
    let Arc { centre, start_rad, sweep_rad: whole_rad, .. } = arc;
    let stops = tint::ramp(cx, color, (min, max));
    let paint = Paint::Sweep { centre, start_rad, sweep_rad: whole_rad, stops };
    let factor = if shown.freshness == Freshness::Fresh { 1.0 } else { 0.42 };
    scene.arc(Arc { sweep_rad, ..arc }, paint.faded(factor));
    // The needle: a light dot in the tip.
    let end = arc.start_rad + sweep_rad;
    let tip = PointF::new(arc.centre.x + end.cos() * arc.radius, arc.centre.y + end.sin() * arc.radius);
    scene.circle(tip, arc.width * 0.2, cx.theme.light().faded(factor));
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

fn draw_number(cx: &mut Cx<'_>, scene: &mut Scene, placed: &Placed, shown: &Shown<'_>) {
    let rect = placed.number;
    let color = match shown.number {
        None => cx.theme.text_faint,
        Some(_) => tint::aged(cx.theme.text, shown.freshness),
    };
    let max = cx.spec.max.or(Some(100.0));
    let look = Look { color, max, is_alike: false };
    let fitted = number::fit(cx, shown, (rect.width, rect.height), look);
    if rect.height > 4.0 && fitted.size_px >= 7.0 {
        number::put(cx, scene, shown, (rect, Anchor::Middle), look);
    }
}
