//! Text: the embedded faces, lines of placed glyphs, and how big or how long text may be.
//! Leaves out paragraphs with mixed styles and right-to-left order.

mod cache;
mod face;
mod fit;
mod glyphs;
mod line;

pub use face::{Face, FontError, Metrics, TextStyle};
pub use glyphs::GlyphCache;
pub(crate) use glyphs::PLACES;
pub use line::Line;

use cache::Generations;
use face::FaceData;
use std::collections::HashMap;
use std::sync::Arc;
use swash::shape::ShapeContext;

/// Lines kept shaped: more than all displays of a machine show at once.
const LINES_MAX: usize = 4096;

/// The faces that text is set in, and the lines set so far.
pub struct Fonts {
    faces: [Arc<FaceData>; Face::COUNT],
    shaper: ShapeContext,
    lines: Generations<line::LineKey, Line>,
}

impl Fonts {
    /// The faces embedded in the program; nothing is read from the system.
    pub fn embedded() -> Fonts {
        Fonts { faces: face::embedded(), shaper: ShapeContext::new(), lines: Generations::new(LINES_MAX) }
    }

    /// Uses another font file's bytes for `face`.
    pub fn replace(&mut self, face: Face, bytes: Vec<u8>) -> Result<(), FontError> {
        self.faces[face as usize] = Arc::new(FaceData::new(bytes.into())?);
        self.lines.clear();
        Ok(())
    }

    /// Sizes of `style`, in pixels.
    pub fn metrics(&self, style: TextStyle) -> Metrics {
        self.faces[style.face as usize].metrics(style.size_px)
    }

    /// `text` as placed glyphs; control characters are left out.
    pub fn line(&mut self, text: &str, style: TextStyle) -> Line {
        let style = style.settled();
        let key = line::LineKey::new(text, style);
        if let Some(line) = self.lines.get(&key, |line| line.is_of(text, style)) {
            return line;
        }
        let line = line::shape(&mut self.shaper, &self.faces, text, style);
        self.lines.insert(key, line.clone());
        line
    }

    /// How wide `text` is.
    pub fn width(&mut self, text: &str, style: TextStyle) -> f32 {
        self.line(text, style).width_px()
    }
}

/// Kept so that the map's hasher is named once.
type Map<K, V> = HashMap<K, V, std::hash::BuildHasherDefault<cache::FastHasher>>;
