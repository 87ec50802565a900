//! `sparkline`: lines of recent history over time, filled below, with a dot at the newest value.
//! Leaves out bars: a histogram has those.

use casedd_raster::{Color, Paint, Scene, Stops};

use super::parts::chart::{self, Frame};
use super::parts::series::{self, SERIES_MAX};
use super::parts::tint;
use super::{Cx, Widget};
use crate::data::Freshness;
use crate::template::spec::{ChartSpec, Kind};

/// Most points of a line.
const POINTS_MAX: f32 = 1_000.0;

/// Draws lines.
pub struct Sparkline;

impl Widget for Sparkline {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let spec = cx.spec;
        let Kind::Sparkline(chart) = &spec.kind else { return };
        let (places, freshness) = chart::places(cx, scene, chart);
        let plot = places.plot;
        if plot.is_empty() {
            return;
        }
        // A point each other pixel or each stroke's width: closer ones only make the line thicker.
        let points = (plot.width / cx.scale.stroke_px.max(2.0)).clamp(2.0, POINTS_MAX);
        let points = chart.samples.map_or(points, |samples| (samples as f32).clamp(2.0, POINTS_MAX));
        let step_ms = (chart.window_ms as f32 / points) as u64;
        let overview = series::overview(cx, chart, step_ms);
        let frame = chart::frame(cx, scene, chart, (places, freshness), &overview);
        scene.push_clip(plot.inset(-cx.scale.stroke_px * 2.0));
        for (index, entry) in chart.series.iter().take(SERIES_MAX).enumerate() {
            series::read(cx, chart, entry, step_ms);
            draw(cx, scene, chart, (&frame, index));
        }
        scene.pop_clip();
    }
}

/// How a line is drawn.
#[derive(Clone, Copy)]
pub(super) struct Pen {
    /// The line's colour; thresholds go first.
    pub color: Color,
    /// How strong it is filled below, 0 to 1.
    pub fill: f32,
    /// Whether thresholds and gradients colour it by its height.
    pub has_ramp: bool,
    /// Of the dot at the newest value.
    pub dot: Color,
}

fn draw(cx: &mut Cx<'_>, scene: &mut Scene, chart: &ChartSpec, (frame, index): (&Frame, usize)) {
    let color = series::color(cx, chart, index);
    let lines = chart.series.len();
    let newest = cx.samples.last().map(|sample| f64::from(sample.value));
    let pen = Pen {
        color,
        fill: *[0.38, 0.2, 0.13].get(lines.saturating_sub(1)).unwrap_or(&0.0),
        has_ramp: lines == 1 && cx.spec.has_ramp(),
        dot: if lines == 1 { tint::accent(cx, newest) } else { color },
    };
    line(cx, scene, frame, (pen, gap_ms(cx, chart.window_ms)));
}

/// Draws what `cx.samples` holds; samples further apart than `gap_ms` are not joined.
pub(super) fn line(cx: &mut Cx<'_>, scene: &mut Scene, frame: &Frame, (pen, gap_ms): (Pen, u64)) {
    let factor = if frame.freshness == Freshness::Stale { 0.45 } else { 1.0 };
    let mut at = 0;
    while at < cx.samples.len() {
        let start = at;
        at += 1;
        while at < cx.samples.len() && cx.samples[at].at_ms - cx.samples[at - 1].at_ms <= gap_ms {
            at += 1;
        }
        cx.points.clear();
        let half = cx.scale.stroke_px / 2.0;
        let (top, bottom) = (frame.plot.y + half, frame.plot.bottom() - half);
        for sample in &cx.samples[start..at] {
            let (x, y) = (frame.x(sample.at_ms), frame.y(sample.value.into()));
            cx.points.push(casedd_raster::PointF::new(x, y.clamp(top.min(bottom), bottom)));
        }
        if pen.fill > 0.0 {
            fill(cx, scene, frame, pen, factor);
        }
        scene.polyline(cx.points, cx.scale.stroke_px, line_paint(cx, frame, pen).faded(factor));
    }
    let (Some(last), Some(sample)) = (cx.points.last().copied(), cx.samples.last()) else { return };
    if frame.x(sample.at_ms) < frame.plot.right() - 3.0 || frame.freshness == Freshness::Stale {
        return;
    }
    let dot = cx.scale.stroke_px * 1.35;
    let last = casedd_raster::PointF::new(last.x - dot * 0.4, last.y);
    scene.circle(last, dot * 2.1, pen.dot.faded(0.28));
    scene.circle(last, dot, pen.dot);
}

/// From here on a missing sample breaks the line.
pub(super) fn gap_ms(cx: &Cx<'_>, window_ms: u64) -> u64 {
    let steps = cx.samples.windows(2).map(|pair| pair[1].at_ms - pair[0].at_ms);
    let usual = steps.min().unwrap_or(0);
    (usual * 5).max(window_ms / 30).max(3_000)
}

fn fill(cx: &mut Cx<'_>, scene: &mut Scene, frame: &Frame, pen: Pen, factor: f32) {
    let plot = frame.plot;
    // Fades over what the line reaches, so that a low line has its glow too.
    let top = cx.points.iter().map(|point| point.y).fold(plot.bottom(), f32::min);
    let top = top.min(plot.bottom() - plot.height * 0.35);
    // One colour, that of usual values: several ones below each other would be mud.
    let usual = cx.spec.color_stops.as_slice().first().filter(|_| pen.has_ramp);
    let color = usual.map_or(pen.color, |(_, color)| *color);
    let steps = [(0.0, 1.0), (0.2, 0.77), (0.4, 0.55), (0.55, 0.38), (1.0, 0.08)];
    let stops = steps.map(|(share, part)| (share, color.faded(pen.fill * factor * part)));
    scene.area(cx.points, plot.bottom(), Paint::vertical(top, plot.bottom(), Stops::new(&stops)));
}

/// One colour, or the thresholds' colours at their heights.
fn line_paint(cx: &Cx<'_>, frame: &Frame, pen: Pen) -> Paint {
    match pen.has_ramp {
        true => Paint::vertical(frame.plot.bottom(), frame.plot.y, tint::ramp(cx, pen.color, frame.ends)),
        false => Paint::Solid(pen.color),
    }
}
