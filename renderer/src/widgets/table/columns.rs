//! How large a table's text is and how wide its columns are: what matters less gives way first.
//! Leaves out drawing.

use bumpalo::Bump;
use bumpalo::collections::Vec;
use casedd_raster::{Face, RectF, TextStyle};

use super::super::Cx;
use super::super::parts::{Anchor, number};
use super::rows::{Cell, Column, Row};
use crate::data::{Freshness, Shown};
use crate::template::spec::{Align, TableSpec, Track};
use crate::template::table::{CellFormat, ColumnSpec};

/// A row's height in sizes of its text.
pub const ROW_SHARE: f32 = 1.62;
/// The space between columns in sizes of the text.
pub const GAP_SHARE: f32 = 0.7;
/// The same where columns have names.
const NAMED_GAP_SHARE: f32 = 1.1;
/// Least and greatest length of a bar in sizes of the text.
const BAR_SHARES: (f32, f32) = (2.4, 9.0);
/// A column that takes what is left has at least this much, in sizes of the text, before others are left out for it;
/// and, when there is nothing more to be left out, before others are squeezed.
const FLEXIBLE_SHARES: (f32, f32) = (8.5, 3.5);
/// No more of the width is kept for the first column before the others get what they need.
const FIRST_SHARE: f32 = 0.45;

/// Where a column lies, from the left edge of the table.
pub struct Place {
    /// Its number.
    pub column: usize,
    /// Its left edge.
    pub left: f32,
    /// How wide it is, bar included.
    pub width: f32,
    /// How long its bar is; 0 for none.
    pub bar_width: f32,
    /// Where its text stands.
    pub anchor: Anchor,
    /// Whether there is room for units: all of a column's cells have them, or none.
    pub has_units: bool,
}

impl Place {
    /// Where text stands, from the left edge of the table.
    pub fn anchored(&self) -> f32 {
        anchored(self.anchor, self.left, self.width)
    }
}

/// The `x` that a text of this anchor has in a room.
pub fn anchored(anchor: Anchor, left: f32, width: f32) -> f32 {
    match anchor {
        Anchor::Start => left,
        Anchor::Middle => left + width / 2.0,
        Anchor::End => left + width,
    }
}

/// The face of a cell.
fn face(column: &ColumnSpec, cell: &Cell<'_>, (index, is_plain): (usize, bool)) -> Face {
    match (is_plain, index) {
        (_, 0) => Face::Medium,
        (true, _) => Face::SemiBold,
        (false, _) if column.is_dim => Face::Regular,
        (false, _) if cell.number.is_some() && column.format != CellFormat::Status => Face::SemiBold,
        (false, _) => Face::Medium,
    }
}

/// The style of words in a column.
pub fn style_of_words(size: f32) -> TextStyle {
    TextStyle::words(Face::Medium, size)
}

/// The style of a cell: digits stand below each other where they are numbers, and nowhere else.
pub fn style(column: &ColumnSpec, cell: &Cell<'_>, (index, is_plain): (usize, bool), size: f32) -> TextStyle {
    let tabular = cell.number.is_some() && column.format != CellFormat::Status;
    TextStyle { tabular, ..TextStyle::new(face(column, cell, (index, is_plain)), size) }
}

/// The size of the rows' text: the shared one, larger or smaller where the template says so; smaller, too, before
/// words of a plain table are cut or the last rows have no room.
pub fn size(
    cx: &mut Cx<'_>,
    (columns, rows): (&[Column<'_>], &[Row<'_>]),
    body: RectF,
    table: &TableSpec,
) -> f32 {
    let (fit_text, is_plain) = (table.fit_text, table.columns.is_empty());
    let shared =
        (cx.scale.body_px * if is_plain { 1.1 } else { 1.0 }).max(cx.spec.font_size_px.unwrap_or(0.0));
    let most = cx.spec.max_font_size_px.unwrap_or(shared);
    let least = cx.spec.font_size_px.unwrap_or(if fit_text { 7.0 } else { cx.scale.caption_px }).min(most);
    let by_height = body.height / rows.len().max(1) as f32 / ROW_SHARE;
    // A list of which only the first rows are of interest, and one that has no room at any size, do not shrink.
    let is_list = !is_plain && (table.hides_rest || by_height < least);
    let mut size = if is_list { most } else { by_height.clamp(least, most) };
    if is_plain {
        let style = TextStyle::new(Face::SemiBold, size);
        let mut widest = 0.0f32;
        for row in rows {
            let cells = row.cells.iter().take(columns.len()).filter(|cell| !cell.text.is_empty());
            let needed: f32 = cells.map(|cell| cx.fonts.width(cell.text, style) + size * GAP_SHARE).sum();
            widest = widest.max(needed - size * GAP_SHARE);
        }
        if widest > body.width {
            size = (size * body.width / widest).max(least);
        }
    }
    (size * 4.0).floor() / 4.0
}

