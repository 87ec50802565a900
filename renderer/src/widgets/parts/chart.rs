//! The frame of a chart: its head, faint grid, ends of its scale, and where time and legend stand.
//! Leaves out the data's own shapes: sparkline and histogram draw those.

use casedd_raster::{Face, RectF, Scene};
use compact_str::format_compact;

use super::super::Cx;
use super::head::Free;
use super::series::{self, Overview};
use super::steps::Numbers;
use super::{Anchor, Ink, axis, head, legend, number, steps, tint};
use crate::data::Freshness;
use crate::format;
use crate::template::spec::ChartSpec;

/// Where a chart's values and times lie.
pub struct Frame {
    /// The room of the data.
    pub plot: RectF,
    /// Values at its bottom and top.
    pub ends: (f64, f64),
    /// The time at its right edge.
    pub until_ms: u64,
    /// How much time it shows.
    pub window_ms: u64,
    /// Of the stalest series.
    pub freshness: Freshness,
    /// The room left of the plot for the scale; 0 where there is none.
    gutter: f32,
}

impl Frame {
    /// Where a time lies.
    pub fn x(&self, at_ms: u64) -> f32 {
        let ago_ms = self.until_ms.saturating_sub(at_ms) as f64;
        self.plot.right() - (ago_ms / self.window_ms.max(1) as f64) as f32 * self.plot.width
    }

    /// Where a value lies, never outside.
    pub fn y(&self, value: f64) -> f32 {
        let share = (value - self.ends.0) / (self.ends.1 - self.ends.0);
        self.plot.bottom() - (share.clamp(0.0, 1.0) as f32) * self.plot.height
    }
}

impl Frame {
    /// A frame of nothing but its data: no grid, no scale, no time.
    pub fn bare(
        cx: &Cx<'_>,
        chart: &ChartSpec,
        plot: RectF,
        (freshness, overview): (Freshness, &Overview),
    ) -> Frame {
        let (until_ms, window_ms) = (overview.until_ms, chart.window_ms);
        let ends = steps::ends(overview.scaled, (None, None), numbers(cx, chart));
        Frame { plot, ends, until_ms, window_ms, freshness, gutter: 0.0 }
    }
}

fn numbers(cx: &Cx<'_>, chart: &ChartSpec) -> Numbers {
    let is_percent =
        !chart.series.is_empty() && chart.series.iter().all(|series| series::is_percent(cx, series));
    Numbers { is_percent, is_whole: cx.spec.precision == Some(0) }
}

/// Where the parts of a chart lie, before its scale is known.
pub struct Places {
    /// The room of the data.
    pub plot: RectF,
    /// The row of time below it.
    foot: Option<RectF>,
    /// Where the least and greatest value may stand.
    note: Option<Free>,
    gutter: f32,
}

/// Draws head and legend and finds the room of the plot. A low cell has name, plot and value side by side.
pub fn places(cx: &mut Cx<'_>, scene: &mut Scene, chart: &ChartSpec) -> (Places, Freshness) {
    let keys = chart.series.iter().map(|series| series.source.as_str());
    let state = head::freshness(cx, keys);
    if cx.area.height < cx.head_row_px() * 1.9 {
        let plot = side_by_side(cx, scene, chart, state);
        return (Places { plot, foot: None, note: None, gutter: 0.0 }, state.0);
    }
    let (body, note) = match chart.series.as_slice() {
        [one] => {
            let shown = series::shown(cx, one);
            let color = match shown.number {
                Some(number) => tint::alarm(cx, number).unwrap_or(cx.theme.text),
                None => cx.theme.text_faint,
            };
            let head = head::draw_with(cx, scene, state, Some((&shown, color)));
            (head.body, head.free)
        }
        _ => {
            let head = head::draw_with(cx, scene, state, None);
            (legend::draw(cx, scene, chart, head), None)
        }
    };
    let caption = (cx.scale.caption_px * 1.35).round();
    let has_foot = body.height > caption + cx.scale.label_px * 2.2 && body.width > cx.scale.caption_px * 9.0;
    let foot = has_foot.then(|| RectF { y: body.bottom() - caption, height: caption, ..body });
    let plot = body.inset_sides([0.0, 0.0, if has_foot { caption + 2.0 } else { 0.0 }, 0.0]);
    // Only a large chart has its scale beside it: in a small one it would take the room of the data.
    let is_large = plot.height > cx.scale.label_px * 4.0 && plot.width > cx.scale.caption_px * 15.0;
    let gutter = if is_large { (cx.scale.caption_px * 2.8).round() } else { 0.0 };
    let top = if is_large { (cx.scale.caption_px * 0.5).round() } else { 0.0 };
    let plot = plot.inset_sides([top, 0.0, 0.0, gutter]);
    let foot = foot.map(|foot| RectF { x: plot.x, width: plot.width, ..foot });
    (Places { plot: plot.snapped(), foot, note, gutter }, state.0)
}

