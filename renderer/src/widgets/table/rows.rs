//! The rows of a table: from keys or from lines of text, filtered and in order.
//! Leaves out where they come to lie.

use std::cmp::Ordering;
use std::sync::LazyLock;

use bumpalo::Bump;
use bumpalo::collections::{String, Vec};

use casedd_common::metrics::Value;

use super::super::Cx;
use crate::data::{Data, Freshness};
use crate::format;
use crate::template::spec::TableSpec;
use crate::template::table::{COLUMNS_MAX, CellFormat, CellSource, ColumnSpec, Sort};

/// Most rows that are looked at: no display shows more.
const ROWS_MAX: usize = 400;

/// One row.
#[derive(Clone, Copy)]
pub struct Row<'d> {
    /// One for each column.
    pub cells: &'d [Cell<'d>],
    /// The key that makes it a row; none for a line of text.
    pub key: Option<&'d str>,
    /// How far it can be relied on.
    pub freshness: Freshness,
}

/// One cell as it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell<'d> {
    /// Its text; empty for none.
    pub text: &'d str,
    /// What stands after it, smaller.
    pub unit: &'d str,
    /// The number itself, when it is one or begins with one.
    pub number: Option<f64>,
}

/// A row before it is written: the family's name for it and its key, or its text.
enum Found<'d> {
    Keys { name: &'d str, key: &'d str, freshness: Freshness },
    Line(&'d str),
}

/// The rows of a table in their order, and the columns they are in.
pub struct Gathered<'d> {
    /// As the template has them, or as the text has parts.
    pub columns: &'d [Column<'d>],
    /// Those that the filter and the limit let through.
    pub rows: Vec<'d, Row<'d>>,
    /// Whether there was any row before the filter.
    pub has_any: bool,
}

/// A column as this table has it: how it looks, and where its cells come from.
#[derive(Clone, Copy)]
pub struct Column<'d> {
    /// How it looks.
    pub look: &'d ColumnSpec,
    cell: Source<'d>,
}

/// Where cells come from.
#[derive(Clone, Copy)]
enum Source<'d> {
    Part(usize),
    Field(&'d str),
    RowName,
}

/// How a column looks of which nothing is said.
static PLAIN: LazyLock<ColumnSpec> = LazyLock::new(|| ColumnSpec::of(CellSource::RowName));

impl<'d> Column<'d> {
    /// A column of the template.
    pub fn of(look: &'d ColumnSpec) -> Column<'d> {
        Column { look, cell: Source::of(&look.cell) }
    }

    fn part(part: usize) -> Column<'d> {
        Column { look: &PLAIN, cell: Source::Part(part) }
    }
}

impl<'d> Source<'d> {
    fn of(cell: &'d CellSource) -> Source<'d> {
        match cell {
            CellSource::Part(part) => Source::Part(*part),
            CellSource::Field(field) => Source::Field(field),
            CellSource::RowName => Source::RowName,
        }
    }
}

/// Finds, filters and sorts the rows; `text` is what the widget's source holds.
pub fn gather<'d>(cx: &Cx<'d>, table: &'d TableSpec, text: &'d str) -> Gathered<'d> {
    let (data, spec, room) = (cx.data, cx.spec, cx.room);
    let mut found = Vec::new_in(room);
    if let Some(family) = &table.rows {
        of_family(data, family, table, &mut found);
    }
    let is_keyed = !found.is_empty();
    if !is_keyed {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != format::DASH);
        found.extend(lines.take(ROWS_MAX).map(Found::Line));
    }
    let columns = match (is_keyed, table.columns.as_slice()) {
        (true, columns) => Vec::from_iter_in(columns.iter().map(Column::of), room),
        (false, []) => Vec::from_iter_in((0..parts(&found)).map(Column::part), room),
        // Text in place of keys: its parts are taken to be in the order of the columns.
        (false, columns) => by_place(columns, parts(&found), room),
    };
    let family = table.rows.as_deref().unwrap_or_default();
    let mut rows: Vec<'d, (Row<'d>, Cell<'d>, usize)> = Vec::with_capacity_in(found.len(), room);
    for (place, found) in found.iter().enumerate() {
        let cell = |column: Column<'d>| cell(data, (family, found), column, room);
        let cells: &[Cell<'d>] = room.alloc_slice_fill_with(columns.len(), |at| cell(columns[at]));
        if spec.filter.as_ref().is_some_and(|filter| !filter.is_match(whole_text(found, cells, room))) {
            continue;
        }
        let key = table.sort.as_ref().map_or_else(Cell::default, |sort| cell(sorting(sort, is_keyed)));
        let (own_key, freshness) = match found {
            Found::Keys { key, freshness, .. } => (Some(*key), *freshness),
            Found::Line(_) => (None, Freshness::Fresh),
        };
        rows.push((Row { cells, key: own_key, freshness }, key, place));
    }
    if let Some(sort) = &table.sort {
        // With their places, so that equals stay in order without the memory that a stable sort takes.
        rows.sort_unstable_by(|a, b| compare(&a.1, &b.1, sort.is_descending).then(a.2.cmp(&b.2)));
    }
    rows.truncate(spec.max_items.unwrap_or(ROWS_MAX));
    let rows = Vec::from_iter_in(rows.iter().map(|(row, ..)| *row), room);
    Gathered { columns: columns.into_bump_slice(), rows, has_any: !found.is_empty() }
}