/// What is known of a column before it has its place.
struct Wish {
    column: usize,
    /// As wide as its content; with a bar, its number.
    content: f32,
    /// Its share of what is left; 0 for a column of its own width.
    weight: f32,
    has_bar: bool,
}

/// Where the columns come to lie, those without room left out.
pub fn places<'a>(
    cx: &mut Cx<'a>,
    (columns, rows): (&[Column<'_>], &[Row<'_>]),
    has_names: bool,
    (size, body): (f32, RectF),
) -> Vec<'a, Place> {
    let is_plain = columns.iter().all(|column| column.look.is_plain());
    let gap = size * if is_plain { GAP_SHARE } else { NAMED_GAP_SHARE };
    let mut wishes: Vec<'_, Wish> = Vec::with_capacity_in(columns.len(), cx.room);
    let has_flexible = columns.iter().any(|column| matches!(column.look.width, Some(Track::Fraction(_))));
    for (index, column) in columns.iter().map(|column| column.look).enumerate() {
        let content = content_width(cx, (column, index, is_plain), rows, (size, body.width), has_names);
        let weight = match column.width {
            Some(Track::Fraction(share)) => share,
            Some(Track::Pixels(_) | Track::Percent(_)) => 0.0,
            None if index == 0 && !has_flexible => 1.0,
            None if column.bar.is_some() => 0.7,
            None => 0.0,
        };
        wishes.push(Wish { column: index, content, weight, has_bar: column.bar.is_some() });
    }
    leave_out(&mut wishes, columns, (size, gap, body.width));
    // Where the gaps alone would take the room, the last columns have none.
    while wishes.len() > 1 && gap * (wishes.len() - 1) as f32 > body.width * 0.5 {
        wishes.pop();
    }
    let measure = match needed(&wishes, (size, gap)) <= body.width {
        true => Measure::Whole,
        false if is_plain => Measure::Plain,
        false => Measure::Short,
    };
    let widths = widths(&wishes, (size, gap, body.width), measure, cx.room);
    let last = wishes.len().saturating_sub(1);
    let mut left = 0.0;
    let mut places = Vec::with_capacity_in(wishes.len(), cx.room);
    for (i, (wish, width)) in wishes.iter().zip(widths).enumerate() {
        let column = columns[wish.column].look;
        let anchor = match column.align {
            Some(Align::Left) => Anchor::Start,
            Some(Align::Centre) => Anchor::Middle,
            Some(Align::Right) => Anchor::End,
            None if i == 0 => Anchor::Start,
            None if i == last || is_plain || is_number(wish.column, rows) => Anchor::End,
            None => Anchor::Start,
        };
        let spare = width - wish.content - size * GAP_SHARE * 0.8;
        let has_bar = wish.has_bar && spare >= size * BAR_SHARES.0;
        let bar_width = if has_bar { spare.min(size * BAR_SHARES.1) } else { 0.0 };
        let has_units = width + 0.5 >= wish.content;
        places.push(Place { column: wish.column, left, width, bar_width, anchor, has_units });
        left += width + gap;
    }
    places
}

