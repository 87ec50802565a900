//! `table`: rows of keys or of text, in columns with units, bars and colours of state.
//! Leaves out where rows come from (`rows`) and how wide columns are (`columns`).

use casedd_raster::{Face, Paint, PointF, RectF, Scene, Stops};

use super::parts::{Anchor, Ink, below, head, number, tint};
use super::{Cx, Widget};
use crate::data::{Freshness, Shown};
use crate::template::spec::{Kind, TableSpec};
use crate::template::table::{CellFormat, ColumnSpec};
use crate::{fill, format};

mod columns;
mod rows;

use columns::{GAP_SHARE, Place, ROW_SHARE};
use rows::{Cell, Column, Gathered, Row};

/// Rows with room to spare grow by so much, and no more: few of them stay together at the top.
const GROWTH_MAX: f32 = 1.5;
/// Least number of rows below a line of names: without them, the names say nothing.
const ROWS_BELOW_NAMES_MIN: f32 = 2.0;

/// Draws rows.
pub struct Table;

impl Widget for Table {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let Kind::Table(table) = &cx.spec.kind else { return };
        let shown = cx.shown();
        let Gathered { columns, rows, has_any } = rows::gather(cx, table, shown.text);
        let state = freshness(cx, &shown, &rows);
        let body = draw_head(cx, scene, table, state);
        if rows.is_empty() {
            let is_there = has_any || shown.freshness != Freshness::Missing;
            draw_empty(cx, scene, (table, is_there), body);
            return;
        }
        let is_plain = table.columns.is_empty();
        let size = columns::size(cx, (columns, &rows), body, table);
        let row_height = (size * ROW_SHARE).max(1.0);
        let names_height = (cx.scale.caption_px * 1.5).round();
        let has_names = table.has_header
            && columns.iter().any(|column| column.look.name.is_some())
            && body.height >= names_height + row_height * ROWS_BELOW_NAMES_MIN;
        let listed = if has_names { below(body, names_height) } else { body };
        let fitting = ((listed.height / row_height) as usize).max(1);
        // The last line counts what has no room.
        let (count, hidden) = match rows.len() > fitting {
            true if table.hides_rest => (fitting, 0),
            true => (fitting.saturating_sub(1).max(1), rows.len() - fitting.saturating_sub(1).max(1)),
            false => (rows.len(), 0),
        };
        let row_height = if hidden == 0 {
            (listed.height / count as f32).min(row_height * GROWTH_MAX)
        } else {
            row_height
        };
        let rows = &rows[..count];
        let places = columns::places(cx, (columns, rows), has_names, (size, body));
        if has_names {
            draw_names(cx, scene, (columns, &places), RectF { height: names_height, ..body });
        }
        let line = Line { columns, places: &places, size, state: state.0, is_plain };
        for (i, row) in rows.iter().enumerate() {
            let place = RectF { y: listed.y + row_height * i as f32, height: row_height, ..listed };
            if i > 0 {
                let hair = RectF::new(listed.x, place.y.round(), listed.width, cx.scale.hairline_px);
                scene.fill_rect(hair, cx.theme.track.faded(0.7));
            }
            line.draw(cx, scene, row, place);
        }
        if hidden > 0 && fitting > 1 {
            let place = RectF { y: listed.y + row_height * count as f32, height: row_height, ..listed };
            let ink = Ink { color: cx.theme.text_faint, ..cx.caption_ink() };
            let baseline = cx.baseline(ink.style, place.y, place.bottom());
            let text = cx.say(format_args!("+{hidden} more"));
            cx.put(scene, text, ink, (Anchor::Start, place.x, baseline), place.width);
        }
    }
}

