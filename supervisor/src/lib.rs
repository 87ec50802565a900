//! Supervisor and command line of the case display daemon: starts the processes, keeps them running, tells how they fare.
//!
//! Draws nothing, polls nothing, opens no display: pixels and metrics pass it by. It only ever touches its own children.
#![forbid(unsafe_code)]

mod child;
mod cli;
mod commands;
mod control;
mod daemon;
mod delivery;
mod group;
mod heartbeat;
mod lock;
mod log;
mod log_line;
mod notify_receiver;
mod observer;
mod plan;
mod process;
mod report;
mod restart;
mod signals;
mod status;
mod table;
mod watch;

use std::process::ExitCode;

/// Runs the process to its end.
pub fn run() -> ExitCode {
    cli::run()
}
