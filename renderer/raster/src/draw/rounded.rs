//! Filled rectangles with round corners.
//! Leaves out their borders: see `border`.

use super::{Brush, lanes};
use crate::geometry::RectF;
use fearless_simd::{f32x8, prelude::*};

/// How much of a pixel a rectangle with round corners covers: exact along straight edges, by distance in corners.
#[derive(Clone, Copy)]
pub(super) struct Round {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    pub radius: f32,
}

impl Round {
    #[inline(always)]
    pub(super) fn new(rect: RectF, radius: f32) -> Round {
        Round { left: rect.x, top: rect.y, right: rect.right(), bottom: rect.bottom(), radius }
    }

    /// The share of row `y` between top and bottom edge.
    #[inline(always)]
    pub(super) fn row_share(&self, y: i32) -> f32 {
        overlap(y, self.top, self.bottom)
    }

    /// How far the row's middle is beyond the straight part of the sides, towards top or bottom.
    #[inline(always)]
    pub(super) fn corner_y(&self, y: i32) -> f32 {
        let middle = y as f32 + 0.5;
        (self.top + self.radius - middle).max(middle - (self.bottom - self.radius))
    }

    /// The shares of the pixels with these middles in a row of `row_share` and `corner_y`.
    #[inline(always)]
    pub(super) fn shares<S: Simd>(&self, middles: f32x8<S>, row_share: f32, corner_y: f32) -> f32x8<S> {
        let start = middles - 0.5;
        let straight = lanes::unit((start + 1.0).min(self.right) - start.max(self.left)) * row_share;
        if corner_y <= 0.0 {
            return straight;
        }
        let corner_x = (-middles + (self.left + self.radius)).max(middles - (self.right - self.radius));
        let distance = (corner_x * corner_x + corner_y * corner_y).sqrt();
        let corner = lanes::unit(-distance + (self.radius + 0.5));
        corner_x.simd_gt(0.0).select(corner, straight)
    }

    /// The columns that the row covers only in part, from the left edge inwards (the right ones mirror them), as
    /// distances from the left edge: generous, never too few.
    #[inline(always)]
    pub(super) fn soft(&self, corner_y: f32) -> (f32, f32) {
        if corner_y <= 0.0 || self.radius <= 0.0 {
            let is_crisp = self.left.fract() == 0.0 && self.right.fract() == 0.0;
            return (0.0, if is_crisp { 0.0 } else { 1.0 });
        }
        let inset = |radius: f32| {
            let square = radius * radius - corner_y * corner_y;
            if square > 0.0 { self.radius - square.sqrt() } else { self.radius }
        };
        (inset(self.radius + 0.75).max(0.0), inset(self.radius - 0.75) + 1.0)
    }
}

impl Round {
    /// The rows that are covered all over from one crisp side to the other; none where sides are not crisp.
    fn straight_rows(&self) -> std::ops::Range<i32> {
        if self.left.fract() != 0.0 || self.right.fract() != 0.0 {
            return 0..0;
        }
        let (mut from, mut to) =
            ((self.top + self.radius) as i32 - 1, (self.bottom - self.radius) as i32 + 1);
        let is_straight = |y: i32| self.row_share(y) >= 1.0 && self.corner_y(y) <= 0.0;
        while from < to && !is_straight(from) {
            from += 1;
        }
        while from < to && !is_straight(to - 1) {
            to -= 1;
        }
        from..to
    }
}

/// The share of the pixel at `at` that lies in `from..to`, along one axis.
#[inline(always)]
fn overlap(at: i32, from: f32, to: f32) -> f32 {
    let (start, end) = (at as f32, at as f32 + 1.0);
    (end.min(to) - start.max(from)).clamp(0.0, 1.0)
}

#[inline(always)]
pub(super) fn paint<S: Simd>(brush: &mut Brush<'_, '_, S>, rect: RectF, radius: f32) {
    let round = Round::new(rect, radius);
    let (left, right) = (rect.x.floor() as i32, rect.right().ceil() as i32);
    let rows = brush.rows(round.top, round.bottom);
    // Between the corners, rows of crisp sides are covered all over.
    let straight = round.straight_rows();
    let straight = straight.start.max(rows.start)..straight.end.min(rows.end);
    if straight.is_empty() {
        return corners(brush, &round, (left, right), rows);
    }
    corners(brush, &round, (left, right), rows.start..straight.start);
    brush.block(straight.clone(), left, right);
    corners(brush, &round, (left, right), straight.end..rows.end);
}

/// Rows that may reach into corners, or are covered in part.
#[inline(always)]
fn corners<S: Simd>(
    brush: &mut Brush<'_, '_, S>,
    round: &Round,
    (left, right): (i32, i32),
    rows: std::ops::Range<i32>,
) {
    for y in rows {
        let (row_share, corner_y) = (round.row_share(y), round.corner_y(y));
        let (outer, inner) = round.soft(corner_y);
        let start = ((round.left + outer).floor() as i32).max(left);
        let end = ((round.right - outer).ceil() as i32).min(right);
        let full_start = ((round.left + inner).ceil() as i32).clamp(start, end);
        let full_end = ((round.right - inner).floor() as i32).clamp(full_start, end);
        brush.pixels(
            y,
            start,
            full_start,
            #[inline(always)]
            |middles| round.shares(middles, row_share, corner_y),
        );
        // Within, each pixel is covered alike, corners or not.
        brush.span(y, full_start, full_end, super::shade::coverage(row_share));
        brush.pixels(
            y,
            full_end,
            end,
            #[inline(always)]
            |middles| round.shares(middles, row_share, corner_y),
        );
    }
}
