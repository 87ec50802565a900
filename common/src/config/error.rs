//! What can be wrong with a configuration, and where: problems that refuse it, warnings that do not.
//!
//! Leaves out how they are shown: each prints itself as one line.

use std::fmt;
use std::path::PathBuf;

/// Where in the configuration something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    File {
        /// The file.
        file: String,
    },
    /// A character of the file, both counted from 1.
    At {
        /// The file.
        file: String,
        /// Line.
        line: u64,
        /// Character of the line.
        column: u64,
    },
    /// An environment variable.
    Environment {
        /// Its name.
        variable: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File { file } => write!(f, "{file}"),
            Place::At { file, line, column } => write!(f, "{file}:{line}:{column}"),
            Place::Environment { variable } => write!(f, "environment variable {variable}"),
        }
    }
}

/// One thing that is wrong, or that deserves a look, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where.
    pub place: Place,
    /// What, with the remedy.
    pub message: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is wrong; everything found is listed, one a line, never nothing.
    #[error("{}", lines(problems))]
    Invalid {
        /// What is wrong, in the order of the file.
        problems: Vec<Remark>,
    },
}

fn lines(problems: &[Remark]) -> String {
    problems.iter().map(Remark::to_string).collect::<Vec<_>>().join("\n")
}
