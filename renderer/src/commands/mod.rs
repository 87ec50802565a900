//! What `casedd-renderer` does besides serving: lists, shows, checks and makes templates, draws one, prints the schemas.
//!
//! `casedd templates`, `casedd render` and `casedd schema` run these. None needs a running group.

mod data;
mod render;
mod schema;
mod templates;

use std::io::{self, Write};

use casedd_common::config::Config;
use casedd_common::exit::Failure;
use casedd_common::shell::ShellError;

use crate::template::store::Store;

/// A wish that is granted without any sink.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List, show, check and make templates
    #[command(subcommand)]
    Templates(templates::Command),
    /// Draw a template into a PNG
    Render(render::Options),
    /// Print the JSON Schema of a format, for editors
    Schema {
        /// Which format
        format: schema::Format,
    },
}

/// Grants it; `config` is the file that `--config` named.
pub fn run(command: &Command, config: Option<&std::path::Path>) -> Result<(), Failure> {
    if let Command::Schema { format } = command {
        return print(&schema::text(*format));
    }
    let config = Config::load(config, |key| std::env::var(key).ok()).map_err(ShellError::from)?;
    let store = Store::new(config.template_dirs.clone());
    match command {
        Command::Templates(command) => templates::run(command, &config, &store),
        Command::Render(options) => render::run(options, &store),
        Command::Schema { format } => print(&schema::text(*format)),
    }
}

/// Prints to standard output; a reader that has had enough (`| head`) is no error.
fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| Failure::from(error).while_doing("writing to standard output")),
    }
}
