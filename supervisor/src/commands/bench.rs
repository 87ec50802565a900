//! `casedd bench`: hands over to the bench, a program of its own beside this one.
//!
//! It links the renderer, an encoder and their rivals, which the programs that run all day need not carry.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use casedd_common::exit::{Exit, Failure};

use crate::plan::Surroundings;

/// The bench's program.
const PROGRAM: &str = "casedd-bench";

/// Becomes the bench; comes back only when that cannot be.
pub fn run(flags: &[OsString]) -> Result<(), Failure> {
    let program = Surroundings::find_bin_dir()?.join(PROGRAM);
    let error = Command::new(&program).args(flags).exec();
    Err(match error.kind() {
        io::ErrorKind::NotFound => Exit::Unavailable.because(format!(
            "{} is not there: build it beside casedd with `cargo build --release -p {PROGRAM}`",
            program.display()
        )),
        _ => Failure::from(error).while_doing("starting the bench"),
    })
}
