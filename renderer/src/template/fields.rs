//! Takes the fields of a YAML map one by one and refuses what is left.
//! Leaves out which fields there are: callers ask by name.

use casedd_common::config::suggest::nearest;
use casedd_common::config::yaml::{Entry, Mark, Node, Value};
use casedd_raster::Color;

use super::color;
use super::error::{TemplateError, one_of};
use super::spec::Background;
use crate::theme::{ROLES, Theme};

/// Most characters of a value that a message repeats.
const SHOWN_CHARS_MAX: usize = 40;

/// One reading of one file: its name for messages, and the warnings so far.
pub struct Reader<'s> {
    /// The file as the user knows it.
    pub file: &'s str,
    /// Its text.
    pub source: &'s str,
    /// What was accepted but does nothing.
    pub warnings: Vec<String>,
    /// How many widgets were read.
    pub widgets: usize,
    /// Where colours are found by their role.
    pub theme: Theme,
}

/// How messages name a node.
pub fn describe(node: &Node) -> String {
    match &node.value {
        Value::Null => String::from("nothing"),
        Value::Flag(_, written) | Value::Number(_, written) => written.clone(),
        Value::Text(text) => {
            let short: String = text.chars().take(SHOWN_CHARS_MAX).collect();
            format!("{short:?}")
        }
        Value::List(_) => String::from("a list"),
        Value::Map(_) => String::from("a map"),
    }
}

/// What most of this module gives.
pub type Read<T> = Result<T, TemplateError>;

impl<'s> Reader<'s> {
    /// A reader at the start of a file.
    pub fn new(file: &'s str, source: &'s str) -> Reader<'s> {
        Reader { file, source, warnings: Vec::new(), widgets: 0, theme: Theme::default() }
    }

    /// A mistake at a place.
    pub fn error(&self, place: Mark, found: impl Into<String>, expected: impl Into<String>) -> TemplateError {
        TemplateError {
            file: self.file.into(),
            line: place.line.max(1),
            column: place.column.max(1),
            found: found.into(),
            expected: expected.into(),
            suggestion: None,
        }
    }

    /// A node that is not what it should be.
    pub fn wrong<T>(&self, node: &Node, expected: &str) -> Read<T> {
        Err(self.error(node.mark, describe(node), expected))
    }

    /// Notes something that does nothing, once.
    pub fn warn(&mut self, place: Mark, text: &str) {
        self.warnings.push(format!("{}:{}:{}: {text}", self.file, place.line, place.column));
    }

    /// The fields of a map; `what` names it in messages.
    pub fn fields<'n>(&self, node: &'n Node, what: &'static str) -> Read<Fields<'n>> {
        match &node.value {
            Value::Map(entries) => Ok(Fields { what, entries, is_taken: vec![false; entries.len()] }),
            _ => self.wrong(node, what),
        }
    }

    /// A text; numbers and flags count as they were written.
    pub fn text(&self, node: &Node) -> Read<String> {
        match &node.value {
            Value::Text(text) => Ok(text.clone()),
            Value::Number(_, written) | Value::Flag(_, written) => Ok(written.clone()),
            Value::Null | Value::List(_) | Value::Map(_) => self.wrong(node, "a text"),
        }
    }

    /// A finite number, perhaps in quotes.
    pub fn number(&self, node: &Node) -> Read<f64> {
        let number = match &node.value {
            Value::Number(number, _) => Some(*number),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number.filter(|number| number.is_finite()) {
            Some(number) => Ok(number),
            None => self.wrong(node, "a number"),
        }
    }

    /// A number within bounds.
    pub fn number_in(&self, node: &Node, least: f64, most: f64) -> Read<f64> {
        let number = self.number(node)?;
        if (least..=most).contains(&number) {
            return Ok(number);
        }
        self.wrong(node, &format!("a number from {least} to {most}"))
    }

    /// A whole number within bounds.
    pub fn whole(&self, node: &Node, least: u32, most: u32) -> Read<u32> {
        let expected = format!("a whole number from {least} to {most}");
        let number = self.number(node).or_else(|_| self.wrong(node, &expected))?;
        if number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&number) {
            return Ok(number as u32);
        }
        self.wrong(node, &expected)
    }

    /// A yes or no, as YAML 1.1 has them.
    pub fn flag(&self, node: &Node) -> Read<bool> {
        match &node.value {
            Value::Flag(flag, _) => Ok(*flag),
            Value::Text(text) => match text.to_ascii_lowercase().as_str() {
                "yes" | "on" | "true" | "y" => Ok(true),
                "no" | "off" | "false" | "n" => Ok(false),
                _ => self.wrong(node, "yes or no"),
            },
            Value::Null | Value::Number(..) | Value::List(_) | Value::Map(_) => self.wrong(node, "yes or no"),
        }
    }

    /// A colour.
    pub fn color(&self, node: &Node) -> Read<Color> {
        match &node.value {
            Value::Text(text) => color::color(text, &self.theme).ok_or_else(|| self.no_color(node, text)),
            Value::Null => {
                self.wrong(node, &format!("{} (an unquoted # begins a comment: quote it)", color::EXPECTED))
            }
            Value::Flag(..) | Value::Number(..) | Value::List(_) | Value::Map(_) => {
                self.wrong(node, color::EXPECTED)
            }
        }
    }

    /// A colour or a gradient.
    pub fn background(&self, node: &Node) -> Read<Background> {
        match &node.value {
            Value::Text(text) if text.trim_start().starts_with("linear-gradient") => {
                match color::background(text, &self.theme) {
                    Some(background) => Ok(background),
                    None => self.wrong(
                        node,
                        "linear-gradient(<angle>deg or to <side>, <colour> [<n>%], 2 to 8 in all)",
                    ),
                }
            }
            _ => self.color(node).map(Background::Solid),
        }
    }

    fn no_color(&self, node: &Node, text: &str) -> TemplateError {
        let mut error = self.error(node.mark, describe(node), color::EXPECTED);
        let names = super::color_names::NAMES.iter().map(|(name, _)| *name).chain(ROLES);
        error.suggestion = nearest(text, names).map(String::from);
        error
    }

    /// A list; one value alone counts as a list of one.
    pub fn list<'n>(&self, node: &'n Node) -> &'n [Node] {
        match &node.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(node),
        }
    }

    /// One of some words.
    pub fn word<T: Copy>(&self, node: &Node, words: &[(&str, T)]) -> Read<T> {
        let text = self.text(node)?.to_ascii_lowercase();
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Ok(*value);
        }
        let mut error = self.error(node.mark, describe(node), one_of(words.iter().map(|(word, _)| *word)));
        error.suggestion = nearest(&text, words.iter().map(|(word, _)| *word)).map(String::from);
        Err(error)
    }
}

