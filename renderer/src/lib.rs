//! Turns snapshots into frames: templates, widgets and views.
//!
//! Opens no device and no network, and knows nothing of outputs: sinks ask, it serves.
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use casedd_common::exit::{self, Failure};
use casedd_common::shell;

mod card;
pub mod data;
mod fill;
mod fonts;
pub mod format;
pub mod layout;
pub mod painter;
mod regions;
pub mod sample;
pub mod service;
pub mod template;
pub mod theme;
pub mod view;
pub mod widgets;

/// Draws what sinks ask for: templates filled with the collector's values.
#[derive(clap::Parser)]
#[command(name = "casedd-renderer", version)]
struct Cli {
    #[command(flatten)]
    args: shell::Args,

    /// Font file for all text but the monospaced, in place of the embedded font
    #[arg(long, value_name = "FILE", env = "CASEDD_FONT")]
    font: Option<PathBuf>,
}

/// Runs the process to its end.
pub fn run() -> ExitCode {
    exit::main(serve(&shell::parse::<Cli>()))
}

fn serve(cli: &Cli) -> Result<(), Failure> {
    let shell = shell::start("casedd-renderer", &cli.args)?;
    let mut painter = painter::Painter::default();
    if let Some(path) = &cli.font {
        fonts::replace(&mut painter.fonts, path)?;
    }
    service::run(&shell, painter)
}
