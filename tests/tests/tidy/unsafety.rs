//! Rules over `unsafe`: only in the modules that touch memory other processes write, or a device.
//!
//! What those modules do with it is argued in their SAFETY comments.

use super::code::{code_only, lines_with_word};
use super::manifests::crates;
use super::tree::{Fault, Tree};

/// The modules that may hold unsafe code: the one that maps memory, the one that talks to a framebuffer, and two that
/// only test the ring, whose pixels are plain memory between threads so that checkers see every access.
const ALLOWED: [&str; 4] = [
    "common/transport/src/map.rs",
    "common/transport/src/ring/models.rs",
    "common/transport/src/ring/threads.rs",
    "sink-fb/src/kernel.rs",
];
/// Crates with such a module: the workspace denies unsafe code there, and the module allows it for itself.
const WITH_UNSAFE: [&str; 2] = ["common/transport", "sink-fb"];

/// The word stands in no other module.
pub fn confined(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.with_ending(".rs").filter(|(path, _)| !ALLOWED.contains(path)) {
        let code = code_only(text);
        let message = "unsafe code; it belongs into one of the modules that this rule allows";
        faults.extend(lines_with_word(&code, "unsafe").map(|line| Fault::new(path, line, message)));
    }
    faults
}

/// Every other crate forbids it in its library and its program.
pub fn forbidden(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (folder, _) in crates(tree).filter(|(folder, _)| !WITH_UNSAFE.contains(folder)) {
        for root in ["src/lib.rs", "src/main.rs"] {
            let path = format!("{folder}/{root}");
            if tree.text(&path).is_some_and(|text| !text.contains("#![forbid(unsafe_code)]")) {
                faults.push(Fault::new(&path, 0, "does not forbid unsafe code; add #![forbid(unsafe_code)]"));
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
    fn unsafe_code_elsewhere_is_refused() {
        let block = "// unsafe is a word here\nfn f() { unsafe { g() } }";
        let tree = Tree::sample(&[
            ("common/transport/src/map.rs", block),
            ("a/src/x.rs", block),
            ("a/src/y.rs", "#![forbid(unsafe_code)]"),
        ]);
        assert_eq!(
            shown(&confined(&tree)),
            ["a/src/x.rs:2: unsafe code; it belongs into one of the modules that this rule allows"]
        );
    }

    #[test]
    fn a_crate_that_does_not_forbid_it_is_refused() {
        let tree = Tree::sample(&[
            ("a/Cargo.toml", "[package]"),
            ("a/src/lib.rs", "//! x"),
            ("a/src/main.rs", "//! x\n#![forbid(unsafe_code)]"),
            ("sink-fb/Cargo.toml", "[package]"),
            ("sink-fb/src/lib.rs", "//! x"),
        ]);
        assert_eq!(
            shown(&forbidden(&tree)),
            ["a/src/lib.rs: does not forbid unsafe code; add #![forbid(unsafe_code)]"]
        );
    }
}
