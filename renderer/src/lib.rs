//! Turns snapshots into frames: templates, widgets and views.
//!
//! Opens no device and no network, and knows nothing of outputs: sinks ask, it serves.
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use casedd_common::exit::{self, Failure};
use casedd_common::shell;

mod card;
mod commands;
pub mod data;
pub mod director;
mod ease;
mod fill;
mod fonts;
pub mod format;
pub mod inputs;
pub mod layout;
pub mod overlay;
pub mod painter;
pub mod picture;
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

    /// Without one, it serves sinks until it is told to end
    #[command(subcommand)]
    command: Option<commands::Command>,
}

/// Runs the process to its end.
pub fn run() -> ExitCode {
    let cli = shell::parse::<Cli>();
    exit::main(match &cli.command {
        Some(command) => commands::run(command, cli.args.config.as_deref()),
        None => serve(&cli),
    })
}

fn serve(cli: &Cli) -> Result<(), Failure> {
    let shell = shell::start("casedd-renderer", &cli.args)?;
    let mut painter = painter::Painter::with_system_fonts_beside();
    if let Some(path) = &cli.font {
        fonts::replace(&mut painter.fonts, path)?;
    }
    service::run(&shell, painter)
}
