//! A line of text: glyphs and where they stand.
//! Leaves out pixels of glyphs: see `glyphs`.

use super::cache::FastHasher;
use super::face::{Face, FaceData, TextStyle};
use super::fallback::{Fallback, Known};
use super::order;
use super::outlines::Outlines;
use crate::geometry::RectF;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use swash::shape::Direction;
use swash::shape::ShapeContext;
use swash::shape::cluster::Glyph;
use swash::text::Codepoint;

/// What stands in the place of a character whose font is being looked for.
const GAP: char = '\u{2003}';

/// Longest line that is shaped, in bytes: no display shows more of it.
const TEXT_BYTES_MAX: usize = 4096;

/// What is drawn of a glyph goes no farther beyond its outline.
const EDGE_PX: f32 = 1.75;
/// What a blank glyph reaches.
const NOWHERE: (f32, f32) = (f32::MAX, f32::MIN);

/// Text set in one style; cheap to clone, and equal when text and style are.
#[derive(Clone, Debug)]
pub struct Line(Arc<LineData>);

pub(crate) struct LineData {
    text: Box<str>,
    style: TextStyle,
    pub(crate) runs: Vec<Run>,
    width_px: f32,
    ink: RectF,
    /// Fonts of some characters are still being looked for.
    has_gaps: bool,
}

/// Glyphs of one face.
pub(crate) struct Run {
    pub(crate) face: Arc<FaceData>,
    pub(crate) glyphs: Vec<PlacedGlyph>,
}

/// One glyph, right of the line's start and above its baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PlacedGlyph {
    pub(crate) id: u16,
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// From where to where it may touch pixels, as `x`; nowhere when the first is beyond the second.
    reach: (f32, f32),
}

impl std::fmt::Debug for LineData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?} {} px", self.text, self.style, self.width_px)
    }
}

impl PartialEq for Line {
    fn eq(&self, other: &Line) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.style == other.0.style
                && self.0.text == other.0.text
                && self.0.has_gaps == other.0.has_gaps
                && self.0.runs.len() == other.0.runs.len()
                && self.0.runs.iter().zip(&other.0.runs).all(|(a, b)| a.face.id == b.face.id))
    }
}

impl Line {
    /// How far the line goes on: where a next one would start.
    pub fn width_px(&self) -> f32 {
        self.0.width_px
    }

    /// The style it is set in, its size on a quarter pixel.
    pub fn style(&self) -> TextStyle {
        self.0.style
    }

    /// The text as it is shown.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// True when there is no glyph to draw.
    pub fn is_empty(&self) -> bool {
        self.0.runs.iter().all(|run| run.glyphs.is_empty())
    }

    /// The pixels that glyphs may touch, from the start of the baseline.
    pub(crate) fn ink(&self) -> RectF {
        self.0.ink
    }

    pub(crate) fn runs(&self) -> &[Run] {
        &self.0.runs
    }

    /// From where to where another line of the same style shows other glyphs, from the start of both; `None` when styles
    /// differ.
    pub(crate) fn differs_between(&self, other: &Line) -> Option<(f32, f32)> {
        if self.0.style != other.0.style {
            return None;
        }
        let [mine, theirs] = [self, other].map(|line| {
            let runs = line.0.runs.iter();
            runs.flat_map(|run| run.glyphs.iter().map(|glyph| (run.face.id, *glyph)))
        });
        let (mut mine, mut theirs, mut all) = (mine, theirs, NOWHERE);
        loop {
            let pair = (mine.next(), theirs.next());
            if pair == (None, None) {
                return Some(all);
            }
            if pair.0 != pair.1 {
                let glyphs = [pair.0, pair.1].into_iter().flatten();
                all =
                    glyphs.fold(all, |all, (_, glyph)| (all.0.min(glyph.reach.0), all.1.max(glyph.reach.1)));
            }
        }
    }

    pub(super) fn is_of(&self, text: &str, style: TextStyle) -> bool {
        self.0.style == style && *self.0.text == *cut(text)
    }
}

/// Where a line is looked up: a hash of text and style, so that asking allocates nothing. The line found says
/// whether it is the one meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LineKey(u64);

