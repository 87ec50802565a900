//! `text`: words, in one line as large as a heading or wrapped over several.
//! Leaves out markup.

use casedd_raster::{Face, Scene, TextStyle};

use super::parts::{head, tint};
use super::{Cx, Widget};
use crate::format;
use crate::template::spec::Align;

/// Draws a text.
pub struct Text;

impl Widget for Text {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let shown = cx.shown();
        let state = head::own_freshness(cx, &shown);
        let body = head::draw(cx, scene, state);
        let text = match shown.unit {
            "" => shown.text,
            unit => cx.say(format_args!("{} {unit}", shown.text)),
        };
        let color = match shown.text == format::DASH {
            true => cx.theme.text_faint,
            false => tint::aged(tint::text(cx, shown.number), state.0),
        };
        // A word has the digits of words; a text that a template puts together may hold numbers that change.
        let tabular = cx.spec.content.is_some() || shown.number.is_some();
        let style = TextStyle { tabular, ..style(cx, text, (body.width, body.height)) };
        let metrics = cx.fonts.metrics(style);
        let line_height = (metrics.cap_height * 1.65).round().max(1.0);
        let further = (body.height - metrics.cap_height - metrics.descent) / line_height;
        let lines_max = further.floor().max(0.0) as usize + 1;
        cx.fonts.wrap(text, style, (body.width, lines_max), cx.lines);
        let lines = &*cx.lines;
        let used = metrics.cap_height + line_height * lines.len().saturating_sub(1) as f32;
        // One line stands in the middle of its cell; several begin at the top.
        let top = if lines.len() <= 1 || used > body.height * 0.7 {
            (body.height - used) / 2.0
        } else {
            metrics.cap_height * 0.2
        };
        let mut baseline = (body.y + top.max(0.0) + metrics.cap_height).round();
        for line in lines {
            let x = match cx.spec.align {
                Some(Align::Centre) => body.centre().x - line.width_px() / 2.0,
                Some(Align::Right) => body.right() - line.width_px(),
                Some(Align::Left) | None => body.x,
            };
            scene.text(line, x, baseline, color);
            baseline += line_height;
        }
    }
}

/// The size: between the template's bounds as large as fits; without bounds a heading when that fits into one line,
/// else running text.
fn style(cx: &mut Cx<'_>, text: &str, (width, height): (f32, f32)) -> TextStyle {
    let most = cx.spec.max_font_size_px;
    let least = cx.spec.font_size_px;
    if most.is_some() || least.is_some() {
        let most = most.unwrap_or(f32::MAX);
        let least = least.unwrap_or(cx.scale.body_px.min(most)).min(most);
        let widest = text.lines().max_by_key(|line| line.chars().count()).unwrap_or_default();
        let lines = text.lines().count().max(1) as f32;
        let size = cx.fonts.fit(
            widest,
            Face::SemiBold,
            (width, height / (1.0 + (lines - 1.0) * 1.65)),
            (least, most),
        );
        return TextStyle::new(Face::SemiBold, size);
    }
    // A heading is as high as its cell allows, descenders included, but no smaller than running text.
    let wanted = TextStyle::new(Face::SemiBold, cx.scale.title_px);
    let metrics = cx.fonts.metrics(wanted);
    let tall = height / (metrics.cap_height + metrics.descent * 1.2).max(1.0);
    let wide = width / cx.fonts.width(text, wanted).max(1.0);
    let size = (cx.scale.title_px * tall.min(wide).min(1.0)).floor();
    let is_heading = !text.contains('\n') && size >= cx.scale.body_px.min(cx.scale.title_px * tall);
    if is_heading {
        return wanted.sized(size);
    }
    // A single word shrinks a little before it is broken.
    let running = TextStyle::new(Face::Regular, cx.scale.body_px);
    let share = width / cx.fonts.width(text, running).max(1.0);
    let is_word = !text.contains(char::is_whitespace);
    if is_word && share < 1.0 && cx.scale.body_px * share >= cx.scale.caption_px {
        return running.sized((cx.scale.body_px * share * 4.0).floor() / 4.0);
    }
    running
}
