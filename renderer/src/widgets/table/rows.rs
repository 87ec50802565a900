//! The rows of a table: from keys or from lines of text, filtered and in order.
//! Leaves out where they come to lie.

use std::borrow::Cow;
use std::cmp::Ordering;

use casedd_common::metrics::Value;

use super::super::Cx;
use crate::data::{Data, Freshness};
use crate::format;
use crate::template::spec::TableSpec;
use crate::template::table::{COLUMNS_MAX, CellFormat, CellSource, ColumnSpec, Sort};

/// Most rows that are looked at: no display shows more.
const ROWS_MAX: usize = 400;

/// One row.
pub struct Row<'d> {
    /// One for each column.
    pub cells: Vec<Cell<'d>>,
    /// The key that makes it a row; none for a line of text.
    pub key: Option<&'d str>,
    /// How far it can be relied on.
    pub freshness: Freshness,
}

/// One cell as it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell<'d> {
    /// Its text; empty for none.
    pub text: Cow<'d, str>,
    /// What stands after it, smaller.
    pub unit: Cow<'d, str>,
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
    pub columns: Cow<'d, [ColumnSpec]>,
    /// Those that the filter and the limit let through.
    pub rows: Vec<Row<'d>>,
    /// Whether there was any row before the filter.
    pub has_any: bool,
}

/// Finds, filters and sorts the rows; `text` is what the widget's source holds.
pub fn gather<'d>(cx: &Cx<'d>, table: &'d TableSpec, text: &'d str) -> Gathered<'d> {
    let (data, spec) = (cx.data, cx.spec);
    let mut found = table.rows.as_deref().map_or_else(Vec::new, |family| of_family(data, family, table));
    let is_keyed = !found.is_empty();
    if !is_keyed {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != format::DASH);
        found.extend(lines.take(ROWS_MAX).map(Found::Line));
    }
    let columns = match (is_keyed, table.columns.as_slice()) {
        (true, columns) => Cow::Borrowed(columns),
        (false, []) => Cow::Owned(parts(&found)),
        // Text in place of keys: its parts are taken to be in the order of the columns.
        (false, columns) => Cow::Owned(by_place(columns, &found)),
    };
    let family = table.rows.as_deref().unwrap_or_default();
    let mut rows: Vec<(Row<'d>, Cell<'d>)> = Vec::with_capacity(found.len());
    for found in &found {
        let cell = |column: &ColumnSpec| cell(data, family, found, column);
        let cells: Vec<Cell<'d>> = columns.iter().map(cell).collect();
        if spec.filter.as_ref().is_some_and(|filter| !filter.is_match(&whole_text(found, &cells))) {
            continue;
        }
        let key = table.sort.as_ref().map_or_else(Cell::default, |sort| cell(&sorting(sort, is_keyed)));
        let (own_key, freshness) = match found {
            Found::Keys { key, freshness, .. } => (Some(*key), *freshness),
            Found::Line(_) => (None, Freshness::Fresh),
        };
        rows.push((Row { cells, key: own_key, freshness }, key));
    }
    if let Some(sort) = &table.sort {
        rows.sort_by(|a, b| compare(&a.1, &b.1, sort.is_descending));
    }
    rows.truncate(spec.max_items.unwrap_or(ROWS_MAX));
    let rows = rows.into_iter().map(|(row, _)| row).collect();
    Gathered { columns, rows, has_any: !found.is_empty() }
}

/// The names of a family's rows: what stands between it and the first column's field.
fn of_family<'d>(data: &'d Data, family: &str, table: &TableSpec) -> Vec<Found<'d>> {
    let field = table.columns.iter().find_map(|column| match &column.cell {
        CellSource::Field(field) => Some(field.as_str()),
        CellSource::Part(_) | CellSource::RowName => None,
    });
    let Some(field) = field else { return Vec::new() };
    let readings = &data.snapshot().readings;
    let start = readings.partition_point(|reading| reading.key.as_str() < family);
    let mut names: Vec<(&str, &str)> = Vec::new();
    for reading in &readings[start..] {
        let Some(rest) = reading.key.strip_prefix(family) else { break };
        let middle = rest.strip_prefix('.').and_then(|rest| rest.strip_suffix(field)?.strip_suffix('.'));
        if let Some(name) = middle.filter(|name| !name.is_empty()) {
            names.push((name, &reading.key));
        }
        if names.len() >= ROWS_MAX {
            break;
        }
    }
    // Numbers count: 2 comes before 10.
    let number = |name: &str| name.parse::<u64>().unwrap_or(u64::MAX);
    names.sort_by_key(|(name, _)| number(name));
    let row = |(name, key)| Found::Keys { name, key, freshness: data.freshness(key) };
    names.into_iter().map(row).collect()
}

