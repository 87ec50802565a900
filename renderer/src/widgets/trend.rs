//! The history of a `value`, as a line without grid or scale in what its number leaves of the cell.
//! Leaves out charts with those: a sparkline is one.

use casedd_raster::{Face, RectF, Scene, TextStyle};

use super::Cx;
use super::parts::chart::Frame;
use super::parts::number::{self, Fitted, Look};
use super::parts::{series, tint};
use super::sparkline::{self, Pen};
use crate::data::{Freshness, Shown};
use crate::template::spec::ChartSpec;

/// A line beside the number is at least so long, in sizes of a label.
const WIDTH_MIN: f32 = 8.0;
/// One below it is at least so high, in the same.
const HEIGHT_MIN: f32 = 2.4;
/// And no higher than this share of the cell.
const HEIGHT_MAX: f32 = 0.4;
/// The space between the number's block and the line, in sizes of a label.
const GAP: f32 = 0.9;
/// How strong the ground below the line is.
const FILL: f32 = 0.3;

/// A number gives way to a line beside it, but is no smaller than this share of what it would be alone.
const SIZE_SHARE: f32 = 0.7;

/// Where the number goes, and the line, when there is room for it: beside the number in a wide cell, below it in a
/// high one. `foot` is the room that the number's detail takes below it. The number is as large as without a line, or
/// somewhat smaller where only so there is one.
pub fn arrange(
    cx: &mut Cx<'_>,
    (shown, look): (&Shown<'_>, Look),
    (body, room): (RectF, RectF),
    foot: f32,
) -> (RectF, Option<RectF>) {
    let alone = number::fit(cx, shown, (room.width, room.height), look);
    let (number, plot) = places(cx, (body, room), alone, foot);
    if plot.is_some() {
        return (number, plot);
    }
    let beside = RectF { width: room.width - cx.scale.label_px * (WIDTH_MIN + GAP * 2.0), ..room };
    if beside.is_empty() {
        return (number, None);
    }
    let smaller = number::fit(cx, shown, (beside.width, beside.height), look);
    if smaller.size_px < alone.size_px * SIZE_SHARE {
        return (number, None);
    }
    match places(cx, (body, beside), smaller, foot) {
        (beside, Some(plot)) => (beside, Some(plot)),
        (_, None) => (number, None),
    }
}

fn places(
    cx: &mut Cx<'_>,
    (body, room): (RectF, RectF),
    fitted: Fitted,
    foot: f32,
) -> (RectF, Option<RectF>) {
    let label = cx.scale.label_px;
    let style = TextStyle::new(Face::Bold, fitted.size_px);
    let cap = cx.fonts.metrics(style).cap_height;
    let left = body.x + fitted.widest_px.max(number::room(cx, fitted.size_px)) + label * GAP * 2.0;
    if body.right() - left >= label * WIDTH_MIN {
        let baseline = cx.baseline(style, room.y, room.bottom());
        return (room, Some(RectF::from_edges(left, baseline - cap, body.right(), baseline)));
    }
    let block = label * 0.4 + cap + foot;
    let free = body.height - block - label * GAP;
    if free < label * HEIGHT_MIN {
        return (room, None);
    }
    let height = free.min(body.height * HEIGHT_MAX).round();
    let slack = (free - height) / 2.0;
    let top = RectF { y: body.y + label * 0.4 + slack, height: cap * 1.01, ..room };
    (top, Some(RectF { y: body.bottom() - height, height, ..body }))
}

/// Draws the line.
pub fn draw(cx: &mut Cx<'_>, scene: &mut Scene, chart: &ChartSpec, (plot, freshness): (RectF, Freshness)) {
    let plot = plot.snapped();
    let hair = cx.scale.hairline_px;
    let ground = RectF { y: plot.bottom() - hair, height: hair, ..plot };
    scene.fill_rect(ground, cx.theme.track);
    let points = (plot.width / cx.scale.stroke_px.max(2.0)).max(2.0);
    let step_ms = (chart.window_ms as f32 / points) as u64;
    let overview = series::overview(cx, chart, step_ms);
    let (Some(one), true) = (chart.series.first(), overview.count > 0) else { return };
    let frame = Frame::bare(cx, chart, plot, (freshness, &overview));
    series::read(cx, chart, one, step_ms);
    let newest = cx.samples.last().and_then(|sample| tint::alarm(cx, sample.value.into()));
    let color = newest.unwrap_or_else(|| cx.spec.color.unwrap_or(cx.accent));
    let pen = Pen { color, fill: FILL, has_ramp: false, dot: color };
    scene.push_clip(plot.inset(-cx.scale.stroke_px * 2.0));
    let gap_ms = sparkline::gap_ms(cx, chart.window_ms);
    sparkline::line(cx, scene, &frame, (pen, gap_ms));
    scene.pop_clip();
}
