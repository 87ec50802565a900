//! `casedd templates`, `casedd render` and `casedd schema`: what only the renderer's program knows, it is asked.
//!
//! The words are passed on as they are, and this process becomes that one: nothing about templates is known here.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use casedd_common::exit::{Exit, Failure};
use casedd_common::shell::Args;

use crate::plan::Surroundings;

/// Becomes the renderer's program with these words; returns only when that cannot be.
pub fn run(args: &Args, command: &str, words: &[OsString]) -> Result<(), Failure> {
    let program = Surroundings::find_bin_dir()?.join("casedd-renderer");
    let mut renderer = Command::new(&program);
    if let Some(config) = &args.config {
        renderer.arg("--config").arg(config);
    }
    let error = renderer.arg(command).args(words).exec();
    let remedy = "install it beside casedd, or name its folder in CASEDD_BIN_DIR";
    Err(Exit::Unavailable.because(format!("cannot run {}: {error}; {remedy}", program.display())))
}
