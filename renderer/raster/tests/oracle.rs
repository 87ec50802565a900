//! Each shape looks as vello_cpu draws it: an exact rasteriser is the oracle for the quick formulas.
//! The worst pixels are sharp corners of lines and spikes thinner than a pixel; on average nobody could tell.
//! Leaves out text and images, which are masks and pixels as they come, and shadows, which are our own idea.

mod random;

use casedd_raster::{Arc, Border, Color, Dash, GlyphCache, IRect, Level, Paint, PointF, RectF, Scene, Stops};
use random::{Dice, picture};
use std::f64::consts::TAU;
use vello_cpu::color::{AlphaColor, DynamicColor, HueDirection, Srgb};
use vello_cpu::kurbo::{self, Affine, BezPath, Cap, Join, Point, Shape, Stroke};
use vello_cpu::peniko::{self, ColorStop, Fill, Gradient};
use vello_cpu::{Pixmap, RenderContext, Resources};

const SIZE: u16 = 120;
/// Random shapes of each kind in an ordinary run.
const SHAPES: u64 = 2_000;
const BACK: Color = Color::hex(0x182030);

/// What the oracle is told to draw.
enum Told {
    Fill(BezPath),
    Stroke(BezPath, f64, Cap),
}

/// How far two pictures may be apart, in steps of a channel (0..=255).
struct Bounds {
    /// At any pixel.
    most: u32,
    /// On average, over the pixels that differ from the background in either picture.
    mean: f64,
}

fn told_color(color: Color) -> AlphaColor<Srgb> {
    AlphaColor::from_rgba8(color.r, color.g, color.b, color.a)
}

fn oracle(told: &Told, paint: &Paint) -> Vec<u32> {
    let mut context = RenderContext::new(SIZE, SIZE);
    context.set_paint(told_color(BACK));
    context.fill_rect(&kurbo::Rect::new(0.0, 0.0, SIZE.into(), SIZE.into()));
    match paint {
        Paint::Solid(color) => context.set_paint(told_color(*color)),
        Paint::Linear { from, to, stops } => {
            let point = |p: &PointF| Point::new(p.x.into(), p.y.into());
            let stops: Vec<ColorStop> = stops
                .as_slice()
                .iter()
                .map(|(offset, color)| ColorStop {
                    offset: *offset,
                    color: DynamicColor::from_alpha_color(told_color(*color)),
                })
                .collect();
            let mut gradient = Gradient::new_linear(point(from), point(to)).with_stops(&stops[..]);
            gradient.hue_direction = HueDirection::default();
            gradient.interpolation_alpha_space = peniko::InterpolationAlphaSpace::Premultiplied;
            context.set_paint(gradient);
        }
        Paint::Sweep { .. } => unreachable!("no test asks for it"),
    }
    match told {
        Told::Fill(path) => {
            context.set_fill_rule(Fill::NonZero);
            context.fill_path(path);
        }
        Told::Stroke(path, width, cap) => {
            context.set_stroke(Stroke::new(*width).with_caps(*cap).with_join(Join::Round));
            context.stroke_path(path);
        }
    }
    context.flush();
    let mut target = Pixmap::new(SIZE, SIZE);
    context.render(&mut target, &mut Resources::new());
    target.data().iter().map(|p| u32::from_be_bytes([255, p.r, p.g, p.b])).collect()
}

/// Draws random shapes both ways: [`SHAPES`], or `CASEDD_ORACLE_SHAPES` of them. `make` adds the shape to the scene and says it to the oracle.
fn compare(name: &str, bounds: Bounds, make: impl Fn(&mut Dice, &mut Scene, Paint) -> Told) {
    let count =
        std::env::var("CASEDD_ORACLE_SHAPES").ok().and_then(|text| text.parse().ok()).unwrap_or(SHAPES);
    let mut cache = GlyphCache::new();
    let (mut sum, mut pixels, mut worst) = (0.0, 0.0, (0, 0));
    for seed in 0..count {
        let mut dice = Dice(seed * 77 + 5);
        let paint = loop {
            let paint = dice.paint(SIZE.into());
            // Hard edges between colours are as good as never where the other one puts them.
            let soft = |stops: &Stops| stops.as_slice().windows(2).all(|pair| pair[1].0 - pair[0].0 > 0.1);
            match &paint {
                Paint::Linear { from, to, stops }
                    if (to.x - from.x).hypot(to.y - from.y) < 60.0 || !soft(stops) => {}
                _ => break paint,
            }
        };
        let mut scene = Scene::new();
        scene.fill_rect(RectF::new(0.0, 0.0, SIZE.into(), SIZE.into()), BACK);
        let told = make(&mut dice, &mut scene, paint);
        let ours = picture(&scene, SIZE.into(), &[IRect::ALL], Level::new(), &mut cache);
        let theirs = oracle(&told, &paint);
        let back = 0xff18_2030;
        for (ours, theirs) in ours.iter().zip(&theirs).filter(|(a, b)| **a != back || **b != back) {
            let apart = ours.to_le_bytes().into_iter().zip(theirs.to_le_bytes());
            let apart = apart.map(|(a, b)| u32::from(a.abs_diff(b))).max().unwrap_or(0);
            sum += f64::from(apart);
            pixels += 1.0;
            worst = worst.max((apart, seed));
        }
    }
    let mean = sum / f64::max(pixels, 1.0);
    println!("{name}: mean {mean:.3}, worst {} (seed {})", worst.0, worst.1);
    assert!(mean <= bounds.mean, "{name}: {mean:.3} steps apart on average, allowed {}", bounds.mean);
    assert!(
        worst.0 <= bounds.most,
        "{name}: {} steps apart in seed {}, allowed {}",
        worst.0,
        worst.1,
        bounds.most
    );
}