/// Whether most of a column's cells are numbers.
fn is_number(column: usize, rows: &[Row<'_>]) -> bool {
    let filled = rows.iter().map(|row| &row.cells[column]).filter(|cell| !cell.text.is_empty());
    let more = |balance: i32, cell: &Cell<'_>| balance + if cell.number.is_some() { 1 } else { -1 };
    filled.fold(0, more) > 0
}

fn content_width(
    cx: &mut Cx<'_>,
    (column, index, is_plain): (&ColumnSpec, usize, bool),
    rows: &[Row<'_>],
    (size, room): (f32, f32),
    has_names: bool,
) -> f32 {
    match column.width {
        Some(Track::Pixels(px)) => return px.min(room),
        Some(Track::Percent(share)) => return room * share.min(100.0) / 100.0,
        Some(Track::Fraction(_)) | None => {}
    }
    let mut widest = 0.0f32;
    for row in rows {
        let cell = &row.cells[index];
        let style = match is_plain {
            // A little more than its own face needs: the same for all, so that columns keep their places.
            true => TextStyle::new(Face::SemiBold, size),
            false => style(column, cell, (index, false), size),
        };
        let width = match cell.unit.is_empty() {
            true => cx.fonts.width(cell.text, style),
            false => {
                // A number that grows by a digit moves nothing: there is room for three and a point.
                let text = if cell.text.len() < 4 { "00.0" } else { cell.text };
                let shown = Shown { text, unit: cell.unit, number: cell.number, freshness: Freshness::Fresh };
                number::end_width(cx, &shown, size)
            }
        };
        widest = widest.max(width);
    }
    if column.format == CellFormat::Status {
        widest += (size * 0.22).max(1.5) * 2.0 + size * 0.35;
    }
    match (has_names, &column.name) {
        (true, Some(name)) => widest.max(cx.fonts.width(name, cx.caption_ink().style)),
        _ => widest,
    }
}

/// How wide the columns are together when each has what it needs.
fn needed(wishes: &[Wish], (size, gap): (f32, f32)) -> f32 {
    let own = |wish: &Wish| match wish.weight > 0.0 {
        true => least(wish, size, Measure::Whole),
        false => wish.content,
    };
    wishes.iter().map(own).sum::<f32>() + gap * wishes.len().saturating_sub(1) as f32
}

/// Leaves out optional columns, the first of them first, until the others have what they need.
fn leave_out(wishes: &mut Vec<'_, Wish>, columns: &[Column<'_>], (size, gap, room): (f32, f32, f32)) {
    while needed(wishes, (size, gap)) > room {
        let Some(first) = wishes.iter().position(|wish| columns[wish.column].look.is_optional) else {
            return;
        };
        wishes.remove(first);
    }
}

/// What there is room for.
#[derive(Clone, Copy, PartialEq)]
enum Measure {
    /// All that the columns need.
    Whole,
    /// Less: bars go, and long words are cut.
    Short,
    /// The same in a table of text, whose columns give way in proportion.
    Plain,
}

/// What a column that takes what is left has at least.
fn least(wish: &Wish, size: f32, measure: Measure) -> f32 {
    match (measure, wish.has_bar) {
        (Measure::Whole, true) => wish.content + size * (GAP_SHARE + BAR_SHARES.0),
        (Measure::Whole, false) => wish.content.min(size * FLEXIBLE_SHARES.0),
        (Measure::Short, false) => wish.content.min(size * FLEXIBLE_SHARES.1),
        (Measure::Short | Measure::Plain, _) => wish.content,
    }
}

/// How wide each column is: those of their own width first, then those that share what is left.
fn widths<'a>(
    wishes: &[Wish],
    (size, gap, width): (f32, f32, f32),
    measure: Measure,
    room: &'a Bump,
) -> Vec<'a, f32> {
    let first_most = if measure == Measure::Whole { f32::MAX } else { width * FIRST_SHARE };
    let width = (width - gap * wishes.len().saturating_sub(1) as f32).max(0.0);
    let is_flexible = |wish: &Wish| wish.weight > 0.0;
    let least = |wish: &Wish| least(wish, size, measure).min(first_most);
    let kept: f32 = wishes.iter().filter(|wish| is_flexible(wish)).map(least).sum();
    let own = wishes.iter().map(|wish| if is_flexible(wish) { 0.0 } else { wish.content });
    let mut all = Vec::from_iter_in(own, room);
    squeeze(&mut all, (width - kept).max(0.0), measure == Measure::Plain);
    let left = (width - all.iter().sum::<f32>()).max(0.0);
    share_out(wishes, left, least, &mut all);
    all
}

