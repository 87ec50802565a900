//! Span rasteriser and text: scenes of shapes and glyphs onto XRGB8888 pixels.
//!
//! A [`Scene`] is a comparable list of shapes; [`Scene::draw`] paints it onto a [`Canvas`]. The colour of a pixel
//! depends on the scene alone, never on the clip or the band it is drawn in, so that a redrawn part is bit for bit
//! what a full redraw would have given. It knows nothing of templates, widgets, files or frames.
#![forbid(unsafe_code)]

mod canvas;
mod color;
mod difference;
mod draw;
mod geometry;
mod image;
mod paint;
mod scene;
mod shape;
mod text;

pub use canvas::Canvas;
pub use color::Color;
pub use draw::{BAND_PX, BAND_ROWS_MIN, Level};
pub use geometry::{IRect, PointF, RectF};
pub use image::Image;
pub use paint::{Paint, STOPS_MAX, Stops};
pub use scene::Scene;
pub use shape::{Arc, Border, Dash, Op, Shape};
pub use text::{Face, FontError, Fonts, GlyphCache, Line, Metrics, TextStyle};
