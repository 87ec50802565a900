//! Lines through points, with round joins and ends.
//! Leaves out dashes: borders have their own.

use super::arc::unit_most;
use super::lanes::{self, LANES};
use super::{Brush, row_of};
use crate::geometry::PointF;
use fearless_simd::prelude::*;

#[inline(always)]
pub(super) fn paint<S: Simd>(
    brush: &mut Brush<'_, '_, S>,
    points: &[PointF],
    width: f32,
    mask: &mut Vec<u8>,
    reach: &mut Vec<(i32, i32)>,
) {
    let clip = brush.clip;
    // A segment's last group may reach beyond the last column.
    let columns = clip.width() as usize + LANES;
    let bytes = row_of(mask, columns * clip.height() as usize);
    bytes.fill(0);
    // Which columns of each row any segment touched.
    reach.clear();
    reach.resize(clip.height() as usize, (i32::MAX, i32::MIN));
    let alone = [points[0], points[0]];
    let segments = if points.len() == 1 { alone.windows(2) } else { points.windows(2) };
    for pair in segments {
        let segment = Segment::new(pair[0], pair[1], width / 2.0);
        for y in brush.rows(segment.top, segment.bottom) {
            let (left, right) = segment.columns(y);
            let (left, right) = brush.columns(left, right);
            if left >= right {
                continue;
            }
            let row = (y - clip.top) as usize;
            let start = row * columns + (left - clip.left) as usize;
            let count = ((right - left) as usize).next_multiple_of(LANES);
            segment.row(brush.simd, &mut bytes[start..start + count], left, y);
            reach[row] = (reach[row].0.min(left), reach[row].1.max(right));
        }
    }
    for (row, (left, right)) in reach.iter().enumerate() {
        if left < right {
            let start = row * columns + (left - clip.left) as usize;
            brush.mask(clip.top + row as i32, *left, &bytes[start..start + (right - left) as usize]);
        }
    }
}

/// One straight piece, with half circles at its ends.
struct Segment {
    from: PointF,
    dx: f32,
    dy: f32,
    per_length: f32,
    half: f32,
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    /// Half the width of a slice along a row; infinite when it is level.
    slice: f32,
    /// How far its middle moves from one row to the next.
    per_row: f32,
}

impl Segment {
    #[inline(always)]
    fn new(from: PointF, to: PointF, half: f32) -> Segment {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let square = dx * dx + dy * dy;
        let margin = half + 1.0;
        let slice = if dy.abs() > 1e-4 { margin * square.sqrt() / dy.abs() + 1.0 } else { f32::INFINITY };
        Segment {
            from,
            dx,
            dy,
            per_length: if square > 1e-9 { 1.0 / square } else { 0.0 },
            half,
            left: from.x.min(to.x) - margin,
            right: from.x.max(to.x) + margin,
            top: from.y.min(to.y) - margin,
            bottom: from.y.max(to.y) + margin,
            slice,
            per_row: if slice.is_finite() { dx / dy } else { 0.0 },
        }
    }

    /// The columns of row `y` it may touch.
    #[inline(always)]
    fn columns(&self, y: i32) -> (i32, i32) {
        let (mut left, mut right) = (self.left, self.right);
        if self.slice.is_finite() {
            let middle = self.from.x + (y as f32 + 0.5 - self.from.y) * self.per_row;
            left = left.max(middle - self.slice);
            right = right.min(middle + self.slice);
        }
        (left.floor() as i32, right.ceil() as i32)
    }

    /// Raises the coverage of the pixels (in whole groups) from column `left` on to what this segment covers.
    #[inline(always)]
    fn row<S: Simd>(&self, simd: S, out: &mut [u8], left: i32, y: i32) {
        let py = y as f32 + 0.5 - self.from.y;
        let most = unit_most(self.half);
        for (group, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let px = lanes::middles(simd, left + (group * LANES) as i32) - self.from.x;
            let along = lanes::unit((px * self.dx + py * self.dy) * self.per_length);
            let distance = lanes::length(px - along * self.dx, -(along * self.dy) + py);
            let covered = lanes::coverage((-distance + (self.half + 0.5)).min(most));
            for (byte, covered) in out.iter_mut().zip(covered) {
                *byte = (*byte).max(covered);
            }
        }
    }
}
