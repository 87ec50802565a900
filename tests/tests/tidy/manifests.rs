//! Rules over the Cargo.toml files: who may depend on whom, and on what terms.
//!
//! Reads the tables of a manifest line by line, as our manifests are written; cargo itself checks the rest.

use super::tree::{Fault, Tree, folder, join};

/// Crates that are processes: none may name another.
const PROCESSES: [&str; 5] =
    ["casedd-collector", "casedd-renderer", "casedd-sink-fb", "casedd-sink-ws", "casedd"];
/// What else each crate of ours may name of ours.
const MAY_NAME: [(&str, &[&str]); 13] = [
    ("casedd-transport", &[]),
    ("casedd-transport-rivals", &["casedd-transport"]),
    ("casedd-fuzz", &["casedd-common", "casedd-transport"]),
    ("casedd-raster", &[]),
    ("casedd-images", &["casedd-raster"]),
    ("casedd-common", &["casedd-transport"]),
    ("casedd-collector", &["casedd-common", "casedd-transport"]),
    ("casedd-renderer", &["casedd-common", "casedd-transport", "casedd-images", "casedd-raster"]),
    ("casedd-sink-fb", &["casedd-common", "casedd-transport"]),
    ("casedd-sink-ws", &["casedd-common", "casedd-transport"]),
    ("casedd", &["casedd-common", "casedd-transport"]),
    ("casedd-tests", &[]),
    ("casedd-bench", &[]),
];
/// Crates that stand outside the program, and may name every crate of it.
const OUTSIDE: [&str; 2] = ["casedd-tests", "casedd-bench"];

/// One dependency of a manifest.
#[derive(Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Its package.
    pub name: String,
    /// Line of the manifest.
    pub line: usize,
    /// What stands after the equals sign.
    pub value: String,
}

/// The member crates: folder and manifest.
pub fn crates(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let manifests = tree.with_ending("Cargo.toml");
    manifests.filter(|(_, text)| text.contains("[package]")).map(|(path, text)| (folder(path), text))
}

/// The name of a crate.
pub fn name(manifest: &str) -> &str {
    let line = manifest.lines().find_map(|line| line.strip_prefix("name = \""));
    line.and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

/// Every direct dependency, of any kind.
pub fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut table = "";
    let mut found = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            table = line.trim_end();
        } else if let (true, Some((name, value))) = (table.ends_with("dependencies]"), line.split_once('=')) {
            let name = name.trim().trim_matches('"').split('.').next().unwrap_or_default();
            found.push(Dependency { name: name.to_owned(), line: index + 1, value: value.trim().to_owned() });
        }
    }
    found
}

/// No process names another; common names the transport only; transport and raster name none of ours, images
/// the raster only.
pub fn directions(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (folder, manifest) in crates(tree) {
        let (path, name) = (format!("{folder}/Cargo.toml"), name(manifest));
        let Some((_, allowed)) = MAY_NAME.iter().find(|(known, _)| *known == name) else {
            faults.push(Fault::new(
                &path,
                0,
                format!("crate {name} is in no table of who may name whom; add it to this rule"),
            ));
            continue;
        };
        let ours =
            |dependency: &Dependency| dependency.name.starts_with("casedd") && !OUTSIDE.contains(&name);
        for dependency in dependencies(manifest).into_iter().filter(ours) {
            if !allowed.contains(&dependency.name.as_str()) {
                let rule = if PROCESSES.contains(&dependency.name.as_str()) {
                    "no process is named by another crate"
                } else {
                    "not in its table"
                };
                faults.push(Fault::new(
                    &path,
                    dependency.line,
                    format!("{name} names {}: {rule}", dependency.name),
                ));
            }
        }
    }
    faults
}

/// Each crate has `[lints] workspace = true`, and each member of the workspace exists. A crate that is a workspace of its
/// own (the rivals' bench, which ordinary builds never fetch) cannot take lints from ours.
pub fn lints(tree: &Tree) -> Vec<Fault> {
    let apart = |manifest: &str| manifest.lines().any(|line| line == "[workspace]");
    let without = crates(tree)
        .filter(|(_, manifest)| !manifest.contains("[lints]\nworkspace = true") && !apart(manifest));
    let mut faults: Vec<Fault> = without
        .map(|(folder, _)| {
            Fault::new(&format!("{folder}/Cargo.toml"), 0, "takes no lints; add [lints] workspace = true")
        })
        .collect();
    let workspace = tree.text("Cargo.toml").unwrap_or_default();
    for (folder, _) in crates(tree) {
        if !workspace.contains(&format!("\"{folder}\"")) {
            faults.push(Fault::new(&format!("{folder}/Cargo.toml"), 0, "is no member of the workspace"));
        }
        let outside = dependencies(tree.text(&format!("{folder}/Cargo.toml")).unwrap_or_default());
        for dependency in outside {
            let path = dependency.value.split("path = \"").nth(1).and_then(|rest| rest.split('"').next());
            if path.is_some_and(|path| !join(folder, path).is_some_and(|path| tree.exists(&path))) {
                let message = format!("{} lies outside the repository", dependency.name);
                faults.push(Fault::new(&format!("{folder}/Cargo.toml"), dependency.line, message));
            }
        }
    }
    faults
}

