//! YAML text to a tree whose every node knows its line and column, within fixed budgets.
//!
//! Knows nothing of what the keys mean: `section.rs` reads the tree.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::options::{AliasLimits, DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Budget, Error, Options, Spanned};
use std::fmt;

/// Longest file that is read.
pub const FILE_BYTES_MAX: usize = 256 * 1024;
/// Most lists and maps inside one another.
pub const DEPTH_MAX: usize = 32;
/// Most values, keys, lists and maps in all.
pub const NODES_MAX: usize = 20_000;
/// Most uses of anchors.
pub const ALIASES_MAX: usize = 64;
/// Most aliases inside one another: bounds the depth of the tree, which the budget counts on the text alone.
const ALIAS_DEPTH_MAX: usize = 4;

/// A character of the text, both counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Line.
    pub line: u64,
    /// Character of the line.
    pub column: u64,
}

/// A value and where it stands. One that came by an alias stands where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where its first character is.
    pub mark: Mark,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// `true`, `yes`, `on`, `y` or their opposites, unquoted; with the word as written.
    Flag(bool, String),
    /// A number, unquoted; with the text as written.
    Number(f64, String),
    /// Any other text, or a quoted one.
    Text(String),
    /// Values in their order.
    List(Vec<Node>),
    /// Keys and values in their order; no key twice.
    Map(Vec<Entry>),
}

/// One key of a map with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key as written.
    pub key: String,
    /// Where it stands.
    pub mark: Mark,
    /// Its value.
    pub node: Node,
}

/// Why a text is no tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// Where, when that is known.
    pub mark: Option<Mark>,
    /// What is wrong, with the remedy where there is one.
    pub message: String,
}

/// Reads one YAML document; an empty one is [`Value::Null`].
pub fn parse(text: &str) -> Result<Node, YamlError> {
    if text.len() > FILE_BYTES_MAX {
        let message = format!("too long; at most {FILE_BYTES_MAX} bytes are read");
        return Err(YamlError { mark: None, message });
    }
    let parsed: Parsed =
        serde_saphyr::from_str_with_options(text, options()).map_err(|error| refusal(&error))?;
    Ok(parsed.into_node(text))
}

fn options() -> Options {
    let mut budget = Budget::default();
    budget.max_depth = DEPTH_MAX;
    budget.flow_nesting_limit = DEPTH_MAX;
    budget.max_nodes = NODES_MAX;
    budget.max_aliases = ALIASES_MAX;
    budget.max_documents = 1;
    let mut alias_limits = AliasLimits::default();
    alias_limits.max_total_replayed_events = 2 * NODES_MAX;
    alias_limits.max_replay_stack_depth = ALIAS_DEPTH_MAX;
    let mut options = Options::default();
    options.budget = Some(budget);
    options.alias_limits = alias_limits;
    options.duplicate_keys = DuplicateKeyPolicy::Error;
    options.non_finite_float_policy = NonFiniteFloatPolicy::AsString;
    options.emit_comments = false;
    options.with_snippet = false;
    options
}

/// The words of the YAML crate, with ours for what users meet most.
fn refusal(error: &Error) -> YamlError {
    let error = error.without_snippet();
    let mark = error.location().filter(|place| place.line() > 0);
    let mark = mark.map(|place| Mark { line: place.line(), column: place.column() });
    let text = error.to_string();
    let message = match error {
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            format!("key \"{key}\" stands here a second time; keep one of them")
        }
        Error::Budget { breach: BudgetBreach::Documents { .. }, .. } => {
            "a second YAML document starts here; keep one in a file".to_owned()
        }
        _ if BUDGET_WORDS.iter().any(|words| text.contains(words)) => format!(
            "too big or too deep: at most {DEPTH_MAX} levels, {NODES_MAX} values and {ALIASES_MAX} aliases are read"
        ),
        _ => format!("not valid YAML: {}", text.split(" at line ").next().unwrap_or(&text)),
    };
    YamlError { mark, message }
}

/// How the YAML crate words a breach of our limits, which it may wrap in an error of the alias that led there.
const BUDGET_WORDS: [&str; 4] =
    ["budget breached", "recursion limit exceeded", "alias replay", "alias expansion"];

/// A node as the YAML crate hands it over, before the text of its scalars is looked up.
struct Parsed(Spanned<Shape>);

enum Shape {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Parsed>),
    Map(Vec<(Spanned<String>, Parsed)>),
}

impl Parsed {
    fn into_node(self, source: &str) -> Node {
        let mark = mark_of(&self.0.defined);
        let written = || written(&self.0.defined, source).to_owned();
        let value = match self.0.value {
            Shape::Null => Value::Null,
            Shape::Flag(flag) => Value::Flag(flag, written()),
            Shape::Number(number) => Value::Number(number, written()),
            Shape::Text(text) => Value::Text(text),
            Shape::List(items) => Value::List(items.into_iter().map(|item| item.into_node(source)).collect()),
            Shape::Map(entries) => {
                Value::Map(entries.into_iter().map(|entry| into_entry(entry, source)).collect())
            }
        };
        Node { mark, value }
    }
}

fn into_entry((key, value): (Spanned<String>, Parsed), source: &str) -> Entry {
    Entry { mark: mark_of(&key.defined), key: key.value, node: value.into_node(source) }
}

