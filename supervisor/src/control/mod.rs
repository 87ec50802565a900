//! The supervisor's command socket: one JSON object a line, each way.
//!
//! The words only; `server` answers them inside the loop of `casedd up`, `client` asks them from another process.

pub mod client;
pub mod server;

use casedd_common::exit::{Exit, Failure};
use serde::{Deserialize, Serialize};

use crate::status::GroupStatus;

/// The version of these words; a request of another one is refused by name.
pub const VERSION: u32 = 1;
/// Longest line either way.
pub const LINE_BYTES_MAX: usize = 256 * 1024;
/// Most arguments an attached sink can be given.
pub const ARGS_MAX: usize = 64;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// [`VERSION`] of whoever asks.
    pub version: u32,
    /// The wish.
    #[serde(flatten)]
    pub command: Command,
}

/// A wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// How everybody fares.
    Status,
    /// Starts one more sink.
    Attach {
        /// What follows `casedd-sink-` in its program's name.
        kind: String,
        /// What it is called.
        name: String,
        /// Its own flags.
        args: Vec<String>,
    },
    /// Ends a sink.
    Detach {
        /// Which.
        name: String,
    },
    /// Reads the configuration again.
    Reload,
    /// Ends the group; the connection is closed when nothing is left.
    Stop,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// [`VERSION`] of whoever answers.
    pub version: u32,
    /// How it went.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How a wish went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It is done, or has begun.
    Done,
    /// The answer to [`Command::Status`].
    Status {
        /// How everybody fares.
        status: Box<GroupStatus>,
    },
    /// It cannot be.
    Refused {
        /// The code for the asking process to end with.
        exit: Exit,
        /// Why, and what to do.
        message: String,
    },
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Outcome {
        Outcome::Refused { exit: failure.exit, message: failure.message }
    }
}

/// Reads a request, or says why it is none.
pub fn parse(line: &str) -> Result<Command, Failure> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let refuse = |error: serde_json::Error| Exit::Usage.because(format!("request not understood: {error}"));
    let Versioned { version } = serde_json::from_str(line).map_err(refuse)?;
    if version != VERSION {
        return Err(Exit::Usage.because(format!(
            "request of version {version}, this casedd speaks {VERSION}; use the casedd that belongs to it"
        )));
    }
    let request: Request = serde_json::from_str(line).map_err(refuse)?;
    match &request.command {
        Command::Attach { args, .. } if args.len() > ARGS_MAX => {
            Err(Exit::Usage.because(format!("{} arguments for one sink, {ARGS_MAX} at most", args.len())))
        }
        _ => Ok(request.command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_reads_as_it_is_documented() {
        let line = r#"{"version":1,"command":"attach","kind":"ws","name":"desk","args":["--port","0"]}"#;
        let args = vec!["--port".to_owned(), "0".to_owned()];
        let expected = Command::Attach { kind: "ws".to_owned(), name: "desk".to_owned(), args };
        assert_eq!(parse(line), Ok(expected));
        assert_eq!(parse(r#"{"version":1,"command":"status"}"#), Ok(Command::Status));
    }

    #[test]
    fn what_is_no_request_is_refused_by_name() {
        for (line, word) in [
            ("", "not understood"),
            ("[1]", "not understood"),
            (r#"{"version":2,"command":"fly"}"#, "version 2"),
            (r#"{"version":1,"command":"fly"}"#, "fly"),
            (r#"{"version":1,"command":"detach"}"#, "name"),
        ] {
            let failure = parse(line).expect_err("refused");
            assert!(failure.message.contains(word), "{line}: {failure}");
        }
    }
}