/// Cargo.lock names no other source than the public registry.
pub fn sources(tree: &Tree) -> Vec<Fault> {
    const REGISTRY: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let lock = tree.text("Cargo.lock").unwrap_or_default();
    let other = |(_, line): &(usize, &str)| line.starts_with("source = ") && *line != REGISTRY;
    let lines = lock.lines().enumerate().filter(other);
    lines
        .map(|(index, line)| {
            Fault::new("Cargo.lock", index + 1, format!("{line} is not the public registry"))
        })
        .collect()
}

#[cfg(test)]
mod samples {
    use super::super::tree::shown;
    use super::*;

    fn manifest(name: &str, dependencies: &str) -> String {
        format!(
            "[package]\nname = \"{name}\"\n\n[lints]\nworkspace = true\n\n[dependencies]\n{dependencies}\n"
        )
    }

    #[test]
    fn dependencies_of_every_kind_are_found() {
        let text = "[package]\nname = \"x\"\n[dependencies]\na = \"1\"\nb.workspace = true\n[features]\nf = [\"dep:a\"]\n\
                    [target.\"cfg(loom)\".dependencies]\nloom = \"0.7\"\n[dev-dependencies]\n\"c\" = { version = \"1\" }\n";
        let names: Vec<_> =
            dependencies(text).into_iter().map(|dependency| (dependency.name, dependency.line)).collect();
        let expected = [("a", 4), ("b", 5), ("loom", 9), ("c", 11)];
        assert_eq!(names, expected.map(|(name, line)| (name.to_owned(), line)));
    }

    #[test]
    fn a_wrong_direction_is_refused() {
        let fb = manifest(
            "casedd-sink-fb",
            "casedd-common = { path = \"../common\" }\ncasedd-renderer = { path = \"../renderer\" }",
        );
        let raster = manifest("casedd-raster", "casedd-common = { path = \"../../common\" }");
        let tests = manifest("casedd-tests", "casedd-renderer = { path = \"../renderer\" }");
        let new = manifest("casedd-new", "");
        let tree = Tree::sample(&[
            ("sink-fb/Cargo.toml", &fb),
            ("renderer/raster/Cargo.toml", &raster),
            ("tests/Cargo.toml", &tests),
            ("new/Cargo.toml", &new),
        ]);
        let expected = [
            "new/Cargo.toml: crate casedd-new is in no table of who may name whom; add it to this rule",
            "renderer/raster/Cargo.toml:8: casedd-raster names casedd-common: not in its table",
            "sink-fb/Cargo.toml:9: casedd-sink-fb names casedd-renderer: no process is named by another crate",
        ];
        assert_eq!(shown(&directions(&tree)), expected);
    }

    #[test]
    fn a_crate_without_lints_or_outside_the_workspace_is_refused() {
        let good = manifest("a", "");
        let tree = Tree::sample(&[
            ("Cargo.toml", "members = [\"a\"]"),
            ("a/Cargo.toml", &good),
            ("b/Cargo.toml", "[package]\nname = \"b\"\n[dependencies]\nx = { path = \"../../x\" }"),
        ]);
        let expected = [
            "b/Cargo.toml: takes no lints; add [lints] workspace = true",
            "b/Cargo.toml: is no member of the workspace",
            "b/Cargo.toml:4: x lies outside the repository",
        ];
        assert_eq!(shown(&lints(&tree)), expected);
    }

    #[test]
    fn another_source_is_refused() {
        let good = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
        let lock = format!("{good}source = \"git+https://example.org/x\"\n");
        let faults = sources(&Tree::sample(&[("Cargo.lock", &lock)]));
        assert_eq!(
            shown(&faults),
            ["Cargo.lock:2: source = \"git+https://example.org/x\" is not the public registry"]
        );
    }
}
