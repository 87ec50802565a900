//! What a template says, checked: a value of these types cannot be wrong.
//! Leaves out how it is read (`read`) and where things come to lie (`layout`).

use std::sync::Arc;

use casedd_common::config::Condition;
use casedd_raster::Color;
use regex::Regex;

use crate::theme::Theme;

pub use super::look::{Align, Background, Border, BorderStyle, ColorStops, FontRole, Gradient, Padding};
pub use super::picture::{ImageSpec, Scale, SlideshowSpec, Tier, Transition};
pub use super::table::TableSpec;

/// Most widgets of one template, panel children counted.
pub const WIDGETS_MAX: usize = 256;
/// Most rows or columns of one grid.
pub const TRACKS_MAX: usize = 64;
/// Most series of one chart.
pub const SERIES_MAX: usize = 8;

/// One checked template.
#[derive(Clone, Debug)]
pub struct Template {
    /// The name it gives itself, else its file's stem.
    pub name: String,
    /// What it is for, in the author's words.
    pub description: String,
    /// Width divided by height the author had in mind.
    pub aspect_ratio: Option<f32>,
    /// What to do on a canvas of another shape.
    pub layout_mode: LayoutMode,
    /// Its colours: the output's theme with what the template changes of it.
    pub theme: Theme,
    /// Behind everything; `None` leaves it to the theme.
    pub background: Option<Background>,
    /// How often it wants to be drawn at least, where the output does not say.
    pub refresh_rate_hz: Option<f64>,
    /// When all hold, a rotation leaves this template out.
    pub skip_if: Vec<Condition>,
    /// The arrangements, the most special first; the last fits every canvas.
    pub variants: Vec<Variant>,
    /// What was accepted but does nothing, one sentence each with its place.
    pub warnings: Vec<String>,
}

/// How a template fills a canvas whose shape is not its `aspect_ratio`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LayoutMode {
    /// The grid takes the whole canvas.
    #[default]
    Stretch,
    /// The grid keeps `aspect_ratio`, centred, with the background around it.
    Fit,
}

/// One arrangement of widgets and the canvases it is for.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The canvases it is for.
    pub when: When,
    /// Tracks and areas.
    pub grid: Grid,
    /// One widget per area, in the order of `grid.areas`.
    pub widgets: Vec<Arc<WidgetSpec>>,
}

/// Which canvases a variant is for; every bound that is given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct When {
    /// Narrowest canvas.
    pub min_width_px: Option<u32>,
    /// Widest canvas.
    pub max_width_px: Option<u32>,
    /// Lowest canvas.
    pub min_height_px: Option<u32>,
    /// Highest canvas.
    pub max_height_px: Option<u32>,
    /// Least width divided by height.
    pub min_aspect: Option<f32>,
    /// Greatest width divided by height.
    pub max_aspect: Option<f32>,
}

impl When {
    /// Whether a canvas of this size is meant.
    pub fn holds(&self, width_px: u32, height_px: u32) -> bool {
        let aspect = width_px as f32 / height_px.max(1) as f32;
        self.min_width_px.is_none_or(|least| width_px >= least)
            && self.max_width_px.is_none_or(|most| width_px <= most)
            && self.min_height_px.is_none_or(|least| height_px >= least)
            && self.max_height_px.is_none_or(|most| height_px <= most)
            && self.min_aspect.is_none_or(|least| aspect >= least)
            && self.max_aspect.is_none_or(|most| aspect <= most)
    }
}

/// Rows, columns, and the named rectangles on them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Column widths, as many as the areas have columns.
    pub columns: Vec<Track>,
    /// Row heights, as many as the areas have rows.
    pub rows: Vec<Track>,
    /// The areas, in reading order.
    pub areas: Vec<Area>,
    /// Space between neighbours and around the whole, in pixels; `None` leaves it to the theme.
    pub gap_px: Option<f32>,
}

/// The size of one row or column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Track {
    /// A share of what is left.
    Fraction(f32),
    /// Pixels.
    Pixels(f32),
    /// Per cent of the whole.
    Percent(f32),
}

/// A named rectangle of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its name, as the widget's.
    pub name: String,
    /// First column.
    pub column: usize,
    /// First row.
    pub row: usize,
    /// How many columns.
    pub columns: usize,
    /// How many rows.
    pub rows: usize,
}

/// One widget: what every type has in common, and its kind.
#[derive(Clone, Debug)]
pub struct WidgetSpec {
    /// The name of its area, or its place in a panel (`load.2`).
    pub name: String,
    /// The type and what only this type has.
    pub kind: Kind,
    /// The key it shows.
    pub source: Option<String>,
    /// A fixed text in place of a key.
    pub content: Option<String>,
    /// What stands above the value.
    pub label: Option<String>,
    /// A smaller line beside or below the value, with `{key}`s.
    pub detail: Option<String>,
    /// Colour of what is drawn; `None` leaves it to the theme. Of a gradient it is the last one.
    pub color: Option<Color>,
    /// The gradient from `min` to `max` that bars, gauges and lines are filled with; empty for one colour.
    pub ramp: Vec<(f32, Color)>,
    /// Behind the widget; `None` leaves it to the theme.
    pub background: Option<Background>,
    /// Round the widget.
    pub border: Border,
    /// How long its bar or dial takes from one value to the next; `None`: it jumps.
    pub ease_ms: Option<u32>,
    /// Least size of the main text.
    pub font_size_px: Option<f32>,
    /// Greatest size of the main text.
    pub max_font_size_px: Option<f32>,
    /// Greatest size by its role in the view's scale; the layout turns it into `max_font_size_px`.
    pub max_font_role: Option<FontRole>,
    /// Space inside the border; `None` leaves it to the theme.
    pub padding: Option<Padding>,
    /// Text after the number; `None` when not given, as opposed to given empty.
    pub unit: Option<String>,
    /// Digits after the point; `None` chooses by magnitude.
    pub precision: Option<u8>,
    /// Lower end of the scale; `None` leaves it to the widget.
    pub min: Option<f64>,
    /// Upper end of the scale; `None` leaves it to the widget.
    pub max: Option<f64>,
    /// Colours by value.
    pub color_stops: ColorStops,
    /// Most rows.
    pub max_items: Option<usize>,
    /// Which rows are shown.
    pub filter: Option<Regex>,
    /// Where text stands across the box; `None` leaves it to the widget.
    pub align: Option<Align>,
    /// Whether a card is drawn behind it; `None`: yes for an area, no for a panel's child.
    pub card: Option<bool>,
}

