//! Random scenes that are the same at each run, and pictures of them.
//! Leaves out what is checked: the tests beside it do that.

#![allow(dead_code, reason = "each test uses a part of it")]

use casedd_raster::{
    Arc, Border, Canvas, Color, Dash, Face, Fonts, GlyphCache, IRect, Image, Level, Paint, PointF, RectF,
    Scene, Stops, TextStyle,
};

#[path = "../dice/mod.rs"]
mod dice;

pub use dice::Dice;

/// Colours and places, thrown.
impl Dice {
    pub fn color(&mut self) -> Color {
        let [r, g, b, a, ..] = self.word().to_le_bytes();
        Color { r, g, b, a: if a > 128 { 255 } else { a } }
    }

    pub fn point(&mut self, size: f32) -> PointF {
        PointF::new(self.between(-size * 0.2, size * 1.2), self.between(-size * 0.2, size * 1.2))
    }

    pub fn rect(&mut self, size: f32) -> RectF {
        let corner = self.point(size);
        let rect = RectF::new(corner.x, corner.y, self.between(0.5, size), self.between(0.5, size));
        if self.below(2) == 0 { rect.snapped() } else { rect }
    }

    pub fn paint(&mut self, size: f32) -> Paint {
        let stops: Vec<(f32, Color)> = {
            let count = 2 + self.below(4);
            let mut offsets: Vec<f32> = (0..count).map(|_| self.between(0.0, 1.0)).collect();
            offsets.sort_by(f32::total_cmp);
            offsets.into_iter().map(|offset| (offset, self.color())).collect()
        };
        let stops = Stops::new(&stops);
        match self.below(5) {
            0 | 1 => Paint::Solid(self.color()),
            2 => Paint::vertical(self.between(0.0, size), self.between(0.0, size), stops),
            3 => Paint::horizontal(self.between(0.0, size), self.between(0.0, size), stops),
            _ => Paint::Linear { from: self.point(size), to: self.point(size), stops },
        }
    }

    pub fn points(&mut self, size: f32) -> Vec<PointF> {
        let count = 3 + self.below(9);
        (0..count).map(|_| self.point(size)).collect()
    }
}

/// A scene of every kind of shape.
pub fn scene(dice: &mut Dice, fonts: &mut Fonts, size: f32) -> Scene {
    let mut scene = Scene::new();
    for _ in 0..12 {
        let paint = dice.paint(size);
        match dice.below(10) {
            0 => scene.fill_rounded(dice.rect(size), dice.between(0.0, size / 2.0), paint),
            1 => {
                let dash = [Dash::Solid, Dash::Dashed, Dash::Dotted][dice.below(3)];
                let (rect, radius) = (dice.rect(size), dice.between(0.0, size / 2.0));
                scene.border(Border { rect, radius, width: dice.between(0.5, 9.0), dash }, paint);
            }
            2 => scene.arc(
                Arc {
                    centre: dice.point(size),
                    radius: dice.between(2.0, size / 2.0),
                    width: dice.between(0.5, 20.0),
                    start_rad: dice.between(-7.0, 7.0),
                    sweep_rad: dice.between(-7.0, 7.0),
                    round_caps: dice.below(2) == 0,
                },
                paint,
            ),
            3 => scene.polyline(&dice.points(size), dice.between(0.5, 9.0), paint),
            4 => scene.polygon(&dice.points(size), paint),
            5 => {
                let mut points = dice.points(size);
                points.sort_by(|a, b| a.x.total_cmp(&b.x));
                scene.area(&points, dice.between(0.0, size * 1.2), paint);
            }
            6 => scene.circle(dice.point(size), dice.between(0.2, size / 2.0), paint),
            7 => {
                scene.shadow(dice.rect(size), dice.between(0.0, 20.0), dice.between(1.0, 20.0), dice.color())
            }
            8 => {
                let style =
                    TextStyle::new([Face::Regular, Face::Bold][dice.below(2)], dice.between(6.0, 40.0));
                let line = fonts.line("Größe 1,234.5 °C Ωμέγα", style);
                let at = dice.point(size);
                scene.text(&line, at.x, at.y, dice.color());
            }
            _ => {
                let bytes: Vec<u8> = (0..12 * 9 * 4).map(|_| dice.word() as u8).collect();
                let image = Image::from_rgba(&bytes, 12, 9).expect("the right number of bytes");
                let rect = if dice.below(2) == 0 {
                    dice.rect(size)
                } else {
                    RectF { width: 12.0, height: 9.0, ..dice.rect(size) }
                };
                scene.image(&image, rect, dice.between(0.0, 9.0), dice.word() as u8);
            }
        }
        match dice.below(6) {
            0 => scene.push_clip(dice.rect(size)),
            1 => scene.pop_clip(),
            _ => {}
        }
    }
    scene
}

/// The scene on a dark square, drawn through `clips` one after the other.
pub fn picture(scene: &Scene, size: u32, clips: &[IRect], level: Level, cache: &mut GlyphCache) -> Vec<u32> {
    let mut pixels = vec![0xff18_2030u32; (size * size) as usize];
    let mut canvas = Canvas::new(&mut pixels, size as usize, size, size);
    for clip in clips {
        scene.draw_with(level, &mut canvas, *clip, cache);
    }
    pixels
}
