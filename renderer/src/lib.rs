//! Turns snapshots into frames: templates, widgets and views.
//!
//! Opens no device and no network, and knows nothing of outputs: sinks ask, it serves.
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use casedd_common::config::{AUTO_TEMPLATE, Config};
use casedd_common::exit::{self, Exit, Failure};
use casedd_common::shell;

mod card;
pub mod data;
mod ease;
mod fill;
mod fonts;
pub mod format;
pub mod layout;
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

    /// Only check these templates, say everything that is wrong with them, and leave
    #[arg(long, value_name = "TEMPLATE", num_args = 1..)]
    check: Vec<String>,
}

/// Runs the process to its end.
pub fn run() -> ExitCode {
    let cli = shell::parse::<Cli>();
    exit::main(if cli.check.is_empty() { serve(&cli) } else { check(&cli) })
}

fn check(cli: &Cli) -> Result<(), Failure> {
    let config = Config::load(cli.args.config.as_deref(), |key| std::env::var(key).ok());
    let store = template::store::Store::new(config.map_err(shell::ShellError::from)?.template_dirs);
    let named = cli.check.iter().filter(|name| *name != AUTO_TEMPLATE);
    let errors = named.filter_map(|name| store.load(name).err());
    let lines: Vec<String> = errors.map(|error| error.to_string()).collect();
    if lines.is_empty() { Ok(()) } else { Err(Exit::Config.because(lines.join("\n"))) }
}

fn serve(cli: &Cli) -> Result<(), Failure> {
    let shell = shell::start("casedd-renderer", &cli.args)?;
    let mut painter = painter::Painter::with_system_fonts();
    if let Some(path) = &cli.font {
        fonts::replace(&mut painter.fonts, path)?;
    }
    service::run(&shell, painter)
}
