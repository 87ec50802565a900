//! `histogram`: bars of recent history, one for each step of time, the newest at the right.
//! Leaves out lines: a sparkline has those.

use casedd_raster::{Paint, RectF, Scene, Stops};

use super::parts::chart::{self, Frame};
use super::parts::series::{self, SERIES_MAX};
use super::parts::tint;
use super::{Cx, Widget};
use crate::data::Freshness;
use crate::template::spec::{ChartSpec, Kind};

/// Most bars side by side.
const BARS_MAX: usize = 240;

/// Draws bars.
pub struct Histogram;

impl Widget for Histogram {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let spec = cx.spec;
        let Kind::Histogram(chart) = &spec.kind else { return };
        let (places, freshness) = chart::places(cx, scene, chart);
        let plot = places.plot;
        if plot.is_empty() {
            return;
        }
        let sets = chart.series.len().clamp(1, SERIES_MAX);
        let by_width = (plot.width / (cx.scale.label_px * 0.7 * (1.0 + 0.6 * (sets - 1) as f32))) as usize;
        let bars = chart.samples.unwrap_or(by_width).min((plot.width / 3.0) as usize).clamp(1, BARS_MAX);
        let step_ms = (chart.window_ms / bars as u64).max(1);
        let mut overview = series::overview(cx, chart, step_ms);
        // Bars stand still while their step of time lasts.
        overview.until_ms = (overview.until_ms / step_ms + 1) * step_ms;
        // Bars begin at zero unless the template says otherwise.
        if overview.count > 0 {
            overview.scaled = (overview.ends.0.min(0.0), overview.ends.1.max(0.0));
        }
        let frame = chart::frame(cx, scene, chart, (places, freshness), &overview);
        for (index, entry) in chart.series.iter().take(SERIES_MAX).enumerate() {
            series::read(cx, chart, entry, step_ms);
            let bars = Bars { count: bars, step_ms, set: index, sets };
            draw(cx, scene, chart, (&frame, bars));
        }
    }
}

struct Bars {
    count: usize,
    step_ms: u64,
    set: usize,
    sets: usize,
}

fn draw(cx: &mut Cx<'_>, scene: &mut Scene, chart: &ChartSpec, (frame, bars): (&Frame, Bars)) {
    let plot = frame.plot;
    let factor = if frame.freshness == Freshness::Stale { 0.42 } else { 1.0 };
    let color = series::color(cx, chart, bars.set);
    let slot = plot.width / bars.count as f32;
    let gap = (slot * 0.22).clamp(1.0, cx.scale.label_px * 0.3).round();
    let newest = frame.until_ms / bars.step_ms;
    let ground = frame.y(0.0f64.clamp(frame.ends.0, frame.ends.1));
    for sample in cx.samples.iter() {
        let steps_ago = newest.saturating_sub(sample.at_ms / bars.step_ms + 1) as usize;
        if steps_ago >= bars.count {
            continue;
        }
        let left = plot.right() - slot * (steps_ago + 1) as f32;
        let width = (slot - gap) / bars.sets as f32;
        let left = (left + gap / 2.0 + width * bars.set as f32).round();
        let right = (left + width).round().max(left + 1.0);
        let y = frame.y(sample.value.into());
        let (top, bottom) = (y.min(ground).round(), y.max(ground).round());
        // At least a line: a measured zero is not a gap.
        let top = top.min(bottom - cx.scale.hairline_px);
        let bar = RectF::from_edges(left, top, right, bottom);
        let color = match chart.series.len() {
            1 => cx.spec.color_stops.at(sample.value.into()).unwrap_or(color),
            _ => color,
        };
        let age = if steps_ago == 0 { 1.0 } else { 0.78 };
        let stops = Stops::two(color.faded(age * factor), tint::sunk(cx, color, 0.45).faded(age * factor));
        let radius = (bar.width * 0.3).min(cx.scale.radius_px * 0.45);
        // Round at the tip only: the foot stands on the ground line.
        scene.push_clip(bar);
        let tall = if y <= ground {
            bar.inset_sides([0.0, 0.0, -radius, 0.0])
        } else {
            bar.inset_sides([-radius, 0.0, 0.0, 0.0])
        };
        scene.fill_rounded(tall, radius, Paint::vertical(plot.y, plot.bottom(), stops));
        scene.pop_clip();
    }
}
