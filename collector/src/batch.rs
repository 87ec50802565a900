//! What one run of a getter gives: keys and values, taken at one time.
//!
//! Decides nothing about age or history; the store does.

use std::ops::Deref;
use std::sync::Arc;

use casedd_common::metrics::Value;

/// Longest text of one value; a longer one is cut.
const TEXT_BYTES_MAX: usize = 4096;
/// Most values of one run.
const VALUES_MAX: usize = 2000;

/// The name of a value; cheap to copy, because it is made once and used at every tick.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A name known when this was written.
    Fixed(&'static str),
    /// A name that depends on the machine.
    Found(Arc<str>),
}

impl Deref for Key {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Key::Fixed(name) => name,
            Key::Found(name) => name,
        }
    }
}

impl From<&'static str> for Key {
    fn from(name: &'static str) -> Key {
        Key::Fixed(name)
    }
}

impl From<String> for Key {
    fn from(name: String) -> Key {
        Key::Found(name.into())
    }
}

impl From<&Key> for Key {
    fn from(key: &Key) -> Key {
        key.clone()
    }
}

/// One value of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name.
    pub key: Key,
    /// What was read.
    pub value: Value,
    /// Whether it is the entry before under another name, and so shares its history.
    pub is_alias: bool,
    /// Whether it is a cell of a list whose rows change places: it has no history, and goes as soon as a run does
    /// not give it.
    pub is_row: bool,
}

/// The values of one run.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// When they were taken: `CLOCK_MONOTONIC` nanoseconds.
    pub at_ns: u64,
    entries: Vec<Entry>,
}

/// The value just added, or nothing when it was none.
pub struct Added<'a> {
    batch: Option<&'a mut Batch>,
}

impl Added<'_> {
    /// The same value under one more name.
    pub fn alias(self, key: impl Into<Key>) -> Self {
        let Some(batch) = self.batch else { return self };
        let value = batch.entries.last().map(|entry| entry.value.clone());
        batch.entries.extend(value.map(|value| Entry {
            key: key.into(),
            value,
            is_alias: true,
            is_row: false,
        }));
        Added { batch: Some(batch) }
    }
}

impl Batch {
    /// An empty batch for values taken at `at_ns`.
    pub fn new(at_ns: u64) -> Batch {
        Batch { at_ns, entries: Vec::new() }
    }

    /// Adds a number; what is no finite number is left out.
    pub fn number(&mut self, key: impl Into<Key>, number: f64) -> Added<'_> {
        if !number.is_finite() {
            return Added { batch: None };
        }
        self.add(key.into(), Value::Number(number))
    }

    /// Adds a number if there is one.
    pub fn maybe(&mut self, key: impl Into<Key>, number: Option<f64>) -> Added<'_> {
        self.number(key, number.unwrap_or(f64::NAN))
    }

    /// Adds a text.
    pub fn text(&mut self, key: impl Into<Key>, text: impl Into<String>) -> Added<'_> {
        let mut text = text.into();
        text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
        self.add(key.into(), Value::Text(text))
    }

    /// Adds a yes or no.
    pub fn flag(&mut self, key: impl Into<Key>, flag: bool) -> Added<'_> {
        self.add(key.into(), Value::Flag(flag))
    }

    /// Adds a cell of a list.
    pub fn cell(&mut self, key: impl Into<Key>, value: Value) {
        let added = match value {
            Value::Number(number) => self.number(key, number),
            Value::Text(text) => self.text(key, text),
            Value::Flag(flag) => self.flag(key, flag),
        };
        if let Some(entry) = added.batch.and_then(|batch| batch.entries.last_mut()) {
            entry.is_row = true;
        }
    }

    /// All values, to be kept.
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// All values, in the order they were added.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn add(&mut self, key: Key, value: Value) -> Added<'_> {
        if self.entries.len() >= VALUES_MAX {
            return Added { batch: None };
        }
        self.entries.push(Entry { key, value, is_alias: false, is_row: false });
        Added { batch: Some(self) }
    }
}

/// A part of a key made from a name that the machine chose: no blanks and no control characters.
pub fn key_part(name: &str) -> String {
    name.chars().map(|c| if c.is_whitespace() || c.is_control() { '_' } else { c }).collect()
}

/// A part of a key made from a label for people: small letters and digits, everything else one underscore.
pub fn key_slug(label: &str) -> String {
    let mut slug = String::new();
    for c in label.chars().flat_map(char::to_lowercase) {
        match c.is_alphanumeric() {
            true => slug.push(c),
            false if !slug.is_empty() && !slug.ends_with('_') => slug.push('_'),
            false => {}
        }
    }
    slug.truncate(slug.trim_end_matches('_').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_follows_its_value_and_not_the_one_before() {
        let mut batch = Batch::new(1);
        batch.number("a", 1.0).alias("b").alias("c");
        batch.number("d", f64::NAN).alias("e");
        batch.maybe("f", None).alias("g");
        let keys: Vec<(&str, bool)> =
            batch.entries().iter().map(|entry| (&*entry.key, entry.is_alias)).collect();
        assert_eq!(keys, [("a", false), ("b", true), ("c", true)]);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let mut batch = Batch::new(1);
        batch.text("a", "é".repeat(5000));
        assert!(matches!(&batch.entries()[0].value, Value::Text(text) if text.len() == TEXT_BYTES_MAX));
    }

    #[test]
    fn labels_become_plain_names() {
        assert_eq!(key_slug("Package id 0"), "package_id_0");
        assert_eq!(key_slug(" +3.3V (stand-by) "), "3_3v_stand_by");
        assert_eq!(key_slug("---"), "");
        assert_eq!(key_part("/mnt/my disk"), "/mnt/my_disk");
    }
}
