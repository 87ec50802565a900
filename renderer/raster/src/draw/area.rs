//! What lies under a line, down to a level: the fill of a chart.
//! Leaves out the line itself.

use super::lanes::{self, LANES};
use super::{Brush, row_of};
use crate::geometry::PointF;
use fearless_simd::{f32x8, prelude::*};

/// For each column of the clip: between which heights its upper edge runs, and how much of the column is used.
#[derive(Default)]
pub(super) struct Columns {
    high: Vec<f32>,
    low: Vec<f32>,
    share: Vec<f32>,
    /// Of each eight columns the highest and the lowest edge.
    eights: Vec<(f32, f32)>,
}

#[inline(always)]
pub(super) fn paint<S: Simd>(
    brush: &mut Brush<'_, '_, S>,
    points: &[PointF],
    baseline_y: f32,
    columns: &mut Columns,
    mask: &mut Vec<u8>,
) {
    let (first, last) = (points[0].x, points[points.len() - 1].x);
    let (left, right) = brush.columns(first.floor() as i32, last.ceil() as i32);
    if left >= right {
        return;
    }
    columns.measure(points, left, right);
    let top = columns.high.iter().copied().fold(f32::MAX, f32::min);
    // From here down every column is covered: one mask does for all rows.
    let full = columns.low.iter().copied().fold(f32::MIN, f32::max).ceil();
    let count = (right - left) as usize;
    let mut full_row_ready = false;
    for y in brush.rows(top, baseline_y) {
        let down = (baseline_y - y as f32).min(1.0);
        let whole = y as f32 >= full && down >= 1.0;
        let bytes = row_of(mask, count);
        if !(whole && full_row_ready) {
            columns.row(brush.simd, bytes, y, down);
            full_row_ready = whole;
        }
        brush.mask(y, left, &bytes[..count]);
    }
}

impl Columns {
    fn measure(&mut self, points: &[PointF], left: i32, right: i32) {
        self.high.clear();
        self.low.clear();
        self.share.clear();
        let mut at = 0;
        for x in left..right {
            let (start, end) = (x as f32, x as f32 + 1.0);
            let (from, to) = (start.max(points[0].x), end.min(points[points.len() - 1].x));
            while at + 2 < points.len() && points[at + 1].x <= from {
                at += 1;
            }
            let first = height_at(points, at, from);
            let (mut high, mut low) = (first, first);
            let mut next = at;
            while next + 2 < points.len() && points[next + 1].x < to {
                next += 1;
                high = high.min(points[next].y);
                low = low.max(points[next].y);
            }
            let last = height_at(points, next, to);
            let (high, low) = (high.min(last), low.max(last));
            // A span of no height would divide by nothing; a quarter pixel cannot be told from it.
            let middle = (high + low) / 2.0;
            let half = ((low - high) / 2.0).max(0.125);
            self.high.push(middle - half);
            self.low.push(middle + half);
            self.share.push((to - from).clamp(0.0, 1.0));
        }
        // To whole groups: the last columns are none, and cover nothing.
        while !self.high.len().is_multiple_of(LANES) {
            self.high.push(self.high[self.high.len() - 1]);
            self.low.push(self.low[self.low.len() - 1]);
            self.share.push(0.0);
        }
        self.eights.clear();
        for (high, low) in self.high.chunks(LANES).zip(self.low.chunks(LANES)) {
            let high = high.iter().copied().fold(f32::MAX, f32::min);
            self.eights.push((high, low.iter().copied().fold(f32::MIN, f32::max)));
        }
    }

    /// Coverage of a row, in whole groups.
    #[inline(always)]
    fn row<S: Simd>(&self, simd: S, out: &mut [u8], y: i32, down: f32) {
        let bottom = y as f32 + 1.0;
        let groups = |numbers| <[f32]>::as_chunks::<LANES>(numbers).0.iter();
        let edges = groups(&self.high).zip(groups(&self.low)).zip(groups(&self.share));
        let eights = out.as_chunks_mut::<LANES>().0.iter_mut().zip(edges).zip(&self.eights);
        for ((bytes, ((high, low), share)), (highest, lowest)) in eights {
            let share = f32x8::from_slice(simd, share);
            // Most of a row lies well above the line or well below it.
            if bottom <= *highest {
                *bytes = [0; LANES];
            } else if bottom >= *lowest + 1.0 && down >= 1.0 {
                *bytes = lanes::coverage(share);
            } else {
                let (high, low) = (f32x8::from_slice(simd, high), f32x8::from_slice(simd, low));
                let covered = (filled(-high + bottom) - filled(-low + bottom)) / (low - high);
                // Exactly, as where a whole group of columns is.
                let covered = (low + 1.0).simd_gt(bottom).select(covered, f32x8::splat(simd, 1.0));
                // In the row of the level only the part above it counts.
                *bytes = lanes::coverage(covered.min(down) * share);
            }
        }
    }
}

/// The integral of `clamp(v, 0, 1)`.
#[inline(always)]
fn filled<S: Simd>(value: f32x8<S>) -> f32x8<S> {
    let inner = lanes::unit(value);
    inner * inner * 0.5 + (value - 1.0).max(0.0)
}

fn height_at(points: &[PointF], at: usize, x: f32) -> f32 {
    let (from, to) = (points[at], points[at + 1]);
    let width = to.x - from.x;
    let part = if width > 1e-6 { ((x - from.x) / width).clamp(0.0, 1.0) } else { 1.0 };
    from.y + (to.y - from.y) * part
}
