//! Turns snapshots into frames: templates, widgets and views.
//!
//! Opens no device and no network, and knows nothing of outputs: sinks ask, it serves.
#![forbid(unsafe_code)]

use std::process::ExitCode;

pub mod data;
pub mod format;
pub mod layout;
pub mod template;
pub mod theme;
pub mod widgets;

/// Runs the process to its end.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
