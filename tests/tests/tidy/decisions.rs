//! Rules over docs/decisions: each is listed in the README there, has the four parts, and stays under a page.
//!
//! What they decide is not looked at.

use super::tree::{Fault, Tree};

const FOLDER: &str = "docs/decisions";
/// The parts of a decision.
const PARTS: [&str; 4] =
    ["## Context", "## Decision", "## What we gave up", "## How we would notice it was wrong"];
/// Most lines of a decision: a page.
const LINES_MAX: usize = 60;

/// The decisions: file name and text.
fn decisions(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let files = tree
        .with_ending(".md")
        .filter_map(|(path, text)| Some((path.strip_prefix(FOLDER)?.strip_prefix('/')?, text)));
    files.filter(|(name, _)| *name != "README.md")
}

/// Each is linked from the README, and numbered without gap or double.
pub fn listed(tree: &Tree) -> Vec<Fault> {
    let readme = tree.text(&format!("{FOLDER}/README.md")).unwrap_or_default();
    let mut faults = Vec::new();
    for (index, (name, _)) in decisions(tree).enumerate() {
        let path = format!("{FOLDER}/{name}");
        if !readme.contains(&format!("]({name})")) {
            faults.push(Fault::new(&path, 0, format!("is not linked from {FOLDER}/README.md")));
        }
        let number = format!("{:04}-", index + 1);
        if !name.starts_with(&number) {
            faults.push(Fault::new(
                &path,
                0,
                format!("should be number {number}: numbers have no gap and no double"),
            ));
        }
    }
    faults
}

/// Each has its parts in their order, a title, and room on a page.
pub fn whole(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, text) in decisions(tree) {
        let path = format!("{FOLDER}/{name}");
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
        if headings != PARTS {
            faults.push(Fault::new(&path, 0, format!("has the parts {headings:?}; give {PARTS:?}")));
        }
        if !text.starts_with("# ") {
            faults.push(Fault::new(&path, 1, "has no title"));
        }
        let lines = text.lines().count();
        if lines > LINES_MAX {
            faults.push(Fault::new(&path, 0, format!("{lines} lines; at most {LINES_MAX}: a page")));
        }
    }
    faults
}

#[cfg(test)]
mod samples {
    use super::super::tree::shown;
    use super::*;

    #[test]
    fn a_decision_that_is_not_listed_or_misnumbered_is_refused() {
        let tree = Tree::sample(&[
            ("docs/decisions/README.md", "- [one](0001-one.md)\n"),
            ("docs/decisions/0001-one.md", ""),
            ("docs/decisions/0003-three.md", ""),
        ]);
        let expected = [
            "docs/decisions/0003-three.md: is not linked from docs/decisions/README.md",
            "docs/decisions/0003-three.md: should be number 0002-: numbers have no gap and no double",
        ];
        assert_eq!(shown(&listed(&tree)), expected);
    }

    #[test]
    fn a_decision_without_its_parts_is_refused() {
        let good = format!("# One\n{}\n", PARTS.join("\nx\n"));
        let long = format!("{good}{}", "x\n".repeat(60));
        let tree = Tree::sample(&[
            ("docs/decisions/0001-good.md", &good),
            ("docs/decisions/0002-bad.md", "x\n## Context\n## Decision\n"),
            ("docs/decisions/0003-long.md", &long),
        ]);
        let expected = [
            "docs/decisions/0002-bad.md: has the parts [\"## Context\", \"## Decision\"]; give [\"## Context\", \"## Decision\", \
             \"## What we gave up\", \"## How we would notice it was wrong\"]",
            "docs/decisions/0002-bad.md:1: has no title",
            "docs/decisions/0003-long.md: 68 lines; at most 60: a page",
        ];
        assert_eq!(shown(&whole(&tree)), expected);
    }
}
