//! Polls the machine and publishes snapshots on the board.
//!
//! Getters read, the store remembers, the service keeps time. Knows nothing of templates, frames or outputs.
#![forbid(unsafe_code)]

use std::process::ExitCode;

pub mod batch;
pub mod error;
pub mod file;
pub mod getters;
pub mod rate;
pub mod registry;
pub mod roots;
pub mod runner;
pub mod store;

mod cli;
mod poller;
mod report;
mod service;
mod worker;

/// Runs the process to its end.
pub fn run() -> ExitCode {
    casedd_common::exit::main(cli::run())
}
