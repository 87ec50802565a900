//! Shows frames on a Linux framebuffer or in a plain file.
#![deny(unsafe_code)]

pub mod pixels;

use std::process::ExitCode;

/// Runs the process to its end.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
