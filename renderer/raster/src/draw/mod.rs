//! Painting a scene's shapes onto a canvas, row by row.
//! Leaves out what to paint: `scene` holds that. Each shape's coverage is a pure function of the pixel's place, so
//! that clips and bands cannot show.

mod arc;
mod area;
mod blend;
mod border;
mod glyphs;
mod lanes;
mod open;
mod picture;
mod polygon;
mod polyline;
mod rounded;
mod shade;
mod shadow;

use crate::canvas::Canvas;
use crate::geometry::{IRect, PointF};
use crate::paint::Paint;
use crate::scene::Scene;
use crate::shape::{Op, Shape};
use crate::text::GlyphCache;
use blend::Ink;
use fearless_simd::{Simd, f32x8};
use lanes::LANES;
use shade::Shader;

pub use fearless_simd::Level;

/// Pixels drawn by all shapes before going on to the rows below: a megabyte stays in the processor's second cache.
pub const BAND_PX: i32 = 256 * 1024;
/// Rows of a band at least.
pub const BAND_ROWS_MIN: i32 = 16;

/// Memory for intermediate rows, kept from one drawing to the next.
#[derive(Default)]
pub(crate) struct Scratch {
    words: Vec<u32>,
    mask: Vec<u8>,
    reach: Vec<(i32, i32)>,
    numbers: Vec<f32>,
    columns: area::Columns,
    parts: Vec<IRect>,
}

impl Scene {
    /// Paints the part of the scene within `clip`. A pixel gets the same colour whatever the clip.
    pub fn draw(&self, canvas: &mut Canvas<'_>, clip: IRect, cache: &mut GlyphCache) {
        self.draw_with(Level::new(), canvas, clip, cache);
    }

    /// The same with chosen instructions of the processor: all levels give the same pixels.
    pub fn draw_with(&self, level: Level, canvas: &mut Canvas<'_>, clip: IRect, cache: &mut GlyphCache) {
        let clip = clip.intersect(canvas.bounds()).intersect(self.bounds());
        if clip.is_empty() {
            return;
        }
        let mut scratch = std::mem::take(&mut cache.scratch);
        let band_rows = (BAND_PX / clip.width()).max(BAND_ROWS_MIN);
        let mut top = clip.top;
        while top < clip.bottom {
            let bottom = clip.bottom.min(top + band_rows);
            let band = IRect { top, bottom, ..clip };
            // What lies under a shape that covers the whole band would be drawn for nothing.
            let first = self.ops.iter().rposition(|op| op.hides(band)).unwrap_or(0);
            let Some((ground, others)) = self.ops[first..].split_first() else { break };
            let mut parts = std::mem::take(&mut scratch.parts);
            open::parts(ground.bounds.intersect(band), others, &mut parts);
            let grounds = parts.iter().map(|part| (ground, *part));
            for (op, clip) in grounds.chain(others.iter().map(|op| (op, op.bounds.intersect(band)))) {
                if !clip.is_empty() {
                    let place = Place { canvas, clip, scratch: &mut scratch };
                    dispatched(level, op, &self.points, place, cache);
                }
            }
            scratch.parts = parts;
            top = bottom;
        }
        cache.scratch = scratch;
    }
}

