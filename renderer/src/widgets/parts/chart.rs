//! The frame of a chart: its head or legend, faint grid, ends of its scale, and the time below it.
//! Leaves out the data's own shapes: sparkline and histogram draw those.

use casedd_raster::{Color, Face, PointF, RectF, Scene, TextStyle};

use super::super::Cx;
use super::series::{self, Overview, SERIES_MAX};
use super::{Anchor, Ink, below, head, number, steps, tint};
use crate::data::Freshness;
use crate::format;
use crate::template::spec::{ChartSpec, SeriesSpec};

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

/// Where the parts of a chart lie, before its scale is known.
pub struct Places {
    /// The room of the data.
    pub plot: RectF,
    /// The row of time below it.
    foot: Option<RectF>,
    gutter: f32,
}

/// Draws head and legend and finds the room of the plot. A low cell has name, plot and value side by side.
pub fn places(cx: &mut Cx<'_>, scene: &mut Scene, chart: &ChartSpec) -> (Places, Freshness) {
    let keys = chart.series.iter().map(|series| series.source.as_str());
    let state = head::freshness(cx, keys);
    if cx.area.height < cx.head_row_px() * 1.9 {
        return (Places { plot: side_by_side(cx, scene, chart, state), foot: None, gutter: 0.0 }, state.0);
    }
    let body = match chart.series.as_slice() {
        [one] => {
            let shown = series::shown(cx, one);
            let color = match shown.number {
                Some(number) => cx.spec.color_stops.at(number).unwrap_or(cx.theme.text),
                None => cx.theme.text_faint,
            };
            head::draw_with(cx, scene, state, Some((&shown, color)))
        }
        _ => {
            let body = head::draw(cx, scene, state);
            legend(cx, scene, chart, body)
        }
    };
    let caption = (cx.scale.caption_px * 1.35).round();
    let has_foot = body.height > caption + cx.scale.label_px * 2.2 && body.width > cx.scale.caption_px * 9.0;
    let foot = has_foot.then(|| RectF { y: body.bottom() - caption, height: caption, ..body });
    let plot = body.inset_sides([0.0, 0.0, if has_foot { caption + 2.0 } else { 0.0 }, 0.0]);
    // Only a large chart has its scale beside it: in a small one it would take the room of the data.
    let is_large = plot.height > cx.scale.label_px * 6.0 && plot.width > cx.scale.caption_px * 20.0;
    let gutter = if is_large { (cx.scale.caption_px * 2.6).round() } else { 0.0 };
    let plot = plot.inset_sides([
        if is_large { (cx.scale.caption_px * 0.5).round() } else { 0.0 },
        0.0,
        0.0,
        gutter,
    ]);
    let foot = foot.map(|foot| RectF { x: plot.x, width: plot.width, ..foot });
    (Places { plot: plot.snapped(), foot, gutter }, state.0)
}

/// Draws grid, ends and time, and gives the frame for the data.
pub fn frame(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    chart: &ChartSpec,
    (places, freshness): (Places, Freshness),
    overview: &Overview,
) -> Frame {
    let percent =
        !chart.series.is_empty() && chart.series.iter().all(|series| series::is_percent(cx, series));
    let ends = steps::ends(overview.scaled, (cx.spec.min, cx.spec.max), percent);
    let plot = places.plot;
    let frame = Frame {
        plot,
        ends,
        until_ms: overview.until_ms,
        window_ms: chart.window_ms,
        freshness,
        gutter: places.gutter,
    };
    grid(cx, scene, &frame, overview.count > 0 || percent);
    if overview.count == 0 {
        let ink = Ink::new(Face::Medium, cx.scale.body_px.min(plot.height), cx.theme.text_faint);
        let baseline = cx.baseline(ink.style, plot.y, plot.bottom());
        cx.put(scene, "no data yet", ink, (Anchor::Middle, plot.centre().x, baseline), plot.width);
    }
    if let Some(foot) = places.foot {
        draw_foot(cx, scene, foot, (chart.window_ms, overview));
    }
    frame
}

fn grid(cx: &mut Cx<'_>, scene: &mut Scene, frame: &Frame, has_scale: bool) {
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
    if frame.gutter > 0.0 && has_scale {
        let ink = cx.caption_ink();
        let middle = (frame.ends.0 + frame.ends.1) / 2.0;
        for value in [frame.ends.0, middle, frame.ends.1] {
            let y = frame.y(value);
            let baseline = cx.baseline(ink.style, y - 4.0, y + 4.0);
            let room = frame.gutter - cx.gap_px();
            cx.put(scene, &mark(value), ink, (Anchor::End, plot.x - cx.gap_px(), baseline), room);
        }
    }
}

