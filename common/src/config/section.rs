//! Reads the keys of one map: asks for a key with a type and a range, and notes what is wrong with its place.
//!
//! Never stops at a fault: what is wrong counts as absent, so that one run tells everything.

use super::choice::Choice;
use super::error::{Place, Remark};
use super::suggest;
use super::yaml::{Entry, Mark, Node, Value};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Most characters of a value that a message repeats.
const SHOWN_CHARS_MAX: usize = 60;

/// What has been found wrong or odd so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// The file being read, as messages name it.
    pub file: String,
    /// What refuses the configuration.
    pub problems: Vec<Remark>,
    /// What does not.
    pub warnings: Vec<Remark>,
}

impl Findings {
    /// The place of a mark in the file.
    pub fn place(&self, mark: Mark) -> Place {
        Place::At { file: self.file.clone(), line: mark.line, column: mark.column }
    }

    /// Notes what refuses the configuration.
    pub fn problem(&mut self, place: Place, message: impl Into<String>) {
        self.problems.push(Remark { place, message: message.into() });
    }

    /// Notes what deserves a look.
    pub fn warn(&mut self, place: Place, message: impl Into<String>) {
        self.warnings.push(Remark { place, message: message.into() });
    }
}

/// What an unknown key means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// The configuration is refused.
    Refused,
    /// A warning: the original ignored them here.
    Ignored,
}

/// A key's value and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    /// Where the value stands.
    pub place: Place,
    /// The value; never null.
    pub value: Cow<'a, Value>,
}

/// One map of the file, being read.
pub(super) struct Section<'a, 'f> {
    /// Where faults are noted.
    pub findings: &'f mut Findings,
    /// What messages call it (`output "web"`).
    pub name: String,
    mark: Mark,
    entries: &'a [Entry],
    keys: &'a [&'static str],
    /// Values that go before those of the file, with the variable they come from.
    overrides: &'a [(&'static str, String, String)],
}

