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

fn draw(cx: &mut Cx<'_>, scene: &mut Scene, chart: &ChartSpec, (frame, index): (&Frame, usize)) {
    let factor = if frame.freshness == Freshness::Stale { 0.45 } else { 1.0 };
    let color = series::color(cx, chart, index);
    let gap_ms = gap_ms(cx, chart);
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
        let lines = chart.series.len();
        if lines <= 3 {
            let strength = [0.38, 0.2, 0.13][lines.saturating_sub(1)] * factor;
            fill(cx, scene, frame, (color, lines), strength);
        }
        let paint = line_paint(cx, frame, (color, lines)).faded(factor);
        scene.polyline(cx.points, cx.scale.stroke_px, paint);
    }
    let Some(last) = cx.points.last().copied() else { return };
    let Some(sample) = cx.samples.last() else { return };
    if frame.x(sample.at_ms) < frame.plot.right() - 3.0 || frame.freshness == Freshness::Stale {
        return;
    }
    let color = if chart.series.len() == 1 { tint::accent(cx, Some(sample.value.into())) } else { color };
    let dot = cx.scale.stroke_px * 1.35;
    let last = casedd_raster::PointF::new(last.x - dot * 0.4, last.y);
    scene.circle(last, dot * 2.1, color.faded(0.28));
    scene.circle(last, dot, color);
}

/// From here on a missing sample breaks the line.
fn gap_ms(cx: &Cx<'_>, chart: &ChartSpec) -> u64 {
    let steps = cx.samples.windows(2).map(|pair| pair[1].at_ms - pair[0].at_ms);
    let usual = steps.min().unwrap_or(0);
    (usual * 5).max(chart.window_ms / 30).max(3_000)
}

fn fill(cx: &mut Cx<'_>, scene: &mut Scene, frame: &Frame, (color, lines): (Color, usize), strength: f32) {
    let plot = frame.plot;
    // Fades over what the line reaches, so that a low line has its glow too.
    let top = cx.points.iter().map(|point| point.y).fold(plot.bottom(), f32::min);
    let top = top.min(plot.bottom() - plot.height * 0.35);
    // The colour of the line at some height, when thresholds colour it.
    let at = |share: f32| {
        let y = top + (plot.bottom() - top) * share;
        let value =
            frame.ends.0 + f64::from((plot.bottom() - y) / plot.height) * (frame.ends.1 - frame.ends.0);
        if lines == 1 { cx.spec.color_stops.at(value).unwrap_or(color) } else { color }
    };
    let steps = [(0.0, 1.0), (0.2, 0.77), (0.4, 0.55), (0.55, 0.38), (1.0, 0.08)];
    let stops = steps.map(|(share, part)| (share, at(share).faded(strength * part)));
    scene.area(cx.points, plot.bottom(), Paint::vertical(top, plot.bottom(), Stops::new(&stops)));
}

/// One colour, or the thresholds' colours at their heights.
fn line_paint(cx: &Cx<'_>, frame: &Frame, (color, lines): (Color, usize)) -> Paint {
    if !cx.spec.has_ramp() || lines != 1 {
        return Paint::Solid(color);
    }
    Paint::vertical(frame.plot.bottom(), frame.plot.y, tint::ramp(cx, color, frame.ends))
}
