//! Golden pictures of every built-in template at every size it claims, and of its states without fresh values.
//! Leaves out single widgets: their pictures stand beside them. `CASEDD_BLESS=1` keeps new pictures.
#![forbid(unsafe_code)]

#[path = "../raster/tests/golden/mod.rs"]
mod golden;

use std::path::Path;

use casedd_common::config::{Choice, ThemeName};
use casedd_renderer::data::Data;
use casedd_renderer::template::store::Store;
use casedd_renderer::theme::Theme;
use casedd_renderer::{sample, view};
use golden::Picture;

/// The sizes that every built-in template is made for.
const SIZES: [(u32, u32); 7] =
    [(320, 240), (480, 320), (800, 480), (1024, 600), (1920, 480), (1920, 1080), (480, 800)];

fn check((name, suffix): (&str, &str), theme: ThemeName, data: &Data, (width, height): (u32, u32)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let loaded =
        Store::default().load_in(&Theme::named(theme), name).unwrap_or_else(|error| panic!("{error}"));
    let pixels = view::render_once(&loaded, data, width, height);
    golden::check(&folder, &format!("{name}{suffix}-{width}x{height}"), &Picture { width, height, pixels });
}

/// All names, and an assertion that none is left out.
fn names() -> Vec<String> {
    let names = Store::default().names();
    assert!(names.len() >= 12, "{names:?}");
    names
}

#[test]
fn every_built_in_template_looks_as_it_did_at_every_size() {
    for name in names() {
        SIZES.iter().for_each(|size| check((&name, ""), ThemeName::Dark, &sample::data(), *size));
    }
    check(("wide_bar", ""), ThemeName::Dark, &sample::data(), (960, 160));
}

#[test]
fn stale_and_missing_values_look_as_they_did() {
    for name in names() {
        check((&name, "-stale"), ThemeName::Dark, &sample::stale(), (800, 480));
        check((&name, "-empty"), ThemeName::Dark, &sample::empty(), (800, 480));
    }
}

#[test]
fn every_theme_looks_as_it_did() {
    for (word, theme) in ThemeName::WORDS {
        check(("system_stats", &format!("-{word}")), *theme, &sample::data(), (800, 480));
    }
}
