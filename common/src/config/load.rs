//! From a file and the environment to a `Config`: finds the file, reads it, and settles where templates and images are looked for.
//!
//! Leaves out what the keys mean.

use super::error::{ConfigError, Place, Remark};
use super::section::Findings;
use super::yaml::{self, Mark, Node, Value};
use super::{Config, top};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Where the machine's configuration and templates are.
const SYSTEM_FOLDER: &str = "/etc/casedd";
/// Name of the file in the configuration folders.
const FILE_NAME: &str = "casedd.yaml";

type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// See [`Config::load`].
pub(super) fn load(path: Option<&Path>, env: Env<'_>) -> Result<Config, ConfigError> {
    let Some(path) = path.map(Path::to_path_buf).or_else(|| find(env)) else {
        return from_text(None, "", env);
    };
    let bytes = read(&path).map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
    let text = match String::from_utf8(bytes) {
        Err(error) if error.as_bytes().len() <= yaml::FILE_BYTES_MAX => {
            let place = Place::File { file: path.display().to_string() };
            let message =
                format!("byte {} is no UTF-8 text; save the file as UTF-8", error.utf8_error().valid_up_to());
            return Err(ConfigError::Invalid { problems: vec![Remark { place, message }] });
        }
        text => text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    };
    from_text(Some(&path), &text, env)
}

/// See [`Config::find`].
pub(super) fn find(env: Env<'_>) -> Option<PathBuf> {
    if let Some(path) = given(env, "CASEDD_CONFIG") {
        return Some(path);
    }
    let folders = user_folder(env).into_iter().chain([PathBuf::from(SYSTEM_FOLDER)]);
    folders.map(|folder| folder.join(FILE_NAME)).find(|path| path.exists())
}

/// See [`Config::from_text`].
pub(super) fn from_text(path: Option<&Path>, text: &str, env: Env<'_>) -> Result<Config, ConfigError> {
    let file = path.map_or("built-in configuration".to_owned(), |path| path.display().to_string());
    let mut findings = Findings { file, ..Findings::default() };
    let folder = path.map(|path| path.parent().unwrap_or(Path::new("")));
    let root = yaml::parse(text).unwrap_or_else(|error| {
        let whole = Place::File { file: findings.file.clone() };
        let place = error.mark.map_or(whole, |mark| findings.place(mark));
        findings.problem(place, error.message);
        Node { mark: Mark::default(), value: Value::Null }
    });
    let overrides = top::overrides(&env);
    let mut config = top::read(&mut findings, &root, &overrides, folder);
    if !findings.problems.is_empty() {
        return Err(ConfigError::Invalid { problems: findings.problems });
    }
    add_template_dirs(&mut config, folder, env);
    if config.asset_dirs.is_empty() {
        let beside = config.template_dirs.iter().filter_map(|dir| Some(dir.parent()?.join("assets")));
        config.asset_dirs = beside.collect();
    }
    config.path = path.map(Path::to_path_buf);
    config.warnings = findings.warnings;
    Ok(config)
}

/// The file's bytes; of one that is too long, just enough to be told so.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = yaml::FILE_BYTES_MAX as u64 + 1;
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The folders after `templates_dir`: beside the file, the user's, the machine's.
fn add_template_dirs(config: &mut Config, folder: Option<&Path>, env: Env<'_>) {
    let roots = [folder.map(Path::to_path_buf), user_folder(env), Some(PathBuf::from(SYSTEM_FOLDER))];
    for dir in roots.into_iter().flatten().map(|root| root.join("templates")) {
        if !config.template_dirs.contains(&dir) {
            config.template_dirs.push(dir);
        }
    }
}

/// `$XDG_CONFIG_HOME/casedd`, else `$HOME/.config/casedd`.
fn user_folder(env: Env<'_>) -> Option<PathBuf> {
    let config_home = given(env, "XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    let home = given(env, "HOME").map(|home| home.join(".config"));
    Some(config_home.or(home)?.join("casedd"))
}

fn given(env: Env<'_>, variable: &str) -> Option<PathBuf> {
    env(variable).filter(|text| !text.is_empty()).map(PathBuf::from)
}
