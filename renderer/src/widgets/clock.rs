//! `clock`: date and time in a strftime format, the first line large.
//! Leaves out time zones: the time is the view's.

use bumpalo::collections::{String, Vec};
use casedd_raster::{Face, Scene, TextStyle};
use jiff::fmt::StdFmtWrite;
use jiff::fmt::strtime::BrokenDownTime;

use super::parts::{head, tint};
use super::{Cx, Widget};
use crate::data::Freshness;
use crate::format;
use crate::template::spec::{Align, Kind};

/// The size of the lines after the first as a share of it.
const FURTHER_SHARE: f32 = 0.27;

/// How much of a high cell's width the first line takes: it does not touch the edges.
const WIDTH_SHARE: f32 = 0.94;

/// From one further line to the next, in heights of its capitals.
const LEADING: f32 = 2.3;

/// Draws the time.
pub struct Clock;

impl Widget for Clock {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let Kind::Clock(spec) = &cx.spec.kind else { return };
        let body = head::draw(cx, scene, (Freshness::Fresh, 0));
        let text = written(cx, &spec.format);
        let lines = Vec::from_iter_in(text.lines(), cx.room);
        let further = lines.len().saturating_sub(1) as f32;
        let Some(first) = lines.first() else { return };
        // Heights in shares of the first line's capitals: each further line with the space above it.
        let rows = 1.0 + further * FURTHER_SHARE * LEADING;
        let air = if body.height > cx.scale.label_px * 3.0 { 0.78 } else { 0.96 };
        let most = cx.spec.max_font_size_px.unwrap_or(f32::MAX);
        let least = cx.spec.font_size_px.unwrap_or(8.0).min(most);
        // A line of the size of a heading is set like one.
        let is_heading = cx.spec.max_font_size_px.is_some_and(|px| px <= cx.scale.title_px);
        let face = if is_heading { Face::SemiBold } else { Face::Bold };
        let width = if is_heading { body.width } else { body.width * WIDTH_SHARE };
        let mut size = cx.fonts.fit(first, face, (width, body.height * air / rows), (least, most));
        for line in &lines[1..] {
            let fitted = cx.fonts.fit(line, Face::Medium, (width, body.height), (4.0, f32::MAX));
            size = size.min((fitted / FURTHER_SHARE).max(least));
        }
        // Without seconds it moves once a minute at most: then digits are as wide as they look best. The size is that
        // of wide ones, and stays.
        let tabular = has_seconds(&spec.format);
        let styles = [
            TextStyle { tabular, ..TextStyle::new(face, size) },
            TextStyle { tabular, ..TextStyle::new(Face::Medium, size * FURTHER_SHARE) },
        ];
        let cap = cx.fonts.metrics(styles[0]).cap_height;
        let color = tint::text(cx, None);
        let mut baseline = body.y + (body.height - cap * rows) / 2.0 + cap;
        for (i, text) in lines.iter().enumerate() {
            let style = styles[i.min(1)];
            let line = cx.fonts.ellipsize(text, style, body.width);
            let x = match cx.spec.align {
                Some(Align::Left) => body.x,
                Some(Align::Right) => body.right() - line.width_px(),
                Some(Align::Centre) | None => body.centre().x - line.width_px() / 2.0,
            };
            scene.text(&line, x, baseline, if i == 0 { color } else { cx.theme.text_dim });
            baseline += cap * FURTHER_SHARE * LEADING;
        }
    }
}

/// The time in a strftime format.
fn written<'a>(cx: &Cx<'a>, format: &str) -> &'a str {
    let mut text = String::new_in(cx.room);
    let time = BrokenDownTime::from(cx.data.wall());
    match time.format(format, StdFmtWrite(&mut text)) {
        Ok(()) => text.into_bump_str(),
        Err(_) => format::DASH,
    }
}

/// Whether a format shows anything shorter than a minute.
fn has_seconds(format: &str) -> bool {
    let mut letters = format.chars();
    while letters.by_ref().any(|letter| letter == '%') {
        let directive = letters.find(|letter| letter.is_ascii_alphabetic() || *letter == '%');
        if directive.is_some_and(|letter| "STcrsXfN".contains(letter)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_with_seconds_are_told_from_others() {
        for format in ["%H:%M:%S", "%T", "%a %-d %b  %-S", "%c"] {
            assert!(has_seconds(format), "{format}");
        }
        for format in ["%H:%M", "%A, %-d %B", "100 %% S", "", "%"] {
            assert!(!has_seconds(format), "{format}");
        }
    }
}
