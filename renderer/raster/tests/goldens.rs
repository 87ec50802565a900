//! Pictures of every shape and of the faces, kept exactly.
//! Leaves out widgets and templates: the renderer keeps its own.

mod golden;

use casedd_raster::{
    Arc, Border, Canvas, Color, Dash, Face, Fonts, GlyphCache, IRect, Image, Paint, PointF, RectF, Scene,
    Stops, TextStyle,
};
use golden::{Picture, check};
use std::path::Path;

fn kept(name: &str, width: u32, height: u32, scene: &Scene) {
    let mut pixels = vec![0xff10_1828; (width * height) as usize];
    let mut canvas = Canvas::new(&mut pixels, width as usize, width, height);
    scene.draw(&mut canvas, IRect::ALL, &mut GlyphCache::new());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("goldens");
    check(&folder, name, &Picture { width, height, pixels });
}

fn cell(column: usize, row: usize) -> RectF {
    RectF::new(column as f32 * 80.0 + 8.0, row as f32 * 80.0 + 8.0, 64.0, 64.0)
}

#[test]
fn every_shape() {
    let mut scene = Scene::new();
    let (sky, rose, gold) = (Color::hex(0x38bdf8), Color::hex(0xf472b6), Color::hex(0xfbbf24));
    let stops = Stops::new(&[(0.0, sky), (0.5, rose), (1.0, gold)]);
    let fade = Stops::two(sky, sky.with_alpha(0));

    let place = cell(0, 0);
    scene.fill_rounded(place, 12.0, Paint::vertical(place.y, place.bottom(), stops));
    let place = cell(1, 0);
    scene.fill_rounded(place, 99.0, Paint::horizontal(place.x, place.right(), stops));
    let place = cell(2, 0);
    let corners = (PointF::new(place.x, place.y), PointF::new(place.right(), place.bottom()));
    scene.fill_rounded(place, 6.0, Paint::Linear { from: corners.0, to: corners.1, stops: fade });
    for (column, dash) in [(3, Dash::Solid), (4, Dash::Dashed), (5, Dash::Dotted)] {
        scene.border(Border { rect: cell(column, 0), radius: 14.0, width: 3.0, dash }, sky);
    }

    let arc = |column: usize, row: usize| Arc {
        centre: cell(column, row).centre(),
        radius: 26.0,
        width: 10.0,
        start_rad: 135f32.to_radians(),
        sweep_rad: 270f32.to_radians(),
        round_caps: true,
    };
    let wide = arc(0, 1);
    let sweep =
        Paint::Sweep { centre: wide.centre, start_rad: wide.start_rad, sweep_rad: wide.sweep_rad, stops };
    scene.arc(wide, sweep);
    scene.arc(Arc { round_caps: false, ..arc(1, 1) }, rose);
    scene.arc(Arc { sweep_rad: 7.0, ..arc(2, 1) }, gold);
    scene.arc(Arc { sweep_rad: 0.6, width: 3.0, ..arc(3, 1) }, sky);
    scene.circle(cell(4, 1).centre(), 20.5, rose.with_alpha(150));
    scene.shadow(cell(5, 1).inset(12.0), 8.0, 12.0, sky);

    let wave = |column: usize, row: usize| -> Vec<PointF> {
        let place = cell(column, row);
        (0..9)
            .map(|i| PointF::new(place.x + i as f32 * 8.0, place.centre().y + [20.0, -24.0, 6.0][i % 3]))
            .collect()
    };
    scene.polyline(&wave(0, 2), 1.5, sky);
    scene.polyline(&wave(1, 2), 7.0, rose.with_alpha(140));
    let place = cell(2, 2);
    scene.area(&wave(2, 2), place.bottom(), Paint::vertical(place.y, place.bottom(), fade));
    let centre = cell(3, 2).centre();
    let star: Vec<PointF> = (0..10)
        .map(|i| {
            let (angle, reach) = (i as f32 * 0.628_318_5, if i % 2 == 0 { 30.0 } else { 13.0 });
            PointF::new(centre.x + angle.sin() * reach, centre.y - angle.cos() * reach)
        })
        .collect();
    scene.polygon(&star, gold);
    let checks: Vec<u8> = (0..64)
        .flat_map(|i| if (i + i / 8) % 2 == 0 { [255, 90, 90, 255] } else { [40, 60, 200, 90] })
        .collect();
    let image = Image::from_rgba(&checks, 8, 8).expect("eight rows of eight");
    scene.image(&image, cell(4, 2), 12.0, 255);
    scene.push_clip(cell(5, 2).inset(9.0));
    scene.circle(cell(5, 2).centre(), 28.0, sky);
    scene.pop_clip();
    kept("shapes", 480, 240, &scene);
}

