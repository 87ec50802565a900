//! The dashboard's shapes without its texts, drawn by our rasteriser and by vello_cpu on one thread.
//! Text is left out because vello_cpu draws outlines where both would cache masks.

use std::time::Instant;

use casedd_raster::{
    BAND_PX, Canvas, Color, Dash, GlyphCache, IRect, Op, Paint, PointF, RectF, Scene, Shape,
};
use casedd_renderer::painter::Painter;
use casedd_renderer::view::View;
use serde::{Deserialize, Serialize};
use vello_cpu::color::{AlphaColor, DynamicColor, Srgb};
use vello_cpu::kurbo::{self, BezPath, Cap, Join, Point, Shape as _, Stroke};
use vello_cpu::peniko::{ColorStop, Gradient, InterpolationAlphaSpace};
use vello_cpu::{Pixmap, RenderContext, RenderSettings, Resources};

use super::Beside;
use crate::feed::{self, Change, Feed};
use crate::measure::{cost, median};

/// Frames that are drawn in turn.
const FRAMES: usize = 8;
/// Turns that both take.
const TURNS: usize = 5;
/// Rounds of each turn.
const ROUNDS: usize = 16;

/// CPU time of one whole frame's shapes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Shapes {
    /// Width and height.
    pub size_px: (u32, u32),
    /// Our rasteriser and vello_cpu, from the same list of shapes, paths being made anew as a program would.
    pub cpu: Beside,
    /// Our rasteriser by the clock, not by CPU time.
    pub wall_ms: f64,
    /// The same with the upper and the lower half on threads of their own.
    pub halves_wall_ms: f64,
}

/// A scene and the rectangle that cuts it.
type Layer = (Scene, IRect);

/// Measures one size.
pub fn run(size_px: (u32, u32)) -> anyhow::Result<Shapes> {
    let (width, height) = size_px;
    let (mut feed, mut painter) = (Feed::new()?, Painter::default());
    let mut view = View::new(feed::template()?, width, height);
    let mut frames: Vec<Vec<Layer>> = Vec::new();
    for _ in 0..FRAMES {
        feed.step(Change::All);
        view.refresh(feed.data(), &mut painter);
        let shapes = view.scenes().map(|(scene, clip)| {
            let mut scene = scene.clone();
            scene.retain(|op| !matches!(op.shape, Shape::Text { .. }));
            (scene, clip)
        });
        frames.push(shapes.collect());
    }
    let whole = IRect::new(0, 0, width as i32, height as i32);
    let mut ours = (0, vec![0u32; width as usize * height as usize], [GlyphCache::new(), GlyphCache::new()]);
    let next = |state: &mut (usize, Vec<u32>, [GlyphCache; 2])| state.0 += 1;
    let one = |(round, pixels, [cache, _]): &mut (usize, Vec<u32>, [GlyphCache; 2])| {
        draw(&frames[*round % FRAMES], (pixels, whole), cache);
    };
    let settings = RenderSettings { num_threads: 0, ..RenderSettings::default() };
    let context = RenderContext::new_with(width as u16, height as u16, settings);
    let mut vello = (0, context, Pixmap::new(width as u16, height as u16), Resources::new());
    let mut turns = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        turns[0].push(cost(ROUNDS, &mut ours, next, one));
        turns[1].push(cost(
            ROUNDS,
            &mut vello,
            |state| state.0 += 1,
            |(round, context, target, resources)| {
                context.reset();
                for (scene, _) in &frames[*round % FRAMES] {
                    scene.ops().iter().for_each(|op| tell(context, op, scene.points()));
                }
                context.flush();
                context.render(target, resources);
            },
        ));
    }
    let [our_turns, vello_turns] = turns;
    let wall_ms = wall_ms(&mut ours, next, one);
    let halves_wall_ms = self::wall_ms(&mut ours, next, |(round, pixels, [upper, lower])| {
        let (layers, middle) = (&frames[*round % FRAMES], whole.bottom / 2);
        let (top, bottom) = pixels.split_at_mut(middle as usize * width as usize);
        std::thread::scope(|scope| {
            scope.spawn(|| draw(layers, (top, IRect { bottom: middle, ..whole }), upper));
            draw(layers, (bottom, IRect { top: middle, ..whole }), lower);
        });
    });
    Ok(Shapes { size_px, cpu: Beside::new(our_turns, vello_turns), wall_ms, halves_wall_ms })
}

/// Median time of a round by the clock.
fn wall_ms<T>(state: &mut T, prepare: impl Fn(&mut T), work: impl Fn(&mut T)) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        prepare(state);
        let start = Instant::now();
        work(state);
        start.elapsed().as_secs_f64() * 1e3
    });
    median(&mut times.collect::<Vec<f64>>())
}

