//! Arcs and rings with round or straight ends.
//! Leaves out pies: a wide arc is one.

use super::{Brush, row_of, shade};
use crate::scene::Arc;
use fearless_simd::Simd;
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

    /// Coverage of the pixels from column `left` on, in a row `dy` below the centre `x`.
    #[inline(always)]
    fn row(&self, out: &mut [u8], left: i32, x: f32, dy: f32) {
        let Ring { radius, half, start, end, caps, .. } = *self;
        let most = unit_most(half);
        // Written as numbers, not branches: a whole ring lets every angle pass, straight ends have no caps.
        let always = if self.whole { 1e9 } else { 0.0 };
        let cap_reach = if self.round && !self.whole { half + 0.5 } else { -1.0 };
        let wide = self.wide;
        for (i, byte) in out.iter_mut().enumerate() {
            let dx = (left + i as i32) as f32 + 0.5 - x;
            let off = ((dx * dx + dy * dy).sqrt() - radius).abs();
            let band = least(half + 0.5 - off, most);
            let from_start = dx * start.0 + dy * start.1 + 0.5;
            let from_end = dx * end.0 + dy * end.1 + 0.5;
            let (low, high) =
                if from_start < from_end { (from_start, from_end) } else { (from_end, from_start) };
            let turn = if wide { high } else { low } + always;
            let (ax, ay) = (dx - caps[0].0, dy - caps[0].1);
            let (bx, by) = (dx - caps[1].0, dy - caps[1].1);
            let near = least(ax * ax + ay * ay, bx * bx + by * by);
            let cap = least(cap_reach - near.sqrt(), most);
            let share = shade::unit(band) * shade::unit(turn);
            *byte = shade::coverage(if share > cap { share } else { cap });
        }
    }
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
    for row in brush.rows(y - outer, y + outer) {
        let dy = row as f32 + 0.5 - y;
        let Some(far) = half_chord(outer, dy) else { continue };
        let near = half_chord(inner, dy).unwrap_or(0.0);
        let sides = if near > 2.0 { [(-far, -near), (near, far)] } else { [(-far, far), (0.0, 0.0)] };
        for (from, to) in sides {
            if from == to {
                continue;
            }
            let (left, right) = brush.columns((x + from).floor() as i32, (x + to).ceil() as i32);
            if left < right {
                let bytes = row_of(mask, (right - left) as usize);
                ring.row(bytes, left, x, dy);
                brush.mask(row, left, bytes);
            }
        }
    }
}

#[inline(always)]
fn half_chord(radius: f32, dy: f32) -> Option<f32> {
    let square = radius * radius - dy * dy;
    (square > 0.0).then(|| square.sqrt())
}