/// Paints with the best instructions of `level` that are worth a copy of all the code: on x86-64 AVX2 or the
/// baseline, elsewhere whatever there is.
fn dispatched(level: Level, op: &Op, points: &[PointF], place: Place<'_, '_>, cache: &mut GlyphCache) {
    #[cfg(target_arch = "x86_64")]
    match level.as_avx2() {
        Some(simd) => simd.vectorize(
            #[inline(always)]
            || paint(simd, op, points, place, cache),
        ),
        None => {
            let simd = level.as_sse2().expect("every x86-64 has SSE2");
            simd.vectorize(
                #[inline(always)]
                || paint(simd, op, points, place, cache),
            );
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    fearless_simd::dispatch!(level, simd => paint(simd, op, points, place, cache));
}

/// Where a shape is painted, and what with.
struct Place<'a, 'c> {
    canvas: &'a mut Canvas<'c>,
    clip: IRect,
    scratch: &'a mut Scratch,
}

#[inline(always)]
fn paint<S: Simd>(simd: S, op: &Op, points: &[PointF], place: Place<'_, '_>, cache: &mut GlyphCache) {
    let Place { canvas, clip, scratch } = place;
    let Scratch { words, mask, reach, numbers, columns, parts: _ } = scratch;
    let brush = &mut Brush::new(simd, canvas, clip, &op.paint, words);
    match &op.shape {
        Shape::Rounded { rect, radius } => rounded::paint(brush, *rect, *radius),
        Shape::Border(border) => border::paint(brush, border),
        Shape::Shadow { rect, radius, blur } => shadow::paint(brush, *rect, *radius, *blur, mask),
        Shape::Arc(arc) => arc::paint(brush, arc, mask),
        Shape::Polyline { points: range, width } => {
            polyline::paint(brush, &points[range.clone()], *width, mask, reach);
        }
        Shape::Polygon { points: range } => polygon::paint(brush, &points[range.clone()], numbers, mask),
        Shape::Area { points: range, baseline_y } => {
            area::paint(brush, &points[range.clone()], *baseline_y, columns, mask);
        }
        Shape::Text { line, x, baseline_y } => glyphs::paint(brush, line, *x, *baseline_y, cache),
        Shape::Image { image, rect, radius, opacity } => {
            picture::paint(brush, image, *rect, (*radius, *opacity), mask);
        }
    }
}

/// Paints rows of one paint onto a canvas, within a clip.
struct Brush<'a, 'c, S> {
    simd: S,
    canvas: &'a mut Canvas<'c>,
    clip: IRect,
    shader: Shader<'a>,
}

impl<'a, 'c, S: Simd> Brush<'a, 'c, S> {
    #[inline(always)]
    fn new(simd: S, canvas: &'a mut Canvas<'c>, clip: IRect, paint: &Paint, words: &'a mut Vec<u32>) -> Self {
        Brush { simd, canvas, clip, shader: Shader::new(simd, paint, clip, words) }
    }

    /// Rows of the clip that are in `top..bottom`.
    #[inline(always)]
    fn rows(&self, top: f32, bottom: f32) -> std::ops::Range<i32> {
        (top.floor() as i32).max(self.clip.top)..(bottom.ceil() as i32).min(self.clip.bottom)
    }

    /// `left..right`, cut to the clip's columns; empty ranges come out with `left >= right`.
    #[inline(always)]
    fn columns(&self, left: i32, right: i32) -> (i32, i32) {
        (left.max(self.clip.left), right.min(self.clip.right))
    }

    /// Covers `left..right` of row `y` evenly.
    #[inline(always)]
    fn span(&mut self, y: i32, left: i32, right: i32, coverage: u8) {
        let (left, right) = self.columns(left, right);
        if left < right && coverage > 0 {
            match self.shader.solid(y) {
                Some(word) => {
                    let row = self.canvas.row(y, left, right);
                    blend::even(self.simd, row, coverage, Ink::Solid(word));
                }
                None => self.shaded_span(y, left, right, coverage),
            }
        }
    }

    /// Covers `left..right` of some rows of the clip all over.
    #[inline(always)]
    fn block(&mut self, rows: std::ops::Range<i32>, left: i32, right: i32) {
        let (left, right) = self.columns(left, right);
        if left >= right {
            return;
        }
        for y in rows {
            match self.shader.solid(y) {
                Some(word) if word >> 24 == 255 => {
                    blend::fill(self.simd, self.canvas.row(y, left, right), word);
                }
                Some(word) => {
                    let row = self.canvas.row(y, left, right);
                    blend::even(self.simd, row, 255, Ink::Solid(word));
                }
                None => self.shaded_span(y, left, right, 255),
            }
        }
    }

    /// Covers the pixels from `left` on, which lie within the clip, as `mask` says.
    #[inline(always)]
    fn mask(&mut self, y: i32, left: i32, mask: &[u8]) {
        let right = left + mask.len() as i32;
        if left < right {
            match self.shader.solid(y) {
                Some(word) => {
                    let row = self.canvas.row(y, left, right);
                    blend::masked(self.simd, row, mask, Ink::Solid(word));
                }
                None => {
                    // Colours are dear: none for the uncovered ends.
                    let (from, to) = covered(mask);
                    if from < to {
                        self.shaded_mask(y, left + from as i32, &mask[from..to]);
                    }
                }
            }
        }
    }

    /// Gradients are much code: one copy of it is enough, though a call costs.
    #[inline(never)]
    fn shaded_span(&mut self, y: i32, left: i32, right: i32, coverage: u8) {
        self.simd.vectorize(
            #[inline(always)]
            || {
                let ink = self.shader.ink(self.simd, y, left, right);
                blend::even(self.simd, self.canvas.row(y, left, right), coverage, ink);
            },
        );
    }

    #[inline(never)]
    fn shaded_mask(&mut self, y: i32, left: i32, mask: &[u8]) {
        self.simd.vectorize(
            #[inline(always)]
            || {
                let right = left + mask.len() as i32;
                let ink = self.shader.ink(self.simd, y, left, right);
                blend::masked(self.simd, self.canvas.row(y, left, right), mask, ink);
            },
        );
    }

    /// Covers `left..right` of row `y`, each pixel as `share` says of its middle; for short runs.
    #[inline(always)]
    fn pixels(&mut self, y: i32, left: i32, right: i32, share: impl Fn(f32x8<S>) -> f32x8<S> + Copy) {
        let (mut left, right) = self.columns(left, right);
        while left < right {
            let run = self.run(left, right.min(left + Run::PX_MAX), share);
            self.repeat(y, &run);
            left += run.count as i32;
        }
    }

    /// The coverage of `left..right`, at most [`Run::PX_MAX`] pixels, to be put into one row or several.
    #[inline(always)]
    fn run(&self, left: i32, right: i32, share: impl Fn(f32x8<S>) -> f32x8<S>) -> Run {
        let (left, right) = self.columns(left, right);
        let count = (right - left).clamp(0, Run::PX_MAX) as usize;
        let mut run = Run { left, count, bytes: [0; Run::PX_MAX as usize] };
        let groups = run.bytes.as_chunks_mut::<LANES>().0.iter_mut().take(count.div_ceil(LANES));
        for (group, bytes) in groups.enumerate() {
            *bytes = lanes::coverage(share(lanes::middles(self.simd, left + (group * LANES) as i32)));
        }
        run
    }

    /// The same without its uncovered ends, for what is put into many rows.
    #[inline(always)]
    fn trimmed(run: Run) -> Run {
        let is_covered = |byte: &u8| *byte > 0;
        let all = &run.bytes[..run.count];
        let from = all.iter().position(is_covered).unwrap_or(run.count);
        let to = all.iter().rposition(is_covered).map_or(from, |last| last + 1);
        let mut bytes = [0; Run::PX_MAX as usize];
        bytes[..to - from].copy_from_slice(&all[from..to]);
        Run { left: run.left + from as i32, count: to - from, bytes }
    }

    /// Covers row `y` as the run says.
    #[inline(always)]
    fn repeat(&mut self, y: i32, run: &Run) {
        self.mask(y, run.left, &run.bytes[..run.count]);
    }
}

/// Where the covered part of a mask begins and ends, to eight pixels.
#[inline(always)]
fn covered(mask: &[u8]) -> (usize, usize) {
    let is_covered = |eight: &[u8]| eight.iter().fold(0, |all, byte| all | byte) != 0;
    let from = mask.chunks(8).take_while(|eight| !is_covered(eight)).count() * 8;
    let mut to = mask.len();
    while to >= from + 8 && !is_covered(&mask[to - 8..to]) {
        to -= 8;
    }
    (from.min(to), to)
}

/// Coverage of a few pixels side by side.
struct Run {
    left: i32,
    count: usize,
    bytes: [u8; Run::PX_MAX as usize],
}

impl Run {
    /// Most pixels.
    const PX_MAX: i32 = 64;
}

/// A row of at least `count` bytes, in whole groups.
#[inline(always)]
fn row_of(mask: &mut Vec<u8>, count: usize) -> &mut [u8] {
    let count = count.next_multiple_of(LANES);
    if mask.len() < count {
        mask.resize(count, 0);
    }
    &mut mask[..count]
}
