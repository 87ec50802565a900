//! Shows frames in browsers: JPEG over WebSocket, MJPEG, single pictures, and the page that shows them.
//!
//! Two threads: the sink's loop takes and encodes frames, the server sends them. They share the newest picture
//! only, so that no viewer can hold up another, or the renderer.
#![forbid(unsafe_code)]

mod audience;
mod canvas;
mod cli;
mod counters;
pub mod encode;
mod server;
mod settings;
mod shared;
mod shown;
mod sink;

use std::process::ExitCode;

use casedd_common::exit::{self, Failure};
use casedd_common::shell;

/// Runs the process to its end.
pub fn run() -> ExitCode {
    exit::main(serve())
}

fn serve() -> Result<(), Failure> {
    let cli: cli::Cli = shell::parse();
    let shell = shell::start("casedd-sink-ws", &cli.shell)?;
    let settings = settings::Settings::new(&cli, &shell.config, |name| std::env::var(name).ok())?;
    let shared = shared::Shared::new(settings, shell.runtime.renderer_socket())?;
    let server = server::Server::start(&shared)?;
    let sink = sink::WsSink::new(shared, server)?;
    casedd_common::sink::run(shell, sink)
}