/// The names of a family's rows: what stands between it and the first column's field.
fn of_family<'d>(data: &'d Data, family: &str, table: &TableSpec, into: &mut Vec<'d, Found<'d>>) {
    let field = table.columns.iter().find_map(|column| match &column.cell {
        CellSource::Field(field) => Some(field.as_str()),
        CellSource::Part(_) | CellSource::RowName => None,
    });
    let Some(field) = field else { return };
    let readings = &data.snapshot().readings;
    let start = readings.partition_point(|reading| reading.key.as_str() < family);
    // Numbers count: 2 comes before 10.
    let mut names: Vec<'_, (u64, usize, &str, &str)> = Vec::new_in(into.bump());
    for reading in &readings[start..] {
        let Some(rest) = reading.key.strip_prefix(family) else { break };
        let middle = rest.strip_prefix('.').and_then(|rest| rest.strip_suffix(field)?.strip_suffix('.'));
        if let Some(name) = middle.filter(|name| !name.is_empty()) {
            names.push((name.parse().unwrap_or(u64::MAX), names.len(), name, &reading.key));
        }
        if names.len() >= ROWS_MAX {
            break;
        }
    }
    names.sort_unstable_by_key(|(number, place, ..)| (*number, *place));
    let row = |(_, _, name, key)| Found::Keys { name, key, freshness: data.freshness(key) };
    into.extend(names.into_iter().map(row));
}

/// As many columns as the longest text row has parts.
fn parts(found: &[Found<'_>]) -> usize {
    let count = |found: &Found<'_>| match found {
        Found::Line(line) => line.split('|').take(COLUMNS_MAX).count(),
        Found::Keys { .. } => 0,
    };
    found.iter().map(count).max().unwrap_or(0)
}

fn by_place<'d>(columns: &'d [ColumnSpec], parts: usize, room: &'d Bump) -> Vec<'d, Column<'d>> {
    let mut kept = Vec::from_iter_in(columns.iter().map(Column::of), room);
    if columns.iter().any(|column| matches!(column.cell, CellSource::Part(_))) {
        return kept;
    }
    // Fewer parts than columns: those of less interest are not among them.
    while kept.len() > parts {
        let least = kept.iter().rposition(|column| column.look.is_optional).unwrap_or(kept.len() - 1);
        kept.remove(least);
    }
    for (part, column) in kept.iter_mut().enumerate() {
        column.cell = Source::Part(part);
    }
    kept
}

fn sorting(sort: &Sort, is_keyed: bool) -> Column<'_> {
    match (&sort.by, is_keyed) {
        // An order by keys means nothing to text rows: they stay as they come.
        (CellSource::Field(_) | CellSource::RowName, false) => Column::part(COLUMNS_MAX),
        (by, _) => Column { look: &PLAIN, cell: Source::of(by) },
    }
}

/// What a filter looks at.
fn whole_text<'r>(found: &Found<'r>, cells: &[Cell<'_>], room: &'r Bump) -> &'r str {
    match found {
        Found::Line(line) => line,
        Found::Keys { .. } => {
            let mut all = String::new_in(room);
            for (i, cell) in cells.iter().enumerate() {
                all.push_str(if i > 0 { "|" } else { "" });
                all.push_str(cell.text);
            }
            all.into_bump_str()
        }
    }
}

/// Numbers before texts, and what is missing last in either direction.
fn compare(a: &Cell<'_>, b: &Cell<'_>, is_descending: bool) -> Ordering {
    let directed = |order: Ordering| if is_descending { order.reverse() } else { order };
    match ((a.text.is_empty(), a.number), (b.text.is_empty(), b.number)) {
        ((true, _), (true, _)) => Ordering::Equal,
        ((true, _), _) => Ordering::Greater,
        (_, (true, _)) => Ordering::Less,
        ((_, Some(a)), (_, Some(b))) => directed(a.total_cmp(&b)),
        ((_, Some(_)), (_, None)) => Ordering::Less,
        ((_, None), (_, Some(_))) => Ordering::Greater,
        ((_, None), (_, None)) => directed(lowercase(a.text).cmp(lowercase(b.text))),
    }
}

