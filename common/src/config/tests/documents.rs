//! docs/configuration.md and deploy/examples say what the reader knows, no more and no less.

use super::*;
use crate::config::{intervals, keys};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The keys in the first column of the tables under a heading, as `| `key` | ...`.
fn documented(document: &str, heading: &str) -> BTreeSet<String> {
    let start =
        document.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no heading \"{heading}\""));
    let section = &document[start + 1..];
    let end = section.find("\n## ").unwrap_or(section.len());
    let cell = |line: &str| {
        let key = line.strip_prefix("| `")?.split('`').next()?;
        Some(key.to_owned())
    };
    section[..end].lines().filter_map(cell).collect()
}

#[test]
fn every_key_is_in_the_document_and_every_documented_key_is_read() {
    let path = root().join("docs/configuration.md");
    let document = fs::read_to_string(&path).expect("docs/configuration.md is there");
    let tables = [
        ("Top level", keys::TOP),
        ("Outputs", keys::OUTPUT),
        ("Panels", keys::PANEL),
        ("Triggers", keys::TRIGGER),
        ("Schedule", keys::SCHEDULE),
        ("Rotation", keys::ROTATION),
        ("Conditions", keys::CONDITION),
    ];
    for (heading, known) in tables {
        let known: BTreeSet<String> = known.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(documented(&document, heading), known, "under \"{heading}\"");
    }
}

#[test]
fn every_interval_has_a_key() {
    for (getter, _) in intervals::DEFAULTS {
        assert!(keys::TOP.contains(&format!("{getter}_interval").as_str()), "{getter}");
    }
}

#[test]
fn every_example_of_the_document_is_right() {
    let document =
        fs::read_to_string(root().join("docs/configuration.md")).expect("docs/configuration.md is there");
    let examples: Vec<&str> =
        document.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 4, "{} examples", examples.len());
    for example in examples {
        good(example);
    }
}

#[test]
fn every_example_configuration_loads_without_a_warning() {
    let folder = root().join("deploy/examples");
    let files = fs::read_dir(&folder)
        .expect("deploy/examples is there")
        .filter_map(Result::ok)
        .map(|entry| entry.path());
    let yaml: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect();
    assert!(yaml.len() >= 3, "{yaml:?}");
    for path in yaml {
        let config = Config::load(Some(&path), |_| None).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(config.warnings, [], "{}", path.display());
    }
}