impl LineKey {
    pub(super) fn new(text: &str, style: TextStyle) -> LineKey {
        let mut hasher = FastHasher::default();
        (cut(text), style.face, style.size_px.to_bits(), style.tabular).hash(&mut hasher);
        LineKey(hasher.finish())
    }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Shapes `text`: kerning, marks, tabular digits, right-to-left words in their order; characters that the style's face
/// lacks come from another embedded face, then from the system's fonts, and are a box where none has them.
pub(super) fn shape(
    (shaper, outlines): (&mut ShapeContext, &mut Outlines),
    (faces, fallback): (&[Arc<FaceData>; Face::COUNT], &mut Fallback),
    text: &str,
    style: TextStyle,
) -> Line {
    let text = cut(text);
    let mut runs: Vec<Run> = Vec::new();
    let (mut x, mut has_gaps) = (0.0, false);
    for part in order::visual(&order::clean(text)) {
        let mut pieces = split_by_face((faces, &mut *fallback), part.text, style.face, &mut has_gaps);
        if part.is_rtl {
            pieces.reverse();
        }
        for (face, piece) in pieces {
            let mut glyphs = Vec::with_capacity(piece.len());
            x += place(shaper, &face, (&piece, part.is_rtl), style, |glyph| {
                glyphs.push(PlacedGlyph { x: glyph.x + x, ..glyph });
            });
            runs.push(Run { face, glyphs });
        }
    }
    let ink = ink(outlines, &mut runs, style.size_px);
    Line(Arc::new(LineData { text: text.into(), style, runs, width_px: x, ink, has_gaps }))
}

/// The rectangle round all glyphs, and what rounding to quarters of a pixel and soft edges add to it; empty for none.
/// Tells each glyph how far it reaches.
fn ink(outlines: &mut Outlines, runs: &mut [Run], size_px: f32) -> RectF {
    let [mut left, mut top, mut right, mut bottom] = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
    for run in runs {
        for glyph in &mut run.glyphs {
            let Some(reach) = outlines.reach(&run.face, glyph.id) else { continue };
            let (from, to) = (glyph.x + reach.x * size_px, glyph.x + reach.right() * size_px);
            glyph.reach = (from - EDGE_PX, to + EDGE_PX);
            (left, right) = (left.min(from), right.max(to));
            top = top.min(reach.y * size_px - glyph.y);
            bottom = bottom.max(reach.bottom() * size_px - glyph.y);
        }
    }
    if left > right {
        return RectF::default();
    }
    RectF::from_edges(left - EDGE_PX, top - EDGE_PX, right + EDGE_PX, bottom + EDGE_PX)
}

/// Gives the glyphs of `text` from its left end, and how wide it is.
fn place(
    shaper: &mut ShapeContext,
    face: &FaceData,
    (text, is_rtl): (&str, bool),
    style: TextStyle,
    mut give: impl FnMut(PlacedGlyph),
) -> f32 {
    let features = [("tnum", u16::from(style.tabular)), ("kern", 1)];
    let builder = shaper.builder(face.font()).size(style.size_px).features(features);
    let script = text
        .chars()
        .map(|letter| letter.properties().script())
        .find(|script| script.is_complex() || script.is_joined());
    let builder = match script {
        Some(script) => builder.script(script),
        None => builder,
    };
    let mut shaper = match is_rtl {
        true => builder.direction(Direction::RightToLeft).build(),
        false => builder.build(),
    };
    shaper.add_str(text);
    let widths = face.font().glyph_metrics(&[]).scale(style.size_px);
    let is_digit = |at: u32| text.as_bytes().get(at as usize).is_some_and(u8::is_ascii_digit);
    let mut x = 0.0;
    let mut put = |source: u32, glyphs: &[Glyph]| {
        // Kerning and fonts whose tabular digits are not quite of one width would make numbers jitter.
        let fixed = style.tabular && is_digit(source);
        for glyph in glyphs {
            let (advance, width) = match fixed {
                true => (face.digit_advance(style.size_px), widths.advance_width(glyph.id)),
                false => (glyph.advance, glyph.advance),
            };
            let at = x + glyph.x + (advance - width) / 2.0;
            give(PlacedGlyph { id: glyph.id, x: at, y: glyph.y, reach: NOWHERE });
            x += advance;
        }
    };
    if is_rtl {
        // Clusters come in the order of reading: the last one stands at the left.
        let mut clusters: Vec<(u32, Vec<Glyph>)> = Vec::new();
        shaper.shape_with(|cluster| clusters.push((cluster.source.start, cluster.glyphs.to_vec())));
        clusters.iter().rev().for_each(|(source, glyphs)| put(*source, glyphs));
    } else {
        shaper.shape_with(|cluster| put(cluster.source.start, cluster.glyphs));
    }
    x
}

/// Parts of `text`, each with the face that shows it; says of `has_gaps` when a font is still being looked for.
fn split_by_face(
    (faces, fallback): (&[Arc<FaceData>; Face::COUNT], &mut Fallback),
    text: &str,
    wanted: Face,
    has_gaps: &mut bool,
) -> Vec<(Arc<FaceData>, String)> {
    let mut parts: Vec<(Arc<FaceData>, String)> = Vec::new();
    let first = &faces[wanted as usize];
    for mut character in text.chars() {
        let is_joined = order::is_joined(character);
        if let Some((last, part)) = parts.last_mut()
            && (last.has(character) && (is_joined || last.id == first.id))
        {
            // A mark stays with the letter it belongs to.
            part.push(character);
            continue;
        }
        let embedded = || faces.iter().find(|face| face.has(character)).cloned();
        let found = if first.has(character) { Some(first.clone()) } else { embedded() };
        let face = match found {
            Some(face) => face,
            // Joiners and the like have no glyph of their own, and need none.
            None if order::is_invisible(character) => continue,
            None => match fallback.face(character) {
                Known::Face(face) => face,
                Known::Missing => first.clone(),
                Known::Waiting => {
                    (character, *has_gaps) = (GAP, true);
                    first.clone()
                }
            },
        };
        match parts.last_mut() {
            Some((last, part)) if last.id == face.id => part.push(character),
            _ => parts.push((face, String::from(character))),
        }
    }
    parts
}
