//! Supervisor and command line of the case display daemon.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Runs the process to its end.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
