//! The files of a repository as the rules see them: relative path and text, read once.
//!
//! Knows no rule; samples of rules build a tree from literals.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

/// Names under which nothing is written by hand.
const SKIPPED: [&str; 4] = ["target", ".git", ".cache", "node_modules"];
/// Endings of files whose text the rules look at; other files only exist.
const TEXTS: [&str; 13] =
    ["rs", "toml", "md", "yaml", "yml", "casedd", "html", "css", "js", "sh", "service", "rules", "lock"];

/// Every file of a repository: path from its root, and text (empty for pictures and the like).
#[derive(Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, String>,
}

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    path: String,
    line: usize,
    message: String,
}

impl Fault {
    /// At a line, counted from 1; 0: the file as a whole.
    pub fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Fault { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

impl Tree {
    /// Reads every file under `root`.
    pub fn read(root: &Path) -> io::Result<Tree> {
        let mut tree = Tree::default();
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    fn read_folder(&mut self, root: &Path, folder: &str) -> io::Result<()> {
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let kind = entry.file_type()?;
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            if kind.is_dir() {
                self.read_folder(root, &path)?;
            } else if kind.is_file() {
                let is_text = name.rsplit_once('.').is_none_or(|(_, ending)| TEXTS.contains(&ending));
                let text = if is_text {
                    String::from_utf8_lossy(&fs::read(entry.path())?).into_owned()
                } else {
                    String::new()
                };
                self.files.insert(path, text);
            }
        }
        Ok(())
    }

    /// A tree from literals.
    pub fn sample(files: &[(&str, &str)]) -> Tree {
        Tree { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// Every file, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every file with that ending.
    pub fn with_ending(&self, ending: &'static str) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(move |(path, _)| path.ends_with(ending))
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether a path is a file or a folder with files.
    pub fn exists(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        path.is_empty()
            || self.files.contains_key(path)
            || self.files.keys().any(|file| file.starts_with(&folder))
    }
}

/// The folder of a path; empty at the root.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path from a folder on, with `.` and `..` resolved; `None` when it leaves the repository.
pub fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The faults as lines, for samples.
#[cfg(test)]
pub fn shown(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(Fault::to_string).collect()
}

#[test]
fn the_repository_is_read_without_what_is_built() {
    let tree = Tree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).expect("it can be read");
    assert!(tree.text("tests/tests/tidy/tree.rs").is_some_and(|text| text.starts_with("//! The files")));
    assert!(tree.exists("tests/tests") && !tree.exists("target") && !tree.exists(".git"));
}

#[test]
fn paths_are_joined_within_the_repository() {
    let cases = [
        ("a/b", "../c.md", Some("a/c.md")),
        ("", "./x", Some("x")),
        ("a", "..", Some("")),
        ("a", "../..", None),
    ];
    for (folder, path, expected) in cases {
        assert_eq!(join(folder, path).as_deref(), expected, "{folder} {path}");
    }
    assert_eq!((folder("a/b/c"), folder("c")), ("a/b", ""));
}
