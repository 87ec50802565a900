//! Where two scenes may look different: the few rectangles that must be drawn again.
//! Leaves out everything else: outside of them equal shapes lie in equal order.

use crate::geometry::IRect;
use crate::scene::Scene;
use crate::shape::{Arc, Op, Shape, grown};
use std::f32::consts::FRAC_PI_4;

/// Most rectangles for one scene.
const PARTS_MAX: usize = 8;
/// Two rectangles are united when their union holds at most so many pixels that neither had: each costs some time of
/// its own.
const WASTE_PX: i64 = 1024;
/// Smaller arcs are not worth being taken apart.
const ARC_RADIUS_PX: f32 = 48.0;

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
    if let (Shape::Arc(a), Shape::Arc(b)) = (&mine.shape, &theirs.shape) {
        let is_same_ring = Arc { sweep_rad: b.sweep_rad, ..*a } == *b;
        if is_same_ring && a.radius >= ARC_RADIUS_PX {
            return along(&Arc { sweep_rad: a.sweep_rad.max(b.sweep_rad), ..*a }, bounds, give);
        }
    }
    if mine.bounds.intersect(theirs.bounds).is_empty() {
        give(mine.bounds);
        give(theirs.bounds);
    } else {
        give(bounds);
    }
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
