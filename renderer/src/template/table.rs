//! What only a table has, and how it is read: columns, order, and where its rows come from.
//! Leaves out one-purpose tables (`presets`) and drawing.

use casedd_common::config::yaml::{Node, Value};
use casedd_raster::Color;

use super::fields::{Fields, Read, Reader};
use super::look::{Align, ColorStops};
use super::spec::Track;
use super::{grid, widget};

/// Most columns of one table.
pub const COLUMNS_MAX: usize = 12;

/// Where a cell's text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellSource {
    /// The part of a text row between `|`, counted from 0.
    Part(usize),
    /// `<rows>.<row>.<field>`.
    Field(String),
    /// The row's own name: what stands between the family and the field.
    RowName,
}

/// How a cell's value is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellFormat {
    /// Numbers with about three digits, texts as they are.
    #[default]
    Plain,
    /// Bytes as KiB, MiB, GiB.
    Bytes,
    /// Seconds as `3d 4h`.
    Duration,
    /// A dot in the colour of the state that the text names.
    Status,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnSpec {
    /// What stands above it.
    pub name: Option<String>,
    /// Where its cells come from.
    pub cell: CellSource,
    /// Where text stands; `None`: numbers and the last column at the right.
    pub align: Option<Align>,
    /// `None`: as wide as its widest cell; the first takes what is left.
    pub width: Option<Track>,
    /// After each number.
    pub unit: Option<String>,
    /// Digits after the point.
    pub precision: Option<u8>,
    /// How values are written.
    pub format: CellFormat,
    /// Ends of the bar before the number, when there is one.
    pub bar: Option<(f64, f64)>,
    /// Of the text and the bar.
    pub color: Option<Color>,
    /// Colours by value.
    pub color_stops: ColorStops,
    /// Set dim: of less interest than the others.
    pub is_dim: bool,
    /// The first to go where the table is narrow.
    pub is_optional: bool,
}

impl ColumnSpec {
    /// Whether nothing is said of it but where its cells come from.
    pub fn is_plain(&self) -> bool {
        let ColumnSpec { name, cell: _, align, width, unit, precision, format, bar, color, .. } = self;
        let has_text = name.is_some() || unit.is_some() || precision.is_some();
        let has_place = align.is_some() || width.is_some() || bar.is_some();
        let has_color = color.is_some() || self.color_stops != ColorStops::default();
        let is_marked = self.is_dim || self.is_optional || *format != CellFormat::default();
        !(has_text || has_place || has_color || is_marked)
    }

    /// A column of nothing but its cells.
    pub fn of(cell: CellSource) -> ColumnSpec {
        ColumnSpec {
            name: None,
            cell,
            align: None,
            width: None,
            unit: None,
            precision: None,
            format: CellFormat::default(),
            bar: None,
            color: None,
            color_stops: ColorStops::default(),
            is_dim: false,
            is_optional: false,
        }
    }
}

/// The order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// What is compared.
    pub by: CellSource,
    /// The greatest first.
    pub is_descending: bool,
}

/// What only a table has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableSpec {
    /// Whether the text shrinks so that all rows fit.
    pub fit_text: bool,
    /// The family of keys that rows are made of; text rows of `source` are taken when it has none.
    pub rows: Option<String>,
    /// The columns; empty: as many as the text rows have.
    pub columns: Vec<ColumnSpec>,
    /// Whether the columns' names are shown.
    pub has_header: bool,
    /// The order of rows; `None`: as they come.
    pub sort: Option<Sort>,
    /// At the right of the label; `{key}` is filled in.
    pub note: Option<String>,
    /// What is shown when there is data but no row; `{key}` is filled in.
    pub empty: Option<String>,
    /// Whether rows without room are left out in silence: only the first are of interest.
    pub hides_rest: bool,
}

/// The fields of a table beyond the common ones.
pub const FIELDS: &[&str] = &["table_fit_text", "rows", "columns", "header", "sort", "note", "empty", "more"];

/// The fields of a column.
pub const COLUMN_FIELDS: &[&str] = &[
    "name",
    "key",
    "part",
    "align",
    "width",
    "unit",
    "precision",
    "format",
    "bar",
    "min",
    "max",
    "color",
    "color_stops",
    "dim",
    "optional",
];

/// Words for how a cell's value is written.
pub const FORMATS: &[(&str, CellFormat)] = &[
    ("plain", CellFormat::Plain),
    ("bytes", CellFormat::Bytes),
    ("duration", CellFormat::Duration),
    ("status", CellFormat::Status),
];

