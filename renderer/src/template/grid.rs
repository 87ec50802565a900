//! Grids as templates write them: areas drawn with words, and tracks.
//! Leaves out sizes in pixels: see `layout`.

use casedd_common::config::yaml::{Mark, Node, Value};

use super::error::TemplateError;
use super::fields::{Fields, Read, Reader};
use super::spec::{Area, Grid, TRACKS_MAX, Track};

/// What a cell without a widget is called.
const EMPTY: &str = ".";
const EXPECTED_TRACK: &str = "a size such as 1fr, 120px or 25%";

/// The fields of a grid.
pub const FIELDS: &[&str] = &["template_areas", "columns", "rows", "gap"];

/// An area and where its name stands.
pub type Placed = (Area, Mark);

/// Reads a `grid:`; gives the places of the areas' names, in the order of `grid.areas`.
pub fn grid(reader: &mut Reader<'_>, node: &Node) -> Read<(Grid, Vec<Mark>)> {
    let mut fields = reader.fields(node, "a grid")?;
    let Some(drawing) = fields.take("template_areas") else {
        return reader.wrong(node, "template_areas in the grid");
    };
    let rows = rows_of(reader, drawing)?;
    let (areas, places) = areas(reader, &rows)?.into_iter().unzip();
    let columns = read_tracks(reader, &mut fields, "columns", rows[0].len())?;
    let rows = read_tracks(reader, &mut fields, "rows", rows.len())?;
    let gap_px = fields.read("gap", |node| reader.number_in(node, 0.0, 200.0))?.map(|gap| gap as f32);
    fields.finish(reader, FIELDS, &["name", "description"])?;
    Ok((Grid { columns, rows, areas, gap_px }, places))
}

/// A grid of one area, for a template of one widget.
pub fn single(name: &str) -> Grid {
    let area = Area { name: name.into(), column: 0, row: 0, columns: 1, rows: 1 };
    Grid {
        columns: vec![Track::Fraction(1.0)],
        rows: vec![Track::Fraction(1.0)],
        areas: vec![area],
        gap_px: None,
    }
}

/// One word of the drawing and where it stands.
type Cell = (String, Mark);

/// The words of the drawing, row by row: all rows are equally long and there is at least one word.
fn rows_of(reader: &Reader<'_>, node: &Node) -> Read<Vec<Vec<Cell>>> {
    let lines: Vec<(String, Mark)> = match &node.value {
        Value::Text(text) => text.lines().map(|line| (line.to_owned(), node.mark)).collect(),
        Value::List(items) => {
            items.iter().map(|item| Ok((reader.text(item)?, item.mark))).collect::<Read<_>>()?
        }
        _ => return reader.wrong(node, "rows of area names, one line a row"),
    };
    let mut from = offset_of(reader.source, node.mark);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (line, place) in lines {
        let line = line.trim().trim_matches(['"', '\'']).trim();
        if line.is_empty() {
            continue;
        }
        from = from.max(offset_of(reader.source, place));
        let row = cells(reader, line, &mut from);
        let least = rows.first().map_or(row.len(), Vec::len);
        if row.len() != least {
            let found = format!("a row of {} areas ({line})", row.len());
            return Err(reader.error(row[0].1, found, format!("{least}, as in the first row")));
        }
        rows.push(row);
    }
    match rows.first() {
        None => reader.wrong(node, "rows of area names, one line a row"),
        Some(first) if first.len() > TRACKS_MAX || rows.len() > TRACKS_MAX => {
            reader.wrong(node, &format!("at most {TRACKS_MAX} rows and columns"))
        }
        Some(_) => Ok(rows),
    }
}

/// The byte of the source that a mark stands for.
fn offset_of(source: &str, mark: Mark) -> usize {
    let line =
        source.split_inclusive('\n').take(mark.line.saturating_sub(1) as usize).map(str::len).sum::<usize>();
    let rest = source.get(line..).unwrap_or_default();
    let column = rest.char_indices().nth(mark.column.saturating_sub(1) as usize);
    line + column.map_or(rest.len(), |(at, _)| at)
}

/// The mark of a byte of the source.
fn mark_of(source: &str, offset: usize) -> Mark {
    let before = &source[..offset];
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    Mark { line: before.matches('\n').count() as u64 + 1, column: before[line..].chars().count() as u64 + 1 }
}

/// The words of one line with their places; `from` is the byte where to look for them, and moves on.
fn cells(reader: &Reader<'_>, line: &str, from: &mut usize) -> Vec<Cell> {
    let mut cells = Vec::new();
    for word in line.split_whitespace() {
        let skipped = reader.source.get(*from..).and_then(|rest| rest.find(word)).unwrap_or(0);
        cells.push((word.to_owned(), mark_of(reader.source, *from + skipped)));
        *from += skipped + word.len();
    }
    cells
}

/// The named rectangles of the drawing, in reading order.
fn areas(reader: &Reader<'_>, rows: &[Vec<Cell>]) -> Read<Vec<Placed>> {
    let mut areas: Vec<Placed> = Vec::new();
    for (row, cells) in rows.iter().enumerate() {
        for (column, (name, place)) in cells.iter().enumerate() {
            if name.chars().all(|letter| letter == '.') || areas.iter().any(|(area, _)| area.name == *name) {
                continue;
            }
            check_name(reader, name, *place)?;
            let area = rectangle(reader, rows, (column, row))?;
            areas.push((area, *place));
        }
    }
    if areas.is_empty() {
        return Err(reader.error(rows[0][0].1, format!("only \"{EMPTY}\""), "at least one named area"));
    }
    Ok(areas)
}

