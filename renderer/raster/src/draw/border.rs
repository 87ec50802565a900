//! Borders of rectangles with round corners: unbroken, dashed, dotted.
//! Leaves out borders of two colours: a gradient paint makes them.

use super::rounded::Round;
use super::{Brush, Run};
use crate::geometry::RectF;
use crate::shape::{Border, Dash};
use fearless_simd::{f32x8, prelude::*};
use std::f32::consts::FRAC_PI_2;

#[inline(always)]
pub(super) fn paint<S: Simd>(brush: &mut Brush<'_, '_, S>, border: &Border) {
    let Border { rect, radius, width, dash } = *border;
    let outer = Round::new(rect, radius);
    let inner_rect = rect.inset(width);
    let inner = Round::new(inner_rect, (radius - width).max(0.0));
    let pattern = Pattern::new(border);
    let hollow = inner_rect.width > 0.0 && inner_rect.height > 0.0;
    let (left, right) = (rect.x.floor() as i32, rect.right().ceil() as i32);
    // Farther in than this, a column belongs to the corners or sides no more.
    let side = radius.max(width).ceil() as i32 + 1;
    let (side_left, side_right) = ((left + side).min(right), (right - side).max(left + side).min(right));
    let mut sides = None;
    for y in brush.rows(outer.top, outer.bottom) {
        let (outer_share, outer_corner) = (outer.row_share(y), outer.corner_y(y));
        let (inner_share, inner_corner) = (inner.row_share(y), inner.corner_y(y));
        let row = Row { outer_share, outer_corner, inner_share, inner_corner, middle: y as f32 + 0.5 };
        let line = &Line { outer, inner, hollow, pattern: &pattern, row };
        let start = ((outer.left + outer.soft(outer_corner).0).floor() as i32).max(left);
        let end = ((outer.right - outer.soft(outer_corner).0).ceil() as i32).min(right);
        if !hollow || (inner_share < 1.0 && dash != Dash::Solid) {
            line.put(brush, y, (start, end));
            continue;
        }
        // Where the line ends inwards, in this row.
        let reach =
            if inner_share < 1.0 { side } else { (width + inner.soft(inner_corner).1).ceil() as i32 + 1 };
        let left_end = (left + reach).clamp(start, side_left.max(start));
        let right_start = (right - reach).max(side_right).max(left_end).min(end.max(left_end));
        // Between the corners each row of an unbroken line is as the one above.
        let is_straight =
            outer_corner <= 0.0 && inner_corner <= 0.0 && outer_share >= 1.0 && inner_share >= 1.0;
        if is_straight && dash == Dash::Solid && reach <= Run::PX_MAX {
            if sides.is_none() {
                let [left, right] = [(start, left_end), (right_start, end)]
                    .map(|ends| Brush::<S>::trimmed(line.run(brush, ends)));
                sides = Some((left, right));
            }
            if let Some((left, right)) = &sides {
                brush.repeat(y, left);
                brush.repeat(y, right);
            }
            continue;
        }
        line.put(brush, y, (start, left_end));
        if inner_share < 1.0 {
            // Top and bottom: between the corners every pixel is covered alike.
            brush.span(y, left_end, right_start, super::shade::coverage(outer_share - inner_share));
        }
        line.put(brush, y, (right_start, end));
    }
}

/// What a row needs to know of the rectangles within and without the line.
#[derive(Clone, Copy)]
struct Row {
    outer_share: f32,
    outer_corner: f32,
    inner_share: f32,
    inner_corner: f32,
    middle: f32,
}

/// The line in one row.
struct Line<'a> {
    outer: Round,
    inner: Round,
    hollow: bool,
    pattern: &'a Pattern,
    row: Row,
}

impl Line<'_> {
    /// How much of each pixel of the row it covers.
    #[inline(always)]
    fn shares<S: Simd>(&self, middles: f32x8<S>) -> f32x8<S> {
        let Row { outer_share, outer_corner, inner_share, inner_corner, middle } = self.row;
        let all = self.outer.shares(middles, outer_share, outer_corner);
        let line = match self.hollow {
            true => all - self.inner.shares(middles, inner_share, inner_corner),
            false => all,
        };
        self.pattern.share(line, middles, middle)
    }
}

