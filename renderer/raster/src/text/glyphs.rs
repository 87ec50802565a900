//! Masks of glyphs, drawn once and kept.
//! Leaves out colour glyphs: an outline's coverage is all there is.

use super::cache::Generations;
use super::face::FaceData;
use crate::draw::Scratch;
use std::sync::Arc;
use swash::scale::{Render, ScaleContext, Source, image::Content};
use swash::zeno::{Format, Vector};

/// Masks kept: a rich display uses 300 to 400, ten of them in several sizes some thousand.
const MASKS_MAX: usize = 8192;

/// Places within a pixel that a glyph is drawn for: quarters give the most even spacing.
pub(crate) const PLACES: f32 = 4.0;

/// Coverage of one glyph at one size and place within a pixel.
pub(crate) struct GlyphMask {
    /// From the pixel of the glyph's origin to the mask's first column.
    pub(crate) left: i32,
    /// From the mask's first row down to the baseline.
    pub(crate) top: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) coverage: Box<[u8]>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    face: u32,
    size_quarters: u32,
    glyph: u16,
    place: u8,
}

/// Glyph masks by face, size and place; bounded.
pub struct GlyphCache {
    masks: Generations<Key, Option<Arc<GlyphMask>>>,
    scaler: ScaleContext,
    /// Memory for drawing; here because who draws has a cache.
    pub(crate) scratch: Scratch,
}

impl Default for GlyphCache {
    fn default() -> Self {
        GlyphCache {
            masks: Generations::new(MASKS_MAX),
            scaler: ScaleContext::new(),
            scratch: Scratch::default(),
        }
    }
}

impl GlyphCache {
    /// An empty cache.
    pub fn new() -> GlyphCache {
        GlyphCache::default()
    }

    /// How many masks are kept.
    pub fn masks(&self) -> usize {
        self.masks.len()
    }

    /// The mask of a glyph that starts `place` quarters into a pixel; `None` when it is blank.
    pub(crate) fn mask(
        &mut self,
        face: &FaceData,
        size_px: f32,
        glyph: u16,
        place: u8,
    ) -> Option<Arc<GlyphMask>> {
        let key = Key { face: face.id, size_quarters: (size_px * 4.0) as u32, glyph, place };
        if let Some(found) = self.masks.get(&key, |_| true) {
            return found;
        }
        let mask = render(&mut self.scaler, face, size_px, glyph, place).map(Arc::new);
        self.masks.insert(key, mask.clone());
        mask
    }
}

fn render(
    scaler: &mut ScaleContext,
    face: &FaceData,
    size_px: f32,
    glyph: u16,
    place: u8,
) -> Option<GlyphMask> {
    let mut scaler = scaler.builder(face.font()).size(size_px).hint(false).build();
    let offset = Vector::new(f32::from(place) / PLACES, 0.0);
    let image =
        Render::new(&[Source::Outline]).format(Format::Alpha).offset(offset).render(&mut scaler, glyph)?;
    let placement = image.placement;
    if image.content != Content::Mask || placement.width == 0 || placement.height == 0 {
        return None;
    }
    Some(GlyphMask {
        left: placement.left,
        top: placement.top,
        width: placement.width as i32,
        height: placement.height as i32,
        coverage: image.data.into_boxed_slice(),
    })
}