/// Rows of keys have ages of their own: the table is stale when all of them are.
fn freshness(cx: &Cx<'_>, shown: &Shown<'_>, rows: &[Row<'_>]) -> (Freshness, u64) {
    let keys = rows.iter().filter_map(|row| row.key);
    match rows.first().is_some_and(|row| row.key.is_some()) {
        true if rows.iter().all(|row| row.freshness == Freshness::Stale) => head::freshness(cx, keys),
        true => (Freshness::Fresh, 0),
        false => head::own_freshness(cx, shown),
    }
}

/// The label, and at the right end of its row the table's note.
fn draw_head(cx: &mut Cx<'_>, scene: &mut Scene, table: &TableSpec, state: (Freshness, u64)) -> RectF {
    let area = cx.area;
    let body = head::draw(cx, scene, state);
    let note = table.note.as_deref().map(|note| fill::fill(note, cx.data, cx.room));
    if let (Some((note, Freshness::Fresh)), Freshness::Fresh) = (note, state.0)
        && body.y > area.y
    {
        let ink = cx.caption_ink();
        let label = cx.spec.label.as_deref().unwrap_or_default();
        let left = cx.fonts.width(label, cx.label_ink().style) + cx.gap_px() * 2.0;
        if cx.fonts.width(note, ink.style) <= area.width - left {
            let baseline = cx.baseline(cx.label_ink().style, area.y, area.y + cx.head_row_px());
            cx.put(scene, note, ink, (Anchor::End, area.right(), baseline), area.width - left);
        }
    }
    body
}

/// Says that there is no data; what the template has for it when there is data, and no row in it.
fn draw_empty(cx: &mut Cx<'_>, scene: &mut Scene, (table, is_there): (&TableSpec, bool), body: RectF) {
    let text = table.empty.as_deref().map(|text| fill::fill(text, cx.data, cx.room));
    let ink = Ink::new(Face::Medium, cx.scale.body_px, cx.theme.text_faint);
    let (text, ink) = match text {
        Some((text, freshness)) if freshness != Freshness::Missing && (is_there || text_has_key(table)) => {
            (text, Ink { color: cx.theme.text_dim, ..ink })
        }
        _ => ("no data yet", ink),
    };
    let baseline = cx.baseline(ink.style, body.y, body.bottom());
    cx.put(scene, text, ink, (Anchor::Middle, body.centre().x, baseline), body.width);
}

/// A text that is made of keys knows by itself whether there is data.
fn text_has_key(table: &TableSpec) -> bool {
    table.empty.as_deref().is_some_and(|text| text.contains('{'))
}

fn draw_names(cx: &mut Cx<'_>, scene: &mut Scene, (columns, places): (&[Column<'_>], &[Place]), row: RectF) {
    let ink = cx.caption_ink();
    let baseline = cx.baseline(ink.style, row.y, row.y + row.height - row.height * 0.15);
    for place in places {
        let name = columns[place.column].look.name.as_deref().unwrap_or_default();
        let at = (place.anchor, row.x + place.anchored(), baseline);
        cx.put(scene, name, ink, at, place.width);
    }
    let hair = RectF::new(row.x, (row.bottom() - 1.0).round(), row.width, cx.scale.hairline_px);
    scene.fill_rect(hair, cx.theme.track);
}

/// What all rows have in common.
struct Line<'t> {
    columns: &'t [Column<'t>],
    places: &'t [Place],
    size: f32,
    state: Freshness,
    is_plain: bool,
}

