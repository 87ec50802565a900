//! Images and slide shows in templates: tiers, turns and fades, and what a view draws anew.
//! Leaves out files (`casedd_images`) and looks (`widget_goldens`).

#[path = "../images/tests/pictures/mod.rs"]
mod pictures;
mod sample;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use casedd_images::Images;
use casedd_renderer::data::Data;
use casedd_renderer::painter::Painter;
use casedd_renderer::template;
use casedd_renderer::view::{self, View};

const LIMIT: Duration = Duration::from_secs(20);

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("assets")).expect("made");
    folder
}

fn template(fields: &str) -> Arc<template::spec::Template> {
    let source = format!("widgets:\n  w: {{ {fields} }}\n");
    Arc::new(template::parse("w.casedd", "w", &source).unwrap_or_else(|error| panic!("{error}")))
}

fn painter(assets: &Path) -> Painter {
    Painter { images: Images::new(vec![assets.into()]), ..Painter::default() }
}

/// The colour in the middle of a template of one widget.
fn middle(fields: &str, data: &Data, painter: &mut Painter) -> u32 {
    let pixels = view::render_with(&template(fields), data, (60, 40), painter);
    pixels[20 * 60 + 30] & 0xff_ffff
}

fn at(now_ms: u64) -> Data {
    let mut data = sample::data(0);
    data.set_now(now_ms * 1_000_000, data.wall().clone());
    data
}

#[test]
fn the_last_tier_of_which_a_condition_holds_is_shown() {
    let folder = folder();
    let assets = folder.path().join("assets");
    for (name, color) in [("calm", [0, 200, 0]), ("warm", [200, 200, 0]), ("hot", [200, 0, 0])] {
        fs::write(assets.join(format!("{name}.png")), pictures::filled_png(4, 4, color)).expect("written");
    }
    let fields = "type: image, path: calm.png, scale: stretch, tiers: [\
                  { path: warm.png, when: [{ source: cpu.temperature, value: 60 }] }, \
                  { path: hot.png, when: [{ source: cpu.temperature, value: 90 }, { source: disk.percent, value: 99 }] }]";
    // 71.5 degrees, and a disk that is full to 91 %.
    assert_eq!(middle(fields, &sample::data(0), &mut painter(&assets)), 0xc8c800);
    let hot = fields.replace("value: 99", "value: 90");
    assert_eq!(middle(&hot, &sample::data(0), &mut painter(&assets)), 0xc80000);
    let calm = fields.replace("source: cpu.temperature", "source: no.such.key");
    assert_eq!(middle(&calm, &sample::data(0), &mut painter(&assets)), 0x00c800);
}

#[test]
fn slides_follow_each_other_and_fade_and_pass_over_what_is_broken() {
    let folder = folder();
    let assets = folder.path().join("assets");
    fs::create_dir(assets.join("show")).expect("made");
    for (name, bytes) in [
        ("show/1.png", pictures::filled_png(6, 4, [200, 0, 0])),
        ("show/2.JPG", b"broken".to_vec()),
        ("show/3.png", pictures::filled_png(6, 4, [0, 0, 200])),
        ("show/.hidden.png", pictures::filled_png(6, 4, [0, 200, 0])),
        ("show/notes.txt", b"not looked at".to_vec()),
    ] {
        fs::write(assets.join(name), bytes).expect("written");
    }
    let mut painter = painter(&assets);
    let fields = "type: slideshow, paths: [show], interval: 10, scale: fill, transition: fade";
    let mut show = |now_ms: u64| middle(fields, &at(now_ms), &mut painter);
    // 3000 turns of three slides have passed.
    let start = 30_000_000;
    assert_eq!(show(start + 9_000), 0xc80000);
    // The second is broken: the third takes its turn too.
    assert_eq!(show(start + 19_000), 0x0000c8);
    assert_eq!(show(start + 29_000), 0x0000c8);
    let fading = show(start + 30_400);
    assert!(fading >> 16 > 80 && fading & 0xff > 80 && fading & 0xff < 120, "{fading:06x}");
    assert_eq!(show(start + 31_000), 0xc80000);
}

#[test]
fn an_empty_or_missing_folder_and_a_template_without_images_are_no_failures() {
    let folder = folder();
    let assets = folder.path().join("assets");
    fs::create_dir(assets.join("empty")).expect("made");
    let mut painter = painter(&assets);
    for path in ["empty", "missing", "../.."] {
        let pixels = view::render_with(
            &template(&format!("type: slideshow, path: {path}")),
            &at(5),
            (200, 150),
            &mut painter,
        );
        let first = pixels[0];
        assert!(pixels.iter().any(|pixel| *pixel != first), "{path}: nothing is drawn");
    }
    let mut view = View::new(template("type: text, content: words"), 80, 40);
    view.refresh(&at(5), &mut painter);
    assert!(!view.has_images());
}

#[test]
fn a_view_changes_only_where_its_image_is_when_that_arrives() {
    let folder = folder();
    let assets = folder.path().join("assets");
    fs::write(assets.join("a.png"), pictures::filled_png(30, 30, [9, 99, 199])).expect("written");
    let source = "grid: { template_areas: [\"a b\"] }\nwidgets:\n  a: { type: image, path: a.png }\n  b: { type: text, content: x }\n";
    let template = Arc::new(template::parse("w.casedd", "w", source).expect("a template"));
    let mut painter = painter(&assets);
    let data = at(5);
    let mut view = View::new(template, 200, 100);
    view.refresh(&data, &mut painter);
    assert!(painter.images.settle(LIMIT));
    let damage = view.refresh(&data, &mut painter).to_vec();
    assert!(!damage.is_empty() && damage.iter().all(|region| region.right <= 100), "{damage:?}");
    assert!(view.refresh(&data, &mut painter).is_empty());
}
