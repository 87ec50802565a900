//! Finds templates by name: in the folders of the configuration, then among the built-in ones.
//! Leaves out what a template says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use casedd_common::config::suggest::nearest;
use casedd_common::config::yaml::FILE_BYTES_MAX;

use super::error::TemplateError;
use super::spec::Template;
use crate::theme::Theme;

/// What a template's file name ends with.
const EXTENSION: &str = "casedd";
/// Most files of one folder that are looked at.
const FILES_MAX: usize = 1000;

/// Name and text of the templates in the program.
const BUILT_IN: &[(&str, &str)] = &[
    ("system_stats", include_str!("../../templates/system_stats.casedd")),
    ("compact", include_str!("../../templates/compact.casedd")),
    ("wide_bar", include_str!("../../templates/wide_bar.casedd")),
    ("nas", include_str!("../../templates/nas.casedd")),
    ("network", include_str!("../../templates/network.casedd")),
    ("cores", include_str!("../../templates/cores.casedd")),
    ("thermals", include_str!("../../templates/thermals.casedd")),
    ("clock", include_str!("../../templates/clock.casedd")),
    ("wall", include_str!("../../templates/wall.casedd")),
    ("processes", include_str!("../../templates/processes.casedd")),
    ("containers", include_str!("../../templates/containers.casedd")),
    ("media", include_str!("../../templates/media.casedd")),
];

/// Where templates are looked for.
#[derive(Clone, Debug, Default)]
pub struct Store {
    dirs: Vec<PathBuf>,
}

/// Why there is no template of a name.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Nowhere to be found.
    #[error("no template \"{name}\"{hint}; there are {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// `; did you mean "..."?`, or nothing.
        hint: String,
        /// All there are.
        known: String,
    },
    /// The name could be a path.
    #[error("\"{0}\" is no template name; use letters, digits, -, _ and . only")]
    BadName(String),
    /// The file cannot be read.
    #[error("cannot read the template {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The file is wrong.
    #[error(transparent)]
    Wrong(#[from] TemplateError),
}

impl Store {
    /// Templates of these folders, first match wins, then the built-in ones.
    pub fn new(dirs: Vec<PathBuf>) -> Store {
        Store { dirs }
    }

    /// The template of a name in the default theme, read and checked anew.
    pub fn load(&self, name: &str) -> Result<Arc<Template>, LoadError> {
        self.load_in(&Theme::default(), name)
    }

    /// The template of a name in an output's theme.
    pub fn load_in(&self, theme: &Theme, name: &str) -> Result<Arc<Template>, LoadError> {
        let name = name.strip_suffix(".casedd").unwrap_or(name);
        if !is_name(name) {
            return Err(LoadError::BadName(name.into()));
        }
        for path in self.candidates(name) {
            if path.exists() {
                return load_file_in(theme, &path);
            }
        }
        if Store::is_built_in(name) {
            return self.load_built_in(theme, name);
        }
        self.by_own_name(theme, name).unwrap_or_else(|| Err(self.unknown(name)))
    }

    /// The same from the program alone, whatever files there are.
    pub fn load_built_in(&self, theme: &Theme, name: &str) -> Result<Arc<Template>, LoadError> {
        let Some((_, text)) = BUILT_IN.iter().find(|(stem, _)| *stem == name) else {
            return Err(self.unknown(name));
        };
        let file = format!("built-in {name}.{EXTENSION}");
        Ok(Arc::new(super::parse_in(theme, &file, name, text)?))
    }

    /// Where the template of a name is.
    pub fn find(&self, name: &str) -> Result<Found, LoadError> {
        let name = name.strip_suffix(".casedd").unwrap_or(name);
        if !is_name(name) {
            return Err(LoadError::BadName(name.into()));
        }
        let by_stem = self.candidates(name).find(|path| path.exists()).map(Found::File);
        let built_in =
            || BUILT_IN.iter().find(|(stem, _)| *stem == name).map(|(_, text)| Found::BuiltIn { text });
        let by_own_name = || {
            let is_it = |path: &PathBuf| load_file(path).is_ok_and(|template| template.name == name);
            self.files().find(is_it).map(Found::File)
        };
        by_stem.or_else(built_in).or_else(by_own_name).ok_or_else(|| self.unknown(name))
    }

    /// Names of all templates, sorted.
    pub fn names(&self) -> Vec<String> {
        let stems = self.files().filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
        let mut names: Vec<String> = stems.filter(|name| is_name(name)).collect();
        names.extend(BUILT_IN.iter().map(|(name, _)| String::from(*name)));
        names.sort();
        names.dedup();
        names
    }

    /// Where the file of a template of that name may be, the first match first.
    pub(super) fn candidates(&self, name: &str) -> impl Iterator<Item = PathBuf> {
        let file = format!("{}.{EXTENSION}", name.strip_suffix(".casedd").unwrap_or(name));
        self.dirs.iter().filter(move |_| is_name(name)).map(move |dir| dir.join(&file))
    }