fn lowercase(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

fn cell<'d>(
    data: &'d Data,
    (family, found): (&str, &Found<'d>),
    column: Column<'d>,
    room: &'d Bump,
) -> Cell<'d> {
    match (column.cell, found) {
        (Source::Part(part), Found::Line(line)) => {
            let text = without_value(line.split('|').nth(part).unwrap_or_default().trim());
            of_text(text, column.look, room)
        }
        (Source::RowName, Found::Keys { name, .. }) => of_text(name, column.look, room),
        (Source::Field(field), Found::Keys { name, .. }) => {
            let key = bumpalo::format!(in room, "{}.{}.{}", family, name, field);
            of_value(data.value(&key), (field, column.look), room)
        }
        (Source::Part(_), Found::Keys { .. }) | (_, Found::Line(_)) => Cell::default(),
    }
}

fn of_value<'d>(
    value: Option<&'d Value>,
    (field, column): (&str, &'d ColumnSpec),
    room: &'d Bump,
) -> Cell<'d> {
    match value {
        Some(Value::Number(number)) if number.is_finite() => {
            let usual = if field.ends_with("percent") { "%" } else { "" };
            of_number(*number, column.unit.as_deref().unwrap_or(usual), column, room)
        }
        Some(Value::Number(_)) | None => Cell::default(),
        Some(Value::Text(text)) => of_text(text, column, room),
        Some(Value::Flag(flag)) => of_text(if *flag { "yes" } else { "no" }, column, room),
    }
}

fn of_text<'d>(text: &'d str, column: &'d ColumnSpec, room: &'d Bump) -> Cell<'d> {
    let is_asked = column.precision.is_some() || column.unit.is_some() || column.format != CellFormat::Plain;
    match text.parse::<f64>().ok().filter(|number| number.is_finite()) {
        Some(number) if is_asked => {
            of_number(number, column.unit.as_deref().unwrap_or_default(), column, room)
        }
        _ => Cell { number: leading_number(text), text, unit: "" },
    }
}

fn of_number<'d>(number: f64, unit: &'d str, column: &ColumnSpec, room: &'d Bump) -> Cell<'d> {
    let (text, unit) = match column.format {
        CellFormat::Plain | CellFormat::Status => (format::number(number, column.precision), unit),
        CellFormat::Bytes => {
            let (number, unit) = format::bytes(number);
            (format::number(number, column.precision), unit)
        }
        CellFormat::Duration => (format::duration(number), ""),
    };
    Cell { text: room.alloc_str(&text), unit, number: Some(number) }
}

/// A dash in place of a text that has nothing but dashes for its values: `– rpm` says no more than `–`.
fn without_value(text: &str) -> &str {
    let is_word = |c: char| c.is_alphanumeric() || c == '°' || c == '%';
    match text.strip_prefix(format::DASH) {
        Some(rest)
            if rest.split_whitespace().filter(|word| word.starts_with(is_word)).count() <= 1
                && !rest.contains(|c: char| c.is_ascii_digit()) =>
        {
            format::DASH
        }
        Some(_) | None => text,
    }
}

/// The number that a text begins with: `12.5 %`, `8080/tcp`, not `10.0.0.1` or `3d`.
fn leading_number(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(text.len());
    let is_word = text[end..].starts_with(char::is_alphanumeric);
    text[..end].parse().ok().filter(|number: &f64| !is_word && number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_begins_with_a_number_counts_as_it() {
        for (text, number) in [
            ("12.5 %", Some(12.5)),
            ("8080/tcp", Some(8080.0)),
            ("-3", Some(-3.0)),
            ("10.0.0.1", None),
            ("3d 4h", None),
            ("nginx", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(leading_number(text), number, "{text}");
        }
    }

    #[test]
    fn a_text_without_values_is_a_dash_and_nothing_else() {
        for (text, shown) in [
            ("– rpm", "–"),
            ("–", "–"),
            ("–  –  –", "–"),
            ("– °C", "–"),
            ("– of 8", "– of 8"),
            ("12 rpm", "12 rpm"),
            ("– as people write it", "– as people write it"),
        ] {
            assert_eq!(without_value(text), shown);
        }
    }

    #[test]
    fn numbers_go_before_words_and_nothing_goes_last_in_either_direction() {
        let room = Bump::new();
        let cell = |text: &'static str| of_text(text, &PLAIN, &room);
        for (is_descending, expected) in
            [(false, ["2", "10", "ab", "Z", ""]), (true, ["10", "2", "Z", "ab", ""])]
        {
            let mut cells = ["Z", "", "10", "ab", "2"].map(cell);
            cells.sort_by(|a, b| compare(a, b, is_descending));
            assert_eq!(cells.map(|cell| cell.text), expected);
        }
    }
}