fn told_rect(rect: RectF) -> kurbo::Rect {
    kurbo::Rect::new(rect.x.into(), rect.y.into(), rect.right().into(), rect.bottom().into())
}

fn told_points(points: &[PointF], closed: bool) -> BezPath {
    let mut path = BezPath::new();
    for (i, point) in points.iter().enumerate() {
        let point = Point::new(point.x.into(), point.y.into());
        if i == 0 { path.move_to(point) } else { path.line_to(point) }
    }
    if closed {
        path.close_path();
    }
    path
}

#[test]
fn filled_boxes() {
    compare("boxes", Bounds { most: 56, mean: 0.8 }, |dice, scene, paint| {
        let rect = dice.rect(SIZE.into());
        let radius = dice.between(0.0, 40.0).min(rect.width.min(rect.height) / 2.0);
        scene.fill_rounded(rect, radius, paint);
        Told::Fill(told_rect(rect).to_rounded_rect(f64::from(radius)).to_path(0.01))
    });
}

#[test]
fn borders() {
    compare("borders", Bounds { most: 60, mean: 2.0 }, |dice, scene, paint| {
        let rect =
            RectF { width: dice.between(40.0, 100.0), height: dice.between(40.0, 100.0), ..dice.rect(60.0) }
                .snapped();
        let (width, radius) = (dice.between(1.0, 8.0), dice.between(9.0, 20.0));
        scene.border(Border { rect, radius, width, dash: Dash::Solid }, paint);
        let middle = told_rect(rect.inset(width / 2.0));
        let path = middle.to_rounded_rect(f64::from(radius - width / 2.0)).to_path(0.01);
        Told::Stroke(path, width.into(), Cap::Butt)
    });
}

#[test]
fn arcs() {
    compare("arcs", Bounds { most: 64, mean: 3.5 }, |dice, scene, paint| {
        let width = dice.between(1.0, 14.0);
        let radius = dice.between(width + 2.0, 60.0);
        let arc = Arc {
            centre: PointF::new(dice.between(30.0, 90.0), dice.between(30.0, 90.0)),
            radius,
            width,
            start_rad: dice.between(-6.0, 6.0),
            sweep_rad: dice.between(0.3, 5.6),
            round_caps: dice.below(2) == 0,
        };
        scene.arc(arc, paint);
        let centre = Point::new(arc.centre.x.into(), arc.centre.y.into());
        let (start, sweep) = (f64::from(arc.start_rad), f64::from(arc.sweep_rad).min(TAU));
        let path = kurbo::Arc::new(centre, (f64::from(radius), f64::from(radius)), start, sweep, 0.0);
        let cap = if arc.round_caps { Cap::Round } else { Cap::Butt };
        Told::Stroke(path.path_elements(0.01).collect(), width.into(), cap)
    });
}

#[test]
fn lines() {
    compare("lines", Bounds { most: 128, mean: 1.5 }, |dice, scene, paint| {
        let points = dice.points(SIZE.into());
        let width = dice.between(1.0, 9.0);
        scene.polyline(&points, width, paint);
        Told::Stroke(told_points(&points, false), width.into(), Cap::Round)
    });
}

#[test]
fn convex_and_concave_polygons() {
    compare("polygons", Bounds { most: 4, mean: 0.5 }, |dice, scene, paint| {
        // A star round a middle: simple, so that both fill rules agree.
        let middle = dice.point(SIZE.into());
        let count = 3 + dice.below(7);
        let corner = |i: usize, reach: f32| {
            let angle = i as f32 / count as f32 * std::f32::consts::TAU;
            PointF::new(middle.x + angle.cos() * reach, middle.y + angle.sin() * reach)
        };
        let points: Vec<PointF> = (0..count).map(|i| corner(i, dice.between(5.0, 70.0))).collect();
        scene.polygon(&points, paint);
        Told::Fill(told_points(&points, true))
    });
}

#[test]
fn areas_under_lines() {
    compare("areas", Bounds { most: 150, mean: 0.7 }, |dice, scene, paint| {
        let mut x = dice.between(-10.0, 30.0);
        let baseline_y = dice.between(80.0, 120.0);
        let points: Vec<PointF> = (0..12)
            .map(|_| {
                x += dice.between(0.5, 20.0);
                PointF::new(x, dice.between(5.0, 80.0))
            })
            .collect();
        scene.area(&points, baseline_y, paint);
        let mut outline = points.clone();
        outline.push(PointF::new(points[11].x, baseline_y));
        outline.push(PointF::new(points[0].x, baseline_y));
        Told::Fill(Affine::IDENTITY * told_points(&outline, true))
    });
}
