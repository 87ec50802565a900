//! Filled polygons, by exact area.
//! Leaves out curves: whoever has one gives enough points.

use super::{Brush, row_of, shade};
use crate::geometry::PointF;
use fearless_simd::Simd;

#[inline(always)]
pub(super) fn paint<S: Simd>(
    brush: &mut Brush<'_, '_, S>,
    points: &[PointF],
    sums: &mut Vec<f32>,
    mask: &mut Vec<u8>,
) {
    // Columns are those of the canvas, never of the clip: sums of the same terms in the same order.
    let canvas = brush.canvas.bounds();
    let least = |a: f32, b: f32| a.min(b);
    let left = points.iter().map(|p| p.x).fold(f32::MAX, least).floor() as i32;
    let right = points.iter().map(|p| p.x).fold(f32::MIN, f32::max).ceil() as i32;
    let (left, right) = (left.max(canvas.left), right.min(canvas.right));
    let (top, bottom) = (
        points.iter().map(|p| p.y).fold(f32::MAX, least),
        points.iter().map(|p| p.y).fold(f32::MIN, f32::max),
    );
    let (from, to) = brush.columns(left, right);
    if from >= to {
        return;
    }
    let width = (right - left) as usize;
    for y in brush.rows(top, bottom) {
        sums.clear();
        sums.resize(width + 2, 0.0);
        let mut before = points[points.len() - 1];
        for &point in points {
            add_edge(sums, before, point, PointF::new(left as f32, y as f32));
            before = point;
        }
        let bytes = row_of(mask, width);
        let mut sum = 0.0f32;
        for (byte, step) in bytes.iter_mut().zip(sums.iter()) {
            sum += step;
            *byte = shade::coverage(sum.abs());
        }
        brush.mask(y, from, &bytes[(from - left) as usize..(to - left) as usize]);
    }
}

/// Adds what the edge `a` → `b` changes in the row that starts at `origin`: at each pixel the step of covered area to its right.
fn add_edge(sums: &mut [f32], a: PointF, b: PointF, origin: PointF) {
    let (left, top) = (origin.x, origin.y);
    let width = (sums.len() - 2) as f32;
    if a.y == b.y {
        return;
    }
    let (direction, upper, lower) = if a.y < b.y { (1.0, a, b) } else { (-1.0, b, a) };
    let (y0, y1) = (upper.y.max(top), lower.y.min(top + 1.0));
    if y0 >= y1 {
        return;
    }
    let slope = (lower.x - upper.x) / (lower.y - upper.y);
    let x_at = |y: f32| upper.x + (y - upper.y) * slope - left;
    // What is left or right of the columns counts as if it stood at their edge: cut there, so that the rest keeps
    // its slope.
    let cut =
        |x: f32| if slope.abs() > 1e-6 { (upper.y + (x + left - upper.x) / slope).clamp(y0, y1) } else { y0 };
    let (cut_a, cut_b) = (cut(0.0), cut(width));
    for (from, to) in [(y0, cut_a.min(cut_b)), (cut_a.min(cut_b), cut_a.max(cut_b)), (cut_a.max(cut_b), y1)] {
        if from < to {
            let (x0, x1) = (x_at(from).clamp(0.0, width), x_at(to).clamp(0.0, width));
            add_step(sums, x0.min(x1), x0.max(x1), (to - from) * direction);
        }
    }
}

/// Adds an edge from column `x0` to `x1` that is `height` high within its row.
fn add_step(sums: &mut [f32], x0: f32, x1: f32, height: f32) {
    let first = x0.floor() as usize;
    if x1 <= first as f32 + 1.0 {
        // All within one pixel: a trapezium to the right of the edge.
        let part = (x0 + x1) / 2.0 - first as f32;
        sums[first] += height * (1.0 - part);
        sums[first + 1] += height * part;
        return;
    }
    // Across several pixels: the area right of the edge, pixel by pixel.
    let per_px = 1.0 / (x1 - x0);
    let mut covered_before = 0.0;
    let mut at = first;
    loop {
        let end = (at as f32 + 1.0).min(x1);
        let start = (at as f32).max(x0);
        let crossed = ((end - x0) * per_px, (start - x0) * per_px);
        let rest = at as f32 + 1.0 - end;
        let area = (crossed.0 + crossed.1) / 2.0 * (end - start) + crossed.0 * rest;
        sums[at] += height * (area - covered_before);
        covered_before = area;
        at += 1;
        if at as f32 >= x1 {
            break;
        }
    }
    sums[at] += height * (1.0 - covered_before);
}
