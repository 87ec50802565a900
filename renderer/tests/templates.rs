//! Golden pictures of every built-in template at every size it claims, and of its states without fresh values.
//! Leaves out single widgets: their pictures stand beside them. `CASEDD_BLESS=1` keeps new pictures.
#![forbid(unsafe_code)]

#[path = "../raster/tests/golden/mod.rs"]
mod golden;
#[path = "../images/tests/pictures/mod.rs"]
mod pictures;

use std::path::Path;

use casedd_common::config::{Choice, ThemeName};
use casedd_images::Images;
use casedd_renderer::data::Data;
use casedd_renderer::painter::Painter;
use casedd_renderer::template::store::Store;
use casedd_renderer::theme::Theme;
use casedd_renderer::{sample, view};
use golden::Picture;

/// The sizes that every built-in template is made for.
const SIZES: [(u32, u32); 7] =
    [(320, 240), (480, 320), (800, 480), (1024, 600), (1920, 480), (1920, 1080), (480, 800)];

/// The size of the themes' pictures: a small one of those that all templates are made for.
const THEMES_SIZE: (u32, u32) = (480, 320);

/// Draws templates; slide shows find a picture.
struct Easel {
    painter: Painter,
    assets: tempfile::TempDir,
}

impl Easel {
    fn new() -> Easel {
        let assets = tempfile::tempdir().expect("a folder");
        let evening = pictures::evening_png(1600, 900);
        std::fs::create_dir(assets.path().join("slides")).expect("made");
        std::fs::write(assets.path().join("slides/evening.png"), evening).expect("written");
        Easel { painter: Painter::default(), assets }
    }

    fn check(&mut self, (name, suffix): (&str, &str), theme: ThemeName, (data, size): (&Data, (u32, u32))) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
        let loaded =
            Store::default().load_in(&Theme::named(theme), name).unwrap_or_else(|error| panic!("{error}"));
        let (width, height) = size;
        // Files are looked at as at a start.
        self.painter.images = Images::new(vec![self.assets.path().into()]);
        let pixels = view::render_with(&loaded, data, size, &mut self.painter);
        let picture = Picture { width, height, pixels };
        golden::check(&folder, &format!("{name}{suffix}-{width}x{height}"), &picture);
    }
}

/// All names, and an assertion that none is left out.
fn names() -> Vec<String> {
    let names = Store::default().names();
    assert!(names.len() >= 12, "{names:?}");
    names
}

#[test]
fn every_built_in_template_looks_as_it_did_at_every_size() {
    let (mut easel, data) = (Easel::new(), sample::data());
    for name in names() {
        SIZES.iter().for_each(|size| easel.check((&name, ""), ThemeName::Dark, (&data, *size)));
    }
    easel.check(("wide_bar", ""), ThemeName::Dark, (&data, (960, 160)));
}

#[test]
fn stale_and_missing_values_look_as_they_did() {
    let mut easel = Easel::new();
    for name in names() {
        easel.check((&name, "-stale"), ThemeName::Dark, (&sample::stale(), (800, 480)));
    }
    // Without pictures, either.
    easel.assets = tempfile::tempdir().expect("a folder");
    for name in names() {
        easel.check((&name, "-empty"), ThemeName::Dark, (&sample::empty(), (800, 480)));
    }
}

#[test]
fn every_template_looks_as_it_did_in_every_theme() {
    let (mut easel, data) = (Easel::new(), sample::data());
    for (word, theme) in ThemeName::WORDS.iter().filter(|(_, theme)| *theme != ThemeName::Dark) {
        for name in names() {
            easel.check((&name, &format!("-{word}")), *theme, (&data, THEMES_SIZE));
        }
        easel.check(("system_stats", &format!("-{word}")), *theme, (&data, (800, 480)));
    }
}
