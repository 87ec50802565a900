//! What all views of one thread draw with: fonts, glyph masks, and room for intermediate lists.
//! Leaves out what is drawn.

use bumpalo::Bump;
use casedd_images::Images;
use casedd_raster::{Fonts, GlyphCache, Line, PointF, Scene};

use crate::data::Sample;
use crate::fonts;

/// Tools and working memory, used by one view after the other.
pub struct Painter {
    /// Faces and shaped lines.
    pub fonts: Fonts,
    /// Rasterised glyphs.
    pub glyphs: GlyphCache,
    /// Pictures from files.
    pub images: Images,
    /// Room for samples.
    pub samples: Vec<Sample>,
    /// Room for points.
    pub points: Vec<PointF>,
    /// Room for lines of wrapped text.
    pub lines: Vec<Line>,
    /// Room for texts and lists of the widget being built.
    pub room: Bump,
    /// Room for the scene being built.
    pub scene: Scene,
}

impl Painter {
    /// The embedded fonts, and nothing drawn yet.
    pub fn new() -> Painter {
        Painter {
            fonts: Fonts::embedded(),
            glyphs: GlyphCache::new(),
            images: Images::default(),
            samples: Vec::new(),
            points: Vec::new(),
            lines: Vec::new(),
            room: Bump::new(),
            scene: Scene::new(),
        }
    }

    /// The same with the system's fonts for the characters that the embedded ones lack.
    pub fn with_system_fonts() -> Painter {
        let mut painter = Painter::new();
        painter.fonts.use_system(fonts::system_dirs(|key| std::env::var(key).ok()));
        painter
    }
}

impl Default for Painter {
    fn default() -> Painter {
        Painter::new()
    }
}
