//! Making text fit: the largest size, an ellipsis, several lines.
//! Leaves out hyphenation: a word longer than the line is broken where the line ends.

use super::{Face, Fonts, Line, TextStyle};

/// The size that text is measured at; widths grow in proportion.
const MEASURE_PX: f32 = 64.0;

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
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let (mut fits, mut too_long) = (0, ends.len());
        let mut best = self.line("", style);
        // Invariant: `fits` characters and an ellipsis fit (or nothing has been tried), `too_long` do not.
        while fits < too_long {
            let middle = (fits + too_long) / 2;
            let kept = text[..ends[middle]].trim_end();
            let line = self.line(&format!("{kept}…"), style);
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
    /// ends with an ellipsis when there is more.
    pub fn wrap(&mut self, text: &str, style: TextStyle, max_width: f32, lines_max: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut rest = paragraph.trim_end();
            loop {
                if lines.len() + 1 >= lines_max.max(1) {
                    let more_follows = lines_max > 0 && !rest.is_empty();
                    if more_follows {
                        lines.push(self.ellipsize(rest, style, max_width));
                    }
                    return lines;
                }
                let end = self.line_end(rest, style, max_width);
                lines.push(self.line(rest[..end].trim_end(), style));
                rest = rest[end..].trim_start();
                if rest.is_empty() {
                    break;
                }
            }
        }
        lines
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
