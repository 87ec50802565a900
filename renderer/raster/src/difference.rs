//! Where two scenes may look different: the few rectangles that must be drawn again.
//! Leaves out everything else: outside of them equal shapes lie in equal order.

use crate::geometry::{IRect, RectF};
use crate::scene::Scene;
use crate::shape::{Arc, Op, Shape, grown};
use std::f32::consts::{FRAC_PI_4, PI};

/// Most rectangles for one scene.
const PARTS_MAX: usize = 8;
/// Two rectangles are united when their union holds at most so many pixels that neither had: each costs some time of
/// its own.
const WASTE_PX: i64 = 1024;
/// Smaller arcs are not worth being taken apart.
const ARC_RADIUS_PX: f32 = 24.0;
/// Nearer than this to half a turn, the edges of an arc's ends are one line but for a few pixels.
const HALF_TURN_RAD: f32 = 0.2;

impl Scene {
    /// Adds to `parts` every pixel that may look different in `other`: the bounds of the shapes that are not the same at
    /// the same place of the list, as closely as a few rectangles can say it.
    pub fn difference(&self, other: &Scene, parts: &mut Vec<IRect>) {
        let (shared, start) = (self.ops.len().min(other.ops.len()), parts.len());
        for (mine, theirs) in self.ops.iter().zip(&other.ops) {
            if mine != theirs || self.points_of(mine) != other.points_of(theirs) {
                changed(mine, theirs, &mut |part| add(parts, start, part));
            }
        }
        for op in self.ops[shared..].iter().chain(&other.ops[shared..]) {
            add(parts, start, op.bounds);
        }
    }
}

/// Gives what one shape in place of another may change.
fn changed(mine: &Op, theirs: &Op, give: &mut impl FnMut(IRect)) {
    let bounds = mine.bounds.union(theirs.bounds);
    let is_same_paint = mine.paint == theirs.paint;
    if mine.clip != theirs.clip {
        // What is cut off differs, too.
        return apart(mine.bounds, theirs.bounds, give);
    }
    match (&mine.shape, &theirs.shape) {
        (Shape::Arc(a), Shape::Arc(b)) if is_same_ring(a, b) => {
            let longer = Arc { sweep_rad: a.sweep_rad.max(b.sweep_rad), ..*a };
            return if is_same_paint {
                between(&longer, a.sweep_rad.min(b.sweep_rad), bounds, give)
            } else {
                along(&longer, bounds, give)
            };
        }
        (Shape::Rounded { rect: a, radius }, Shape::Rounded { rect: b, radius: other })
            if is_same_paint && radius == other =>
        {
            if let Some(strip) = moved_edge(*a, *b, *radius) {
                return give(strip.outer().intersect(bounds));
            }
        }
        (
            Shape::Text { line: a, x, baseline_y },
            Shape::Text { line: b, x: other_x, baseline_y: other_y },
        ) if is_same_paint && (x, baseline_y) == (other_x, other_y) => {
            if let Some((from, to)) = a.differs_between(b) {
                let rect = RectF::from_edges(x + from, bounds.top as f32, x + to, bounds.bottom as f32);
                return give(rect.outer().intersect(bounds));
            }
        }
        _ => {}
    }
    apart(mine.bounds, theirs.bounds, give);
}

/// Gives two rectangles, as one where they overlap.
fn apart(mine: IRect, theirs: IRect, give: &mut impl FnMut(IRect)) {
    if mine.intersect(theirs).is_empty() {
        give(mine);
        give(theirs);
    } else {
        give(mine.union(theirs));
    }
}

fn is_same_ring(a: &Arc, b: &Arc) -> bool {
    Arc { sweep_rad: b.sweep_rad, ..*a } == *b && a.radius >= ARC_RADIUS_PX
}

/// Gives what an arc has beyond `shorter_rad` of its sweep.
fn between(longer: &Arc, shorter_rad: f32, bounds: IRect, give: &mut impl FnMut(IRect)) {
    let turn_rad = longer.sweep_rad - shorter_rad;
    along(&Arc { start_rad: longer.start_rad + shorter_rad, sweep_rad: turn_rad, ..*longer }, bounds, give);
    // A straight line through the centre is where an end's edge reaches the start's.
    let is_near = |sweep_rad: f32| (sweep_rad - PI).abs() < HALF_TURN_RAD;
    if is_near(longer.sweep_rad) || is_near(shorter_rad) {
        along(&Arc { sweep_rad: 0.0, ..*longer }, bounds, give);
    }
}

/// Where two rectangles with the same corners differ when they share all edges but one.
fn moved_edge(a: RectF, b: RectF, radius: f32) -> Option<RectF> {
    let edges = |rect: RectF| [rect.x, rect.y, rect.right(), rect.bottom()];
    let (a, b) = (edges(a), edges(b));
    let mut moved = (0..4).filter(|edge| a[*edge] != b[*edge]);
    let (edge, None) = (moved.next()?, moved.next()) else { return None };
    let (least, most) = (a[edge].min(b[edge]), a[edge].max(b[edge]));
    // Inwards as far as the corners go; a pixel more for soft edges.
    let (inner, outer) = (radius + 1.0, 1.0);
    let [left, top, right, bottom] = a;
    Some(match edge {
        0 => RectF::from_edges(least - outer, top, most + inner, bottom),
        1 => RectF::from_edges(left, least - outer, right, most + inner),
        2 => RectF::from_edges(least - inner, top, most + outer, bottom),
        _ => RectF::from_edges(left, least - inner, right, most + outer),
    })
}

/// Gives an arc piece by piece, so that what it runs round is left out.
fn along(arc: &Arc, bounds: IRect, give: &mut impl FnMut(IRect)) {
    let count = (arc.sweep_rad / FRAC_PI_4).ceil().clamp(1.0, 8.0);
    let sweep_rad = arc.sweep_rad / count;
    for piece in 0..count as u32 {
        let start_rad = arc.start_rad + sweep_rad * piece as f32;
        // As far as the ends of the arc itself reach, whatever piece has them.
        let rect = grown(Arc { start_rad, sweep_rad, ..*arc }.bounds(), 2.0);
        give(rect.outer().intersect(bounds));
    }
}

/// Adds a rectangle, united with another one where that wastes little, or where there are too many.
fn add(parts: &mut Vec<IRect>, start: usize, part: IRect) {
    if part.is_empty() {
        return;
    }
    let waste = |known: &IRect| {
        pixels(known.union(part)) - pixels(*known) - pixels(part) + pixels(known.intersect(part))
    };
    let is_full = parts.len() - start >= PARTS_MAX;
    match parts[start..].iter_mut().min_by_key(|known| waste(known)) {
        Some(known) if is_full || waste(known) <= WASTE_PX => *known = known.union(part),
        _ => parts.push(part),
    }
}

fn pixels(rect: IRect) -> i64 {
    i64::from(rect.width()) * i64::from(rect.height())
}