impl<'a, 'f> Section<'a, 'f> {
    /// Opens a map; anything else is noted, and read as an empty one.
    pub fn open(findings: &'f mut Findings, name: &str, node: &'a Node, keys: &'a [&'static str]) -> Self {
        let entries = match &node.value {
            Value::Map(entries) => entries.as_slice(),
            Value::Null => &[],
            other => {
                let place = findings.place(node.mark);
                findings
                    .problem(place, format!("{name} is {}; give a map of keys and values", describe(other)));
                &[]
            }
        };
        Section { findings, name: name.to_owned(), mark: node.mark, entries, keys, overrides: &[] }
    }

    /// The same section with values that go before those of the file: key, variable, text.
    pub fn with_overrides(mut self, overrides: &'a [(&'static str, String, String)]) -> Self {
        self.overrides = overrides;
        self
    }

    /// Notes every key that is not known.
    pub fn check_keys(&mut self, unknown: Unknown) {
        self.check_keys_but(unknown, |_| false);
    }

    /// Notes every key that is not known and that `excepted` does not excuse.
    pub fn check_keys_but(&mut self, unknown: Unknown, excepted: impl Fn(&str) -> bool) {
        let is_known = |entry: &&Entry| self.keys.contains(&entry.key.as_str()) || excepted(&entry.key);
        for entry in self.entries.iter().filter(|entry| !is_known(entry)) {
            let hint = suggest::nearest(&entry.key, self.keys.iter().copied());
            let hint = hint.map_or(String::new(), |best| format!("; did you mean \"{best}\"?"));
            let place = self.findings.place(entry.mark);
            match unknown {
                Unknown::Refused => {
                    self.findings.problem(place, format!("no key \"{}\" in {}{hint}", entry.key, self.name));
                }
                Unknown::Ignored => {
                    let message =
                        format!("no key \"{}\" in {}, so it is ignored{hint}", entry.key, self.name);
                    self.findings.warn(place, message);
                }
            }
        }
    }

    /// The entries in their order.
    pub fn entries(&self) -> &'a [Entry] {
        self.entries
    }

    /// The entry of a key in the file, even when it is null.
    pub fn entry(&self, key: &'static str) -> Option<&'a Entry> {
        debug_assert!(self.keys.contains(&key), "{key} is in no table of keys");
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The node of a key in the file, unless it is null.
    pub fn node(&self, key: &'static str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.node).filter(|node| node.value != Value::Null)
    }

    /// The value of a key: of the environment, else of the file, unless it is null.
    pub fn field(&self, key: &'static str) -> Option<Field<'a>> {
        if let Some((_, variable, text)) = self.overrides.iter().find(|(name, ..)| *name == key) {
            let place = Place::Environment { variable: variable.clone() };
            return Some(Field { place, value: Cow::Owned(Value::Text(text.clone())) });
        }
        let node = self.node(key)?;
        Some(Field { place: self.findings.place(node.mark), value: Cow::Borrowed(&node.value) })
    }

    /// A number within `range`.
    pub fn number(&mut self, key: &'static str, range: RangeInclusive<f64>) -> Option<f64> {
        let field = self.field(key)?;
        let number = as_number(&field.value).filter(|number| range.contains(number));
        if number.is_none() {
            let want = format!("a number from {} to {}", range.start(), range.end());
            self.refuse(key, &field, &want);
        }
        number
    }

    /// A whole number within `range`.
    pub fn whole(&mut self, key: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        let field = self.field(key)?;
        let whole = as_number(&field.value).filter(|number| number.fract() == 0.0);
        let whole =
            whole.filter(|number| (f64::from(*range.start())..=f64::from(*range.end())).contains(number));
        if whole.is_none() {
            let want = format!("a whole number from {} to {}", range.start(), range.end());
            self.refuse(key, &field, &want);
        }
        whole.map(|number| number as u32)
    }

    /// Yes or no; in the environment everything but `0`, `false`, `no`, `off` and nothing is yes.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let field = self.field(key)?;
        let flag = match (&*field.value, &field.place) {
            (Value::Text(text), Place::Environment { .. }) => Some(!is_no(text)),
            (value, _) => as_flag(value),
        };
        if flag.is_none() {
            self.refuse(key, &field, "yes or no");
        }
        flag
    }

    /// A text that is not empty; a number or flag counts as the characters that stand there.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        let field = self.field(key)?;
        let text = as_text(&field.value).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        if text.is_none() {
            self.refuse(key, &field, "a text");
        }
        text
    }

    /// One word of a table.
    pub fn choice<C: Choice>(&mut self, key: &'static str) -> Option<C> {
        let field = self.field(key)?;
        let word = as_text(&field.value).unwrap_or_default();
        let choice = C::from_word(word.trim());
        if choice.is_none() {
            let known = C::WORDS.iter().map(|(word, _)| *word);
            let message = format!("{key} is {}{}", describe(&field.value), suggest::hint(word, known));
            self.findings.problem(field.place, message);
        }
        choice
    }

    /// Whether a key is there; notes its absence at the start of the map.
    pub fn has(&mut self, key: &'static str) -> bool {
        let is_there = self.node(key).is_some();
        if !is_there {
            let place = self.findings.place(self.mark);
            self.findings.problem(place, format!("{} has no {key}; add it", self.name));
        }
        is_there
    }

    /// Notes that the value of a key is not what it must be.
    pub fn refuse(&mut self, key: &str, field: &Field<'_>, want: &str) {
        let message = format!("{key} is {}; give {want}", describe(&field.value));
        self.findings.problem(field.place.clone(), message);
    }
}

/// A value as a number; a quoted number is one too.
pub(super) fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number, _) => Some(*number),
        Value::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// A value as the characters that stand in the file.
pub(super) fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::Flag(_, written) | Value::Number(_, written) | Value::Text(written) => Some(written),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}

fn as_flag(value: &Value) -> Option<bool> {
    match value {
        Value::Flag(flag, _) => Some(*flag),
        Value::Number(0.0, _) => Some(false),
        Value::Number(1.0, _) => Some(true),
        Value::Text(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn is_no(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off")
}

/// A value as messages name it.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::Flag(_, written) | Value::Number(_, written) => written.clone(),
        Value::Text(text) if text.chars().count() > SHOWN_CHARS_MAX => {
            format!("{:?}...", text.chars().take(SHOWN_CHARS_MAX).collect::<String>())
        }
        Value::Text(text) => format!("{text:?}"),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a map".to_owned(),
    }
}
