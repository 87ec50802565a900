//! Texts in scripts that the embedded fonts lack, with marks and from right to left: whatever becomes of their glyphs,
//! no line is wider than it may be, and every one can be drawn.
//! Leaves out how they look: fonts differ from machine to machine.

use casedd_raster::{Canvas, Color, Face, Fonts, GlyphCache, Scene, TextStyle};

const TEXTS: [&str; 9] = [
    "日本語テスト、簡体字、한국어",
    "disk שלום עולם 80 % ok",
    "سعة القرص 80 %",
    "q\u{301}\u{323}\u{302} e\u{301} \u{301} alone",
    "\u{202e}turned\u{202c} \u{200f}\u{200d}\u{fe0f}",
    "👨\u{200d}👩\u{200d}👧 ⛅ ☀\u{fe0f}",
    "नमस्ते ไทย ᠮᠣᠩᠭᠣᠯ",
    "Ελλάδα Київ ñ",
    "\u{301}\u{302}\u{303}",
];

/// What must hold with any fonts.
fn check(fonts: &mut Fonts) {
    let mut glyphs = GlyphCache::new();
    for text in TEXTS {
        for size_px in [9.5, 24.0] {
            let style = TextStyle::new(Face::Medium, size_px);
            let whole = fonts.width(text, style);
            assert!(whole.is_finite() && whole >= 0.0, "{text:?} is {whole} px wide");
            for room in [0.0, 7.0, 40.0, 133.0, 1000.0] {
                let line = fonts.ellipsize(text, style, room);
                assert!(line.width_px() <= room, "{text:?} in {room} px is {} px wide", line.width_px());
                let mut lines = Vec::new();
                fonts.wrap(text, style, (room.max(size_px * 2.0), 3), &mut lines);
                assert!(lines.len() <= 3, "{text:?}");
            }
            let (mut scene, line) = (Scene::new(), fonts.line(text, style));
            scene.text(&line, 4.0, 30.0, Color::WHITE);
            let mut pixels = vec![0xff00_0000; 200 * 40];
            let mut canvas = Canvas::new(&mut pixels, 200, 200, 40);
            let all = canvas.bounds();
            scene.draw(&mut canvas, all, &mut glyphs);
        }
    }
}

#[test]
fn no_script_breaks_a_layout_without_fonts_for_it() {
    let mut fonts = Fonts::embedded();
    check(&mut fonts);
    let missing = fonts.take_missing();
    assert!(missing.contains(&'日') && missing.contains(&'ש'), "{missing:?}");
    assert!(!missing.contains(&'\u{200d}') && !missing.contains(&'é'), "{missing:?}");
}

#[test]
fn no_script_breaks_a_layout_with_the_fonts_of_this_machine() {
    let mut fonts = Fonts::embedded();
    fonts.use_system(vec!["/usr/share/fonts".into(), "/usr/local/share/fonts".into()]);
    check(&mut fonts);
}

#[test]
fn a_gap_in_the_place_of_a_character_goes_when_its_font_has_been_looked_for() {
    let mut fonts = Fonts::embedded();
    let (wake, woken) = std::sync::mpsc::channel();
    fonts
        .use_system_beside(vec!["/no/such/folder".into()], move || wake.send(()).unwrap_or_default())
        .expect("a thread");
    let style = TextStyle::new(Face::Medium, 24.0);
    let with_gap = fonts.line("日", style);
    assert_eq!(with_gap, fonts.line("日", style));
    assert!(fonts.take_missing().is_empty(), "it is not known yet");
    woken.recv_timeout(std::time::Duration::from_secs(20)).expect("an answer");
    assert!(fonts.collect() && !fonts.collect());
    assert_ne!(with_gap, fonts.line("日", style), "what shows it must be drawn again");
    assert_eq!(fonts.take_missing(), ['日']);
}
