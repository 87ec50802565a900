//! The widgets, one file each, and the table that finds them by kind.
//! Leaves out cards and borders (`card`) and where a widget lies (`layout`).

use bumpalo::Bump;
use casedd_images::Images;
use casedd_raster::{Fonts, Line, PointF, RectF, Scene};

use crate::data::{Data, Sample};
use crate::layout::scale::TypeScale;
use crate::template::spec::{Kind, WidgetSpec};
use crate::theme::Theme;

mod bar;
mod bars;
mod boolean;
mod clock;
pub(crate) mod failed;
mod gauge;
mod histogram;
mod image;
mod notice;
mod panel;
mod parts;
mod slideshow;
mod sparkline;
mod table;
mod text;
mod trend;
mod ups;
mod value;

/// What draws one kind of widget.
///
/// Building is pure: the same data gives an equal scene, so that an unchanged widget is not drawn again. Whatever
/// depends on the time must be rounded to what can be seen (a clock to its seconds, a chart to its pixels).
pub trait Widget {
    /// Appends the shapes of one widget to `scene`.
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene);
}

/// What a widget may look at while it builds its scene.
pub struct Cx<'a> {
    /// Values, ages, history and time.
    pub data: &'a Data,
    /// The widget's own fields.
    pub spec: &'a WidgetSpec,
    /// Where it may draw: inside the card and its padding, in canvas pixels.
    pub area: RectF,
    /// The accent to use where the template gives no colour: neighbours get different ones.
    pub accent: casedd_raster::Color,
    /// Colour roles.
    pub theme: &'a Theme,
    /// Sizes that all cells of the view share.
    pub scale: TypeScale,
    /// Text layout.
    pub fonts: &'a mut Fonts,
    /// Pictures from files.
    pub images: &'a mut Images,
    /// Room for samples; holds anything at the start.
    pub samples: &'a mut Vec<Sample>,
    /// Room for points; holds anything at the start.
    pub points: &'a mut Vec<PointF>,
    /// Room for lines of text; holds anything at the start.
    pub lines: &'a mut Vec<Line>,
    /// Room for texts and lists until the scene is built: frames are made without allocation.
    pub room: &'a Bump,
    /// When it looks different though no value does; see [`Cx::moves_at`].
    pub moves_at_ms: &'a mut Option<u64>,
}

impl Cx<'_> {
    /// Says that this widget looks different at that time of the data's clock, though no value does: its next picture is
    /// due then, whatever the rate of its view. For what asked for it only: each such picture costs.
    pub fn moves_at(&mut self, at_ms: u64) {
        *self.moves_at_ms = Some(self.moves_at_ms.map_or(at_ms, |known| known.min(at_ms)));
    }
}

/// The widget of a kind.
pub fn widget(kind: &Kind) -> &'static dyn Widget {
    match kind {
        Kind::Value(_) => &value::Value,
        Kind::Text => &text::Text,
        Kind::Boolean => &boolean::Boolean,
        Kind::Bar => &bar::Bar,
        Kind::Bars(_) => &bars::Bars,
        Kind::Gauge(_) => &gauge::Gauge,
        Kind::Sparkline(_) => &sparkline::Sparkline,
        Kind::Histogram(_) => &histogram::Histogram,
        Kind::Table(_) => &table::Table,
        Kind::Clock(_) => &clock::Clock,
        Kind::Image(_) => &image::Image,
        Kind::Slideshow(_) => &slideshow::Slideshow,
        Kind::Ups => &ups::Ups,
        Kind::Panel(_) => &panel::Panel,
    }
}