impl Line<'_> {
    #[inline(always)]
    fn put<S: Simd>(&self, brush: &mut Brush<'_, '_, S>, y: i32, (left, right): (i32, i32)) {
        brush.pixels(
            y,
            left,
            right,
            #[inline(always)]
            |middles| self.shares(middles),
        );
    }

    #[inline(always)]
    fn run<S: Simd>(&self, brush: &Brush<'_, '_, S>, (left, right): (i32, i32)) -> Run {
        brush.run(
            left,
            right,
            #[inline(always)]
            |middles| self.shares(middles),
        )
    }
}

/// Where along the border there is ink.
struct Pattern {
    dash: Dash,
    rect: RectF,
    radius: f32,
    width: f32,
    period: f32,
}

impl Pattern {
    fn new(border: &Border) -> Pattern {
        let Border { rect, radius, width, dash } = *border;
        // Measured along the middle of the line.
        let rect = rect.inset(width / 2.0);
        let radius = (radius - width / 2.0).max(0.0);
        let corners = radius * FRAC_PI_2 * 4.0;
        let length = (rect.width + rect.height - radius * 4.0).max(0.0) * 2.0 + corners;
        let wanted = match dash {
            Dash::Solid => length,
            Dash::Dashed => width * 5.0,
            Dash::Dotted => width * 2.0,
        };
        let count = (length / wanted.max(1.0)).round().clamp(1.0, 10_000.0);
        Pattern { dash, rect, radius, width, period: length / count }
    }

    /// What is left of a line's shares where the pattern has gaps.
    #[inline(always)]
    fn share<S: Simd>(&self, mut line: f32x8<S>, middles: f32x8<S>, y: f32) -> f32x8<S> {
        if self.dash != Dash::Solid {
            for (share, x) in line.as_mut_slice().iter_mut().zip(middles.as_slice()) {
                *share *= self.ink(*x, y);
            }
        }
        line
    }

    fn ink(&self, x: f32, y: f32) -> f32 {
        let (along, across) = self.position(x, y);
        let from_middle = ((along / self.period).fract() - 0.5).abs() * self.period;
        match self.dash {
            Dash::Solid => 1.0,
            Dash::Dashed => (self.width * 1.5 - from_middle + 0.5).clamp(0.0, 1.0),
            Dash::Dotted => (self.width / 2.0 - from_middle.hypot(across) + 0.5).clamp(0.0, 1.0),
        }
    }

    /// How far along the border a point is, clockwise from the end of the top left corner, and how far off its middle.
    fn position(&self, x: f32, y: f32) -> (f32, f32) {
        let RectF { width, height, .. } = self.rect;
        let r = self.radius;
        let (x, y) = (x - self.rect.x, y - self.rect.y);
        let (across, down) = (width - r * 2.0, height - r * 2.0);
        let corner = r * FRAC_PI_2;
        let turned = |dx: f32, dy: f32| dx.atan2(dy).clamp(0.0, FRAC_PI_2) * r;
        let off = |dx: f32, dy: f32| dx.hypot(dy) - r;
        let (at_left, at_right) = (x < r, x > width - r);
        let (at_top, at_bottom) = (y < r, y > height - r);
        match (at_left, at_right, at_top, at_bottom) {
            (_, true, true, _) => {
                let (dx, dy) = (x - (width - r), r - y);
                (across + turned(dx, dy), off(dx, dy))
            }
            (_, true, _, true) => {
                let (dx, dy) = (x - (width - r), y - (height - r));
                (across + corner + down + turned(dy, dx), off(dx, dy))
            }
            (true, _, _, true) => {
                let (dx, dy) = (r - x, y - (height - r));
                (across * 2.0 + corner * 2.0 + down + turned(dx, dy), off(dx, dy))
            }
            (true, _, true, _) => {
                let (dx, dy) = (r - x, r - y);
                (across * 2.0 + corner * 3.0 + down * 2.0 + turned(dy, dx), off(dx, dy))
            }
            _ => {
                // The nearest straight side.
                let sides = [
                    (y.abs(), x - r),
                    ((width - x).abs(), across + corner + y - r),
                    ((height - y).abs(), across + corner * 2.0 + down + (width - r - x)),
                    (x.abs(), across * 2.0 + corner * 3.0 + down + (height - r - y)),
                ];
                let nearest =
                    sides.iter().copied().fold((f32::MAX, 0.0), |a, b| if b.0 < a.0 { b } else { a });
                (nearest.1.max(0.0), nearest.0)
            }
        }
    }
}
