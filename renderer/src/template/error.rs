//! The one error of the template language: where, what was found, what was expected, the nearest right word.
//! Leaves out files that cannot be read (`store`).

use std::fmt;

/// How alike two words must be for one to be offered for the other (0: nothing in common, 1: equal).
const LIKENESS_MIN: f64 = 0.75;

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
        write!(
            f,
            "{}:{}:{}: found {}, expected {}",
            self.file, self.line, self.column, self.found, self.expected
        )?;
        match &self.suggestion {
            Some(word) => write!(f, "; did you mean \"{word}\"?"),
            None => Ok(()),
        }
    }
}

/// The word of `known` that `found` was most likely meant to be.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let found = found.to_ascii_lowercase();
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&found, &word.to_ascii_lowercase()), word))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word.to_owned())
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
    fn the_nearest_word_is_offered_and_a_strange_one_is_not() {
        let known = ["gauge", "value", "sparkline"];
        assert_eq!(nearest("guage", known), Some("gauge".into()));
        assert_eq!(nearest("Sparklin", known), Some("sparkline".into()));
        assert_eq!(nearest("zzz", known), None);
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(one_of(["a"]), "a");
        assert_eq!(one_of(["a", "b", "c"]), "a, b or c");
    }
}