/// As a view draws: in bands, each with all its layers. The pixels begin with the first row of `part`.
fn draw(layers: &[Layer], (pixels, part): (&mut [u32], IRect), cache: &mut GlyphCache) {
    let (width, rows) = (part.right as u32, part.top as u32..part.bottom as u32);
    let mut canvas = Canvas::band(pixels, width as usize, width, rows);
    let rows = (BAND_PX / part.width()).max(1);
    for top in (part.top..part.bottom).step_by(rows as usize) {
        let band = IRect { top, bottom: part.bottom.min(top + rows), ..part };
        for (scene, clip) in layers {
            scene.draw(&mut canvas, band.intersect(*clip), cache);
        }
    }
}

/// Says one shape to vello_cpu. Clips are left out, which only saves it work.
pub fn tell(context: &mut RenderContext, op: &Op, points: &[PointF]) {
    set_paint(context, &op.paint);
    match &op.shape {
        Shape::Rounded { rect, radius } if *radius <= 0.0 => context.fill_rect(&told(*rect)),
        Shape::Rounded { rect, radius } => {
            context.fill_path(&told(*rect).to_rounded_rect(f64::from(*radius)).to_path(0.1));
        }
        Shape::Border(border) if border.dash == Dash::Solid => {
            let middle = border.rect.inset(border.width / 2.0);
            let radius = f64::from((border.radius - border.width / 2.0).max(0.0));
            stroke(context, border.width, Cap::Butt, &told(middle).to_rounded_rect(radius).to_path(0.1));
        }
        Shape::Arc(arc) => {
            let centre = Point::new(arc.centre.x.into(), arc.centre.y.into());
            let radius = f64::from(arc.radius);
            let (start, sweep) = (f64::from(arc.start_rad), f64::from(arc.sweep_rad));
            let path = kurbo::Arc::new(centre, (radius, radius), start, sweep, 0.0).to_path(0.1);
            stroke(context, arc.width, if arc.round_caps { Cap::Round } else { Cap::Butt }, &path);
        }
        Shape::Polyline { points: range, width } => {
            stroke(context, *width, Cap::Round, &line(&points[range.clone()], None));
        }
        Shape::Polygon { points: range } => context.fill_path(&line(&points[range.clone()], None)),
        Shape::Area { points: range, baseline_y } => {
            context.fill_path(&line(&points[range.clone()], Some(*baseline_y)));
        }
        // The dashboard has none of these.
        Shape::Border(_) | Shape::Shadow { .. } | Shape::Text { .. } | Shape::Image { .. } => {}
    }
}

fn stroke(context: &mut RenderContext, width: f32, cap: Cap, path: &BezPath) {
    context.set_stroke(Stroke::new(width.into()).with_caps(cap).with_join(Join::Round));
    context.stroke_path(path);
}

fn told(rect: RectF) -> kurbo::Rect {
    kurbo::Rect::new(rect.x.into(), rect.y.into(), rect.right().into(), rect.bottom().into())
}

fn told_color(color: Color) -> AlphaColor<Srgb> {
    AlphaColor::from_rgba8(color.r, color.g, color.b, color.a)
}

/// A path through points; closed by a level when there is one.
fn line(points: &[PointF], level_y: Option<f32>) -> BezPath {
    let mut path = BezPath::new();
    for (i, point) in points.iter().enumerate() {
        let point = Point::new(point.x.into(), point.y.into());
        if i == 0 { path.move_to(point) } else { path.line_to(point) }
    }
    if let (Some(level_y), Some(first), Some(last)) = (level_y, points.first(), points.last()) {
        path.line_to((f64::from(last.x), f64::from(level_y)));
        path.line_to((f64::from(first.x), f64::from(level_y)));
        path.close_path();
    }
    path
}

fn set_paint(context: &mut RenderContext, paint: &Paint) {
    let (gradient, stops) = match paint {
        Paint::Solid(color) => return context.set_paint(told_color(*color)),
        Paint::Linear { from, to, stops } => {
            let point = |p: &PointF| Point::new(p.x.into(), p.y.into());
            (Gradient::new_linear(point(from), point(to)), stops)
        }
        Paint::Sweep { centre, start_rad, sweep_rad, stops } => {
            let centre = Point::new(centre.x.into(), centre.y.into());
            (Gradient::new_sweep(centre, *start_rad, start_rad + sweep_rad), stops)
        }
    };
    let stops: Vec<ColorStop> = stops
        .as_slice()
        .iter()
        .map(|(offset, color)| ColorStop {
            offset: *offset,
            color: DynamicColor::from_alpha_color(told_color(*color)),
        })
        .collect();
    let mut gradient = gradient.with_stops(&stops[..]);
    gradient.interpolation_alpha_space = InterpolationAlphaSpace::Premultiplied;
    context.set_paint(gradient);
}
