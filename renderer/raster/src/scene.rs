//! The display list: what a widget looks like, as plain comparable data.
//! Leaves out pixels: `draw` turns a scene into them; equal scenes give equal pixels.

use crate::color::Color;
use crate::geometry::{IRect, LIMIT_PX, PointF, RectF};
use crate::image::Image;
use crate::paint::Paint;
use crate::shape::{Arc, Border, Dash, Op, Shape, grown};
use crate::text::Line;
use std::ops::Range;

/// A list of shapes, drawn in order. Shapes that could not be seen, or hold a NaN, are left out when they are added.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    pub(crate) ops: Vec<Op>,
    pub(crate) points: Vec<PointF>,
    clips: Vec<IRect>,
    bounds: IRect,
}

impl PartialEq for Scene {
    fn eq(&self, other: &Scene) -> bool {
        self.points == other.points && self.ops == other.ops
    }
}

impl Scene {
    /// An empty scene.
    pub fn new() -> Scene {
        Scene::default()
    }

    /// Forgets everything but keeps the memory.
    pub fn clear(&mut self) {
        self.ops.clear();
        self.points.clear();
        self.clips.clear();
        self.bounds = IRect::EMPTY;
    }

    /// True when nothing would be drawn.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// Every pixel that drawing may touch.
    pub fn bounds(&self) -> IRect {
        self.bounds
    }

    /// The shapes, in the order in which they are drawn.
    pub fn ops(&self) -> &[Op] {
        &self.ops
    }

    /// The points that shapes name.
    pub fn points(&self) -> &[PointF] {
        &self.points
    }

    /// True when every pixel of `area` gets its colour from this scene alone. May say no where yes would be true.
    pub fn hides(&self, area: IRect) -> bool {
        self.ops.iter().any(|op| op.hides(area))
    }

    /// Leaves out all shapes but those that `keep` says yes for.
    pub fn retain(&mut self, keep: impl FnMut(&Op) -> bool) {
        self.ops.retain(keep);
        self.bounds = self.ops.iter().fold(IRect::EMPTY, |all, op| all.union(op.bounds));
    }

    pub(crate) fn points_of(&self, op: &Op) -> &[PointF] {
        match &op.shape {
            Shape::Polyline { points, .. } | Shape::Polygon { points } | Shape::Area { points, .. } => {
                &self.points[points.clone()]
            }
            _ => &[],
        }
    }

    /// Until `pop_clip`, only pixels of `rect` (its edges on the nearest pixel edges) are touched.
    pub fn push_clip(&mut self, rect: RectF) {
        let clip = if rect.is_empty() { IRect::EMPTY } else { rect.snapped().outer() };
        self.clips.push(clip.intersect(self.clip()));
    }

    /// Ends the innermost `push_clip`.
    pub fn pop_clip(&mut self) {
        self.clips.pop();
    }

    /// A filled rectangle.
    pub fn fill_rect(&mut self, rect: RectF, paint: impl Into<Paint>) {
        self.fill_rounded(rect, 0.0, paint);
    }

    /// A filled rectangle with round corners.
    pub fn fill_rounded(&mut self, rect: RectF, radius: f32, paint: impl Into<Paint>) {
        let radius = fitting_radius(rect, radius);
        self.push(Shape::Rounded { rect, radius }, rect, paint.into());
    }

    /// A filled circle.
    pub fn circle(&mut self, centre: PointF, radius: f32, paint: impl Into<Paint>) {
        let rect = RectF::new(centre.x - radius, centre.y - radius, radius * 2.0, radius * 2.0);
        self.fill_rounded(rect, radius, paint);
    }

    /// An unbroken line of `width` along the inside of a rectangle with round corners.
    pub fn stroke_rounded(&mut self, rect: RectF, radius: f32, width: f32, paint: impl Into<Paint>) {
        self.border(Border { rect, radius, width, dash: Dash::Solid }, paint);
    }

    /// A line along the inside of a rectangle with round corners.
    pub fn border(&mut self, border: Border, paint: impl Into<Paint>) {
        let Border { rect, radius, width, .. } = border;
        if width > 0.0 && width.is_finite() {
            let radius = fitting_radius(rect, radius);
            self.push(Shape::Border(Border { radius, ..border }), rect, paint.into());
        }
    }

    /// A soft shadow of a rectangle with round corners, fading out over `blur` pixels on both sides of its edge.
    pub fn shadow(&mut self, rect: RectF, radius: f32, blur: f32, color: Color) {
        if !(blur > 0.0 && blur.is_finite()) {
            return;
        }
        let radius = fitting_radius(rect, radius);
        self.push(Shape::Shadow { rect, radius, blur }, grown(rect, blur), color.into());
    }

