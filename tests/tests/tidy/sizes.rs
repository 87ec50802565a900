//! Rules over the size and the names of files; clippy counts the lines of functions, and here its limit is held.
//!
//! A file that must be longer is split, not excused.

use super::tree::{Fault, Tree};

/// Most lines of a source file.
const FILE_LINES_MAX: usize = 500;
/// Most lines of a program's `main.rs`.
const MAIN_LINES_MAX: usize = 20;
/// Most lines of a function, as clippy counts.
const FUNCTION_LINES_MAX: usize = 70;
/// Names that say nothing of what is inside.
const DRAWERS: [&str; 7] = ["util", "utils", "helper", "helpers", "misc", "common", "tools"];

/// No source file is too long.
pub fn files(tree: &Tree) -> Vec<Fault> {
    let fault = |(path, text): (&str, &str)| {
        let limit = if path.ends_with("src/main.rs") { MAIN_LINES_MAX } else { FILE_LINES_MAX };
        let lines = text.lines().count();
        (lines > limit)
            .then(|| Fault::new(path, 0, format!("{lines} lines; at most {limit}: split it by what it does")))
    };
    tree.with_ending(".rs").filter_map(fault).collect()
}

/// Clippy refuses functions over the limit, in every crate.
pub fn functions(tree: &Tree) -> Vec<Fault> {
    let wanted = [
        ("clippy.toml", format!("too-many-lines-threshold = {FUNCTION_LINES_MAX}")),
        ("Cargo.toml", "too_many_lines = \"warn\"".to_owned()),
    ];
    let missing = wanted
        .iter()
        .filter(|(path, line)| !tree.text(path).unwrap_or_default().lines().any(|found| found == line));
    missing.map(|(path, line)| Fault::new(path, 0, format!("does not say {line}"))).collect()
}

/// No source file has a name under which anything fits.
pub fn names(tree: &Tree) -> Vec<Fault> {
    let is_drawer = |path: &str| {
        let inside = path.split_once("/src/").map_or(path, |(_, inside)| inside);
        inside.split('/').any(|part| DRAWERS.contains(&part.trim_end_matches(".rs")))
    };
    let drawers = tree.with_ending(".rs").filter(|(path, _)| path.contains("/src/") && is_drawer(path));
    drawers
        .map(|(path, _)| Fault::new(path, 0, "is a drawer for odds and ends; name it after what it is for"))
        .collect()
}

#[cfg(test)]
mod samples {
    use super::super::tree::shown;
    use super::*;

    #[test]
    fn a_long_file_is_refused() {
        let (long, full, main) = ("x\n".repeat(501), "x\n".repeat(500), "x\n".repeat(21));
        let tree =
            Tree::sample(&[("a/src/long.rs", &long), ("a/src/full.rs", &full), ("a/src/main.rs", &main)]);
        let expected = [
            "a/src/long.rs: 501 lines; at most 500: split it by what it does",
            "a/src/main.rs: 21 lines; at most 20: split it by what it does",
        ];
        assert_eq!(shown(&files(&tree)), expected);
    }

    #[test]
    fn a_laxer_limit_for_functions_is_refused() {
        let tree = Tree::sample(&[("clippy.toml", "too-many-lines-threshold = 700"), ("Cargo.toml", "")]);
        let expected = [
            "clippy.toml: does not say too-many-lines-threshold = 70",
            "Cargo.toml: does not say too_many_lines = \"warn\"",
        ];
        assert_eq!(shown(&functions(&tree)), expected);
    }

    #[test]
    fn a_drawer_is_refused() {
        let tree = Tree::sample(&[
            ("a/src/util.rs", ""),
            ("a/src/helpers/x.rs", ""),
            ("common/src/lib.rs", ""),
            ("a/src/bar.rs", ""),
        ]);
        let drawer =
            |path: &str| format!("{path}: is a drawer for odds and ends; name it after what it is for");
        assert_eq!(shown(&names(&tree)), ["a/src/helpers/x.rs", "a/src/util.rs"].map(drawer));
    }
}
