//! The JSON Schema of templates, for editors: made from the tables that the reader uses.
//! Leaves out what only the reader can see: areas without a widget, bounds that depend on one another.

use casedd_common::config::schema::shape::{self, Shape};
use casedd_common::config::{Choice, Operator, ThemeName};
use serde_json::{Value as Json, json};

use super::{grid, kinds, panel, picture, read, table, widget};

mod colors;
use crate::theme::ROLES;

/// What the keys mean, in the words that people read.
const DOCUMENT: &str = include_str!("../../../docs/templates.md");

/// Definition, heading in the document, keys, keys that must be there.
type Section = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const TOP: Section = ("template", "## The top of the file", read::FIELDS, &["widgets"]);
const SECTIONS: [Section; 4] = [
    ("grid", "## The grid", grid::FIELDS, &["template_areas"]),
    ("variant", "## Variants", read::VARIANT_FIELDS, &["when", "grid"]),
    ("when", "## Variants", read::WHEN_FIELDS, &[]),
    ("condition", "## Conditions", read::CONDITION_FIELDS, &["source", "value"]),
];

/// The schema.
pub fn template() -> Json {
    let mut definitions = serde_json::Map::new();
    for section in SECTIONS {
        definitions.insert(section.0.to_owned(), object(section));
    }
    definitions
        .insert("widget".to_owned(), one_of_the_types(widget_of(kinds::COMMON.iter().chain(kinds::OWN))));
    let no_meaning = |_: &str| None::<String>;
    definitions.insert("color".to_owned(), colors::color());
    definitions.insert("background".to_owned(), colors::background());
    let column =
        shape::object(table::COLUMN_FIELDS.iter().copied(), &[], (of_a_column, of_a_columns_meaning));
    definitions.insert("column".to_owned(), column);
    let of_a_tier = |key: &str| match key {
        "when" => Some(Shape::OneOrList(boxed(Shape::Defined("condition")))),
        key => shape(key),
    };
    let tier =
        shape::object(picture::TIER_FIELDS.iter().copied(), &["path", "when"], (of_a_tier, no_meaning));
    definitions.insert("tier".to_owned(), tier);
    let of_a_theme = ROLES.iter().copied().chain(["base", "accents"]);
    definitions.insert("theme".to_owned(), shape::object(of_a_theme, &[], (of_a_role, no_meaning)));
    let of_a_child = kinds::COMMON.iter().chain(kinds::OWN).chain(panel::CHILD_FIELDS);
    definitions.insert("child".to_owned(), one_of_the_types(widget_of(of_a_child)));
    let mut schema = object(TOP);
    schema["$schema"] = json!(shape::DRAFT);
    schema["title"] = json!("casedd template");
    schema["definitions"] = Json::Object(definitions);
    schema
}

fn object((_, heading, keys, required): Section) -> Json {
    let meaning = |key: &str| shape::meaning(DOCUMENT, heading, key);
    shape::object(keys.iter().copied(), required, (shape, meaning))
}

fn widget_of<'k>(keys: impl Iterator<Item = &'k &'static str>) -> Json {
    let meaning = |key: &str| shape::meaning(DOCUMENT, "## What all widgets have", key);
    // A table's columns are no tracks, and its rows are keys.
    let shape = |key: &str| match key {
        "columns" => Some(Shape::OneOrList(boxed(Shape::AnyOf(vec![Shape::Text, Shape::Defined("column")])))),
        "rows" => Some(Shape::Text),
        key => shape(key),
    };
    shape::object(keys.copied(), &["type"], (shape, meaning))
}

/// What a column's field may be: not all means what it does in a widget.
fn of_a_column(key: &str) -> Option<Shape> {
    match key {
        "part" => Some(Shape::Whole(1..=table::COLUMNS_MAX as u32)),
        "align" => Some(words_of(widget::ALIGNS)),
        "width" => Some(Shape::Matching(r"^\s*([aA][uU][tT][oO]|([0-9]+\.?[0-9]*|\.[0-9]+)(fr|px|%))\s*$")),
        "format" => Some(words_of(table::FORMATS)),
        "bar" | "dim" | "optional" => Some(Shape::Flag),
        "key" => Some(Shape::Text),
        "color" => Some(color()),
        key => shape(key),
    }
}

fn of_a_columns_meaning(key: &str) -> Option<String> {
    shape::meaning(DOCUMENT, "### Tables", key)
}

/// What a role of a theme may be: two colours are the ends of a gradient.
fn of_a_role(key: &str) -> Option<Shape> {
    match key {
        "base" => Some(Shape::Words(ThemeName::WORDS.iter().map(|(word, _)| *word).collect())),
        "accents" => Some(Shape::OneOrList(boxed(color()))),
        "background" | "card" => Some(Shape::AnyOf(vec![color(), Shape::Tuple(vec![color(), color()])])),
        _ => Some(color()),
    }
}

/// A card of a family may have fields that other programs have for it.
fn one_of_the_types(widget: Json) -> Json {
    let families = format!("^({}).", kinds::FAMILIES.join("|"));
    let mut of_a_family = widget.clone();
    of_a_family["additionalProperties"] = json!(true);
    of_a_family["properties"]["type"] = json!({"type": "string"});
    let is_of_a_family = json!({"type": "string", "pattern": families});
    json!({
        "if": {"type": "object", "required": ["type"], "properties": {"type": is_of_a_family}},
        "then": of_a_family,
        "else": widget,
    })
}

fn boxed(shape: Shape) -> Box<Shape> {
    Box::new(shape)
}

