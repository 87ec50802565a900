//! Shows frames in browsers: JPEG over WebSocket, MJPEG, snapshots.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Runs the process to its end.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