/// As many columns as the longest text row has parts.
fn parts(found: &[Found<'_>]) -> Vec<ColumnSpec> {
    let count = |found: &Found<'_>| match found {
        Found::Line(line) => line.split('|').take(COLUMNS_MAX).count(),
        Found::Keys { .. } => 0,
    };
    let most = found.iter().map(count).max().unwrap_or(0);
    (0..most).map(|part| ColumnSpec::of(CellSource::Part(part))).collect()
}

fn by_place(columns: &[ColumnSpec], found: &[Found<'_>]) -> Vec<ColumnSpec> {
    let by_part = columns.iter().any(|column| matches!(column.cell, CellSource::Part(_)));
    if by_part {
        return columns.to_vec();
    }
    // Fewer parts than columns: those of less interest are not among them.
    let there = parts(found).len();
    let mut kept: Vec<ColumnSpec> = columns.to_vec();
    while kept.len() > there {
        let least = kept.iter().rposition(|column| column.is_optional).unwrap_or(kept.len() - 1);
        kept.remove(least);
    }
    for (part, column) in kept.iter_mut().enumerate() {
        column.cell = CellSource::Part(part);
    }
    kept
}

fn sorting(sort: &Sort, is_keyed: bool) -> ColumnSpec {
    match (&sort.by, is_keyed) {
        // An order by keys means nothing to text rows: they stay as they come.
        (CellSource::Field(_) | CellSource::RowName, false) => ColumnSpec::of(CellSource::Part(COLUMNS_MAX)),
        (by, _) => ColumnSpec::of(by.clone()),
    }
}

/// What a filter looks at.
fn whole_text<'r>(found: &Found<'r>, cells: &[Cell<'_>]) -> Cow<'r, str> {
    match found {
        Found::Line(line) => Cow::Borrowed(line),
        Found::Keys { .. } => {
            let texts: Vec<&str> = cells.iter().map(|cell| cell.text.as_ref()).collect();
            Cow::Owned(texts.join("|"))
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
        ((_, None), (_, None)) => directed(a.text.to_lowercase().cmp(&b.text.to_lowercase())),
    }
}

fn cell<'d>(data: &'d Data, family: &str, found: &Found<'d>, column: &ColumnSpec) -> Cell<'d> {
    match (&column.cell, found) {
        (CellSource::Part(part), Found::Line(line)) => {
            let text = without_value(line.split('|').nth(*part).unwrap_or_default().trim());
            of_text(Cow::Borrowed(text), column)
        }
        (CellSource::RowName, Found::Keys { name, .. }) => of_text(Cow::Borrowed(name), column),
        (CellSource::Field(field), Found::Keys { name, .. }) => {
            of_value(data.value(&format!("{family}.{name}.{field}")), field, column)
        }
        (CellSource::Part(_), Found::Keys { .. }) | (_, Found::Line(_)) => Cell::default(),
    }
}

fn of_value<'d>(value: Option<&'d Value>, field: &str, column: &ColumnSpec) -> Cell<'d> {
    match value {
        Some(Value::Number(number)) if number.is_finite() => {
            let unit = column
                .unit
                .clone()
                .unwrap_or_else(|| String::from(if field.ends_with("percent") { "%" } else { "" }));
            of_number(*number, unit, column)
        }
        Some(Value::Number(_)) | None => Cell::default(),
        Some(Value::Text(text)) => of_text(Cow::Borrowed(text.as_str()), column),
        Some(Value::Flag(flag)) => of_text(Cow::Borrowed(if *flag { "yes" } else { "no" }), column),
    }
}

fn of_text<'d>(text: Cow<'d, str>, column: &ColumnSpec) -> Cell<'d> {
    let is_asked = column.precision.is_some() || column.unit.is_some() || column.format != CellFormat::Plain;
    match text.parse::<f64>().ok().filter(|number| number.is_finite()) {
        Some(number) if is_asked => of_number(number, column.unit.clone().unwrap_or_default(), column),
        _ => Cell { number: leading_number(&text), text, unit: Cow::Borrowed("") },
    }
}

fn of_number<'d>(number: f64, unit: String, column: &ColumnSpec) -> Cell<'d> {
    let (text, unit) = match column.format {
        CellFormat::Plain | CellFormat::Status => {
            (format::number(number, column.precision), Cow::Owned(unit))
        }
        CellFormat::Bytes => {
            let (number, unit) = format::bytes(number);
            (format::number(number, column.precision), Cow::Borrowed(unit))
        }
        CellFormat::Duration => (format::duration(number).into(), Cow::Borrowed("")),
    };
    Cell { text: Cow::Owned(text.into()), unit, number: Some(number) }
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
        let cell = |text: &'static str| of_text(Cow::Borrowed(text), &ColumnSpec::of(CellSource::RowName));
        for (is_descending, expected) in
            [(false, ["2", "10", "ab", "Z", ""]), (true, ["10", "2", "Z", "ab", ""])]
        {
            let mut cells = ["Z", "", "10", "ab", "2"].map(cell);
            cells.sort_by(|a, b| compare(a, b, is_descending));
            assert_eq!(cells.each_ref().map(|cell| cell.text.as_ref()), expected);
        }
    }
}
