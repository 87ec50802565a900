//! Text: the embedded faces and those that stand in for them, lines of placed glyphs, and how big or how long text
//! may be.
//! Leaves out paragraphs with mixed styles.

mod cache;
mod face;
mod fallback;
mod fit;
mod glyphs;
mod line;
mod order;
mod outlines;

pub use face::{Face, FontError, Metrics, TextStyle};
pub use glyphs::GlyphCache;
pub(crate) use glyphs::PLACES;
pub use line::Line;

use cache::Generations;
use face::FaceData;
use fallback::Fallback;
use outlines::Outlines;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use swash::shape::ShapeContext;

/// Lines kept shaped: more than all displays of a machine show at once.
const LINES_MAX: usize = 4096;

/// The faces that text is set in, and the lines set so far.
pub struct Fonts {
    faces: [Arc<FaceData>; Face::COUNT],
    fallback: Fallback,
    shaper: ShapeContext,
    outlines: Outlines,
    generation: u64,
    lines: Generations<line::LineKey, Line>,
    cuts: Generations<fit::CutKey, fit::Cut>,
}

impl Fonts {
    /// The faces embedded in the program; nothing is read from the system.
    pub fn embedded() -> Fonts {
        Fonts {
            faces: face::embedded(),
            fallback: Fallback::default(),
            shaper: ShapeContext::new(),
            outlines: Outlines::default(),
            generation: 0,
            lines: Generations::new(LINES_MAX),
            cuts: Generations::new(fit::CUTS_MAX),
        }
    }

    /// Uses another font file's bytes for `face`.
    pub fn replace(&mut self, face: Face, bytes: Vec<u8>) -> Result<(), FontError> {
        self.faces[face as usize] = Arc::new(FaceData::new(bytes.into())?);
        self.forget_lines();
        Ok(())
    }

    /// Looks beneath these folders for a font when a character is in none of the faces; nothing is read before that.
    pub fn use_system(&mut self, dirs: Vec<PathBuf>) {
        self.fallback = Fallback::new(dirs);
        self.forget_lines();
    }

    /// The same without anybody waiting for files: a thread looks for the fonts, and calls `wake` when there is something
    /// to [collect](Fonts::collect). Until then there is a gap in a character's place.
    pub fn use_system_beside(
        &mut self,
        dirs: Vec<PathBuf>,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<()> {
        self.fallback = Fallback::beside(dirs, wake)?;
        self.forget_lines();
        Ok(())
    }

    /// Takes in the fonts that a thread has found; whether lines look different by it.
    pub fn collect(&mut self) -> bool {
        let has_news = self.fallback.collect();
        if has_news {
            self.forget_lines();
        }
        has_news
    }

    /// Another number when the same text may look different: fonts came.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Characters that no font has, and that are shown as a box: each is told once.
    pub fn take_missing(&mut self) -> Vec<char> {
        self.fallback.take_missing()
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
        let tools = (&mut self.shaper, &mut self.outlines);
        let line = line::shape(tools, (&self.faces, &mut self.fallback), text, style);
        self.lines.insert(key, line.clone());
        line
    }

    /// How wide `text` is.
    pub fn width(&mut self, text: &str, style: TextStyle) -> f32 {
        self.line(text, style).width_px()
    }

    fn forget_lines(&mut self) {
        self.generation += 1;
        self.lines.clear();
        self.cuts.clear();
    }
}

/// Kept so that the map's hasher is named once.
type Map<K, V> = HashMap<K, V, std::hash::BuildHasherDefault<cache::FastHasher>>;