    /// Whether the program has a template of that name.
    pub(super) fn is_built_in(name: &str) -> bool {
        BUILT_IN.iter().any(|(stem, _)| *stem == name)
    }

    /// A file whose `name:` is the one asked for, although its stem is not.
    fn by_own_name(&self, theme: &Theme, name: &str) -> Option<Result<Arc<Template>, LoadError>> {
        self.files()
            .map(|path| load_file_in(theme, &path))
            .find(|found| found.as_ref().is_ok_and(|found| found.name == name))
    }

    /// Every `.casedd` file of the folders.
    pub(super) fn files(&self) -> impl Iterator<Item = PathBuf> {
        let entries = self.dirs.iter().filter_map(|dir| std::fs::read_dir(dir).ok());
        let paths = entries.flat_map(|entries| entries.flatten().take(FILES_MAX)).map(|entry| entry.path());
        paths.filter(|path| path.extension().is_some_and(|extension| extension == EXTENSION))
    }

    fn unknown(&self, name: &str) -> LoadError {
        let names = self.names();
        let hint = nearest(name, names.iter().map(String::as_str));
        let hint = hint.map_or_else(String::new, |word| format!("; did you mean \"{word}\"?"));
        LoadError::Unknown { name: name.into(), hint, known: names.join(", ") }
    }
}

/// Where a template is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// In a file.
    File(PathBuf),
    /// In the program.
    BuiltIn {
        /// What it says.
        text: &'static str,
    },
}

impl Found {
    /// What it says.
    pub fn text(&self) -> Result<String, LoadError> {
        match self {
            Found::BuiltIn { text } => Ok((*text).to_owned()),
            Found::File(path) => read(path),
        }
    }
}

/// The name of the file of a template.
pub fn file_name(name: &str) -> Result<String, LoadError> {
    match is_name(name) {
        true => Ok(format!("{name}.{EXTENSION}")),
        false => Err(LoadError::BadName(name.into())),
    }
}

fn is_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | ' ');
    !name.is_empty() && name.len() <= 128 && !name.starts_with('.') && name.chars().all(is_letter)
}

/// Reads and checks one file, in the default theme.
pub fn load_file(path: &Path) -> Result<Arc<Template>, LoadError> {
    load_file_in(&Theme::default(), path)
}

/// Reads and checks one file, in an output's theme.
pub fn load_file_in(theme: &Theme, path: &Path) -> Result<Arc<Template>, LoadError> {
    let text = read(path)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    Ok(Arc::new(super::parse_in(theme, &path.display().to_string(), &stem, &text)?))
}

/// The text of a file, which is a regular one and not too long.
fn read(path: &Path) -> Result<String, LoadError> {
    let unreadable = |reason: String| LoadError::Unreadable { path: path.into(), reason };
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if !metadata.is_file() {
        // A named pipe would block for ever.
        return Err(unreadable("no regular file".into()));
    }
    if metadata.len() > FILE_BYTES_MAX as u64 {
        return Err(unreadable(format!("{} bytes; at most {FILE_BYTES_MAX} are read", metadata.len())));
    }
    std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_template_is_good_and_gives_no_warning() {
        for (name, _) in BUILT_IN {
            let template = Store::default().load(name).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(
                (template.name.as_str(), template.warnings.len()),
                (*name, 0),
                "{:?}",
                template.warnings
            );
        }
    }

    #[test]
    fn files_go_before_built_in_ones_and_are_found_by_stem_or_own_name() {
        let dir = tempfile::tempdir().expect("a folder");
        let write = |file: &str, text: &str| std::fs::write(dir.path().join(file), text).expect("written");
        write("compact.casedd", "description: mine\nwidgets: { a: { type: text } }\n");
        write("file.casedd", "name: TANK\nwidgets: { a: { type: text } }\n");
        write("broken.casedd", "widgets: { a: { type: txt } }\n");
        let store = Store::new(vec![dir.path().into(), "/no/such/folder".into()]);
        assert_eq!(store.load("compact").expect("own").description, "mine");
        assert_eq!(store.load("compact.casedd").expect("with extension").description, "mine");
        assert_eq!(store.load("TANK").expect("by its name").name, "TANK");
        assert_eq!(store.load("file").expect("by its stem").name, "TANK");
        assert!(
            store
                .load("broken")
                .expect_err("wrong")
                .to_string()
                .contains("broken.casedd:1:23: found the type")
        );
        let names = store.names();
        assert!(
            ["broken", "compact", "file", "nas"].iter().all(|name| names.iter().any(|known| known == name))
        );
        assert!(names.is_sorted() && names.iter().filter(|name| *name == "compact").count() == 1);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest_and_all_others() {
        let error = Store::default().load("sytem_stats").expect_err("unknown").to_string();
        assert!(
            error.starts_with(
                "no template \"sytem_stats\"; did you mean \"system_stats\"?; there are clock, compact"
            ),
            "{error}"
        );
        for name in ["../etc/passwd", "", ".hidden", "a/b", "a\0b"] {
            assert!(matches!(Store::default().load(name), Err(LoadError::BadName(_))), "{name}");
        }
    }
}
