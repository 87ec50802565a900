//! The same scene gives the same pixels, whatever clip, band or processor level it is drawn with.
//! Leaves out whether the pixels are right: see `oracle` and `goldens`.

mod random;

use casedd_raster::{Canvas, Fonts, GlyphCache, IRect, Level, Scene};
use random::{Dice, picture, scene};

const SIZE: u32 = 173;
const SCENES: u64 = 300;

#[test]
fn clips_and_bands_do_not_show() {
    let (mut fonts, mut cache) = (Fonts::embedded(), GlyphCache::new());
    for seed in 0..SCENES {
        let mut dice = Dice(seed);
        let scene = scene(&mut dice, &mut fonts, SIZE as f32);
        let whole = picture(&scene, SIZE, &[IRect::ALL], Level::new(), &mut cache);
        let size = SIZE as i32;
        let (x, y) = (dice.below(SIZE as usize) as i32, dice.below(SIZE as usize) as i32);
        let quarters = [
            IRect::new(0, 0, x, y),
            IRect::new(x, 0, size, y),
            IRect::new(0, y, x, size),
            IRect::new(x, y, size, size),
        ];
        assert!(whole == picture(&scene, SIZE, &quarters, Level::new(), &mut cache), "quarters, seed {seed}");
        let bands: Vec<_> = (0..size).step_by(7).map(|top| IRect::new(-5, top, size + 9, 7)).collect();
        assert!(whole == picture(&scene, SIZE, &bands, Level::new(), &mut cache), "bands, seed {seed}");
    }
}

#[test]
fn every_level_of_instructions_gives_the_same_pixels() {
    let (mut fonts, mut cache) = (Fonts::embedded(), GlyphCache::new());
    for seed in 0..SCENES {
        let scene = scene(&mut Dice(seed), &mut fonts, SIZE as f32);
        let best = picture(&scene, SIZE, &[IRect::ALL], Level::new(), &mut cache);
        let plain = picture(&scene, SIZE, &[IRect::ALL], Level::baseline(), &mut cache);
        assert!(best == plain, "seed {seed}");
    }
}

#[test]
fn a_tall_scene_is_the_same_in_one_go_as_row_by_row() {
    // Taller than one of the bands that drawing makes for itself.
    let (mut fonts, mut cache) = (Fonts::embedded(), GlyphCache::new());
    let scene = scene(&mut Dice(4), &mut fonts, 900.0);
    let rows: Vec<_> = (0..900).map(|y| IRect::new(0, y, 900, 1)).collect();
    let whole = picture(&scene, 900, &[IRect::ALL], Level::new(), &mut cache);
    assert!(whole == picture(&scene, 900, &rows, Level::new(), &mut cache));
}

#[test]
fn shapes_of_impossible_numbers_draw_nothing_and_harm_nothing() {
    let mut scene = Scene::new();
    let mut cache = GlyphCache::new();
    let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30, 0.0, -3.0, 1e-30, 50.0];
    for a in odd {
        for b in odd {
            use casedd_raster::{Arc, Border, Color, Dash, Paint, PointF, RectF, Stops};
            let rect = RectF::new(a, b, b, a);
            let paint = Paint::vertical(a, b, Stops::new(&[(a, Color::BLACK), (b, Color::WHITE)]));
            scene.fill_rounded(rect, b, paint);
            scene.border(Border { rect, radius: a, width: b, dash: Dash::Dotted }, paint);
            scene.shadow(rect, a, b, Color::WHITE);
            let arc = Arc {
                centre: PointF::new(50.0, 50.0),
                radius: a,
                width: b,
                start_rad: b,
                sweep_rad: a,
                round_caps: true,
            };
            scene.arc(arc, paint);
            let points = [PointF::new(a, b), PointF::new(b, a), PointF::new(10.0, b), PointF::new(90.0, a)];
            scene.polyline(&points, a, paint);
            scene.polyline(&points, 2.0, paint);
            scene.polygon(&points, paint);
            scene.area(&points, a, paint);
            scene.push_clip(rect);
            scene.fill_rect(RectF::new(0.0, 0.0, 100.0, 100.0), Color::WHITE);
            scene.pop_clip();
        }
    }
    let pixels = picture(&scene, 100, &[IRect::ALL], Level::new(), &mut cache);
    assert!(pixels.iter().all(|pixel| pixel >> 24 == 255));
    assert_eq!(scene, scene.clone(), "no NaN is kept: a scene equals itself");
    let mut none = [];
    scene.draw(&mut Canvas::new(&mut none, 0, 0, 0), IRect::ALL, &mut cache);
}
