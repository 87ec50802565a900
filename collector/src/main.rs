//! The `casedd-collector` process; everything is in the library.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    casedd_collector::run()
}
