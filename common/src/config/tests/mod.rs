//! Tests of the configuration: YAML and environment in, values or messages out, literally.
//!
//! One file for each part of the format.

mod conflicts;
mod default;
mod documents;
mod environment;
mod files;
mod outputs;
mod panels;
mod policy;
mod random;
mod top;

use super::{Config, ConfigError};
use std::path::Path;

/// Reads a text as `casedd.yaml` with no environment.
fn read(text: &str) -> Result<Config, ConfigError> {
    Config::from_text(Path::new("casedd.yaml"), text, |_| None)
}

/// The same, for a text that must be right.
fn good(text: &str) -> Config {
    read(text).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

/// What is told about a text that must be wrong.
fn bad(text: &str) -> String {
    match read(text) {
        Ok(config) => panic!("{text}\nis accepted as {config:#?}"),
        Err(error) => error.to_string(),
    }
}

/// Checks what is told about each text, and shows every difference at once.
fn told<const ROWS: usize>(cases: [(String, &str); ROWS]) {
    let differs = |(text, expected): &(String, &str)| {
        let found = bad(text);
        (found != *expected).then(|| format!("{text}\n  told:     {found}\n  expected: {expected}"))
    };
    let differences: Vec<String> = cases.iter().filter_map(differs).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The warnings of a text that must be right, one a line.
fn warnings(text: &str) -> String {
    good(text).warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Reads nothing but an environment.
fn in_environment(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    in_environment_over("", variables)
}

/// Reads a text with an environment before it.
fn in_environment_over(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let env =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    Config::from_text(Path::new("casedd.yaml"), text, env)
}