    /// Part of a ring, or all of it.
    pub fn arc(&mut self, arc: Arc, paint: impl Into<Paint>) {
        let finite = arc.centre.is_finite() && arc.start_rad.is_finite() && arc.sweep_rad.is_finite();
        if !(finite && arc.radius > 0.0 && arc.width > 0.0 && arc.sweep_rad != 0.0) {
            return;
        }
        let mut arc = arc;
        if arc.sweep_rad < 0.0 {
            arc.start_rad += arc.sweep_rad;
            arc.sweep_rad = -arc.sweep_rad;
        }
        let rect = arc.bounds();
        self.push(Shape::Arc(arc), grown(rect, 1.0), paint.into());
    }

    /// A line of `width` through `points`, with round joins and ends. Points that are no numbers are skipped.
    pub fn polyline(&mut self, points: &[PointF], width: f32, paint: impl Into<Paint>) {
        if !(width > 0.0 && width.is_finite()) {
            return;
        }
        if let Some((points, rect)) = self.keep_points(points, 1) {
            self.push(Shape::Polyline { points, width }, grown(rect, width / 2.0 + 1.0), paint.into());
        }
    }

    /// A filled polygon; where it crosses itself, what is wound round is filled (non-zero rule).
    pub fn polygon(&mut self, points: &[PointF], paint: impl Into<Paint>) {
        if let Some((points, rect)) = self.keep_points(points, 3) {
            self.push(Shape::Polygon { points }, grown(rect, 1.0), paint.into());
        }
    }

    /// What lies between the line through `points` (from left to right) and `baseline_y` below it.
    pub fn area(&mut self, points: &[PointF], baseline_y: f32, paint: impl Into<Paint>) {
        if !baseline_y.is_finite() {
            return;
        }
        if let Some((points, rect)) = self.keep_points(points, 2) {
            let rect = RectF::from_edges(rect.x, rect.y, rect.right(), baseline_y);
            self.push(Shape::Area { points, baseline_y }, grown(rect, 1.0), paint.into());
        }
    }

    /// A line of text that starts at `x` and stands on `baseline_y` (put on the nearest pixel, to be crisp).
    pub fn text(&mut self, line: &Line, x: f32, baseline_y: f32, color: Color) {
        if !x.is_finite() || !baseline_y.is_finite() || line.is_empty() {
            return;
        }
        // A quarter pixel is what glyphs are placed by: finer differences are none.
        let x = (x * 4.0).round() / 4.0;
        let baseline = baseline_y.round().clamp(-(LIMIT_PX as f32), LIMIT_PX as f32);
        let ink = line.ink();
        let rect = RectF { x: x + ink.x, y: baseline + ink.y, ..ink };
        let shape = Shape::Text { line: line.clone(), x, baseline_y: baseline as i32 };
        self.push(shape, rect, color.into());
    }

    /// An image in `rect` (best of its own size: else it is scaled, bilinear), with round corners.
    pub fn image(&mut self, image: &Image, rect: RectF, radius: f32, opacity: u8) {
        if opacity == 0 {
            return;
        }
        let radius = fitting_radius(rect, radius);
        let shape = Shape::Image { image: image.clone(), rect, radius, opacity };
        self.push(shape, rect, Paint::Solid(Color::BLACK));
    }

    fn clip(&self) -> IRect {
        self.clips.last().copied().unwrap_or(IRect::ALL)
    }

    fn push(&mut self, shape: Shape, rect: RectF, mut paint: Paint) {
        if rect.is_empty() || !paint.settle() {
            return;
        }
        let clip = self.clip();
        let bounds = rect.outer().intersect(clip);
        if !bounds.is_empty() {
            self.bounds = self.bounds.union(bounds);
            self.ops.push(Op { shape, paint, bounds, clip });
        }
    }

    /// Stores the finite points and gives their range and the rectangle round them; `None` when there are fewer than `least`.
    fn keep_points(&mut self, points: &[PointF], least: usize) -> Option<(Range<usize>, RectF)> {
        let limit = LIMIT_PX as f32;
        let start = self.points.len();
        let finite = points.iter().filter(|point| point.is_finite());
        self.points.extend(
            finite.map(|point| PointF::new(point.x.clamp(-limit, limit), point.y.clamp(-limit, limit))),
        );
        let kept = &self.points[start..];
        if kept.len() < least {
            self.points.truncate(start);
            return None;
        }
        let (mut left, mut top, mut right, mut bottom) = (limit, limit, -limit, -limit);
        for point in kept {
            left = left.min(point.x);
            right = right.max(point.x);
            top = top.min(point.y);
            bottom = bottom.max(point.y);
        }
        Some((start..self.points.len(), RectF::from_edges(left, top, right, bottom)))
    }
}

fn fitting_radius(rect: RectF, radius: f32) -> f32 {
    // `max` and `min` drop a NaN.
    radius.max(0.0).min(rect.width.min(rect.height) / 2.0).max(0.0)
}