/// The fields of one map, and which of them were asked for.
pub struct Fields<'n> {
    what: &'static str,
    entries: &'n [Entry],
    is_taken: Vec<bool>,
}

impl<'n> Fields<'n> {
    /// The field of a name, even when it is empty.
    pub fn take_raw(&mut self, name: &str) -> Option<&'n Node> {
        let index = self.entries.iter().position(|entry| entry.key == name)?;
        self.is_taken[index] = true;
        Some(&self.entries[index].node)
    }

    /// The field of a name; an empty one counts as not given.
    pub fn take(&mut self, name: &str) -> Option<&'n Node> {
        self.take_raw(name).filter(|node| !matches!(node.value, Value::Null))
    }

    /// Reads the field of a name, when it is given.
    pub fn read<T>(&mut self, name: &str, read: impl FnOnce(&'n Node) -> Read<T>) -> Read<Option<T>> {
        self.take(name).map(read).transpose()
    }

    /// Reads a colour: one given as nothing is a mistake (`color: #fff` is a comment).
    pub fn read_color<T>(&mut self, name: &str, read: impl FnOnce(&'n Node) -> Read<T>) -> Read<Option<T>> {
        self.take_raw(name).map(read).transpose()
    }

    /// The text of a field, taken or not.
    pub fn peek_text(&self, name: &str) -> Option<&'n str> {
        let entry = self.entries.iter().find(|entry| entry.key == name)?;
        if let Value::Text(text) = &entry.node.value { Some(text) } else { None }
    }

    /// Everything not taken so far.
    pub fn rest(&mut self) -> Vec<&'n Entry> {
        let rest =
            self.entries.iter().zip(&self.is_taken).filter(|(_, taken)| !**taken).map(|(entry, _)| entry);
        let rest = rest.collect();
        self.is_taken.fill(true);
        rest
    }

    /// Ends the reading: a key that is in `idle` is warned about, any other that is left is a mistake.
    pub fn finish(mut self, reader: &mut Reader<'_>, known: &[&str], idle: &[&str]) -> Read<()> {
        let what = self.what;
        for entry in self.rest() {
            if idle.contains(&entry.key.as_str()) {
                reader.warn(entry.mark, &format!("\"{}\" has no effect here", entry.key));
                continue;
            }
            let mut error =
                reader.error(entry.mark, format!("the key \"{}\"", entry.key), format!("a field of {what}"));
            error.suggestion = nearest(&entry.key, known.iter().chain(idle).copied()).map(String::from);
            return Err(error);
        }
        Ok(())
    }
}
