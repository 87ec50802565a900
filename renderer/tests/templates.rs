//! Golden pictures of every built-in template at every size it claims, and of its states without fresh values.
//! Leaves out single widgets: their pictures stand beside them. `CASEDD_BLESS=1` keeps new pictures.
#![forbid(unsafe_code)]

#[path = "../raster/tests/golden/mod.rs"]
mod golden;

use std::path::Path;

use casedd_renderer::data::Data;
use casedd_renderer::template::store::Store;
use casedd_renderer::{sample, view};
use golden::Picture;

/// The sizes that every built-in template is made for.
const SIZES: [(u32, u32); 6] = [(320, 240), (480, 320), (800, 480), (1024, 600), (1920, 480), (1920, 1080)];

fn check(template: &str, state: &str, data: &Data, (width, height): (u32, u32)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let loaded = Store::default().load(template).unwrap_or_else(|error| panic!("{error}"));
    let pixels = view::render_once(&loaded, data, width, height);
    golden::check(
        &folder,
        &format!("{template}{state}-{width}x{height}"),
        &Picture { width, height, pixels },
    );
}

#[test]
fn system_stats_looks_as_it_did() {
    SIZES.iter().for_each(|size| check("system_stats", "", &sample::data(), *size));
    check("system_stats", "", &sample::data(), (480, 800));
}

#[test]
fn compact_looks_as_it_did() {
    SIZES.iter().for_each(|size| check("compact", "", &sample::data(), *size));
}

#[test]
fn wide_bar_looks_as_it_did() {
    SIZES.iter().for_each(|size| check("wide_bar", "", &sample::data(), *size));
    check("wide_bar", "", &sample::data(), (960, 160));
}

#[test]
fn stale_and_missing_values_look_as_they_did() {
    for template in ["system_stats", "compact", "wide_bar"] {
        check(template, "-stale", &sample::stale(), (800, 480));
        check(template, "-empty", &sample::empty(), (800, 480));
    }
}
