//! `table`: rows of text, one a line of the source, columns divided by `|`.
//! Leaves out where rows come from: a getter's key holds them.

use casedd_raster::{Face, RectF, Scene, TextStyle};

use super::parts::{Anchor, Ink, head, tint};
use super::{Cx, Widget};
use crate::format;
use crate::template::spec::Kind;

/// Most columns; more are left out.
const COLUMNS_MAX: usize = 8;
/// Most rows that are looked at: no display shows more.
const ROWS_MAX: usize = 200;
/// A row's height in sizes of its text.
const ROW_SHARE: f32 = 1.62;
/// The space between columns in sizes of the text.
const GAP_SHARE: f32 = 0.7;

/// Draws rows.
pub struct Table;

impl Widget for Table {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let Kind::Table(spec) = &cx.spec.kind else { return };
        let fit_text = spec.fit_text;
        let shown = cx.data.shown(cx.spec);
        let state = head::own_freshness(cx, &shown);
        let body = head::draw(cx, scene, state);
        let wanted = |line: &&str| {
            !line.trim().is_empty() && cx.spec.filter.as_ref().is_none_or(|filter| filter.is_match(line))
        };
        let most = cx.spec.max_items.unwrap_or(ROWS_MAX).min(ROWS_MAX);
        let rows: Vec<&str> = shown.text.lines().filter(wanted).take(most).collect();
        if rows.is_empty() || shown.text == format::DASH {
            let ink = Ink::new(Face::Medium, cx.scale.body_px, cx.theme.text_faint);
            let baseline = cx.baseline(ink.style, body.y, body.bottom());
            cx.put(scene, format::DASH, ink, (Anchor::Middle, body.centre().x, baseline), body.width);
            return;
        }
        let size = size(cx, &rows, (body.width, body.height), fit_text);
        let row_height = (size * ROW_SHARE).max(1.0);
        let fitting = ((body.height / row_height) as usize).max(1);
        let (count, hidden) = match rows.len() > fitting {
            true => (fitting.saturating_sub(1).max(1), rows.len() - fitting.saturating_sub(1).max(1)),
            false => (rows.len(), 0),
        };
        // Few rows do not spread over a high cell: they stay together at its top.
        let row_height =
            if hidden == 0 { (body.height / count as f32).min(row_height * 1.25) } else { row_height };
        let cells: Vec<Vec<&str>> = rows[..count]
            .iter()
            .map(|row| row.split('|').map(str::trim).take(COLUMNS_MAX).collect())
            .collect();
        let widths = widths(cx, &cells, (size, body.width));
        for (i, row) in cells.iter().enumerate() {
            let place = RectF { y: body.y + row_height * i as f32, height: row_height, ..body };
            if i > 0 {
                let line = RectF::new(body.x, place.y.round(), body.width, cx.scale.hairline_px);
                scene.fill_rect(line, cx.theme.track.faded(0.7));
            }
            draw_row(cx, scene, (row, &widths), (place, size), state.0);
        }
        if hidden > 0 && fitting > 1 {
            let place = RectF { y: body.y + row_height * count as f32, height: row_height, ..body };
            let ink = Ink { color: cx.theme.text_faint, ..cx.caption_ink() };
            let baseline = cx.baseline(ink.style, place.y, place.bottom());
            cx.put(scene, &format!("+{hidden} more"), ink, (Anchor::Start, place.x, baseline), place.width);
        }
    }
}

/// The size of the rows' text: the shared one, larger or smaller where the template says so; smaller, too, before
/// words are cut.
fn size(cx: &mut Cx<'_>, rows: &[&str], (width, height): (f32, f32), fit_text: bool) -> f32 {
    let shared = (cx.scale.body_px * 1.1).max(cx.spec.font_size_px.unwrap_or(0.0));
    let most = cx.spec.max_font_size_px.unwrap_or(shared);
    let least = cx.spec.font_size_px.unwrap_or(if fit_text { 7.0 } else { cx.scale.caption_px }).min(most);
    let mut size = (height / rows.len() as f32 / ROW_SHARE).clamp(least, most);
    let style = TextStyle::new(Face::SemiBold, size);
    let mut widest = 0.0f32;
    for row in rows {
        let columns = row.split('|').take(COLUMNS_MAX);
        let needed: f32 = columns.map(|text| cx.fonts.width(text.trim(), style) + size * GAP_SHARE).sum();
        widest = widest.max(needed - size * GAP_SHARE);
    }
    if widest > width {
        size = (size * width / widest).max(least);
    }
    (size * 4.0).floor() / 4.0
}

/// How wide each column but the first is: as its widest text; where that is too much, they share what is left when
/// the first has what it needs, at most a part.
fn widths(cx: &mut Cx<'_>, cells: &[Vec<&str>], (size, room): (f32, f32)) -> Vec<f32> {
    let columns = cells.iter().map(Vec::len).max().unwrap_or(1);
    let style = TextStyle::new(Face::SemiBold, size);
    let mut widths = vec![0.0f32; columns.saturating_sub(1)];
    let mut first = 0.0f32;
    for row in cells {
        first = first.max(cx.fonts.width(row[0], style));
        for (width, text) in widths.iter_mut().zip(row.iter().skip(1)) {
            *width = width.max(cx.fonts.width(text, style));
        }
    }
    let all: f32 = widths.iter().sum();
    let gaps = size * GAP_SHARE * widths.len() as f32;
    let most = (room - first.min(room * 0.45) - gaps).max(0.0);
    if all > most {
        widths.iter_mut().for_each(|width| *width *= most / all);
    }
    widths
}

fn draw_row(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    (row, widths): (&[&str], &[f32]),
    (place, size): (RectF, f32),
    freshness: crate::data::Freshness,
) {
    let first = Ink::new(Face::Medium, size, tint::aged(cx.theme.text_dim, freshness));
    let baseline = cx.baseline(first.style, place.y, place.bottom());
    let gap = size * GAP_SHARE;
    let mut right = place.right();
    // With one column beside the first, each row divides its width by its own words.
    let own = place.width - cx.fonts.width(row[0], first.style).min(place.width * 0.45) - gap;
    for (i, width) in widths.iter().enumerate().rev() {
        let width = if widths.len() == 1 { width.max(own) } else { *width };
        let text = row.get(i + 1).copied().unwrap_or_default();
        let color = tint::of_word(cx, text).or(cx.spec.color).unwrap_or(cx.theme.text);
        let ink = Ink::new(Face::SemiBold, size, tint::aged(color, freshness));
        right -= match widths.len() {
            1 => cx.put(scene, text, ink, (Anchor::End, right, baseline), width + 0.5) + gap,
            _ => {
                cx.put(scene, text, ink, (Anchor::End, right, baseline), width + 0.5);
                width + gap
            }
        };
    }
    // A row of one column alone is text, not a label.
    let first =
        if widths.is_empty() { Ink { color: tint::aged(cx.theme.text, freshness), ..first } } else { first };
    cx.put(scene, row[0], first, (Anchor::Start, place.x, baseline), (right - place.x).max(0.0));
}
