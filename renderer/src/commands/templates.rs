//! `casedd templates`: what there is, what a template says, whether it is right, and a new one to begin with.
//! Leaves out pictures (`render`).

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use casedd_common::config::{AUTO_TEMPLATE, Config};
use casedd_common::exit::{Exit, Failure};

use super::print;
use crate::template::spec::Template;
use crate::template::store::{self, Found, LoadError, Store};
use crate::theme::Theme;

/// What a new template says.
const STARTER: &str = include_str!("starter.casedd");
/// Where the starter holds the new template's name.
const STARTER_NAME: &str = "@NAME@";
/// What stands before a template's own name in its file.
const NAME_KEY: &str = "name: ";

/// What is done with templates.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Names, places and descriptions of all templates
    List,
    /// Print a template
    Show {
        /// Its name
        name: String,
    },
    /// Say everything that is wrong with templates; without any: with all there are
    Check {
        /// Names or files
        #[arg(value_name = "TEMPLATE")]
        templates: Vec<String>,
    },
    /// Write a template to begin with
    New {
        /// Its name
        name: String,
        /// A template to copy in place of the short one
        #[arg(long, value_name = "TEMPLATE")]
        from: Option<String>,
        /// Where to write it [default: the first folder that is searched for templates]
        #[arg(long, value_name = "FOLDER")]
        dir: Option<PathBuf>,
    },
}

/// Does it.
pub fn run(command: &Command, config: &Config, store: &Store) -> Result<(), Failure> {
    match command {
        Command::List => print(&list(store)),
        Command::Show { name } => show(name, store),
        Command::Check { templates } => check(templates, store),
        Command::New { name, from, dir } => {
            let dir = dir.as_ref().or(config.template_dirs.first());
            let dir =
                dir.ok_or_else(|| Exit::Usage.because("no folder for templates; name one with --dir"))?;
            make(name, from.as_deref(), dir, store)
        }
    }
}

/// A template by the path of a file, else by its name, in a theme.
pub fn load_in(theme: &Theme, name_or_file: &str, store: &Store) -> Result<Arc<Template>, LoadError> {
    let path = Path::new(name_or_file);
    if name_or_file.contains('/') || (path.is_file() && path.extension().is_some()) {
        return store::load_file_in(theme, path);
    }
    store.load_in(theme, name_or_file)
}

/// One line a template: name, place, what it is for or what is wrong with it.
fn list(store: &Store) -> String {
    let names = store.names();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for name in &names {
        let place = match store.find(name) {
            Ok(Found::File(path)) => path.display().to_string(),
            Ok(Found::BuiltIn { .. }) => "built-in".to_owned(),
            Err(_) => "-".to_owned(),
        };
        let what = match store.load(name) {
            Ok(template) => template.description.clone(),
            Err(error) => format!("wrong: {error}"),
        };
        let line = format!("{name:<width$}  {place}  {what}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn show(name: &str, store: &Store) -> Result<(), Failure> {
    let found = store.find(name).map_err(|error| Exit::Config.because(error))?;
    print(&found.text().map_err(|error| Exit::Config.because(error))?)
}

fn check(templates: &[String], store: &Store) -> Result<(), Failure> {
    let all = if templates.is_empty() { store.names() } else { templates.to_vec() };
    let mut errors = Vec::new();
    for name in all.iter().filter(|name| *name != AUTO_TEMPLATE) {
        match load_in(&Theme::default(), name, store) {
            Ok(template) => {
                let warnings: String =
                    template.warnings.iter().map(|warning| format!("warning: {warning}\n")).collect();
                print(&format!("{warnings}{name}: good\n"))?;
            }
            Err(error) => errors.push(error.to_string()),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Exit::Config.because(errors.join("\n"))) }
}

fn make(name: &str, from: Option<&str>, dir: &Path, store: &Store) -> Result<(), Failure> {
    let refuse = |error: LoadError| Exit::Usage.because(error);
    let file_name = store::file_name(name).map_err(refuse)?;
    let text = match from {
        Some(from) => renamed(&store.find(from).and_then(|found| found.text()).map_err(refuse)?, name),
        None => STARTER.replace(STARTER_NAME, name),
    };
    let path = dir.join(file_name);
    let cannot = |error: std::io::Error| {
        let remedy = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "choose another name",
            _ => "name another folder with --dir",
        };
        Exit::CantCreate.because(format!("cannot write {}: {error}; {remedy}", path.display()))
    };
    std::fs::create_dir_all(dir).map_err(cannot)?;
    // Never over a template that somebody has.
    let mut file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    print(&format!("{}\nlook at it: casedd render {name} -o {name}.png\n", path.display()))
}

/// The text of a template under another name.
fn renamed(text: &str, name: &str) -> String {
    let line = |line: &str| match line.strip_prefix(NAME_KEY) {
        Some(_) => format!("{NAME_KEY}{name}\n"),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("bad.casedd"), "widgets: { a: { type: txt } }\n").expect("written");
        let store = Store::new(vec![dir.path().to_owned()]);
        (dir, store)
    }

    #[test]
    fn a_new_template_is_good_has_its_name_and_goes_over_nothing() {
        let (dir, store) = store();
        make("mine", None, dir.path(), &store).expect("written");
        let mine = store.load("mine").expect("a good template");
        assert_eq!((mine.name.as_str(), mine.warnings.len()), ("mine", 0), "{:?}", mine.warnings);
        make("copy", Some("compact"), dir.path(), &store).expect("written");
        let copy = store.load("copy").expect("a good template");
        let original = store.load("compact").expect("a good template");
        assert_eq!((copy.name.as_str(), &copy.description), ("copy", &original.description));
        let failure = make("mine", None, dir.path(), &store).expect_err("it is there already");
        assert_eq!(failure.exit, Exit::CantCreate);
        assert!(make("../mine", None, dir.path(), &store).is_err());
    }

    #[test]
    fn the_list_tells_places_descriptions_and_mistakes() {
        let (dir, store) = store();
        let text = list(&store);
        let line = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        assert!(line("compact").contains("built-in  "), "{text}");
        assert!(line("bad").contains(&dir.path().display().to_string()), "{text}");
        assert!(line("bad").contains("bad.casedd:1:23: found the type \"txt\""), "{text}");
    }

    #[test]
    fn files_and_names_are_checked_alike_and_every_mistake_is_told() {
        let (dir, store) = store();
        let file = dir.path().join("bad.casedd").display().to_string();
        let failure =
            check(&["compact".into(), "auto".into(), file, "compcat".into()], &store).expect_err("wrong");
        assert_eq!((failure.exit, failure.message.lines().count()), (Exit::Config, 2), "{failure}");
        assert!(check(&["compact".into()], &store).is_ok());
        assert!(check(&[], &store).is_err());
    }
}
