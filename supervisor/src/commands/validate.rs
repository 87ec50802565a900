//! `casedd validate`: says what is wrong with the configuration, and where, without starting anything.
//!
//! Templates in the configured folders are looked up by name; what is in them is the renderer's business.

use std::path::Path;

use casedd_common::config::Config;
use casedd_common::exit::Failure;
use casedd_common::shell::{Args, ShellError};

use super::print;

/// Checks the configuration.
pub fn run(args: &Args) -> Result<(), Failure> {
    let config =
        Config::load(args.config.as_deref(), |key| std::env::var(key).ok()).map_err(ShellError::from)?;
    let name = config.path.as_deref().unwrap_or(Path::new("built-in defaults")).display().to_string();
    let mut text: String = config.warnings.iter().map(|warning| format!("warning: {warning}\n")).collect();
    let enabled = config.outputs.iter().filter(|output| output.enabled).count();
    text += &format!("{name}: good, {enabled} of {} outputs enabled\n", config.outputs.len());
    print(&text)
}
