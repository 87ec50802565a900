//! Golden pictures of what lies over a template: the badge of a wrong edit, the border of a trigger.
//! Leaves out when either is there. `CASEDD_BLESS=1` keeps new pictures.
#![forbid(unsafe_code)]

#[path = "../raster/tests/golden/mod.rs"]
mod golden;

use std::path::Path;
use std::sync::Arc;

use casedd_raster::Color;
use casedd_renderer::overlay::{Badge, Overlay};
use casedd_renderer::painter::Painter;
use casedd_renderer::picture::Picture;
use casedd_renderer::sample;
use casedd_renderer::template;
use casedd_renderer::view::View;

/// Nothing that has a look of its own.
const PLAIN: &str = "background: 'linear-gradient(160deg, #334155, #0f172a)'\n\
    widgets: { a: { type: text, content: '', card: no } }\n";

fn check(name: &str, overlay: &Overlay, (width, height): (u32, u32)) {
    let template = template::parse("plain.casedd", "plain", PLAIN).unwrap_or_else(|error| panic!("{error}"));
    let mut painter = Painter::default();
    let mut view = Picture::new(View::new(Arc::new(template), width, height));
    view.refresh(&sample::data(), &mut painter);
    let before = view.pixels().to_vec();
    assert!(
        view.view().set_overlay(overlay, &mut painter) && !view.view().set_overlay(overlay, &mut painter)
    );
    view.refresh(&sample::data(), &mut painter);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let picture = golden::Picture { width, height, pixels: view.pixels().to_vec() };
    golden::check(&folder, &format!("{name}-{width}x{height}"), &picture);
    assert!(view.view().set_overlay(&Overlay::default(), &mut painter));
    view.refresh(&sample::data(), &mut painter);
    assert!(view.pixels() == before, "something of the overlay stays behind");
}

#[test]
fn badge_and_border_look_as_they_did() {
    let badge = Badge {
        title: "nas.casedd:14:11".into(),
        text: "found the type \"guage\", expected a widget type; did you mean \"gauge\"?".into(),
    };
    for size in [(320, 240), (800, 480)] {
        check("overlay-badge", &Overlay { border: None, badge: Some(badge.clone()) }, size);
    }
    check("overlay-border", &Overlay { border: Some(Color::hex(0xdc1e1e)), badge: None }, (480, 320));
}
