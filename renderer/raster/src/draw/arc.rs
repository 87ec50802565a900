//! Arcs and rings with round or straight ends.
//! Leaves out pies: a wide arc is one.

use super::lanes::{self, LANES};
use super::{Brush, row_of};
use crate::shape::Arc;
use fearless_simd::{f32x8, prelude::*};
use std::f32::consts::{PI, TAU};

/// An arc's distances, relative to its centre.
struct Ring {
    radius: f32,
    half: f32,
    /// Directions into the arc, square to the rays at its start and end.
    start: (f32, f32),
    end: (f32, f32),
    wide: bool,
    whole: bool,
    caps: [(f32, f32); 2],
    round: bool,
}

/// How much of a run lies between an arc's ends.
#[derive(Clone, Copy, PartialEq)]
enum Turn {
    All,
    Some,
    None,
}

impl Ring {
    fn new(arc: &Arc) -> Ring {
        let (start, end) = (arc.start_rad, arc.start_rad + arc.sweep_rad);
        let tip = |angle: f32| (angle.cos() * arc.radius, angle.sin() * arc.radius);
        Ring {
            radius: arc.radius,
            half: arc.width / 2.0,
            start: (-start.sin(), start.cos()),
            end: (end.sin(), -end.cos()),
            wide: arc.sweep_rad > PI,
            whole: arc.sweep_rad >= TAU - 1e-4,
            caps: [tip(start), tip(end)],
            round: arc.round_caps,
        }
    }

    /// How much of a run of pixels lies between the ends: told by its ends, for a straight edge that has both on one
    /// side has all on that side.
    #[inline(always)]
    fn turns(&self, left: i32, right: i32, x: f32, dy: f32) -> Turn {
        if self.whole {
            return Turn::All;
        }
        let at = |column: i32, edge: (f32, f32)| (column as f32 + 0.5 - x) * edge.0 + dy * edge.1 + 0.5;
        let ends = |edge: (f32, f32)| {
            let (a, b) = (at(left, edge), at(right - 1, edge));
            if a < b { (a, b) } else { (b, a) }
        };
        let (start, end) = (ends(self.start), ends(self.end));
        let (all, none) = match self.wide {
            true => (start.0 >= 1.0 || end.0 >= 1.0, start.1 <= 0.0 && end.1 <= 0.0),
            false => (start.0 >= 1.0 && end.0 >= 1.0, start.1 <= 0.0 || end.1 <= 0.0),
        };
        let is_near = |cap: (f32, f32)| {
            let reach = self.half + 1.0;
            let (first, last) = (left as f32 + 0.5 - x, right as f32 - 0.5 - x);
            (dy - cap.1).abs() <= reach && first - reach <= cap.0 && last + reach >= cap.0
        };
        match (all, none) {
            (true, _) => Turn::All,
            (_, true) if !(self.round && self.caps.into_iter().any(is_near)) => Turn::None,
            _ => Turn::Some,
        }
    }

    /// Coverage of the pixels (in whole groups) from column `left` on, in a row `dy` below the centre `x`.
    #[inline(always)]
    fn row<S: Simd>(&self, simd: S, out: &mut [u8], left: i32, (x, dy): (f32, f32)) {
        let Ring { radius, half, start, end, caps, .. } = *self;
        let most = unit_most(half);
        // Written as numbers, not branches: a whole ring lets every angle pass, straight ends have no caps.
        let always = if self.whole { 1e9 } else { 0.0 };
        let cap_reach = if self.round && !self.whole { half + 0.5 } else { -1.0 };
        let wide = self.wide;
        for (group, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let dx = lanes::middles(simd, left + (group * LANES) as i32) - x;
            let off = ((dx * dx + dy * dy).sqrt() - radius).abs();
            let band = (-off + (half + 0.5)).min(most);
            let from_start = dx * start.0 + dy * start.1 + 0.5;
            let from_end = dx * end.0 + dy * end.1 + 0.5;
            let turn = if wide { from_start.max(from_end) } else { from_start.min(from_end) } + always;
            let near = square(dx - caps[0].0, dy - caps[0].1).min(square(dx - caps[1].0, dy - caps[1].1));
            let cap = (-near.sqrt() + cap_reach).min(most);
            let share = lanes::unit(band) * lanes::unit(turn);
            *out = lanes::coverage(share.max(cap));
        }
    }
}