/// Takes from widths that are together more than `most`: in a plain table from each its part, in one of columns
/// from the widest, so that short numbers stay whole.
fn squeeze(widths: &mut Vec<'_, f32>, most: f32, is_plain: bool) {
    let all: f32 = widths.iter().sum();
    if all <= most {
        return;
    }
    if is_plain {
        widths.iter_mut().for_each(|width| *width *= most / all);
        return;
    }
    let mut rising = widths.clone();
    rising.sort_unstable_by(f32::total_cmp);
    let (mut rest, mut count) = (most, rising.len() as f32);
    let mut limit = 0.0;
    for width in rising {
        limit = rest / count;
        if width > limit {
            break;
        }
        rest -= width;
        count -= 1.0;
    }
    widths.iter_mut().for_each(|width| *width = width.min(limit.max(0.0)));
}

/// Adds to each width its part of `left` by weight, but gives each its least first where that part would be less.
fn share_out(wishes: &[Wish], left: f32, least: impl Fn(&Wish) -> f32, widths: &mut Vec<'_, f32>) {
    let open = wishes.iter().map(|wish| wish.weight > 0.0);
    let mut open = Vec::from_iter_in(open, widths.bump());
    let mut rest = left;
    loop {
        let weight: f32 =
            wishes.iter().zip(&open).filter(|(_, open)| **open).map(|(wish, _)| wish.weight).sum();
        let is_short = |wish: &Wish| rest * wish.weight / weight < least(wish);
        let short = wishes.iter().zip(&open).position(|(wish, open)| *open && is_short(wish));
        let Some(index) = short else {
            let parts = widths.iter_mut().zip(wishes).zip(&open).filter(|(_, open)| **open);
            parts.for_each(|((width, wish), _)| *width += rest * wish.weight / weight);
            return;
        };
        let given = least(&wishes[index]).min(rest);
        (open[index], widths[index]) = (false, widths[index] + given);
        rest -= given;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(content: f32, weight: f32) -> Wish {
        Wish { column: 0, content, weight, has_bar: false }
    }

    #[test]
    fn columns_of_their_own_width_come_first_and_the_rest_is_shared_by_weight() {
        let wishes = [wish(40.0, 1.0), wish(30.0, 0.0), wish(10.0, 3.0)];
        let room = Bump::new();
        let widths = |wishes: &[Wish], sizes, measure| widths(wishes, sizes, measure, &room);
        assert_eq!(widths(&wishes, (10.0, 5.0, 240.0), Measure::Whole), [50.0, 30.0, 150.0]);
        // The first has its least although its share would be less.
        assert_eq!(widths(&wishes, (10.0, 5.0, 140.0), Measure::Whole), [40.0, 30.0, 60.0]);
    }

    #[test]
    fn what_is_too_wide_is_squeezed_and_never_negative() {
        let wishes = [wish(100.0, 1.0), wish(30.0, 0.0), wish(300.0, 0.0)];
        let bump = Bump::new();
        let widths = |wishes: &[Wish], sizes, measure| widths(wishes, sizes, measure, &bump);
        assert_eq!(widths(&wishes, (10.0, 5.0, 210.0), Measure::Short), [35.0, 30.0, 135.0]);
        for room in [0.0, 1.0, 90.0, 300.0] {
            for measure in [Measure::Whole, Measure::Short, Measure::Plain] {
                let widths = widths(&wishes, (10.0, 5.0, room), measure);
                assert!(widths.iter().all(|width| *width >= 0.0), "{widths:?}");
                assert!(widths.iter().sum::<f32>() <= room + 0.01, "{widths:?} in {room}");
            }
        }
    }

    #[test]
    fn optional_columns_go_from_the_first_on() {
        let optional = |is_optional| ColumnSpec {
            is_optional,
            ..ColumnSpec::of(crate::template::table::CellSource::RowName)
        };
        let columns = [optional(false), optional(true), optional(true), optional(false)];
        let columns = columns.each_ref().map(Column::of);
        let wish = |column| Wish { column, content: 30.0, weight: 0.0, has_bar: false };
        let room = Bump::new();
        let mut wishes = Vec::from_iter_in((0..4).map(wish), &room);
        leave_out(&mut wishes, &columns, (10.0, 5.0, 101.0));
        assert_eq!(wishes.iter().map(|wish| wish.column).collect::<std::vec::Vec<_>>(), [0, 2, 3]);
    }
}
