//! What a scene's difference leaves out looks the same in both scenes, to the last bit.
//! Leaves out how small the difference is, but for one example.

mod random;

use casedd_raster::{
    Arc, Canvas, Color, Face, Fonts, GlyphCache, IRect, Paint, PointF, RectF, Scene, Shape, Stops, TextStyle,
};
use random::Dice;
use std::f32::consts::TAU;

const SIZE: u32 = 420;
const PAIRS: u64 = 1_200;

/// A dial and a number as they are at one value.
fn dial(ring: Arc, share: f32, (is_ramp, text): (bool, &str), fonts: &mut Fonts) -> Scene {
    let mut scene = Scene::new();
    scene.fill_rect(RectF::new(0.0, 0.0, SIZE as f32, SIZE as f32), Color::hex(0x141c33));
    scene.arc(ring, Color::hex(0x283457));
    let sweep_rad = ring.sweep_rad * share;
    let over = if is_ramp { ring.sweep_rad } else { sweep_rad };
    let stops = Stops::two(Color::hex(0x206080), Color::hex(0x38bdf8));
    let paint = Paint::Sweep { centre: ring.centre, start_rad: ring.start_rad, sweep_rad: over, stops };
    scene.arc(Arc { sweep_rad, ..ring }, paint);
    let line = fonts.line(text, TextStyle::new(Face::Bold, ring.radius * 0.6));
    scene.text(&line, ring.centre.x - line.width_px() / 2.0, ring.centre.y, Color::WHITE);
    // The same text, more or less of which is cut off.
    let shown = (share * 10.0).floor() / 10.0;
    scene.push_clip(RectF::new(0.0, 0.0, ring.centre.x - ring.radius * shown, SIZE as f32));
    scene.text(&line, ring.centre.x - ring.radius, ring.centre.y + ring.width, Color::hex(0x80f0_c040));
    scene.pop_clip();
    bars(&mut scene, ring, share);
    scene
}

/// Rectangles one edge of which depends on the value, and one that moves.
fn bars(scene: &mut Scene, ring: Arc, share: f32) {
    let (least, most) = (ring.width, ring.width + ring.radius);
    let at = least + (most - least) * share;
    let paint = Paint::horizontal(least, most, Stops::two(Color::hex(0x0020_6080), Color::hex(0x80ff_d060)));
    let edges =
        [[at, 3.0, most, 20.4], [least, at, 9.0, most], [0.5, 5.0, at, 30.0], [least, 2.25, most, at]];
    for (index, [left, top, right, bottom]) in edges.into_iter().enumerate() {
        let rect = RectF::from_edges(left + 60.0 * index as f32, top, right + 60.0 * index as f32, bottom);
        scene.fill_rounded(rect, ring.width / 8.0, paint);
    }
    scene.fill_rounded(RectF::new(at, at, ring.width, ring.width), ring.width / 2.0, Color::hex(0xc0ff_ffff));
}

fn draw(scene: &Scene, pixels: &mut [u32], regions: &[IRect], cache: &mut GlyphCache) {
    let mut canvas = Canvas::new(pixels, SIZE as usize, SIZE, SIZE);
    for region in regions {
        canvas.clear(*region, Color::BLACK);
        scene.draw(&mut canvas, *region, cache);
    }
}

#[test]
fn drawing_the_difference_anew_gives_the_other_picture() {
    let (mut fonts, mut cache) = (Fonts::embedded(), GlyphCache::new());
    let whole = [IRect::new(0, 0, SIZE as i32, SIZE as i32)];
    let mut pixels = [vec![0; (SIZE * SIZE) as usize], vec![0; (SIZE * SIZE) as usize]];
    for seed in 0..PAIRS {
        let mut dice = Dice(seed);
        let mut between = |least: f32, most: f32| least + (most - least) * dice.below(1000) as f32 / 1000.0;
        let ring = Arc {
            centre: PointF::new(between(0.0, SIZE as f32), between(0.0, SIZE as f32)),
            radius: between(3.0, 200.0),
            width: between(0.5, 60.0),
            start_rad: between(-TAU, TAU),
            sweep_rad: between(0.1, TAU * 1.1),
            round_caps: seed % 2 == 0,
        };
        let shares = [between(0.01, 1.0), between(0.01, 1.0)];
        let texts = ["42.7 °C", "43.1 °C", "Ägypten", "", "7"];
        let looks =
            [(seed % 3 != 0, texts[seed as usize % 5]), (seed % 3 != 0, texts[seed as usize / 5 % 5])];
        let scenes = [0, 1].map(|at| dial(ring, shares[at], looks[at], &mut fonts));
        for (scene, pixels) in scenes.iter().zip(&mut pixels) {
            draw(scene, pixels, &whole, &mut cache);
        }
        let mut parts = vec![whole[0]];
        scenes[1].difference(&scenes[0], &mut parts);
        draw(&scenes[1], &mut pixels[0], &parts[1..], &mut cache);
        assert!(pixels[0] == pixels[1], "seed {seed}: {ring:?} {shares:?}");
    }
}

/// The difference between two dials, but for their bars and grounds.
fn difference_of(shares: [f32; 2], (is_ramp, texts): (bool, [&str; 2])) -> Vec<IRect> {
    let mut fonts = Fonts::embedded();
    let centre = PointF::new(210.0, 210.0);
    let ring = Arc { centre, radius: 180.0, width: 30.0, start_rad: 2.4, sweep_rad: 4.7, round_caps: true };
    let mut scenes = [0, 1].map(|at| dial(ring, shares[at], (is_ramp, texts[at]), &mut fonts));
    scenes.iter_mut().for_each(|scene| scene.retain(|op| !matches!(op.shape, Shape::Rounded { .. })));
    let mut parts = Vec::new();
    scenes[1].difference(&scenes[0], &mut parts);
    parts
}

fn pixels(parts: &[IRect]) -> i32 {
    parts.iter().map(|part| part.width() * part.height()).sum()
}

#[test]
fn no_more_than_what_a_value_moves_is_drawn_again() {
    let tip = difference_of([0.70, 0.72], (true, ["42", "42"]));
    assert!((900..60 * 60).contains(&pixels(&tip)), "for the tip of an arc: {tip:?}");
    let digit = difference_of([0.7, 0.7], (true, ["142.7 °C", "142.8 °C"]));
    assert!((900..70 * 120).contains(&pixels(&digit)), "for one digit: {digit:?}");
}

#[test]
fn a_dial_of_another_colour_is_taken_apart_so_that_its_inside_is_left_out() {
    let parts = difference_of([0.7, 0.8], (false, ["42", "42"]));
    assert!(pixels(&parts) < 390 * 390 * 6 / 10, "{parts:?}");
    assert!(parts.iter().all(|part| part.intersect(IRect::new(200, 200, 20, 20)).is_empty()));
}
