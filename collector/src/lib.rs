//! Polls the machine and publishes snapshots on the board.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Runs the process to its end.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
