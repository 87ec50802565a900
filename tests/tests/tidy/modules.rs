//! Rules over source files as such: each is reached from a crate's root, and says at its head what it is for.
//!
//! Follows `mod name;` as the compiler does, by file names alone.

use super::code::code_only;
use super::manifests::crates;
use super::tree::{Fault, Tree, folder, join};
use std::collections::BTreeSet;

/// Every `.rs` file is a root of a target or reached from one.
pub fn no_orphans(tree: &Tree) -> Vec<Fault> {
    let sources: BTreeSet<&str> = tree.with_ending(".rs").map(|(path, _)| path).collect();
    let folders: Vec<&str> = crates(tree).map(|(folder, _)| folder).collect();
    let mut open: Vec<String> =
        sources.iter().filter(|path| is_root(path, &folders)).map(|path| (*path).to_owned()).collect();
    let mut reached: BTreeSet<String> = open.iter().cloned().collect();
    while let Some(path) = open.pop() {
        let text = tree.text(&path).unwrap_or_default();
        for candidate in children(&path, text, is_root(&path, &folders)) {
            if sources.contains(candidate.as_str()) && reached.insert(candidate.clone()) {
                open.push(candidate);
            }
        }
    }
    let orphans = sources.iter().filter(|path| !reached.contains(**path));
    orphans.map(|path| Fault::new(path, 0, "belongs to no crate; name it with `mod`, or remove it")).collect()
}

/// Whether cargo builds a target from this file.
fn is_root(path: &str, crates: &[&str]) -> bool {
    let owner = crates
        .iter()
        .filter(|folder| path.starts_with(&format!("{folder}/")))
        .max_by_key(|folder| folder.len());
    let Some(inside) = owner.and_then(|folder| path.strip_prefix(&format!("{folder}/"))) else {
        return false;
    };
    let parts: Vec<&str> = inside.split('/').collect();
    matches!(
        parts.as_slice(),
        ["build.rs"]
            | ["src", "lib.rs" | "main.rs"]
            | ["src", "bin", _]
            | ["src", "bin", _, "main.rs"]
            | ["tests" | "benches" | "examples" | "fuzz_targets", _]
            | ["tests" | "benches" | "examples", _, "main.rs"]
    )
}

/// The files that the modules of a file may be in.
fn children(path: &str, text: &str, is_root: bool) -> Vec<String> {
    let here = folder(path);
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rs");
    let base = if is_root || stem == "mod" { here.to_owned() } else { format!("{here}/{stem}") };
    let mut found = Vec::new();
    let mut named_path = None;
    for (code, line) in code_only(text).lines().zip(text.lines()) {
        // The path itself is a string, so it is taken from the text.
        if code.trim_start().starts_with("#[path") {
            named_path = line.split('"').nth(1).and_then(|path| join(here, path));
        } else if let Some(name) = module(code) {
            match named_path.take() {
                Some(path) => found.push(path),
                None => found.extend([format!("{base}/{name}.rs"), format!("{base}/{name}/mod.rs")]),
            }
        }
    }
    found
}

/// The name in `mod name;`, whatever its visibility.
fn module(code: &str) -> Option<&str> {
    let code = code.trim();
    let after = code
        .strip_prefix("pub")
        .map_or(code, |rest| rest.trim_start_matches(|letter| letter != ' ').trim_start());
    after.strip_prefix("mod ")?.strip_suffix(';').map(str::trim)
}

/// Every file opens with `//!`, and not with the head of a file still to be written.
pub fn heads(tree: &Tree) -> Vec<Fault> {
    let fault = |(path, text): (&str, &str)| match text.lines().next() {
        Some(line) if line.starts_with("//! Placeholder") => {
            Some(Fault::new(path, 1, "is still a placeholder; write it, or remove it"))
        }
        Some(line) if line.starts_with("//! ") => None,
        _ => Some(Fault::new(path, 1, "has no head; open with //! what it is for, and what it leaves out")),
    };
    tree.with_ending(".rs").filter_map(fault).collect()
}

#[cfg(test)]
mod samples {
    use super::super::tree::shown;
    use super::*;

    #[test]
    fn a_file_that_nobody_names_is_refused() {
        let tree = Tree::sample(&[
            ("a/Cargo.toml", "[package]"),
            ("a/src/lib.rs", "pub mod b;\npub(crate) mod c;\n// mod lost;\n#[path = \"odd.rs\"]\nmod d;\n"),
            ("a/src/b.rs", "mod e;"),
            ("a/src/b/e.rs", ""),
            ("a/src/c/mod.rs", "#[cfg(test)]\nmod tests;"),
            ("a/src/c/tests.rs", ""),
            ("a/src/odd.rs", ""),
            ("a/src/lost.rs", "mod e;"),
            ("a/src/e.rs", ""),
            ("a/src/bin/tool.rs", ""),
            ("a/tests/one.rs", "mod support;"),
            ("a/tests/support/mod.rs", ""),
            ("a/tests/two/main.rs", "mod part;"),
            ("a/tests/two/part.rs", ""),
            ("a/tests/two/lost.rs", ""),
            ("a/examples/x.rs", ""),
        ]);
        let orphan = |path: &str| format!("{path}: belongs to no crate; name it with `mod`, or remove it");
        let expected = ["a/src/e.rs", "a/src/lost.rs", "a/tests/two/lost.rs"].map(orphan);
        assert_eq!(shown(&no_orphans(&tree)), expected);
    }

    #[test]
    fn a_file_without_a_head_is_refused() {
        let tree = Tree::sample(&[
            ("a.rs", "//! What it is for.\n"),
            ("b.rs", "use x;\n//! late"),
            ("c.rs", ""),
            ("d.rs", "//! Placeholder head: its owner writes it.\n"),
        ]);
        let no_head = "has no head; open with //! what it is for, and what it leaves out";
        let expected = [
            format!("b.rs:1: {no_head}"),
            format!("c.rs:1: {no_head}"),
            "d.rs:1: is still a placeholder; write it, or remove it".to_owned(),
        ];
        assert_eq!(shown(&heads(&tree)), expected);
    }
}
