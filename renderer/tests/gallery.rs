//! The pictures of the documentation are what the program draws: those of the gallery, and one below each example of
//! `docs/templates.md`, made from the example's own text. `./x gallery` draws them anew.
//! Leaves out the goldens of every size and state: see `templates` and `widget_goldens`.
#![forbid(unsafe_code)]

#[path = "../raster/tests/golden/mod.rs"]
mod golden;
#[path = "../images/tests/pictures/mod.rs"]
mod pictures;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use casedd_common::config::{Choice, ThemeName};
use casedd_images::Images;
use casedd_renderer::painter::Painter;
use casedd_renderer::template::store::Store;
use casedd_renderer::theme::Theme;
use casedd_renderer::{sample, template, view};
use golden::Picture;

/// One widget of an example, pixels.
const WIDGET: (u32, u32) = (250, 150);
/// Most widgets side by side.
const COLUMNS: usize = 3;

/// The picture that slide shows and examples find.
fn evening() -> &'static [u8] {
    static EVENING: OnceLock<Vec<u8>> = OnceLock::new();
    EVENING.get_or_init(|| pictures::evening_png(1600, 900))
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

fn shown(template: &str, theme: ThemeName, (width, height): (u32, u32), name: &str) {
    let store = Store::default();
    let loaded = store.load_in(&Theme::named(theme), template).unwrap_or_else(|error| panic!("{error}"));
    let assets = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(assets.path().join("slides")).expect("made");
    std::fs::write(assets.path().join("slides/evening.png"), evening()).expect("written");
    let mut painter = Painter { images: Images::new(vec![assets.path().into()]), ..Painter::default() };
    let pixels = view::render_with(&loaded, &sample::data(), (width, height), &mut painter);
    golden::check(&docs().join("images/gallery"), name, &Picture { width, height, pixels });
}

#[test]
fn the_gallery_shows_every_template_as_it_is_drawn() {
    for name in Store::default().names() {
        shown(&name, ThemeName::Dark, (800, 480), &name);
    }
    for (word, theme) in ThemeName::WORDS.iter().filter(|(_, theme)| *theme != ThemeName::Dark) {
        shown("system_stats", *theme, (800, 480), &format!("system_stats-{word}"));
    }
    let sizes = [
        ("system_stats", (1920, 1080)),
        ("system_stats", (1920, 480)),
        ("system_stats", (480, 800)),
        ("cores", (320, 240)),
    ];
    for (name, size) in sizes {
        shown(name, ThemeName::Dark, size, &format!("{name}-{}x{}", size.0, size.1));
    }
}

#[test]
fn the_gallerys_pages_show_every_picture() {
    let page = std::fs::read_to_string(docs().join("gallery.md")).expect("the gallery's page");
    for entry in std::fs::read_dir(docs().join("images/gallery")).expect("the gallery") {
        let name = entry.expect("a file").file_name();
        let name = name.to_string_lossy();
        assert!(page.contains(&format!("(images/gallery/{name})")), "{name} is not in docs/gallery.md");
    }
}

/// An example of the documentation: its widgets, and the name of the picture below it.
struct Example {
    yaml: String,
    picture: String,
}

/// The examples that have a picture below them.
fn examples(page: &str) -> Vec<Example> {
    let (mut found, mut yaml, mut is_inside) = (Vec::new(), None, false);
    for line in page.lines() {
        match line.trim_end() {
            "```yaml" => (yaml, is_inside) = (Some(String::new()), true),
            "```" => is_inside = false,
            line if is_inside => {
                if let Some(yaml) = &mut yaml {
                    *yaml += line;
                    yaml.push('\n');
                }
            }
            "" => {}
            line => {
                let link = line.strip_prefix("![").and_then(|rest| rest.split_once("](images/widgets/"));
                let name = link.and_then(|(_, rest)| rest.strip_suffix(".png)"));
                if let (Some(name), Some(yaml)) = (name, yaml.take()) {
                    found.push(Example { yaml, picture: name.into() });
                }
            }
        }
    }
    found
}

/// The template of an example: its widgets side by side.
fn template_of(example: &Example) -> (String, (u32, u32)) {
    let is_name = |line: &&str| !line.starts_with([' ', '#', '\n']) && line.contains(':');
    let names: Vec<&str> =
        example.yaml.lines().filter(is_name).filter_map(|line| Some(line.split_once(':')?.0)).collect();
    let columns = names.len().clamp(1, COLUMNS);
    let mut areas = String::new();
    for row in names.chunks(columns) {
        areas += "    ";
        for column in 0..columns {
            areas += row.get(column).copied().unwrap_or(".");
            areas.push(' ');
        }
        areas.push('\n');
    }
    let widgets: String = example.yaml.lines().map(|line| format!("  {line}\n")).collect();
    let rows = names.len().div_ceil(columns) as u32;
    let source = format!("grid:\n  template_areas: |\n{areas}widgets:\n{widgets}");
    (source, (WIDGET.0 * columns as u32, WIDGET.1 * rows))
}

#[test]
fn every_example_with_a_picture_looks_as_it_is_shown() {
    let page = std::fs::read_to_string(docs().join("templates.md")).expect("the documentation of templates");
    let examples = examples(&page);
    assert!(examples.len() >= 8, "only {} examples have pictures", examples.len());
    let assets = tempfile::tempdir().expect("a folder");
    std::fs::write(assets.path().join("evening.png"), evening()).expect("written");
    let images = Images::new(vec![assets.path().into()]);
    let mut painter = Painter { images, ..Painter::default() };
    for example in &examples {
        let (source, (width, height)) = template_of(example);
        let name = format!("docs/templates.md, {}", example.picture);
        let template =
            template::parse(&name, "example", &source).unwrap_or_else(|error| panic!("{error}\n{source}"));
        assert!(template.warnings.is_empty(), "{:?}", template.warnings);
        let pixels = view::render_with(&Arc::new(template), &sample::data(), (width, height), &mut painter);
        golden::check(&docs().join("images/widgets"), &example.picture, &Picture { width, height, pixels });
    }
    let all: String = examples.iter().map(|example| example.yaml.as_str()).collect();
    for kind in template::TYPES {
        assert!(
            all.contains(&format!("type: {kind}")),
            "no example of {kind} has a picture in docs/templates.md"
        );
    }
}