impl Line<'_> {
    fn draw(&self, cx: &mut Cx<'_>, scene: &mut Scene, row: &Row<'_>, place: RectF) {
        let freshness = if row.key.is_some() { row.freshness } else { self.state };
        let baseline =
            cx.baseline(Ink::new(Face::Medium, self.size, cx.theme.text).style, place.y, place.bottom());
        // With one column beside the first, each row divides its width by its own words.
        if let (true, [first, second]) = (self.is_plain, self.places) {
            let cells = (&row.cells[first.column], &row.cells[second.column]);
            let gap = self.size * GAP_SHARE;
            let ink = self.ink(cx, cells.0, first.column, freshness);
            let most = place.width - cx.fonts.width(cells.0.text, ink.style).min(place.width * 0.45) - gap;
            let other = self.ink(cx, cells.1, second.column, freshness);
            let at = (Anchor::End, place.right(), baseline);
            let used = cx.put(scene, cells.1.text, other, at, second.width.max(most) + 0.5) + gap;
            let room = (place.width - used).max(0.0);
            cx.put(scene, cells.0.text, ink, (Anchor::Start, place.x, baseline), room);
            return;
        }
        for at in self.places {
            let (column, cell) = (self.columns[at.column].look, &row.cells[at.column]);
            let ink = self.ink(cx, cell, at.column, freshness);
            let mut room = RectF { x: place.x + at.left, width: at.width, ..place };
            if let (Some(ends), true) = (column.bar, at.bar_width > 0.0) {
                let track = RectF { width: at.bar_width, ..room };
                draw_bar(cx, scene, (column, cell, ends), (track, self.size), freshness);
                room = room.inset_sides([0.0, 0.0, 0.0, at.bar_width + self.size * GAP_SHARE * 0.8]);
            }
            if column.format == CellFormat::Status && !cell.text.is_empty() {
                room = draw_dot(cx, scene, (cell, at.anchor), (room, self.size), freshness);
            }
            self.draw_cell(cx, scene, (cell, ink, at), (room, baseline));
        }
    }

    fn draw_cell(
        &self,
        cx: &mut Cx<'_>,
        scene: &mut Scene,
        (cell, ink, at): (&Cell<'_>, Ink, &Place),
        (room, baseline): (RectF, f32),
    ) {
        let anchor = at.anchor;
        if cell.text.is_empty() && !self.is_plain {
            let ink = Ink { color: cx.theme.text_faint, ..ink };
            let x = columns::anchored(anchor, room.x, room.width);
            cx.put(scene, format::DASH, ink, (anchor, x, baseline), room.width);
        } else if cell.unit.is_empty() || !at.has_units {
            let x = columns::anchored(anchor, room.x, room.width);
            cx.put(scene, cell.text, ink, (anchor, x, baseline), room.width + 0.5);
        } else {
            let (text, unit, number) = (cell.text, cell.unit, cell.number);
            let shown = Shown { text, unit, number, freshness: Freshness::Fresh };
            let end = match anchor {
                Anchor::End => room.right(),
                Anchor::Start | Anchor::Middle => {
                    let used = number::end_width(cx, &shown, ink.style.size_px);
                    let free = (room.width - used).max(0.0);
                    room.right() - if anchor == Anchor::Middle { free / 2.0 } else { free }
                }
            };
            let look = (ink.style.size_px, ink.color);
            number::put_end(cx, scene, &shown, look, (end, baseline, room.width + 0.5));
        }
    }

    /// The first column is a label in a table of plain text, and what the row is about in one of columns.
    fn ink(&self, cx: &Cx<'_>, cell: &Cell<'_>, index: usize, freshness: Freshness) -> Ink {
        let column = self.columns[index].look;
        let is_first = index == 0;
        let by_value = cell.number.and_then(|number| column.color_stops.at(number));
        let by_word = || match column.format {
            CellFormat::Status => tint::of_status(cx, cell.text),
            _ if is_first => None,
            _ => tint::of_word(cx, cell.text),
        };
        let usual = match (self.is_plain, is_first) {
            // A row of one column alone is text, not a label.
            (true, true) if self.columns.len() > 1 => cx.theme.text_dim,
            (true, true) => cx.theme.text,
            (true, false) => cx.spec.color.unwrap_or(cx.theme.text),
            (false, _) if column.is_dim => cx.theme.text_dim,
            (false, _) => cx.theme.text,
        };
        let usual = if cell.text == format::DASH { cx.theme.text_faint } else { usual };
        let color = by_value.or_else(by_word).or(column.color).unwrap_or(usual);
        let style = columns::style(column, cell, (index, self.is_plain), self.size);
        // What a row is called is true whether its value is there or not.
        let is_name = self.is_plain && is_first && self.columns.len() > 1;
        Ink { style, color: if is_name { color } else { tint::aged(color, freshness) } }
    }
}

fn draw_bar(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    (column, cell, (min, max)): (&ColumnSpec, &Cell<'_>, (f64, f64)),
    (track, size): (RectF, f32),
    freshness: Freshness,
) {
    let height = (size * 0.36).round().max(2.0);
    let track = RectF { y: (track.centre().y - height / 2.0).round(), height, ..track }.snapped();
    scene.fill_rounded(track, height / 2.0, cx.theme.track);
    let Some(number) = cell.number else { return };
    let share = ((number - min) / (max - min)).clamp(0.0, 1.0) as f32;
    if share <= 0.0 {
        return;
    }
    let plain = column.color.or(cx.spec.color).unwrap_or(cx.accent);
    let by_value = column.color_stops.at(number).or_else(|| cx.spec.color_stops.at(number));
    let color = tint::aged(by_value.unwrap_or(plain), freshness);
    let filled = RectF { width: (track.width * share).round().max(height).min(track.width), ..track };
    let ends = Stops::two(color.mix(cx.theme.track, 0.25), color);
    scene.fill_rounded(filled, height / 2.0, Paint::horizontal(filled.x, filled.right(), ends));
}

/// A dot before the word of a state; gives the room that is left for the word.
fn draw_dot(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    (cell, anchor): (&Cell<'_>, Anchor),
    (room, size): (RectF, f32),
    freshness: Freshness,
) -> RectF {
    let color = tint::aged(tint::of_status(cx, cell.text).unwrap_or(cx.theme.text_faint), freshness);
    let radius = (size * 0.22).max(1.5);
    let space = radius * 2.0 + size * 0.35;
    if room.width < space {
        return room;
    }
    let width = cx.fonts.width(cell.text, columns::style_of_words(size)).min(room.width - space);
    let left = match anchor {
        Anchor::Start => room.x,
        Anchor::Middle => room.x + (room.width - width - space) / 2.0,
        Anchor::End => room.right() - width - space,
    };
    scene.circle(PointF::new(left + radius, room.centre().y), radius, color);
    RectF { x: left + space, width, ..room }
}