fn check_name(reader: &Reader<'_>, name: &str, place: Mark) -> Read<()> {
    let mut letters = name.chars();
    let is_good = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-');
    if is_good {
        return Ok(());
    }
    let expected = "a name of letters, digits, _ and - that begins with a letter, or \".\" for an empty cell";
    Err(reader.error(place, format!("the area name \"{name}\""), expected))
}

/// The rectangle of the area whose first cell is at `corner`: every cell of that name must lie in it.
fn rectangle(reader: &Reader<'_>, rows: &[Vec<Cell>], corner: (usize, usize)) -> Read<Area> {
    let (column, row) = corner;
    let name = &rows[row][column].0;
    let columns = rows[row][column..].iter().take_while(|(word, _)| word == name).count();
    let is_same = |cells: &[Cell]| cells[column..column + columns].iter().all(|(word, _)| word == name);
    let height = rows[row..].iter().take_while(|cells| is_same(cells)).count();
    for (at_row, cells) in rows.iter().enumerate() {
        for (at_column, (word, place)) in cells.iter().enumerate() {
            let is_inside =
                (row..row + height).contains(&at_row) && (column..column + columns).contains(&at_column);
            if word == name && !is_inside {
                let found = format!("the area \"{name}\" outside its rectangle");
                let expected = "each area to be one rectangle (its bounding box is not taken: fill it in)";
                return Err(reader.error(*place, found, expected));
            }
        }
    }
    Ok(Area { name: name.clone(), column, row, columns, rows: height })
}

/// Reads `columns` or `rows`; missing tracks are one share each.
fn read_tracks(reader: &Reader<'_>, fields: &mut Fields<'_>, name: &str, count: usize) -> Read<Vec<Track>> {
    let mut tracks = fields.read(name, |node| tracks(reader, node))?.unwrap_or_default();
    if tracks.len() < count {
        tracks.resize(count, Track::Fraction(1.0));
    }
    Ok(tracks)
}

fn tracks(reader: &Reader<'_>, node: &Node) -> Read<Vec<Track>> {
    let mut found = Vec::new();
    for item in reader.list(node) {
        let text = reader.text(item).or_else(|_| reader.wrong(item, EXPECTED_TRACK))?;
        for word in text.split([' ', ',', '\t', '\n']).filter(|word| !word.is_empty()) {
            found.push(track(reader, item, word)?);
        }
    }
    if found.len() > TRACKS_MAX {
        return reader.wrong(node, &format!("at most {TRACKS_MAX} tracks"));
    }
    Ok(found)
}

/// Reads one size, with its word in `node`.
pub fn track(reader: &Reader<'_>, node: &Node, word: &str) -> Read<Track> {
    let lower = word.to_ascii_lowercase();
    let number = |suffix: &str| {
        let number = lower.strip_suffix(suffix)?.trim().parse::<f32>().ok()?;
        (number.is_finite() && (0.0..=100_000.0).contains(&number)).then_some(number)
    };
    let wrong = || -> TemplateError { reader.error(node.mark, format!("\"{word}\""), EXPECTED_TRACK) };
    if let Some(share) = number("fr") {
        return Ok(Track::Fraction(share));
    }
    if let Some(share) = number("%") {
        return Ok(Track::Percent(share));
    }
    number("px").or_else(|| number("")).map(Track::Pixels).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Read<Grid> {
        let node = casedd_common::config::yaml::parse(source).expect("good YAML");
        grid(&mut Reader::new("t.casedd", source), &node).map(|(grid, _)| grid)
    }

    #[test]
    fn areas_are_quoted_or_bare_rows_with_empty_cells() {
        let expected = [("a", 0, 0, 2, 1), ("b", 2, 0, 1, 2), ("c", 1, 1, 1, 1)];
        for source in [
            "template_areas: |\n  \"a a b\"\n  \". c b\"\n",
            "template_areas: |\n  a a b\n  . c b\n",
            "template_areas: [a a b, \". c b\"]\n",
        ] {
            let grid = read(source).expect(source);
            let found: Vec<_> =
                grid.areas.iter().map(|a| (a.name.as_str(), a.column, a.row, a.columns, a.rows)).collect();
            assert_eq!(found, expected, "{source}");
            assert_eq!((grid.columns.len(), grid.rows.len()), (3, 2));
        }
    }

    #[test]
    fn tracks_are_mixed_and_padded() {
        let grid =
            read("template_areas: a b c d\ncolumns: 2fr 100px 12.5%\nrows: [1.5fr]\n").expect("a grid");
        let expected =
            [Track::Fraction(2.0), Track::Pixels(100.0), Track::Percent(12.5), Track::Fraction(1.0)];
        assert_eq!(grid.columns, expected);
        assert_eq!(grid.rows, [Track::Fraction(1.5)]);
    }

    #[test]
    fn mistakes_are_found_at_their_cell() {
        for (source, message) in [
            ("template_areas: |\n  a b\n  b a\n", "t.casedd:3:5: found the area \"a\" outside its rectangle"),
            ("template_areas: |\n  a a\n  b\n", "t.casedd:3:3: found a row of 1 areas (b), expected 2"),
            ("template_areas: |\n  a 2b\n", "t.casedd:2:5: found the area name \"2b\""),
            ("template_areas: |\n  . .\n", "t.casedd:2:3: found only \".\""),
            (
                "template_areas: a\ncolumns: 1fr, big\n",
                "t.casedd:2:10: found \"big\", expected a size such as",
            ),
            ("template_areas: a\ncolums: 1fr\n", "t.casedd:2:1: found the key \"colums\""),
            ("columns: 1fr\n", "expected template_areas in the grid"),
        ] {
            let error = read(source).expect_err(source).to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