#[test]
fn every_face() {
    let (mut scene, mut fonts) = (Scene::new(), Fonts::embedded());
    let mut y = 4.0;
    for (face, size) in [
        (Face::Regular, 11.0),
        (Face::Regular, 13.0),
        (Face::Medium, 12.0),
        (Face::SemiBold, 14.0),
        (Face::Mono, 12.0),
        (Face::Bold, 30.0),
    ] {
        let style = TextStyle::new(face, size);
        let metrics = fonts.metrics(style);
        for text in ["Größe 1,171.5 °C 44 % Ωμέγα Кириллица – “to” ▲▼✓ 日", "Wave AVATAR 0123456789 fi → ∞ ≥"]
        {
            y += metrics.line_height.max(size * 1.2);
            let line = fonts.ellipsize(text, style, 464.0);
            scene.text(&line, 8.0, y - metrics.descent, Color::hex(0xe2e8f0));
        }
    }
    kept("faces", 480, 270, &scene);
}

#[test]
fn digits_are_all_as_wide_as_each_other() {
    let mut fonts = Fonts::embedded();
    for face in [Face::Regular, Face::Medium, Face::SemiBold, Face::Bold, Face::Mono] {
        let style = TextStyle::new(face, 40.0);
        let width = fonts.width("0000", style);
        for text in ["1111", "4718", "9999"] {
            assert!((fonts.width(text, style) - width).abs() < 0.01, "{face:?} {text}");
        }
        let loose = TextStyle { tabular: false, ..style };
        let proportional = fonts.width("1111", loose) < width - 1.0;
        assert_eq!(proportional, face != Face::Mono, "{face:?}: without tabular digits a 1 is narrow");
    }
}

#[test]
fn text_is_made_to_fit() {
    let mut fonts = Fonts::embedded();
    let style = TextStyle::new(Face::Regular, 20.0);
    for room in [0.0, 5.0, 30.0, 100.0, 1000.0] {
        let line = fonts.ellipsize("a rather long text, äöü 日本", style, room);
        assert!(line.width_px() <= room);
        assert!(room < 30.0 || line.text().ends_with(if room < 1000.0 { '…' } else { '本' }));
    }
    let size = fonts.fit("1234.5", Face::Bold, (100.0, 30.0), (8.0, 200.0));
    let fitted = TextStyle::new(Face::Bold, size);
    assert!(fonts.width("1234.5", fitted) <= 100.0 && fonts.metrics(fitted).cap_height <= 30.0);
    assert_eq!(fonts.fit("1234.5", Face::Bold, (1.0, 1.0), (8.0, 200.0)), 8.0);
    let mut lines = Vec::new();
    fonts.wrap("one two three four five averyverylongwordindeed six", style, (90.0, 4), &mut lines);
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| line.width_px() <= 90.0));
    assert!(lines[3].text().ends_with('…'));
    fonts.wrap("one\n\nthree", style, (90.0, 9), &mut lines);
    assert_eq!(lines.len(), 3);
    fonts.wrap("anything", style, (90.0, 0), &mut lines);
    assert!(lines.is_empty());
}