/// A number beside the scale: without zeros that say nothing.
fn mark(value: f64) -> String {
    let text = format::number(value, None);
    match text.contains('.') && text.ends_with('0') {
        true => text.trim_end_matches('0').trim_end_matches('.').into(),
        false => text,
    }
}

/// How long ago the left edge is, the least and greatest value, and the present.
fn draw_foot(cx: &mut Cx<'_>, scene: &mut Scene, foot: RectF, (window_ms, overview): (u64, &Overview)) {
    let ink = cx.caption_ink();
    let baseline = cx.baseline(ink.style, foot.y, foot.bottom());
    let left = cx.put(
        scene,
        &format!("−{}", span(window_ms)),
        ink,
        (Anchor::Start, foot.x, baseline),
        foot.width * 0.4,
    );
    let right = cx.put(scene, "now", ink, (Anchor::End, foot.right(), baseline), foot.width * 0.4);
    if overview.count == 0 {
        return;
    }
    let text = |value: f64| format::number(value, cx.spec.precision);
    let ends = format!("min {}   max {}", text(overview.ends.0), text(overview.ends.1));
    let ink = Ink { color: cx.theme.text_dim, ..ink };
    let room = foot.width - left.max(right) * 2.0 - cx.gap_px() * 4.0;
    if cx.fonts.width(&ends, ink.style) <= room {
        cx.put(scene, &ends, ink, (Anchor::Middle, foot.centre().x, baseline), room);
    }
}

/// A length of time as people say it: `90 s`, `5 min`, `24 h`.
fn span(window_ms: u64) -> String {
    match window_ms.div_ceil(1_000) {
        seconds if seconds < 120 => format!("{seconds} s"),
        seconds if seconds < 7_200 => format!("{} min", (seconds + 30) / 60),
        seconds => format!("{} h", (seconds + 1_800) / 3_600),
    }
}

/// Dots, names and newest values of several series in one row; gives what is left below.
fn legend(cx: &mut Cx<'_>, scene: &mut Scene, chart: &ChartSpec, body: RectF) -> RectF {
    let count = chart.series.len().min(SERIES_MAX);
    let row = (cx.scale.caption_px * 1.5).round();
    if count == 0 || body.height < row * 2.5 {
        return body;
    }
    let gap = cx.gap_px() * 1.6;
    let column = (body.width + gap) / count as f32;
    let mut left = body.x;
    for (i, entry) in chart.series.iter().take(count).enumerate() {
        let color = tint::aged(series::color(cx, chart, i), cx.data.freshness(&entry.source));
        // Entries stand close together, and each has its share where they are many.
        let least = body.x + column * i as f32;
        let used = legend_entry(cx, scene, entry, (left, body.y, row), (least + column - gap - left, color));
        left += used + gap;
    }
    below(body, row + 2.0)
}

/// One dot with name and newest value from `left` on, no wider than `room`; gives how wide it became.
fn legend_entry(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    entry: &SeriesSpec,
    (left, top, row): (f32, f32, f32),
    (room, color): (f32, Color),
) -> f32 {
    let shown = series::shown(cx, entry);
    let size = cx.scale.caption_px;
    let style = TextStyle::new(Face::Medium, size);
    let baseline = cx.baseline(style, top, top + row);
    let dot = size * 0.3;
    scene.circle(PointF::new(left + dot, top + row / 2.0), dot, color);
    let start = dot * 2.0 + cx.gap_px() * 0.8;
    let name = Ink { style, color: cx.theme.text_dim };
    let value = Ink::new(Face::SemiBold, size, tint::aged(cx.theme.text, shown.freshness));
    let value_width = cx.fonts.width(&shown.text, value.style) + cx.gap_px();
    let name_width = cx.fonts.width(series::name(entry), style);
    // The value follows the name; where there is no room for both, the value goes.
    let has_value = start + name_width + value_width <= room;
    let used = start
        + cx.put(
            scene,
            series::name(entry),
            name,
            (Anchor::Start, left + start, baseline),
            (room - start).max(0.0),
        );
    if !has_value {
        return used;
    }
    let x = left + used + cx.gap_px();
    cx.put(scene, &shown.text, value, (Anchor::Start, x, baseline), value_width);
    used + value_width
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