fn words_of<T>(words: &[(&'static str, T)]) -> Shape {
    Shape::Words(words.iter().map(|(word, _)| *word).collect())
}

fn color() -> Shape {
    Shape::Defined("color")
}

/// What a field's value may be; the same field means the same everywhere. `None`: it is in no table.
fn shape(key: &str) -> Option<Shape> {
    let size = || Shape::AnyOf(vec![Shape::Words(vec!["auto"]), Shape::Number(1.0..=2000.0)]);
    let map_of = |definition| Some(Shape::MapOf(boxed(Shape::Defined(definition))));
    match key {
        "type" => Some(Shape::Words(kinds::TYPES.to_vec())),
        "theme" => {
            let names = ThemeName::WORDS.iter().map(|(word, _)| *word).collect();
            Some(Shape::AnyOf(vec![Shape::Words(names), Shape::Defined("theme")]))
        }
        "layout" => Some(words_of(widget::BARS_LAYOUTS)),
        "grid" => Some(Shape::Defined("grid")),
        "when" => Some(Shape::Defined("when")),
        "widgets" | "children_named" => map_of("widget"),
        "children" => Some(Shape::List(boxed(Shape::Defined("child")))),
        "variants" => Some(Shape::OneOrList(boxed(Shape::Defined("variant")))),
        "skip_if" => Some(Shape::OneOrList(boxed(Shape::Defined("condition")))),
        "operator" => Some(Shape::Words(Operator::WORDS.iter().map(|(word, _)| *word).collect())),
        "border_color" => Some(color()),
        // Which widgets take a gradient for a colour, the reader knows.
        "color" | "background" => Some(Shape::Defined("background")),
        "series_colors" => Some(Shape::OneOrList(boxed(color()))),
        "color_stops" => {
            let stop = Shape::Tuple(vec![Shape::Number(f64::MIN..=f64::MAX), color()]);
            Some(Shape::List(boxed(stop)))
        }
        "layout_mode" => Some(words_of(read::LAYOUT_MODES)),
        "border_style" => Some(words_of(widget::BORDER_STYLES)),
        "direction" => Some(words_of(panel::DIRECTIONS)),
        // A panel's children stand at other places than a widget's text.
        "align" => {
            let of_panels = panel::ALIGNS.iter().map(|(word, _)| *word);
            let of_others = widget::ALIGNS.iter().map(|(word, _)| *word);
            Some(Shape::Words(of_panels.chain(of_others).collect()))
        }
        "aspect_ratio" | "min_aspect" | "max_aspect" => Some(Shape::AnyOf(vec![
            Shape::Number(0.05..=20.0),
            Shape::Matching(r"^\s*[0-9.]+\s*[:/]\s*[0-9.]+\s*$"),
        ])),
        "refresh_rate_hz" | "refresh_rate" => Some(Shape::Number(0.01..=240.0)),
        "min_width" | "max_width" | "min_height" | "max_height" => Some(Shape::Whole(1..=100_000)),
        "font_size" => Some(size()),
        "max_font_size" => Some(Shape::AnyOf(vec![size(), words_of(widget::FONT_ROLES)])),
        "padding" => Some(Shape::OneOrList(boxed(Shape::Number(0.0..=500.0)))),
        "gap" => Some(Shape::Number(0.0..=200.0)),
        "border_width" => Some(Shape::Number(1.0..=16.0)),
        "precision" => Some(Shape::Whole(0..=9)),
        "max_items" => Some(Shape::Whole(1..=1000)),
        "min" | "max" => Some(Shape::Number(f64::MIN..=f64::MAX)),
        "arc_start" | "arc_end" => Some(Shape::Number(-720.0..=720.0)),
        "gauge_ticks" => Some(Shape::AnyOf(vec![Shape::Flag, Shape::Whole(0..=100)])),
        "samples" => Some(Shape::Whole(2..=10_000)),
        "window_seconds" => Some(Shape::Number(1.0..=86_400.0)),
        "width" | "height" => Some(Shape::Number(1.0..=20_000.0)),
        "weight" => Some(Shape::Number(0.01..=1000.0)),
        "ease_ms" => Some(Shape::Whole(0..=2000)),
        "card" | "table_fit_text" | "header" | "more" => Some(Shape::Flag),
        "template_areas" | "columns" | "rows" => Some(Shape::OneOrList(boxed(Shape::Text))),
        "sources" | "series_labels" => Some(Shape::OneOrList(boxed(Shape::Text))),
        "name" | "description" | "detail" | "note" | "empty" | "item_detail" | "item_label" | "source"
        | "content" | "label" | "unit" | "filter_regex" | "format" | "value" => Some(Shape::Text),
        "path" => Some(Shape::Text),
        "paths" => Some(Shape::OneOrList(boxed(Shape::Text))),
        "scale" => Some(words_of(picture::SCALES)),
        "tiers" => Some(Shape::OneOrList(boxed(Shape::Defined("tier")))),
        "sort" => Some(Shape::OneOrList(boxed(Shape::Text))),
        "interval" => Some(Shape::Number(0.5..=86_400.0)),
        "transition" => Some(words_of(picture::TRANSITIONS)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_reader_has_a_shape() {
        let sections = SECTIONS.into_iter().chain([TOP]).flat_map(|section| section.2);
        for key in sections.chain(kinds::COMMON).chain(kinds::OWN).chain(panel::CHILD_FIELDS) {
            assert!(shape(key).is_some(), "{key} has no shape");
        }
    }

    #[test]
    fn fields_of_the_top_and_of_widgets_have_a_meaning() {
        for key in read::FIELDS {
            assert!(shape::meaning(DOCUMENT, TOP.1, key).is_some(), "{key}");
        }
        for key in kinds::COMMON {
            assert!(shape::meaning(DOCUMENT, "## What all widgets have", key).is_some(), "{key}");
        }
    }
}
