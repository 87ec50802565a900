//! Names and newest values of a chart's series, each with a dot of its colour.
//! Leaves out their lines and bars.

use casedd_raster::{Color, Face, PointF, RectF, Scene, TextStyle};

use super::super::Cx;
use super::head::Head;
use super::series::{self, SERIES_MAX};
use super::{Anchor, Ink, below, tint};
use crate::template::spec::{ChartSpec, SeriesSpec};

/// What most values are no wider than, whole ones and others: entries keep their places while numbers change.
const WIDEST: [&str; 2] = ["888", "88.8"];

/// Draws the legend beside the label where there is room, else in a row of its own; gives what is left below.
pub fn draw(cx: &mut Cx<'_>, scene: &mut Scene, chart: &ChartSpec, head: Head) -> RectF {
    let series = &chart.series[..chart.series.len().min(SERIES_MAX)];
    let mut widths = [0.0; SERIES_MAX];
    for (known, entry) in widths.iter_mut().zip(series) {
        *known = width(cx, entry);
    }
    let gap = cx.gap_px() * 2.0;
    let all = widths.iter().sum::<f32>() + gap * series.len().saturating_sub(1) as f32;
    if let Some(free) = head.free.filter(|free| all <= free.right - free.left) {
        let mut left = free.right - all;
        for (i, entry) in series.iter().enumerate() {
            let color = tint::aged(series::color(cx, chart, i), cx.data.freshness(&entry.source));
            put(cx, scene, entry, (left, free.baseline, widths[i]), (color, Anchor::End));
            left += widths[i] + gap;
        }
        return head.body;
    }
    row(cx, scene, chart, head.body)
}

/// All entries in a row at the top of `body`; each has its share of it where they are many.
fn row(cx: &mut Cx<'_>, scene: &mut Scene, chart: &ChartSpec, body: RectF) -> RectF {
    let count = chart.series.len().min(SERIES_MAX);
    let row = (cx.scale.caption_px * 1.5).round();
    if count == 0 || body.height < row * 2.5 {
        return body;
    }
    let gap = cx.gap_px() * 1.6;
    let column = (body.width + gap) / count as f32;
    let baseline = cx.baseline(TextStyle::new(Face::Medium, cx.scale.caption_px), body.y, body.y + row);
    let mut left = body.x;
    for (i, entry) in chart.series.iter().take(count).enumerate() {
        let color = tint::aged(series::color(cx, chart, i), cx.data.freshness(&entry.source));
        let most = body.x + column * (i + 1) as f32 - gap - left;
        let used = put(cx, scene, entry, (left, baseline, most), (color, Anchor::Start));
        left += used.max(width(cx, entry).min(most)) + gap;
    }
    below(body, row + 2.0)
}

/// How much room an entry takes with a usual value, or with a longer one that it has.
fn width(cx: &mut Cx<'_>, entry: &SeriesSpec) -> f32 {
    let size = cx.scale.caption_px;
    let name = cx.fonts.width(series::name(entry), TextStyle::new(Face::Medium, size));
    let style = TextStyle::new(Face::SemiBold, size);
    let usual = cx.fonts.width(WIDEST[usize::from(cx.spec.precision != Some(0))], style);
    let value = cx.fonts.width(series::shown(cx, entry).text, style).max(usual);
    start(cx) + name + cx.gap_px() + value
}

/// From the left end of an entry to its name.
fn start(cx: &Cx<'_>) -> f32 {
    (cx.scale.caption_px * 0.6 + cx.gap_px() * 0.8).round()
}

/// One dot with name and newest value from `left` on, no wider than `room`, the value at the end of that or after the
/// name; gives how wide it became.
fn put(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    entry: &SeriesSpec,
    (left, baseline, room): (f32, f32, f32),
    (color, anchor): (Color, Anchor),
) -> f32 {
    let shown = series::shown(cx, entry);
    let size = cx.scale.caption_px;
    let style = TextStyle::new(Face::Medium, size);
    let cap = cx.fonts.metrics(style).cap_height;
    let dot = size * 0.3;
    scene.circle(PointF::new(left + dot, baseline - cap / 2.0), dot, color);
    let start = start(cx);
    let name = Ink { style, color: cx.theme.text_dim };
    let value = Ink::new(Face::SemiBold, size, tint::aged(cx.theme.text, shown.freshness));
    let value_width = cx.fonts.width(shown.text, value.style);
    let name_width = cx.fonts.width(series::name(entry), style);
    // The value follows the name; where there is no room for both, the value goes.
    let has_value = start + name_width + cx.gap_px() + value_width <= room + 0.5;
    let at = (Anchor::Start, left + start, baseline);
    let used = start + cx.put(scene, series::name(entry), name, at, (room - start).max(0.0));
    if !has_value {
        return used;
    }
    let x = if anchor == Anchor::End { left + room } else { left + used + cx.gap_px() };
    cx.put(scene, shown.text, value, (anchor, x, baseline), value_width + 0.5);
    used + cx.gap_px() + value_width
}
