//! `casedd validate`: says what is wrong with the configuration and the templates it names, and where; starts nothing.
//!
//! What is in a template only the renderer's program knows, so it is asked.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use casedd_common::config::{Config, OutputConfig};
use casedd_common::exit::{Exit, Failure};
use casedd_common::shell::{Args, ShellError};

use super::print;
use crate::plan::Surroundings;

/// Checks the configuration and its templates.
pub fn run(args: &Args) -> Result<(), Failure> {
    let config =
        Config::load(args.config.as_deref(), |key| std::env::var(key).ok()).map_err(ShellError::from)?;
    let warnings: String = config.warnings.iter().map(|warning| format!("warning: {warning}\n")).collect();
    print(&warnings)?;
    let templates: BTreeSet<&str> = config.outputs.iter().flat_map(templates_of).collect();
    let note = check(&config, &templates)?;
    let name = config.path.as_deref().unwrap_or(Path::new("built-in defaults")).display().to_string();
    let enabled = config.outputs.iter().filter(|output| output.enabled).count();
    let names: Vec<&str> = templates.into_iter().collect();
    print(&format!(
        "{name}: good, {enabled} of {} outputs enabled; templates: {}{note}\n",
        config.outputs.len(),
        names.join(", ")
    ))
}

/// Every template that an output may show.
fn templates_of(output: &OutputConfig) -> impl Iterator<Item = &str> {
    let policy = &output.template_policy;
    let triggers = policy.triggers.iter().map(|trigger| trigger.template.as_str());
    let schedule = policy.schedule.iter().map(|entry| entry.template.as_str());
    let rotation = policy.rotation.iter().map(|entry| entry.template.as_str());
    std::iter::once(output.template.as_str()).chain(triggers).chain(schedule).chain(rotation)
}

/// Has the templates checked; gives what to add when that could not be done.
fn check(config: &Config, templates: &BTreeSet<&str>) -> Result<&'static str, Failure> {
    const NOT_CHECKED: &str = " (not checked: casedd-renderer is not there, or is another version)";
    let mut renderer = Command::new(Surroundings::find_bin_dir()?.join("casedd-renderer"));
    if let Some(path) = &config.path {
        renderer.arg("--config").arg(path);
    }
    let output = renderer.args(["templates", "check"]).args(templates).stdin(Stdio::null()).output();
    let Ok(output) = output else { return Ok(NOT_CHECKED) };
    let errors = String::from_utf8_lossy(&output.stderr);
    match output.status.code().and_then(Exit::from_code) {
        Some(Exit::Ok) => Ok(""),
        Some(Exit::Config) => {
            Err(Exit::Config.because(errors.trim_end().trim_start_matches("casedd-renderer: ")))
        }
        Some(_) | None => Ok(NOT_CHECKED),
    }
}
