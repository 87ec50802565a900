//! What a scene is a list of: shapes, their paint and their bounds, as plain comparable data.
//! Leaves out how they come to be (`scene`) and pixels (`draw`).

use crate::geometry::{IRect, PointF, RectF};
use crate::image::Image;
use crate::paint::Paint;
use crate::text::Line;
use std::f32::consts::{FRAC_PI_2, PI, TAU};
use std::ops::Range;

/// How the line of a border runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Dashes three times as long as wide.
    Dashed,
    /// Round dots.
    Dotted,
}

/// A line along the inside of a rectangle's edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Border {
    /// The rectangle.
    pub rect: RectF,
    /// Of its corners.
    pub radius: f32,
    /// Of the line.
    pub width: f32,
    /// How the line runs.
    pub dash: Dash,
}

/// Where an arc runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arc {
    /// Middle of its circle.
    pub centre: PointF,
    /// To the middle of the line.
    pub radius: f32,
    /// Of the line.
    pub width: f32,
    /// Where it starts; 0 points right, growing clockwise.
    pub start_rad: f32,
    /// How far it goes, clockwise; a negative one goes the other way, a full turn is a ring.
    pub sweep_rad: f32,
    /// Ends are half circles beyond start and end, else cut straight.
    pub round_caps: bool,
}

impl Arc {
    /// The rectangle round it: as far as its circle goes in the directions that it passes, else as its ends do.
    pub(crate) fn bounds(&self) -> RectF {
        let half = self.width / 2.0;
        let ends = [self.start_rad, self.start_rad + self.sweep_rad];
        let reach = |direction: f32| {
            let passes = (direction - self.start_rad).rem_euclid(TAU) <= self.sweep_rad + 1e-3;
            let least = ends.iter().map(|end| (end - direction).cos()).fold(-1.0, f32::max);
            self.radius * if passes { 1.0 } else { least } + half
        };
        let [right, down, left, up] = [0.0, FRAC_PI_2, PI, PI + FRAC_PI_2].map(reach);
        let PointF { x, y } = self.centre;
        RectF::from_edges(x - left, y - up, x + right, y + down)
    }
}

/// One shape. Its numbers are finite; ranges of points are places in the scene's own list.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each field is a parameter of the method of `Scene` that adds the shape")]
pub enum Shape {
    /// A filled rectangle with round corners.
    Rounded { rect: RectF, radius: f32 },
    /// A line along the inside of a rectangle's edges.
    Border(Border),
    /// A soft shadow.
    Shadow { rect: RectF, radius: f32, blur: f32 },
    /// Part of a ring.
    Arc(Arc),
    /// A line through points.
    Polyline { points: Range<usize>, width: f32 },
    /// A filled polygon.
    Polygon { points: Range<usize> },
    /// What lies under a line.
    Area { points: Range<usize>, baseline_y: f32 },
    /// A line of text.
    Text { line: Line, x: f32, baseline_y: i32 },
    /// An image.
    Image { image: Image, rect: RectF, radius: f32, opacity: u8 },
}

/// A shape, what it is filled with, and the only pixels it may touch.
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    /// Where there is ink.
    pub shape: Shape,
    /// Of which colours.
    pub paint: Paint,
    /// The shape's own bounds within the clip it was added under.
    pub bounds: IRect,
    pub(crate) clip: IRect,
}

impl Op {
    /// True when every pixel of `area` gets its colour from this shape alone, whatever was there before. May say no
    /// where yes would be true.
    pub(crate) fn hides(&self, area: IRect) -> bool {
        let holds = |bar: IRect| bar.intersect(area) == area;
        self.bars().is_some_and(|[upright, level]| holds(upright) || holds(level))
    }

    /// A large part of what the shape hides; empty for none.
    pub(crate) fn hidden(&self) -> IRect {
        let [upright, level] = self.bars().unwrap_or_default();
        let pixels = |bar: IRect| i64::from(bar.width()) * i64::from(bar.height());
        if pixels(upright) > pixels(level) { upright } else { level }
    }

    /// Corners are cut off: what is hidden is a cross of two bars.
    fn bars(&self) -> Option<[IRect; 2]> {
        let Shape::Rounded { rect, radius } = self.shape else { return None };
        if !self.paint.is_opaque() {
            return None;
        }
        let inner = IRect {
            left: rect.x.ceil() as i32,
            top: rect.y.ceil() as i32,
            right: rect.right().floor() as i32,
            bottom: rect.bottom().floor() as i32,
        };
        let corner = radius.ceil() as i32;
        let upright = IRect {
            left: inner.left.saturating_add(corner),
            right: inner.right.saturating_sub(corner),
            ..inner
        };
        let level = IRect {
            top: inner.top.saturating_add(corner),
            bottom: inner.bottom.saturating_sub(corner),
            ..inner
        };
        Some([upright.intersect(self.bounds), level.intersect(self.bounds)])
    }
}

/// A rectangle with each edge moved outwards.
pub(crate) fn grown(rect: RectF, by_px: f32) -> RectF {
    RectF::new(rect.x - by_px, rect.y - by_px, rect.width + by_px * 2.0, rect.height + by_px * 2.0)
}
