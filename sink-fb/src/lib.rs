//! Shows frames on a Linux framebuffer or in a plain file.
//!
//! Draws nothing and polls nothing: pixels come from the renderer, and what they mean is unknown here.
#![deny(unsafe_code)]

mod console;
mod device;
mod file;
mod find;
mod kernel;
mod options;
pub mod pixels;
mod sink;
mod target;
mod written;

use std::process::ExitCode;

use casedd_common::exit::{self, Failure};
use casedd_common::{shell, sink as sink_shell};

/// Runs the process to its end.
pub fn run() -> ExitCode {
    exit::main(serve(&shell::parse()))
}

fn serve(options: &options::Options) -> Result<(), Failure> {
    let shell = shell::start("casedd-sink-fb", &options.shell)?;
    let (output, config) = options.output(&shell.config)?;
    let roots = find::Roots { sys: shell.config.sysfs_path.clone(), ..find::Roots::default() };
    sink_shell::run(shell, sink::FbSink::new(output, config, roots))
}
