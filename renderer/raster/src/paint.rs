//! What a shape is filled with: one colour, or a gradient along a line or round a point.
//! Leaves out pixels: see `draw::shade`.

use crate::color::Color;
use crate::geometry::PointF;

/// Most stops a gradient may have; more are thinned out by whoever makes the paint.
pub const STOPS_MAX: usize = 8;

/// The colours of a gradient, by rising offset (0..=1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stops {
    items: [(f32, Color); STOPS_MAX],
    count: u8,
}

impl Stops {
    /// Two colours, at both ends.
    pub fn two(from: Color, to: Color) -> Stops {
        Stops::new(&[(0.0, from), (1.0, to)])
    }

    /// Stops in the given order; offsets are clamped and made to rise, those beyond `STOPS_MAX` are left out.
    pub fn new(stops: &[(f32, Color)]) -> Stops {
        let mut items = [(0.0, Color::TRANSPARENT); STOPS_MAX];
        let count = stops.len().min(STOPS_MAX);
        let mut least = 0.0f32;
        for (item, (offset, color)) in items.iter_mut().zip(stops) {
            least = if offset.is_nan() { least } else { offset.clamp(least, 1.0) };
            *item = (least, *color);
        }
        Stops { items, count: count as u8 }
    }

    /// The stops, rising.
    pub fn as_slice(&self) -> &[(f32, Color)] {
        &self.items[..usize::from(self.count)]
    }

    /// Every colour's opacity multiplied by `factor`.
    pub fn faded(mut self, factor: f32) -> Stops {
        for (_, color) in &mut self.items[..usize::from(self.count)] {
            *color = color.faded(factor);
        }
        self
    }
}

/// What a shape is filled with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    /// One colour.
    Solid(Color),
    /// Colours along the line `from` → `to`, the outer ones going on beyond its ends.
    Linear {
        /// Where offset 0 is.
        from: PointF,
        /// Where offset 1 is.
        to: PointF,
        /// The colours.
        stops: Stops,
    },
    /// Colours round a point, clockwise: what a gauge's arc is drawn with.
    Sweep {
        /// The point.
        centre: PointF,
        /// Angle of offset 0; 0 points right, growing clockwise.
        start_rad: f32,
        /// How far it is to offset 1 (more than 0).
        sweep_rad: f32,
        /// The colours.
        stops: Stops,
    },
}

impl Paint {
    /// A gradient from the top edge `top` to the bottom edge `bottom`.
    pub fn vertical(top: f32, bottom: f32, stops: Stops) -> Paint {
        Paint::Linear { from: PointF::new(0.0, top), to: PointF::new(0.0, bottom), stops }
    }

    /// A gradient from `left` to `right`.
    pub fn horizontal(left: f32, right: f32, stops: Stops) -> Paint {
        Paint::Linear { from: PointF::new(left, 0.0), to: PointF::new(right, 0.0), stops }
    }

    /// The same paint, its opacity multiplied by `factor`: stale things are drawn so.
    pub fn faded(self, factor: f32) -> Paint {
        match self {
            Paint::Solid(color) => Paint::Solid(color.faded(factor)),
            Paint::Linear { from, to, stops } => Paint::Linear { from, to, stops: stops.faded(factor) },
            Paint::Sweep { centre, start_rad, sweep_rad, stops } => {
                Paint::Sweep { centre, start_rad, sweep_rad, stops: stops.faded(factor) }
            }
        }
    }

    /// True when no colour of it lets anything shine through.
    pub(crate) fn is_opaque(&self) -> bool {
        match self {
            Paint::Solid(color) => color.a == 255,
            Paint::Linear { stops, .. } | Paint::Sweep { stops, .. } => {
                stops.as_slice().iter().all(|(_, color)| color.a == 255)
            }
        }
    }

    /// Puts the paint into its simplest form; false when it would draw nothing.
    pub(crate) fn settle(&mut self) -> bool {
        let stops = match self {
            Paint::Solid(color) => return color.a > 0,
            Paint::Linear { from, to, stops } => {
                let length = (to.x - from.x).hypot(to.y - from.y);
                if !from.is_finite() || !to.is_finite() || length < 1e-3 {
                    stops.count = stops.count.min(1);
                }
                stops
            }
            Paint::Sweep { centre, start_rad, sweep_rad, stops } => {
                if !centre.is_finite()
                    || !start_rad.is_finite()
                    || !sweep_rad.is_finite()
                    || *sweep_rad < 1e-3
                {
                    stops.count = stops.count.min(1);
                }
                stops
            }
        };
        let Some(&(_, first)) = stops.as_slice().first() else { return false };
        let visible = stops.as_slice().iter().any(|(_, color)| color.a > 0);
        if stops.as_slice().iter().all(|(_, color)| *color == first) {
            *self = Paint::Solid(first);
        }
        visible
    }
}

impl From<Color> for Paint {
    fn from(color: Color) -> Paint {
        Paint::Solid(color)
    }
}
