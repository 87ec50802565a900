//! Turns snapshots into frames: templates, widgets and views.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Runs the process to its end.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
