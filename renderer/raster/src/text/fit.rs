//! Making text fit: the largest size, an ellipsis, several lines.
//! Leaves out hyphenation: a word longer than the line is broken where the line ends.

use super::cache::FastHasher;
use super::{Face, Fonts, Line, TextStyle};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The size that text is measured at; widths grow in proportion.
const MEASURE_PX: f32 = 64.0;

/// Cut texts kept: a display shows few.
pub(super) const CUTS_MAX: usize = 1024;

/// Where a cut text is looked up: a hash of text, style and room.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CutKey(u64);

impl CutKey {
    fn new(text: &str, (style, max_width): (TextStyle, f32)) -> CutKey {
        let mut hasher = FastHasher::default();
        let style = (style.face, style.size_px.to_bits(), style.tabular);
        (text, style, max_width.to_bits()).hash(&mut hasher);
        CutKey(hasher.finish())
    }
}

/// A text that was cut, and what is left of it.
#[derive(Clone)]
pub(super) struct Cut {
    text: Arc<str>,
    max_width: f32,
    line: Line,
}

impl Cut {
    fn is_of(&self, text: &str, (style, max_width): (TextStyle, f32)) -> bool {
        *self.text == *text && self.max_width == max_width && self.line.style() == style
    }
}

impl Fonts {
    /// The largest size between `min_px` and `max_px` at which `text` is no wider than `max_width` and its capitals
    /// and digits are no higher than `max_height`. When even `min_px` is too big, `min_px` it is.
    pub fn fit(&mut self, text: &str, face: Face, room: (f32, f32), range_px: (f32, f32)) -> f32 {
        let style = TextStyle::new(face, MEASURE_PX);
        let width = self.width(text, style).max(1e-3);
        let height = self.metrics(style).cap_height;
        let scale = (room.0 / width).min(room.1 / height);
        let size = (MEASURE_PX * scale * 4.0).floor() / 4.0;
        let (least, most) = range_px;
        if size.is_nan() { least } else { size.min(most).max(least) }
    }

    /// `text`, or as much of its beginning as fits into `max_width` with an ellipsis after it; nothing when not
    /// even the ellipsis fits.
    pub fn ellipsize(&mut self, text: &str, style: TextStyle, max_width: f32) -> Line {
        let whole = self.line(text, style);
        if whole.width_px() <= max_width {
            return whole;
        }
        let (style, key) = (whole.style(), CutKey::new(text, (whole.style(), max_width)));
        if let Some(cut) = self.cuts.get(&key, |cut| cut.is_of(text, (style, max_width))) {
            return cut.line;
        }
        let line = self.cut(text, style, max_width);
        self.cuts.insert(key, Cut { text: text.into(), max_width, line: line.clone() });
        line
    }

    fn cut(&mut self, text: &str, style: TextStyle, max_width: f32) -> Line {
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let (mut fits, mut too_long) = (0, ends.len());
        let mut best = self.line("", style);
        let mut shortened = String::new();
        // Invariant: `fits` characters and an ellipsis fit (or nothing has been tried), `too_long` do not.
        while fits < too_long {
            let middle = (fits + too_long) / 2;
            shortened.clear();
            shortened.push_str(text[..ends[middle]].trim_end());
            shortened.push('…');
            let line = self.line(&shortened, style);
            if line.width_px() <= max_width {
                best = line;
                fits = middle + 1;
            } else {
                too_long = middle;
            }
        }
        best
    }

    /// `text` in at most `lines_max` lines no wider than `max_width`, broken at spaces and line ends; the last one
    /// ends with an ellipsis when there is more. They take the place of what `lines` held.
    pub fn wrap(
        &mut self,
        text: &str,
        style: TextStyle,
        (max_width, lines_max): (f32, usize),
        lines: &mut Vec<Line>,
    ) {
        lines.clear();
        for paragraph in text.lines() {
            let mut rest = paragraph.trim_end();
            loop {
                if lines.len() + 1 >= lines_max.max(1) {
                    let more_follows = lines_max > 0 && !rest.is_empty();
                    if more_follows {
                        lines.push(self.ellipsize(rest, style, max_width));
                    }
                    return;
                }
                let end = self.line_end(rest, style, max_width);
                lines.push(self.line(rest[..end].trim_end(), style));
                rest = rest[end..].trim_start();
                if rest.is_empty() {
                    break;
                }
            }
        }
    }

    /// Where the first line of `text` ends: after the last word that fits, else in the middle of a word.
    fn line_end(&mut self, text: &str, style: TextStyle, max_width: f32) -> usize {
        if self.width(text, style) <= max_width {
            return text.len();
        }
        let mut end = 0;
        for (at, _) in text.match_indices(' ').filter(|(at, _)| *at > 0) {
            if self.width(&text[..at], style) > max_width {
                break;
            }
            end = at;
        }
        if end > 0 {
            return end;
        }
        let mut characters = text.char_indices().skip(1).map(|(at, _)| at).peekable();
        let mut end = characters.peek().copied().unwrap_or(text.len());
        for at in characters {
            if self.width(&text[..at], style) > max_width {
                break;
            }
            end = at;
        }
        end
    }
}
