//! Kinds of values as JSON Schema (draft 7, which editors know best), and what the documentation says of a key.
//! Leaves out which keys there are: `mod.rs` and the renderer have those of their formats.

use serde_json::{Map, Value as Json, json};
use std::ops::RangeInclusive;

/// The draft that the schemas are written in.
pub const DRAFT: &str = "http://json-schema.org/draft-07/schema#";
/// Words of YAML 1.1 that editors do not take for flags.
const FLAG_WORDS: [&str; 8] = ["yes", "no", "on", "off", "true", "false", "y", "n"];
/// A number in quotes.
const NUMBER_PATTERN: &str = r"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$";

/// What a key's value may be.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Yes or no.
    Flag,
    /// A number within bounds.
    Number(RangeInclusive<f64>),
    /// A whole number within bounds.
    Whole(RangeInclusive<u32>),
    /// Any text; numbers and flags count as they are written.
    Text,
    /// A text that matches a pattern.
    Matching(&'static str),
    /// One of some words.
    Words(Vec<&'static str>),
    /// A list.
    List(Box<Shape>),
    /// A list, or one of its values alone.
    OneOrList(Box<Shape>),
    /// A list of exactly these.
    Tuple(Vec<Shape>),
    /// Any of these.
    AnyOf(Vec<Shape>),
    /// A map from any name.
    MapOf(Box<Shape>),
    /// Something with a definition of its own.
    Defined(&'static str),
    /// Anything.
    Anything,
}

impl Shape {
    /// The shape as a schema.
    pub fn json(&self) -> Json {
        match self {
            Shape::Flag => {
                json!({"enum": FLAG_WORDS.iter().map(|word| json!(word)).chain([json!(true), json!(false), json!(0), json!(1)]).collect::<Vec<_>>()})
            }
            Shape::Number(range) => json!({"anyOf": [
                {"type": "number", "minimum": range.start(), "maximum": range.end()},
                {"type": "string", "pattern": NUMBER_PATTERN},
            ]}),
            Shape::Whole(range) => json!({"anyOf": [
                {"type": "integer", "minimum": range.start(), "maximum": range.end()},
                {"type": "string", "pattern": "^\\s*[0-9]+\\s*$"},
            ]}),
            Shape::Text => json!({"type": ["string", "number", "boolean"]}),
            Shape::Matching(pattern) => json!({"type": "string", "pattern": pattern}),
            Shape::Words(words) => {
                json!({"enum": words.iter().flat_map(|word| spellings(word)).collect::<Vec<_>>()})
            }
            Shape::List(item) => json!({"type": "array", "items": item.json()}),
            Shape::OneOrList(item) => {
                json!({"anyOf": [item.json(), {"type": "array", "items": item.json()}]})
            }
            Shape::Tuple(items) => {
                let items: Vec<Json> = items.iter().map(Shape::json).collect();
                json!({"type": "array", "minItems": items.len(), "maxItems": items.len(), "items": items})
            }
            Shape::AnyOf(shapes) => json!({"anyOf": shapes.iter().map(Shape::json).collect::<Vec<_>>()}),
            Shape::MapOf(value) => json!({"type": "object", "additionalProperties": value.json()}),
            Shape::Defined(name) => json!({"$ref": format!("#/definitions/{name}")}),
            Shape::Anything => json!({}),
        }
    }
}

/// A word as it may be written: also with `_` for `-`, and as the number that it looks like.
fn spellings(word: &str) -> Vec<Json> {
    let mut all = vec![json!(word)];
    if word.contains('-') {
        all.push(json!(word.replace('-', "_")));
    }
    all.extend(word.parse::<u32>().ok().map(|number| json!(number)));
    all
}

/// A map that has these keys and no others. An empty value counts as not given.
pub fn object<'k>(
    keys: impl IntoIterator<Item = &'k str>,
    required: &[&str],
    (shape_of, meaning_of): (impl Fn(&str) -> Option<Shape>, impl Fn(&str) -> Option<String>),
) -> Json {
    let property = |key: &'k str| {
        let shape = shape_of(key).unwrap_or(Shape::Anything);
        let mut schema = match shape {
            Shape::Anything => json!({}),
            shape => json!({"anyOf": [shape.json(), {"type": "null"}]}),
        };
        if let (Json::Object(schema), Some(meaning)) = (&mut schema, meaning_of(key)) {
            schema.insert("description".to_owned(), json!(meaning));
        }
        (key.to_owned(), schema)
    };
    let properties: Map<String, Json> = keys.into_iter().map(property).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// What a document says of a key: the last column of the row of a table, below a heading, that begins with the key.
pub fn meaning(document: &str, heading: &str, key: &str) -> Option<String> {
    let start = document.find(&format!("\n{heading}\n"))? + 1;
    let level = heading.split(' ').next()?;
    let section = &document[start + heading.len()..];
    let section = &section[..section.find(&format!("\n{level} ")).unwrap_or(section.len())];
    let row = section.lines().find(|line| {
        let first = line.strip_prefix("| `").and_then(|line| line.split(" |").next());
        first.is_some_and(|cell| cell.split('`').any(|word| word == key))
    })?;
    let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
    let text = cells.last().filter(|_| cells.len() > 1)?.replace("\\|", "|");
    Some(without_links(&text)).filter(|text| !text.is_empty())
}

/// `[text](target)` as its text.
fn without_links(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        plain.push_str(before);
        match link.split_once("](").and_then(|(words, after)| Some((words, after.split_once(')')?.1))) {
            Some((words, after)) => {
                plain.push_str(words);
                rest = after;
            }
            None => {
                plain.push('[');
                rest = link;
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_come_from_the_tables_of_the_right_heading() {
        let document = "\n## One\n\n| key | kind | meaning |\n| --- | --- | --- |\n| `a` | text | see [b](#b), `x\\|y` |\n\
                        | `c`, `d` (or `e`) | both [1] |\n\n## Two\n\n| `a` | other |\n";
        let of = |heading, key| meaning(document, heading, key);
        assert_eq!(of("## One", "a").as_deref(), Some("see b, `x|y`"));
        assert_eq!(of("## One", "e").as_deref(), Some("both [1]"));
        assert_eq!(of("## Two", "a").as_deref(), Some("other"));
        assert_eq!((of("## Two", "c"), of("## Three", "a")), (None, None));
    }
}
