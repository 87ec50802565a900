//! Rules over what we take from others: each direct dependency has its reason in docs/dependencies.md, and is used.
//!
//! Leaves out versions and licences, which `cargo` and its tools know better.

use super::code::{code_only, has_word};
use super::manifests::{Dependency, crates, dependencies};
use super::tree::{Fault, Tree};
use std::collections::BTreeSet;

const DOCUMENT: &str = "docs/dependencies.md";

/// Dependencies of others, not of ours.
fn foreign(manifest: &str) -> impl Iterator<Item = Dependency> {
    dependencies(manifest).into_iter().filter(|dependency| !dependency.name.starts_with("casedd"))
}

/// Each direct dependency has a row `| `name` | ...`, and each row is a dependency.
pub fn documented(tree: &Tree) -> Vec<Fault> {
    let document = tree.text(DOCUMENT).unwrap_or_default();
    let row = |(index, line): (usize, &str)| {
        let name = line.strip_prefix("| `")?.split('`').next()?;
        Some((name.to_owned(), index + 1))
    };
    let rows: Vec<(String, usize)> = document.lines().enumerate().filter_map(row).collect();
    let mut faults = Vec::new();
    let mut named = BTreeSet::new();
    for (folder, manifest) in crates(tree) {
        for dependency in foreign(manifest) {
            if !rows.iter().any(|(name, _)| *name == dependency.name) && named.insert(dependency.name.clone())
            {
                let message =
                    format!("{} has no row in {DOCUMENT}; say what for, and why it", dependency.name);
                faults.push(Fault::new(&format!("{folder}/Cargo.toml"), dependency.line, message));
            }
        }
    }
    let all: BTreeSet<String> =
        crates(tree).flat_map(|(_, manifest)| foreign(manifest)).map(|dependency| dependency.name).collect();
    let stale = rows.iter().filter(|(name, _)| !all.contains(name));
    faults.extend(stale.map(|(name, line)| {
        Fault::new(DOCUMENT, *line, format!("no crate depends on {name}; remove the row"))
    }));
    faults
}

/// Each direct dependency is named in the sources of its crate.
pub fn used(tree: &Tree) -> Vec<Fault> {
    let folders: Vec<&str> = crates(tree).map(|(folder, _)| folder).collect();
    let mut faults = Vec::new();
    for (folder, manifest) in crates(tree) {
        // A crate inside another one's folder has its own manifest.
        let inner: Vec<&&str> =
            folders.iter().filter(|other| other.starts_with(&format!("{folder}/"))).collect();
        let is_own = |path: &str| {
            path.starts_with(&format!("{folder}/"))
                && !inner.iter().any(|inner| path.starts_with(&format!("{inner}/")))
        };
        let sources: Vec<String> = tree
            .with_ending(".rs")
            .filter(|(path, _)| is_own(path))
            .map(|(_, text)| code_only(text))
            .collect();
        for dependency in dependencies(manifest) {
            let word = dependency.name.replace('-', "_");
            if !sources.iter().any(|source| has_word(source, &word)) {
                let message = format!("{} is used by no source of this crate; remove it", dependency.name);
                faults.push(Fault::new(&format!("{folder}/Cargo.toml"), dependency.line, message));
            }
        }
    }
    faults
}

#[cfg(test)]
mod samples {
    use super::super::tree::shown;
    use super::*;

    #[test]
    fn a_dependency_without_a_row_and_a_row_without_one_are_refused() {
        let tree = Tree::sample(&[
            (
                "a/Cargo.toml",
                "[package]\nname = \"a\"\n[dependencies]\nserde = \"1\"\nnix = \"1\"\ncasedd-b = { path = \"../b\" }",
            ),
            ("docs/dependencies.md", "| crate | why |\n| - | - |\n| `serde` | x |\n| `gone` | x |\n"),
        ]);
        let expected = [
            "a/Cargo.toml:5: nix has no row in docs/dependencies.md; say what for, and why it",
            "docs/dependencies.md:4: no crate depends on gone; remove the row",
        ];
        assert_eq!(shown(&documented(&tree)), expected);
    }

    #[test]
    fn an_unused_dependency_is_refused() {
        let tree = Tree::sample(&[
            ("a/Cargo.toml", "[package]\nname = \"a\"\n[dependencies]\nserde = \"1\"\nsignal-hook = \"1\""),
            ("a/src/lib.rs", "use serde::Serialize; // signal_hook"),
            ("a/b/Cargo.toml", "[package]\nname = \"b\"\n[dependencies]\n"),
            ("a/b/src/lib.rs", "use signal_hook;"),
        ]);
        assert_eq!(
            shown(&used(&tree)),
            ["a/Cargo.toml:5: signal-hook is used by no source of this crate; remove it"]
        );
    }
}
