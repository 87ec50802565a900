//! Turns snapshots into frames: templates, widgets and views.
//!
//! Opens no device and no network, and knows nothing of outputs: sinks ask, it serves.
#![forbid(unsafe_code)]

use std::process::ExitCode;

mod card;
pub mod data;
pub mod format;
pub mod layout;
pub mod painter;
mod regions;
pub mod template;
pub mod theme;
pub mod view;
pub mod widgets;

/// Runs the process to its end.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
