#[path = "../raster/tests/golden/mod.rs"]
mod golden;
mod sample;
use golden::{Picture, save};
#[test]
fn look() {
    let source = std::fs::read_to_string(
        std::env::var("LOOK_TEMPLATE").unwrap_or("tests/sample/dashboard.casedd".into()),
    )
    .unwrap();
    let age = std::env::var("LOOK_AGE").ok().map_or(0, |a| a.parse().unwrap());
    for size in std::env::var("LOOK_SIZES").unwrap_or("800x480".into()).split(',') {
        let (w, h) = size.split_once('x').unwrap();
        let (w, h) = (w.parse().unwrap(), h.parse().unwrap());
        let pixels = sample::picture(&source, w, h, &sample::data(age));
        save(
            std::path::Path::new(&format!("/tmp/r1/look-{w}x{h}.png")),
            &Picture { width: w, height: h, pixels },
        );
    }
}
