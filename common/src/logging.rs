//! Logs of every process: `tracing` events to stderr, one line each, as text or as JSON.
//!
//! Keeps no file and rotates nothing: stderr belongs to the supervisor, the journal or the terminal.

use std::io::IsTerminal;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt as layer_fmt};

/// Set by the supervisor for its children, which then leave out the time: the supervisor writes it.
pub const SUPERVISOR_PID_VAR: &str = "CASEDD_SUPERVISOR_PID";

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Level, target, message and fields, for people.
    #[default]
    Text,
    /// One JSON object a line, for programs.
    Json,
}

impl LogFormat {
    /// The name of the format on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }
    }
}

/// A log level that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "log level \"{0}\" is none of error, warn, info, debug, trace, nor a list like info,casedd_renderer=debug"
)]
pub struct LevelError(String);

/// Sends the events of this process to stderr from here on; a second call changes nothing.
pub fn start(level: &str, format: LogFormat) -> Result<(), LevelError> {
    let targets = parse_level(level)?;
    let stderr = layer_fmt::layer().with_writer(std::io::stderr);
    let layer = match format {
        LogFormat::Json => stderr.json().flatten_event(true).boxed(),
        LogFormat::Text if time_is_added_downstream() => stderr.with_ansi(false).without_time().boxed(),
        LogFormat::Text => stderr.with_ansi(std::io::stderr().is_terminal()).boxed(),
    };
    // Only tests start more than one shell in a process; the first one's choice stays.
    let _ = tracing_subscriber::registry().with(layer.with_filter(targets)).try_init();
    Ok(())
}

/// Sends the events of this process, as lines without time and colour, to a writer that adds both itself.
pub fn start_with<W>(level: &str, format: LogFormat, writer: W) -> Result<(), LevelError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let targets = parse_level(level)?;
    let lines = layer_fmt::layer().with_ansi(false).with_writer(writer);
    let layer = match format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Text => lines.without_time().boxed(),
    };
    let _ = tracing_subscriber::registry().with(layer.with_filter(targets)).try_init();
    Ok(())
}

/// Reads a level, or a list of `target=level` with commas between.
fn parse_level(level: &str) -> Result<Targets, LevelError> {
    let level = level.trim().to_ascii_lowercase();
    let level = if level == "warning" { "warn".to_owned() } else { level };
    let error = || LevelError(level.clone());
    // A bare unknown word would be taken for a target's name, and everything else would be silent.
    if !level.contains('=') && tracing::metadata::LevelFilter::from_str(&level).is_err() {
        return Err(error());
    }
    Targets::from_str(&level).map_err(|_| error())
}

/// Whether the reader of our stderr stamps each line itself: the supervisor does, and so does the journal.
fn time_is_added_downstream() -> bool {
    std::env::var_os(SUPERVISOR_PID_VAR).is_some() || std::env::var_os("JOURNAL_STREAM").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_lists_of_targets_are_understood() {
        for good in ["info", "WARN", "warning", "off", "info,casedd_renderer=debug", "casedd_collector=trace"]
        {
            assert!(parse_level(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_misspelt_level_is_refused_with_the_choices() {
        let error = parse_level("inof").expect_err("no such level").to_string();
        assert!(error.contains("\"inof\"") && error.contains("error, warn, info"), "{error}");
        assert!(parse_level("casedd_renderer=loud").is_err());
    }
}
