//! How a widget looks, as templates say it: backgrounds, borders, spaces, sizes and colours by value.
//! Leaves out how it is read (`color`, `widget`) and drawn (`card`).

use casedd_raster::Color;

/// Where text stands across its box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}

/// A colour or a gradient behind something.
#[derive(Clone, Debug, PartialEq)]
pub enum Background {
    /// One colour, perhaps see-through.
    Solid(Color),
    /// `linear-gradient(...)`.
    Linear(Gradient),
}

/// A CSS linear gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    /// As in CSS: 0 points up, 90 to the right.
    pub angle_deg: f32,
    /// Offsets (0..=1, rising) and colours; 2 to 8.
    pub stops: Vec<(f32, Color)>,
}

/// The line round a widget.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Border {
    /// `None` leaves it to the theme.
    pub style: Option<BorderStyle>,
    /// `None` leaves it to the theme.
    pub color: Option<Color>,
    /// `None` leaves it to the theme.
    pub width_px: Option<f32>,
}

/// One of the sizes that all cells of a view share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FontRole {
    /// Axis marks and legends.
    Caption,
    /// Labels.
    Label,
    /// Rows of text.
    Body,
    /// Values beside a label.
    Value,
    /// Headings.
    Title,
}

/// How a border is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BorderStyle {
    /// Not at all.
    None,
    /// A line.
    Solid,
    /// Dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// Pressed in: dark above, light below.
    Inset,
    /// Standing out: light above, dark below.
    Outset,
}

/// Space inside a widget's border, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Padding {
    /// Above.
    pub top: f32,
    /// To the right.
    pub right: f32,
    /// Below.
    pub bottom: f32,
    /// To the left.
    pub left: f32,
}

/// Colours by value: between two thresholds they are mixed, outside the nearest holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColorStops(Vec<(f64, Color)>);

impl ColorStops {
    /// Stops in any order.
    pub fn new(mut stops: Vec<(f64, Color)>) -> ColorStops {
        stops.sort_by(|a, b| a.0.total_cmp(&b.0));
        ColorStops(stops)
    }

    /// Threshold and colour, rising.
    pub fn as_slice(&self) -> &[(f64, Color)] {
        &self.0
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The colour at `value`; `None` without stops or for NaN.
    pub fn at(&self, value: f64) -> Option<Color> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        if value.is_nan() {
            return None;
        }
        if value <= first.0 {
            return Some(first.1);
        }
        let Some(upper) = self.0.iter().position(|stop| stop.0 > value) else { return Some(last.1) };
        let ((from, low), (to, high)) = (self.0[upper - 1], self.0[upper]);
        Some(low.mix(high, ((value - from) / (to - from)) as f32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_stops_mix_between_thresholds_and_hold_outside() {
        let stops = ColorStops::new(vec![(80.0, Color::hex(0xff0000)), (0.0, Color::hex(0x000000))]);
        assert_eq!(stops.at(-5.0), Some(Color::hex(0x000000)));
        assert_eq!(stops.at(40.0), Some(Color::hex(0x800000)));
        assert_eq!(stops.at(900.0), Some(Color::hex(0xff0000)));
        assert_eq!(stops.at(f64::NAN), None);
        assert_eq!(ColorStops::default().at(1.0), None);
    }
}