#[inline(always)]
fn square<S: Simd>(x: f32x8<S>, y: f32) -> f32x8<S> {
    x * x + y * y
}

/// A line thinner than a pixel never covers all of one.
#[inline(always)]
pub(super) fn unit_most(half: f32) -> f32 {
    least(half * 2.0, 1.0)
}

#[inline(always)]
pub(super) fn least(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
pub(super) fn paint<S: Simd>(brush: &mut Brush<'_, '_, S>, arc: &Arc, mask: &mut Vec<u8>) {
    let ring = Ring::new(arc);
    let (x, y) = (arc.centre.x, arc.centre.y);
    let outer = arc.radius + ring.half + 1.0;
    let inner = (arc.radius - ring.half - 1.0).max(0.0);
    // Between these, the line covers pixels all across.
    let (solid_outer, solid_inner) = (arc.radius + ring.half - SOFT, arc.radius - ring.half + SOFT);
    for row in brush.rows(y - outer, y + outer) {
        let dy = row as f32 + 0.5 - y;
        let Some(far) = half_chord(outer, dy) else { continue };
        let near = half_chord(inner, dy).unwrap_or(0.0);
        let full = match half_chord(solid_outer, dy) {
            Some(full_far) if solid_inner > 0.0 => (half_chord(solid_inner, dy).unwrap_or(0.0), full_far),
            _ => (0.0, 0.0),
        };
        let sides = if near > 2.0 {
            [(-far, -near, (-full.1, -full.0)), (near, far, full)]
        } else {
            // One run; where its inside is not hollow all of it may be full.
            let whole = if half_chord(solid_inner, dy).is_none() { (-full.1, full.1) } else { (0.0, 0.0) };
            [(-far, far, whole), (0.0, 0.0, (0.0, 0.0))]
        };
        for (from, to, (full_from, full_to)) in sides {
            let (left, right) = brush.columns((x + from).floor() as i32, (x + to).ceil() as i32);
            if left >= right || from >= to {
                continue;
            }
            let start = ((x + full_from).ceil() as i32).clamp(left, right);
            let end = ((x + full_to).floor() as i32).clamp(start, right);
            if end - start >= RUN_MIN && ring.turns(start, end, x, dy) == Turn::All {
                edge(brush, &ring, (row, left, start), (x, dy), mask);
                brush.span(row, start, end, 255);
                edge(brush, &ring, (row, end, right), (x, dy), mask);
            } else {
                edge(brush, &ring, (row, left, right), (x, dy), mask);
            }
        }
    }
}

/// Farther than this from its edge, the line covers a pixel all over; a little more than half a pixel, so that no
/// rounding can tell.
const SOFT: f32 = 0.55;
/// Shorter runs are not worth being told apart.
const RUN_MIN: i32 = 8;

/// Covers `left..right` of a row, pixel by pixel, when the arc reaches there.
#[inline(always)]
fn edge<S: Simd>(
    brush: &mut Brush<'_, '_, S>,
    ring: &Ring,
    (row, left, right): (i32, i32, i32),
    (x, dy): (f32, f32),
    mask: &mut Vec<u8>,
) {
    if left < right && ring.turns(left, right, x, dy) != Turn::None {
        let bytes = row_of(mask, (right - left) as usize);
        ring.row(brush.simd, bytes, left, (x, dy));
        brush.mask(row, left, &bytes[..(right - left) as usize]);
    }
}

#[inline(always)]
fn half_chord(radius: f32, dy: f32) -> Option<f32> {
    let square = radius * radius - dy * dy;
    (square > 0.0).then(|| square.sqrt())
}
