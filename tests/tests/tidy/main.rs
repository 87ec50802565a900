//! The house rules as tests: each rule looks at every file of the repository and names what breaks it, with its line.
//!
//! The rules themselves are in the modules beside this file, each with samples that it must refuse; formatting and
//! lints are left to rustfmt and clippy.
#![forbid(unsafe_code)]

mod code;
mod decisions;
mod dependencies;
mod examples;
mod habits;
mod links;
mod manifests;
mod modules;
mod sizes;
mod tree;
mod unsafety;

use std::path::Path;
use tree::{Fault, Tree};

/// Fails with every fault that a rule finds in this repository.
fn hold(rule: fn(&Tree) -> Vec<Fault>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tree = Tree::read(&root).expect("the repository can be read");
    let faults = rule(&tree);
    let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), lines.join("\n"));
}

#[test]
fn crates_depend_only_in_the_allowed_directions() {
    hold(manifests::directions);
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    hold(manifests::lints);
}

#[test]
fn every_package_comes_from_the_public_registry() {
    hold(manifests::sources);
}

#[test]
fn every_dependency_has_a_row_in_its_document() {
    hold(dependencies::documented);
}

#[test]
fn every_dependency_is_used() {
    hold(dependencies::used);
}

#[test]
fn unsafe_code_is_only_where_it_is_allowed() {
    hold(unsafety::confined);
    hold(unsafety::forbidden);
}

#[test]
fn every_source_file_belongs_to_a_crate() {
    hold(modules::no_orphans);
}

#[test]
fn every_source_file_opens_with_what_it_is_for() {
    hold(modules::heads);
}

#[test]
fn files_and_functions_stay_small() {
    hold(sizes::files);
    hold(sizes::functions);
}

#[test]
fn no_file_is_a_drawer_for_odds_and_ends() {
    hold(sizes::names);
}

#[test]
fn nothing_is_left_to_be_done_or_switched_off() {
    hold(habits::unfinished);
    hold(habits::unexplained);
}

#[test]
fn tests_wait_for_conditions_and_never_sleep() {
    hold(habits::sleeping_tests);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    hold(habits::machine_paths);
}

#[test]
fn every_decision_is_listed_and_whole() {
    hold(decisions::listed);
    hold(decisions::whole);
}

#[test]
fn every_relative_link_leads_somewhere() {
    hold(links::exist);
}

#[test]
fn every_example_configuration_shows_templates_that_are_built_in() {
    hold(examples::templates);
}