/// Reads what a table has of its own over what `start` says; `source` is the widget's.
pub fn table(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    start: TableSpec,
    source: Option<&str>,
) -> Read<TableSpec> {
    let columns = fields.read("columns", |node| columns(reader, node))?;
    let has_new_columns = columns.is_some();
    let columns = columns.unwrap_or(start.columns);
    let rows = fields.read("rows", |node| reader.text(node))?.or(start.rows);
    let is_keyed = columns.iter().any(|column| matches!(column.cell, CellSource::Field(_)));
    // `source: htop.rows` names the family `htop`.
    let of_source = || Some(source?.strip_suffix(".rows").or(source)?.to_owned());
    let rows = if is_keyed { rows.or_else(of_source) } else { None };
    let sort = fields.take("sort");
    let sort = sort.map(|node| order(reader, node, &columns)).transpose()?;
    let has_names = columns.iter().any(|column| column.name.is_some());
    let header = fields.read("header", |node| reader.flag(node))?;
    Ok(TableSpec {
        fit_text: fields.read("table_fit_text", |node| reader.flag(node))?.unwrap_or(start.fit_text),
        rows,
        has_header: header.unwrap_or(if has_new_columns { has_names } else { start.has_header }),
        sort: sort.or(start.sort),
        note: fields.read("note", |node| reader.text(node))?.or(start.note),
        empty: fields.read("empty", |node| reader.text(node))?.or(start.empty),
        hides_rest: fields.read("more", |node| reader.flag(node))?.map_or(start.hides_rest, |more| !more),
        columns,
    })
}

fn columns(reader: &mut Reader<'_>, node: &Node) -> Read<Vec<ColumnSpec>> {
    let items = reader.list(node);
    if items.is_empty() || items.len() > COLUMNS_MAX {
        return reader.wrong(node, &format!("1 to {COLUMNS_MAX} columns"));
    }
    items.iter().enumerate().map(|(index, item)| column(reader, index, item)).collect()
}

/// A column as a map, or in short as the field it shows.
fn column(reader: &mut Reader<'_>, index: usize, node: &Node) -> Read<ColumnSpec> {
    if !matches!(node.value, Value::Map(_)) {
        let key = reader.text(node)?;
        return Ok(ColumnSpec { name: Some(key.replace('_', " ")), ..ColumnSpec::of(cell_source(key)) });
    }
    let mut fields = reader.fields(node, "a column")?;
    let key = fields.read("key", |node| reader.text(node))?;
    let part = fields.read("part", |node| reader.whole(node, 1, COLUMNS_MAX as u32))?;
    let cell = match (key, part) {
        (Some(key), None) => cell_source(key),
        (None, part) => CellSource::Part(part.map_or(index, |part| part as usize - 1)),
        (Some(_), Some(_)) => return reader.wrong(node, "either key or part in a column"),
    };
    let (min, max) =
        (fields.read("min", |node| reader.number(node))?, fields.read("max", |node| reader.number(node))?);
    let (min, max) = (min.unwrap_or(0.0), max.unwrap_or(100.0));
    if min >= max {
        return Err(reader.error(node.mark, format!("min {min} and max {max}"), "min below max"));
    }
    let has_bar = fields.read("bar", |node| reader.flag(node))?.unwrap_or(false);
    let spec = ColumnSpec {
        name: fields.read("name", |node| reader.text(node))?,
        cell,
        align: fields.read("align", |node| reader.word(node, widget::ALIGNS))?,
        width: fields.read("width", |node| width(reader, node))?.flatten(),
        unit: fields.read("unit", |node| reader.text(node))?,
        precision: fields.read("precision", |node| reader.whole(node, 0, 9))?.map(|digits| digits as u8),
        format: fields.read("format", |node| reader.word(node, FORMATS))?.unwrap_or_default(),
        bar: has_bar.then_some((min, max)),
        color: fields.read_color("color", |node| reader.color(node))?,
        color_stops: fields
            .read("color_stops", |node| widget::color_stops(reader, node))?
            .unwrap_or_default(),
        is_dim: fields.read("dim", |node| reader.flag(node))?.unwrap_or(false),
        is_optional: fields.read("optional", |node| reader.flag(node))?.unwrap_or(false),
    };
    fields.finish(reader, COLUMN_FIELDS, &[])?;
    Ok(spec)
}

fn cell_source(key: String) -> CellSource {
    if key == "*" { CellSource::RowName } else { CellSource::Field(key) }
}

/// `auto`, or a size as those of a grid.
fn width(reader: &Reader<'_>, node: &Node) -> Read<Option<Track>> {
    let word = reader.text(node)?;
    if word.eq_ignore_ascii_case("auto") {
        Ok(None)
    } else {
        grid::track(reader, node, word.trim()).map(Some)
    }
}

/// `sort: cpu_percent` is rising, `sort: -cpu_percent` falling: a field, or a column by its name or its number.
fn order(reader: &Reader<'_>, node: &Node, columns: &[ColumnSpec]) -> Read<Sort> {
    let text = reader.text(node)?;
    let (word, is_descending) = match text.strip_prefix('-') {
        Some(word) => (word.trim(), true),
        None => (text.trim(), false),
    };
    let by_number = || word.parse().ok().and_then(|number: usize| columns.get(number.checked_sub(1)?));
    let named =
        |column: &&ColumnSpec| column.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(word));
    let by = match columns.iter().find(named).or_else(by_number) {
        Some(column) => column.cell.clone(),
        None => match word.parse::<usize>() {
            // A table without columns has those of its text.
            Ok(number @ 1..=COLUMNS_MAX) if columns.is_empty() => CellSource::Part(number - 1),
            Ok(_) => return reader.wrong(node, "the number or name of a column"),
            Err(_) if word.is_empty() => return reader.wrong(node, "a column's name, key or number"),
            Err(_) => cell_source(word.to_owned()),
        },
    };
    Ok(Sort { by, is_descending })
}