/// Draws grid, ends and time, and gives the frame for the data.
pub fn frame(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    chart: &ChartSpec,
    (places, freshness): (Places, Freshness),
    overview: &Overview,
) -> Frame {
    let numbers = numbers(cx, chart);
    let ends = steps::ends(overview.scaled, (cx.spec.min, cx.spec.max), numbers);
    let plot = places.plot;
    let frame = Frame {
        plot,
        ends,
        until_ms: overview.until_ms,
        window_ms: chart.window_ms,
        freshness,
        gutter: places.gutter,
    };
    let step_ms = axis::step_ms(cx, chart.window_ms, plot.width);
    grid(cx, scene, &frame, (overview.count > 0 || numbers.is_percent, places.foot.map(|_| step_ms)));
    if overview.count == 0 {
        let ink = Ink::new(Face::Medium, cx.scale.body_px.min(plot.height), cx.theme.text_faint);
        let baseline = cx.baseline(ink.style, plot.y, plot.bottom());
        cx.put(scene, "no data yet", ink, (Anchor::Middle, plot.centre().x, baseline), plot.width);
    }
    if let Some(foot) = places.foot {
        axis::draw(cx, scene, foot, (chart.window_ms, step_ms));
    }
    if overview.count > 0 {
        let text = |value: f64| format::number(value, cx.spec.precision);
        let ends = cx.say(format_args!("min {}  max {}", text(overview.ends.0), text(overview.ends.1)));
        head::note(cx, scene, places.note, ends);
    }
    frame
}

fn grid(cx: &mut Cx<'_>, scene: &mut Scene, frame: &Frame, (has_scale, step_ms): (bool, Option<u64>)) {
    let plot = frame.plot;
    let width = cx.scale.hairline_px;
    let is_high = plot.height > cx.scale.label_px * 3.0;
    let lines: &[f32] = if is_high { &[0.0, 0.5, 1.0] } else { &[0.0, 1.0] };
    for share in lines {
        let y = (plot.bottom() - width - (plot.height - width) * share).round();
        // The ground line is a little stronger.
        let color = cx.theme.track.faded(if *share == 0.0 { 1.0 } else { 0.55 });
        scene.fill_rect(RectF::new(plot.x, y, plot.width, width), color);
    }
    // Upright lines where a time is written, but not at the edges.
    for ago_ms in step_ms.into_iter().flat_map(|step_ms| axis::marks(frame.window_ms, step_ms)) {
        let share = (ago_ms as f64 / frame.window_ms.max(1) as f64) as f32;
        let x = (plot.right() - share * plot.width - width / 2.0).round();
        if x > plot.x + 1.0 {
            let rect = RectF::new(x, plot.y, width, plot.height - width);
            scene.fill_rect(rect, cx.theme.track.faded(0.4));
        }
    }
    if frame.gutter > 0.0 && has_scale {
        let ink = cx.caption_ink();
        let middle = (frame.ends.0 + frame.ends.1) / 2.0;
        for value in [frame.ends.0, middle, frame.ends.1] {
            let y = frame.y(value);
            // The lowest stands on its line: below it is the time.
            let is_lowest = value <= frame.ends.0;
            let baseline = if is_lowest { y.round() } else { cx.baseline(ink.style, y - 4.0, y + 4.0) };
            let room = frame.gutter - cx.gap_px();
            let text = mark(value);
            if cx.fonts.width(&text, ink.style) <= room + 1.0 {
                cx.put(scene, &text, ink, (Anchor::End, plot.x - cx.gap_px(), baseline), room + 1.0);
            }
        }
    }
}

/// A number beside the scale: short, and without zeros that say nothing.
fn mark(value: f64) -> format::Text {
    let (value, suffix) =
        if (1_000.0..1e6).contains(&value.abs()) { (value / 1_000.0, "k") } else { (value, "") };
    let text = format::number(value, None);
    let text = match text.contains('.') && text.ends_with('0') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    format_compact!("{text}{suffix}")
}

fn side_by_side(cx: &mut Cx<'_>, scene: &mut Scene, chart: &ChartSpec, state: (Freshness, u64)) -> RectF {
    let area = cx.area;
    let ink = cx.label_ink();
    let size = cx.scale.body_px.min(area.height);
    let ink = Ink { style: ink.style.sized(ink.style.size_px.min(size)), ..ink };
    let baseline = cx.baseline(ink.style, area.y, area.bottom());
    let label = cx.spec.label.as_deref().unwrap_or_default();
    let left = if label.is_empty() { 0.0 } else { area.width * 0.28 };
    cx.put(scene, label, ink, (Anchor::Start, area.x, baseline), left - cx.gap_px());
    let mut right = 0.0;
    if let [one] = chart.series.as_slice() {
        let shown = series::shown(cx, one);
        right = area.width * 0.24;
        let color = tint::aged(cx.theme.text, state.0);
        number::put_end(cx, scene, &shown, (size, color), (area.right(), baseline, right - cx.gap_px()));
    }
    area.inset_sides([0.0, right, 0.0, left]).snapped()
}
