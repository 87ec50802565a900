//! `casedd status`: what the supervisor, the renderer and the board know, as tables or as JSON.

use std::io::IsTerminal;

use casedd_common::exit::{Exit, Failure};
use casedd_common::runtime_dir::RuntimeDir;
use casedd_common::shell::Args;

use super::{connect, print};
use crate::report::Report;
use crate::table::{Colours, tables};

/// Prints the status.
pub fn run(args: &Args, json: bool) -> Result<(), Failure> {
    let group = connect(args)?.status()?;
    let dir = RuntimeDir::locate_here(args.runtime_dir.as_deref());
    let report = Report::collect(group, &RuntimeDir::open(&dir)?);
    let text = match json {
        true => serde_json::to_string_pretty(&report).map_err(|error| Exit::Software.because(error))? + "\n",
        false => tables(&report, Colours::when(std::io::stdout().is_terminal())),
    };
    print(&text)
}