impl WidgetSpec {
    /// Whether what is drawn has different colours at different values.
    pub fn has_ramp(&self) -> bool {
        !self.ramp.is_empty() || !self.color_stops.is_empty()
    }
}

/// The type of a widget and the fields only it has.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A number, large, and the history that is drawn beside or below it.
    Value(Option<ChartSpec>),
    /// Text, wrapped.
    Text,
    /// A check or a slash.
    Boolean,
    /// A horizontal bar.
    Bar,
    /// A bar for each key of a family.
    Bars(BarsSpec),
    /// An arc.
    Gauge(GaugeSpec),
    /// A line of recent history.
    Sparkline(ChartSpec),
    /// Bars of recent history.
    Histogram(ChartSpec),
    /// Rows of text.
    Table(TableSpec),
    /// Date and time.
    Clock(ClockSpec),
    /// A picture from a file.
    Image(ImageSpec),
    /// Pictures in turn.
    Slideshow(SlideshowSpec),
    /// A battery.
    Ups,
    /// A container.
    Panel(PanelSpec),
}

/// What only bars of a family have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarsSpec {
    /// Keys; a `*` in one stands for anything.
    pub sources: Vec<String>,
    /// How they are arranged; `None`: as their number and the cell allow.
    pub layout: Option<BarsLayout>,
    /// What is said beside each: keys in braces, in which `*` is what the star stands for.
    pub item_detail: Option<String>,
    /// How a member is called: `{}` is what the star stands for; `None`: that alone.
    pub item_label: Option<String>,
}

/// How the bars of a family are arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarsLayout {
    /// Lying, one below the other.
    Rows,
    /// Standing, side by side.
    Columns,
    /// Coloured tiles.
    Tiles,
}

impl Kind {
    /// Whether it fills its cell by itself, so that neither card nor padding is needed.
    pub fn is_picture(&self) -> bool {
        matches!(self, Kind::Image(_) | Kind::Slideshow(_))
    }
}

/// What only a gauge has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaugeSpec {
    /// Where the arc begins, degrees: 0 points right, growing counter-clockwise.
    pub arc_start_deg: f32,
    /// Where it ends, in the same measure; the arc runs clockwise from start to end.
    pub arc_end_deg: f32,
    /// How many divisions are marked; 0: none.
    pub ticks: u32,
}

/// What only sparklines and histograms have.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartSpec {
    /// How much history is shown.
    pub window_ms: u64,
    /// Most points or bars; `None`: as the width allows.
    pub samples: Option<usize>,
    /// What is drawn: the widget's `source` when `sources` is not given.
    pub series: Vec<SeriesSpec>,
}

/// One line or one set of bars.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesSpec {
    /// Its key.
    pub source: String,
    /// Its name in the legend.
    pub label: Option<String>,
    /// Its colour; `None` leaves it to the theme.
    pub color: Option<Color>,
}

/// What only a clock has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockSpec {
    /// strftime; may hold line breaks.
    pub format: String,
}

/// What only a panel has.
#[derive(Clone, Debug)]
pub struct PanelSpec {
    /// How its children lie.
    pub content: PanelContent,
}

/// How a panel's children lie.
#[derive(Clone, Debug)]
pub enum PanelContent {
    /// One after the other.
    Line {
        /// Along which axis.
        direction: Direction,
        /// Where a child of fixed size stands across the axis.
        align: LineAlign,
        /// Space between children; `None` leaves it to the theme.
        gap_px: Option<f32>,
        /// The children, in order.
        children: Vec<Child>,
    },
    /// On a grid of their own.
    Grid {
        /// Tracks and areas.
        grid: Grid,
        /// One widget per area, in the order of `grid.areas`.
        widgets: Vec<Arc<WidgetSpec>>,
    },
}

/// A child of a panel.
#[derive(Clone, Debug)]
pub struct Child {
    /// The widget.
    pub widget: Arc<WidgetSpec>,
    /// Fixed width.
    pub width_px: Option<f32>,
    /// Fixed height.
    pub height_px: Option<f32>,
    /// Its share of what the fixed ones leave.
    pub weight: f32,
}

/// The axis along which a panel's children lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Side by side.
    Row,
    /// One below the other.
    #[default]
    Column,
}

/// Where a child of fixed size stands across a panel's axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineAlign {
    /// At the left or top.
    Start,
    /// In the middle.
    Centre,
    /// At the right or bottom.
    End,
    /// Over the whole breadth, unless its size is fixed.
    #[default]
    Stretch,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_holds_where_all_its_bounds_do() {
        let wide = When { min_aspect: Some(3.0), min_width_px: Some(1000), ..When::default() };
        assert!(wide.holds(1920, 480));
        assert!(!wide.holds(1920, 1080));
        assert!(!wide.holds(960, 240));
        assert!(When::default().holds(1, 1));
    }
}
