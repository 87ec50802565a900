//! The dashboard as plain lists of shapes, for a program in another language.
//! Leaves out clips, and gradients that run neither down nor across: those become their last colour, which spares
//! the rival their cost.

use casedd_raster::{Color, IRect, Op, Paint, PointF, Scene, Shape};
use casedd_renderer::painter::Painter;
use casedd_renderer::view::View;
use serde_json::{Value, json};

use super::pillow::font_file;
use crate::feed::{self, Change, Feed};

/// Frames that are drawn in turn.
const FRAMES: usize = 24;

/// One size's dashboard: what never changes, and for each widget its place and its shapes in each frame. Leading
/// shapes that are the same in all frames belong to what never changes.
pub fn dashboard(size_px: (u32, u32)) -> anyhow::Result<Value> {
    let (width, height) = size_px;
    let (mut feed, mut painter) = (Feed::new()?, Painter::default());
    let mut view = View::new(feed::template()?, width, height);
    let mut frames: Vec<Vec<Vec<Value>>> = Vec::new();
    let (mut base, mut places, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..FRAMES {
        feed.step(Change::All);
        view.refresh(feed.data(), &mut painter);
        let mut layers = view.scenes();
        base = layers.next().map(|(scene, _)| shapes(scene)).unwrap_or_default();
        let (widgets, cells): (Vec<_>, Vec<_>) =
            layers.map(|(scene, clip)| (shapes(scene), rect(clip))).unzip();
        places = cells;
        frames.push(widgets);
        changed.push(feed.changed(Change::Live));
    }
    let widget = |(index, place): (usize, Value)| {
        let all: Vec<&Vec<Value>> = frames.iter().map(|frame| &frame[index]).collect();
        let same = (0..all[0].len()).take_while(|at| all.iter().all(|one| one.get(*at) == all[0].get(*at)));
        let still = same.count();
        let moving: Vec<&[Value]> = all.iter().map(|one| &one[still..]).collect();
        json!({ "place": place, "still": all[0][..still], "moving": moving })
    };
    let widgets: Vec<Value> = places.into_iter().enumerate().map(widget).collect();
    Ok(json!({ "width": width, "height": height, "base": base, "widgets": widgets, "changed": changed }))
}

fn rect(rect: IRect) -> Value {
    json!([rect.left, rect.top, rect.right, rect.bottom])
}

fn shapes(scene: &Scene) -> Vec<Value> {
    scene.ops().iter().filter_map(|op| shape(op, scene.points())).collect()
}

fn shape(op: &Op, points: &[PointF]) -> Option<Value> {
    let line = |range: &std::ops::Range<usize>| -> Vec<[f32; 2]> {
        points[range.clone()].iter().map(|point| [point.x, point.y]).collect()
    };
    let paint = paint(&op.paint);
    Some(match &op.shape {
        Shape::Rounded { rect: r, radius } => {
            json!({ "kind": "box", "rect": [r.x, r.y, r.right(), r.bottom()], "radius": radius, "paint": paint })
        }
        Shape::Border(border) => {
            let r = border.rect;
            json!({ "kind": "border", "rect": [r.x, r.y, r.right(), r.bottom()], "radius": border.radius,
                    "width": border.width, "paint": paint })
        }
        Shape::Arc(arc) => json!({
            "kind": "arc", "centre": [arc.centre.x, arc.centre.y], "radius": arc.radius, "width": arc.width,
            "start": arc.start_rad, "sweep": arc.sweep_rad, "round": arc.round_caps, "paint": paint
        }),
        Shape::Polyline { points, width } => {
            json!({ "kind": "line", "points": line(points), "width": width, "paint": paint })
        }
        Shape::Polygon { points } => json!({ "kind": "polygon", "points": line(points), "paint": paint }),
        Shape::Area { points, baseline_y } => {
            json!({ "kind": "area", "points": line(points), "baseline": baseline_y, "paint": paint })
        }
        Shape::Text { line, x, baseline_y } => {
            let style = line.style();
            json!({ "kind": "text", "text": line.text(), "face": font_file(style.face), "size": style.size_px,
                    "at": [x, baseline_y], "paint": paint })
        }
        Shape::Shadow { .. } | Shape::Image { .. } => return None,
    })
}

fn paint(paint: &Paint) -> Value {
    let rgba = |color: Color| [color.r, color.g, color.b, color.a];
    match paint {
        Paint::Solid(color) => json!({ "solid": rgba(*color) }),
        Paint::Linear { from, to, stops } if from.x == to.x || from.y == to.y => {
            let (axis, ends) =
                if from.x == to.x { ("down", [from.y, to.y]) } else { ("across", [from.x, to.x]) };
            let stops: Vec<Value> =
                stops.as_slice().iter().map(|(offset, color)| json!([offset, rgba(*color)])).collect();
            json!({ "axis": axis, "ends": ends, "stops": stops })
        }
        Paint::Linear { stops, .. } | Paint::Sweep { stops, .. } => {
            let last = stops.as_slice().last().map_or(Color::TRANSPARENT, |(_, color)| *color);
            json!({ "solid": rgba(last) })
        }
    }
}
