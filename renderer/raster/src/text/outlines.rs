//! How far glyphs reach: so that no more than a text's own pixels is drawn again when it changes.
//! Leaves out masks: see `glyphs`.

use super::Map;
use super::face::FaceData;
use crate::geometry::RectF;
use swash::scale::ScaleContext;

/// Most glyphs remembered; more are measured again.
const KNOWN_MAX: usize = 8192;
/// Outlines are measured at this size: they grow in proportion.
const MEASURE_PX: f32 = 256.0;

/// The boxes of glyphs, for an em of one pixel.
#[derive(Default)]
pub(super) struct Outlines {
    known: Map<(u32, u16), Option<RectF>>,
    scaler: ScaleContext,
}

impl Outlines {
    /// The box of a glyph from the start of its baseline; `None` when it is blank.
    pub(super) fn reach(&mut self, face: &FaceData, glyph: u16) -> Option<RectF> {
        if let Some(known) = self.known.get(&(face.id, glyph)) {
            return *known;
        }
        let mut scaler = self.scaler.builder(face.font()).size(MEASURE_PX).hint(false).build();
        let reach = scaler.scale_outline(glyph).map(|outline| {
            let bounds = outline.bounds();
            let [left, top, right, bottom] = [bounds.min.x, -bounds.max.y, bounds.max.x, -bounds.min.y];
            let [left, top, right, bottom] = [left, top, right, bottom].map(|edge| edge / MEASURE_PX);
            RectF::from_edges(left, top, right, bottom)
        });
        if self.known.len() >= KNOWN_MAX {
            self.known.clear();
        }
        self.known.insert((face.id, glyph), reach);
        reach
    }
}
