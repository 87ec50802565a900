//! History of one or several keys, thinned to what a chart of some pixels can show.
//! Leaves out drawing.

use casedd_raster::Color;

use super::super::Cx;
use crate::data::{Sample, Shown};
use crate::format;
use crate::template::spec::{ChartSpec, SeriesSpec};

/// Most series drawn in one chart.
pub const SERIES_MAX: usize = 8;

/// What is known of a chart's series before it is drawn.
pub struct Overview {
    /// The least and the greatest value; the wrong way round when there is none.
    pub ends: (f64, f64),
    /// What the scale must hold: the same, and zero where bars stand on it.
    pub scaled: (f64, f64),
    /// The newest sample of all, or the present when that is much later.
    pub until_ms: u64,
    /// How many samples there are.
    pub count: usize,
}

/// Looks through all series, each averaged over steps of `step_ms`.
pub fn overview(cx: &mut Cx<'_>, chart: &ChartSpec, step_ms: u64) -> Overview {
    let mut ends = (f64::INFINITY, f64::NEG_INFINITY);
    let (mut newest_ms, mut count) = (0, 0);
    for series in chart.series.iter().take(SERIES_MAX) {
        read(cx, chart, series, step_ms);
        count += cx.samples.len();
        for sample in cx.samples.iter() {
            ends = (ends.0.min(f64::from(sample.value)), ends.1.max(f64::from(sample.value)));
        }
        newest_ms = newest_ms.max(cx.samples.last().map_or(0, |sample| sample.at_ms));
    }
    let until_ms = until_ms(cx, chart, newest_ms);
    Overview { ends, scaled: ends, until_ms, count }
}

/// The time at the right edge of a chart whose newest sample is of `newest_ms`. The picture moves on when a sample
/// comes, not with each glance at the clock; only when samples stay out for long, it goes on by itself.
fn until_ms(cx: &Cx<'_>, chart: &ChartSpec, newest_ms: u64) -> u64 {
    let now_ms = cx.data.now_ms();
    if now_ms < newest_ms + quiet_ms(chart) { newest_ms } else { now_ms / 1_000 * 1_000 }
}

fn quiet_ms(chart: &ChartSpec) -> u64 {
    (chart.window_ms / 20).max(5_000)
}

/// Reads a series into `cx.samples`, averaged over steps of `step_ms` that begin at the same times in each picture.
/// The window ends where the picture does, so that a sample does not leave on the left before one comes on the right.
pub fn read(cx: &mut Cx<'_>, chart: &ChartSpec, series: &SeriesSpec, step_ms: u64) {
    cx.data.history(&series.source, chart.window_ms + quiet_ms(chart), cx.samples);
    let newest_ms = cx.samples.last().map_or(0, |sample| sample.at_ms);
    let since_ms = until_ms(cx, chart, newest_ms).saturating_sub(chart.window_ms);
    cx.samples.retain(|sample| sample.at_ms >= since_ms && sample.value.is_finite());
    average(cx.samples, step_ms.max(1));
}

/// Puts one sample, their mean, in place of those of each step; its time is that of the step's last.
fn average(samples: &mut Vec<Sample>, step_ms: u64) {
    let (mut kept, mut at) = (0, 0);
    while at < samples.len() {
        let step = samples[at].at_ms / step_ms;
        let (mut sum, mut count, mut last_ms) = (0.0f64, 0u32, 0);
        while let Some(sample) = samples.get(at).filter(|sample| sample.at_ms / step_ms == step) {
            sum += f64::from(sample.value);
            count += 1;
            last_ms = sample.at_ms;
            at += 1;
        }
        samples[kept] = Sample { at_ms: last_ms, value: (sum / f64::from(count)) as f32 };
        kept += 1;
    }
    samples.truncate(kept);
}

/// The colour of the series at `index`.
pub fn color(cx: &Cx<'_>, chart: &ChartSpec, index: usize) -> Color {
    let given = chart.series.get(index).and_then(|series| series.color);
    given.unwrap_or_else(|| match (chart.series.len(), index) {
        (1, _) | (_, 0) => cx.spec.color.unwrap_or(cx.accent),
        _ => {
            let accents = &cx.theme.accents;
            let first = accents.iter().position(|accent| *accent == cx.accent).unwrap_or(0);
            accents[(first + index) % accents.len()]
        }
    })
}

/// The name of a series: its label, or the last words of its key.
pub fn name(series: &SeriesSpec) -> &str {
    series.label.as_deref().unwrap_or_else(|| series.source.rsplit('.').next().unwrap_or_default())
}

/// The newest value of a series as text.
pub fn shown<'a>(cx: &Cx<'a>, series: &SeriesSpec) -> Shown<'a> {
    let number = cx.data.number(&series.source);
    let text =
        number.map_or(format::DASH, |number| cx.room.alloc_str(&format::number(number, cx.spec.precision)));
    let unit = match number {
        Some(_) => cx.spec.unit.as_deref().unwrap_or_else(|| if is_percent(cx, series) { "%" } else { "" }),
        None => "",
    };
    Shown { text, unit, number, freshness: cx.data.freshness(&series.source) }
}

/// Whether a series counts in per cent.
pub fn is_percent(cx: &Cx<'_>, series: &SeriesSpec) -> bool {
    match &cx.spec.unit {
        Some(unit) => unit.trim() == "%",
        None => series.source.ends_with("percent"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_one_step_become_their_mean() {
        let sample = |at_ms, value| Sample { at_ms, value };
        let mut samples = vec![sample(10, 1.0), sample(90, 3.0), sample(100, 5.0), sample(350, 7.0)];
        average(&mut samples, 100);
        assert_eq!(samples, [sample(90, 2.0), sample(100, 5.0), sample(350, 7.0)]);
        average(&mut Vec::new(), 100);
    }
}
