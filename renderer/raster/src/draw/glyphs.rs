//! Glyphs of a line of text.
//! Leaves out shaping and masks: `text` makes both.

use super::Brush;
use crate::text::{GlyphCache, Line, PLACES};
use fearless_simd::Simd;

#[inline(always)]
pub(super) fn paint<S: Simd>(
    brush: &mut Brush<'_, '_, S>,
    line: &Line,
    x: f32,
    baseline_y: i32,
    cache: &mut GlyphCache,
) {
    let size_px = line.style().size_px;
    let clip = brush.clip;
    for run in line.runs() {
        for glyph in &run.glyphs {
            let at = ((x + glyph.x) * PLACES).round() / PLACES;
            let column = at.floor();
            // Nothing of a glyph is farther from its origin than twice its size.
            if column - size_px * 2.0 > clip.right as f32 || column + size_px * 2.0 < clip.left as f32 {
                continue;
            }
            let place = ((at - column) * PLACES) as u8;
            let Some(mask) = cache.mask(&run.face, size_px, glyph.id, place) else { continue };
            let left = column as i32 + mask.left;
            let top = baseline_y - glyph.y.round() as i32 - mask.top;
            let (from, to) = brush.columns(left, left + mask.width);
            if from >= to {
                continue;
            }
            for y in top.max(clip.top)..(top + mask.height).min(clip.bottom) {
                let start = ((y - top) * mask.width + from - left) as usize;
                brush.mask(y, from, &mask.coverage[start..start + (to - from) as usize]);
            }
        }
    }
}
