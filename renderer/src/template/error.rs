//! The one error of the template language: where, what was found, what was expected, the nearest right word.
//! Leaves out files that cannot be read (`store`).

use std::fmt;

/// A mistake in a template, at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The file as the user knows it.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
    /// The nearest right word.
    pub suggestion: Option<String>,
}

impl std::error::Error for TemplateError {}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.reason())
    }
}

impl TemplateError {
    /// The mistake without its place.
    pub fn reason(&self) -> String {
        let suggestion = self.suggestion.as_ref().map(|word| format!("; did you mean \"{word}\"?"));
        format!("found {}, expected {}{}", self.found, self.expected, suggestion.unwrap_or_default())
    }
}

/// Words as a list for a message: `a, b or c`.
pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::from("nothing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(one_of(["a"]), "a");
        assert_eq!(one_of(["a", "b", "c"]), "a, b or c");
    }
}