fn mark_of(place: &serde_saphyr::Location) -> Mark {
    Mark { line: place.line(), column: place.column() }
}

/// The characters of a plain scalar; empty when the parser does not know them.
fn written<'a>(place: &serde_saphyr::Location, source: &'a str) -> &'a str {
    let range = || {
        let start = usize::try_from(place.span().byte_offset()?).ok()?;
        let length = usize::try_from(place.span().byte_len()?).ok()?;
        source.get(start..start.checked_add(length)?)
    };
    range().unwrap_or_default().trim()
}

impl<'de> Deserialize<'de> for Parsed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Spanned::deserialize(deserializer).map(Parsed)
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list or a map")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Shape, E> {
        Ok(Shape::Flag(flag))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Shape, E> {
        Ok(Shape::Number(number as f64))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Shape, E> {
        Ok(Shape::Number(number as f64))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Shape, E> {
        Ok(Shape::Number(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Shape, E> {
        Ok(Shape::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Shape, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Shape::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Shape::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(node: &Node) -> String {
        let text = match &node.value {
            Value::Null => "null".to_owned(),
            Value::Flag(flag, word) => format!("{flag}({word})"),
            Value::Number(number, word) => format!("{number}({word})"),
            Value::Text(text) => format!("{text:?}"),
            Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
            Value::Map(entries) => {
                let entry =
                    |e: &Entry| format!("{}@{}:{}={}", e.key, e.mark.line, e.mark.column, show(&e.node));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(" "))
            }
        };
        format!("{text}@{}:{}", node.mark.line, node.mark.column)
    }

    fn tree(text: &str) -> String {
        match parse(text) {
            Ok(node) => show(&node),
            Err(YamlError { mark, message }) => {
                let mark = mark.unwrap_or_default();
                format!("{}:{} {message}", mark.line, mark.column)
            }
        }
    }

    #[test]
    fn every_value_knows_its_place_and_its_words() {
        let cases = [
            ("", "null@1:1"),
            (
                "a: 1\nb: [yes, 'no', 23:00]",
                r#"{a@1:1=1(1)@1:4 b@2:1=[true(yes)@2:5 "no"@2:10 "23:00"@2:16]@2:4}@1:1"#,
            ),
            (
                "- off\n- n\n- 007\n- 1.50\n- 0x10 # sixteen",
                "[false(off)@1:3 false(n)@2:3 7(007)@3:3 1.5(1.50)@4:3 16(0x10)@5:3]@1:1",
            ),
            ("on: ~\n12: {c: }", "{on@1:1=null@1:5 12@2:1={c@2:6=null@2:7}@2:5}@1:1"),
            ("ä: ö # é\nb: 12", r#"{ä@1:1="ö"@1:4 b@2:1=12(12)@2:4}@1:1"#),
            ("- 1e999\n- .nan", r#"[".inf"@1:3 ".nan"@2:3]@1:1"#),
            ("a: &x {p: 1}\nb: *x", "{a@1:1={p@1:8=1(1)@1:11}@1:7 b@2:1={p@1:8=1(1)@1:11}@1:7}@1:1"),
            ("a: &x {p: 1}\nb:\n  <<: *x", "{a@1:1={p@1:8=1(1)@1:11}@1:7 b@2:1={p@1:8=1(1)@1:11}@3:3}@1:1"),
        ];
        for (text, expected) in cases {
            assert_eq!(tree(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_tree_is_refused_at_its_place() {
        let cases = [
            ("a: 1\na: 2", r#"2:1 key "a" stands here a second time; keep one of them"#),
            ("a: 1\n---\nb: 2", "2:1 a second YAML document starts here; keep one in a file"),
            ("a: [1", "1:4 not valid YAML: unclosed bracket '['"),
            ("a: b: c", "1:5 not valid YAML: mapping values are not allowed in this context"),
            ("a: *nope", "1:4 not valid YAML: alias references unknown anchor"),
            ("a: &a [*a]", "1:8 not valid YAML: recursive references require weak recursion types"),
            ("? [1, 2]\n: 3", "1:3 not valid YAML: expected string scalar"),
        ];
        for (text, expected) in cases {
            assert_eq!(tree(text), expected, "{text:?}");
        }
    }

    #[test]
    fn nothing_grows_beyond_the_budgets() {
        let too_big = "too big or too deep: at most 32 levels, 20000 values and 64 aliases are read";
        let flow = "[".repeat(40);
        let block: String = (0..40).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        let wide = "- 1\n".repeat(NODES_MAX);
        let aliases = format!("a: &a 1\nb: [{}]", "*a, ".repeat(65));
        let doubling = |wrap: usize| {
            let (open, close) = ("[".repeat(wrap), "]".repeat(wrap));
            let row = |n: usize| format!("a{n}: &a{n} {open}*a{}, *a{}{close}\n", n - 1, n - 1);
            "a0: &a0 [x]\n".to_owned() + &(1..20).map(row).collect::<String>()
        };
        for text in [flow, block, wide, aliases, doubling(1), doubling(30)] {
            let error = tree(&text);
            assert!(error.ends_with(too_big), "{error}");
        }
        let long = format!("# {}", "x".repeat(FILE_BYTES_MAX));
        assert_eq!(tree(&long), "0:0 too long; at most 262144 bytes are read");
    }
}
