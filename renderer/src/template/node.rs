//! A YAML document as a tree in which each node knows its place in the file.
//! Leaves out what the words mean: that is `read` and what it calls.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use serde_saphyr::options::{AliasLimits, NonFiniteFloatPolicy};

use super::error::TemplateError;

/// Largest template file.
pub const FILE_BYTES_MAX: usize = 256 * 1024;
/// Deepest nesting of maps and lists.
const DEPTH_MAX: usize = 32;
/// Most nodes of one document.
const NODES_MAX: usize = 20_000;
/// Most `*alias` uses of one document.
const ALIASES_MAX: usize = 64;

/// Where something stands in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// A node and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it holds.
    pub value: Yaml,
    /// Where it stands.
    pub place: Place,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub enum Yaml {
    /// Nothing, `~` or `null`.
    Nothing,
    /// `true` or `false`; `yes`, `off` and their like are texts until a flag is asked for.
    Flag(bool),
    /// A number, and how it was written.
    Number(f64, String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values, in the order of the file.
    Map(Vec<(Key, Node)>),
}

/// A key and its place.
#[derive(Clone, Debug)]
pub struct Key {
    /// The word.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

impl Node {
    /// Reads the only document of `source`; `file` is for messages.
    pub fn parse(file: &str, source: &str) -> Result<Node, TemplateError> {
        let refuse = |place: Place, found: String, expected: &str| TemplateError {
            file: file.into(),
            line: place.line.max(1),
            column: place.column.max(1),
            found,
            expected: expected.into(),
            suggestion: None,
        };
        if source.len() > FILE_BYTES_MAX {
            return Err(refuse(Place::default(), format!("{} bytes", source.len()), "at most 262144 bytes"));
        }
        let raw: Spanned<Raw> = serde_saphyr::from_str_with_options(source, options()).map_err(|error| {
            let place =
                error.location().map(|at| Place { line: at.line(), column: at.column(), start: 0, end: 0 });
            let text = error.without_snippet().to_string();
            let text = text.lines().next().unwrap_or_default();
            let text = text.split(" at line ").next().unwrap_or_default();
            refuse(place.unwrap_or_default(), format!("broken YAML ({text})"), "a YAML map of a template")
        })?;
        Ok(settle(raw, source))
    }

    /// How messages name the node.
    pub fn describe(&self) -> String {
        match &self.value {
            Yaml::Nothing => String::from("nothing"),
            Yaml::Flag(flag) => flag.to_string(),
            Yaml::Number(_, written) => written.clone(),
            Yaml::Text(text) => {
                let short: String = text.chars().take(40).collect();
                format!("{short:?}")
            }
            Yaml::List(_) => String::from("a list"),
            Yaml::Map(_) => String::from("a map"),
        }
    }
}

fn options() -> serde_saphyr::Options {
    let limits: AliasLimits = serde_saphyr::alias_limits! { max_total_replayed_events: NODES_MAX };
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH_MAX,
            max_nodes: NODES_MAX,
            max_aliases: ALIASES_MAX,
            max_documents: 1,
            max_total_scalar_bytes: FILE_BYTES_MAX
        },
        alias_limits: limits,
        strict_booleans: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    }
}

enum Raw {
    Nothing,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

fn place_of<T>(spanned: &Spanned<T>) -> Place {
    let at = spanned.referenced;
    let (start, length) = (at.span().byte_offset().unwrap_or(0), at.span().byte_len().unwrap_or(0));
    Place { line: at.line(), column: at.column(), start: start as usize, end: (start + length) as usize }
}

fn settle(raw: Spanned<Raw>, source: &str) -> Node {
    let place = place_of(&raw);
    let value = match raw.value {
        Raw::Nothing => Yaml::Nothing,
        Raw::Flag(flag) => Yaml::Flag(flag),
        Raw::Number(number) => {
            let written = source.get(place.start..place.end).map(str::trim).filter(|text| !text.is_empty());
            Yaml::Number(number, written.map_or_else(|| number.to_string(), String::from))
        }
        Raw::Text(text) => Yaml::Text(text),
        Raw::List(items) => Yaml::List(items.into_iter().map(|item| settle(item, source)).collect()),
        Raw::Map(entries) => Yaml::Map(
            entries
                .into_iter()
                .map(|(key, node)| (Key { place: place_of(&key), name: key.value }, settle(node, source)))
                .collect(),
        ),
    };
    Node { value, place }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Raw, E> {
        Ok(Raw::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Raw, E> {
        Ok(Raw::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries: Vec<(Spanned<String>, Spanned<Raw>)> = Vec::new();
        while let Some(key) = access.next_key::<Spanned<String>>()? {
            if entries.iter().any(|(earlier, _)| earlier.value == key.value) {
                return Err(A::Error::custom(format!("the key {:?} twice", key.value)));
            }
            entries.push((key, access.next_value()?));
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(source: &str) -> Vec<(Key, Node)> {
        match Node::parse("t.casedd", source).map(|node| node.value) {
            Ok(Yaml::Map(entries)) => entries,
            other => panic!("no map: {other:?}"),
        }
    }

    #[test]
    fn places_are_those_of_the_file() {
        let entries = map("name: x\nwidgets:\n  cpu:\n    type: guage\n");
        let Yaml::Map(widgets) = &entries[1].1.value else { panic!("no map") };
        let Yaml::Map(cpu) = &widgets[0].1.value else { panic!("no map") };
        assert_eq!((cpu[0].0.place.line, cpu[0].0.place.column), (4, 5));
        assert_eq!((cpu[0].1.place.line, cpu[0].1.place.column), (4, 11));
    }

    #[test]
    fn numbers_keep_how_they_were_written_and_words_of_yes_stay_words() {
        let entries = map("a: 007\nb: yes\nc: true\nd: 1.50\ne: ~\nf: \"12\"\ny: 1\n");
        assert!(
            matches!(&entries[0].1.value, Yaml::Number(n, raw) if *n == 7.0 && raw == "007"),
            "{entries:?}"
        );
        assert!(matches!(&entries[1].1.value, Yaml::Text(text) if text == "yes"));
        assert!(matches!(&entries[2].1.value, Yaml::Flag(true)));
        assert!(matches!(&entries[3].1.value, Yaml::Number(_, raw) if raw == "1.50"), "{entries:?}");
        assert!(matches!(&entries[4].1.value, Yaml::Nothing));
        assert!(matches!(&entries[5].1.value, Yaml::Text(text) if text == "12"));
        assert_eq!(entries[6].0.name, "y");
    }

    #[test]
    fn broken_and_greedy_documents_are_refused_with_a_place() {
        let error = Node::parse("t.casedd", "a: [1,\nb: 2\n").expect_err("unclosed list");
        assert!(error.to_string().starts_with("t.casedd:"), "{error}");
        let error = Node::parse("t.casedd", "a: 1\na: 2\n").expect_err("duplicate key");
        assert_eq!(error.line, 2, "{error}");
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert!(Node::parse("t.casedd", &deep).is_err());
        let bomb = (1..12).fold(String::from("a0: &a0 [x, x]\n"), |text, n| {
            let before = n - 1;
            text + &format!(
                "a{n}: &a{n} [*a{before}, *a{before}, *a{before}, *a{before}, *a{before}, *a{before}]\n"
            )
        });
        assert!(Node::parse("t.casedd", &bomb).is_err());
        assert!(Node::parse("t.casedd", &"x".repeat(FILE_BYTES_MAX + 1)).is_err());
    }
}
