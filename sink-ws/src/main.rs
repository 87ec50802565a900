//! The `casedd-sink-ws` process; everything is in the library.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    casedd_sink_ws::run()
}
