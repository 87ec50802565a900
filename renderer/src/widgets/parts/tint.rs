//! Colours by value: thresholds, the template's colour, the theme's accent.
//! Leaves out the colours themselves.

use casedd_raster::{Color, STOPS_MAX, Stops};

use super::super::Cx;
use crate::data::Freshness;

/// How much of its colour a stale thing keeps.
const STALE: f32 = 0.42;

/// The colour of bars, arcs and lines at `number`.
pub fn accent(cx: &Cx<'_>, number: Option<f64>) -> Color {
    let by_value = number.and_then(|number| cx.spec.color_stops.at(number));
    by_value.or(cx.spec.color).unwrap_or(cx.accent)
}

/// The colour of a value that has left the lowest of its thresholds; none while all is as usual.
pub fn alarm(cx: &Cx<'_>, number: f64) -> Option<Color> {
    let stops = &cx.spec.color_stops;
    let (_, usual) = stops.as_slice().first()?;
    stops.at(number).filter(|color| color != usual)
}

/// The colour of a number's own text: what a template asks for, else the theme's text.
pub fn text(cx: &Cx<'_>, number: Option<f64>) -> Color {
    let by_value = number.and_then(|number| cx.spec.color_stops.at(number));
    by_value.or(cx.spec.color).unwrap_or(cx.theme.text)
}

/// The colour as it is shown at this freshness.
pub fn aged(color: Color, freshness: Freshness) -> Color {
    match freshness {
        Freshness::Fresh => color,
        Freshness::Stale => color.faded(STALE),
        Freshness::Missing => color.faded(STALE * 0.8),
    }
}

/// The thresholds' colours as a gradient from `min` to `max`; without thresholds, `plain` from weak to strong.
pub fn ramp(cx: &Cx<'_>, plain: Color, (min, max): (f64, f64)) -> Stops {
    let spec = cx.spec;
    if !spec.ramp.is_empty() {
        return Stops::new(&spec.ramp);
    }
    let stops = spec.color_stops.as_slice();
    if stops.is_empty() || max <= min {
        return along(cx, plain);
    }
    let place = |threshold: f64| ((threshold - min) / (max - min)) as f32;
    let inside = stops.iter().filter(|(threshold, _)| (0.0..=1.0).contains(&place(*threshold)));
    let ends = |value: f64| spec.color_stops.at(value).unwrap_or(plain);
    let mut all = [(1.0, ends(max)); STOPS_MAX];
    all[0] = (0.0, ends(min));
    let mut count = 1;
    for (threshold, color) in inside.take(STOPS_MAX - 2) {
        all[count] = (place(*threshold), *color);
        count += 1;
    }
    Stops::new(&all[..=count])
}

/// A plain colour along its track: it brightens to the end.
pub fn along(cx: &Cx<'_>, color: Color) -> Stops {
    Stops::two(sunk(cx, color, 0.16), color)
}

/// The colour on its way back into the card.
pub fn sunk(cx: &Cx<'_>, color: Color, share: f32) -> Color {
    color.mix(cx.theme.card[1].with_alpha(255), share)
}

/// The same of a text whose first word, or whose word in brackets, names a state: `Up 3 hours (unhealthy)`.
pub fn of_status(cx: &Cx<'_>, text: &str) -> Option<Color> {
    let in_brackets = text.split_once('(').and_then(|(_, rest)| rest.split(')').next());
    let first = text.trim().split(|c: char| !c.is_alphanumeric()).next();
    of_word(cx, text).or_else(|| of_word(cx, in_brackets?)).or_else(|| of_word(cx, first?))
}

/// What words of a status are coloured by, as people's scripts write them.
pub fn of_word(cx: &Cx<'_>, word: &str) -> Option<Color> {
    const GOOD: [&str; 11] = [
        "ok",
        "healthy",
        "online",
        "up",
        "running",
        "active",
        "good",
        "passed",
        "connected",
        "enabled",
        "playing",
    ];
    const WARNING: [&str; 8] =
        ["degraded", "warning", "warn", "pending", "paused", "restarting", "starting", "resilvering"];
    const CRITICAL: [&str; 11] = [
        "fault",
        "faulted",
        "error",
        "failed",
        "critical",
        "down",
        "offline",
        "dead",
        "exited",
        "unhealthy",
        "lost",
    ];
    let is = |words: &[&str]| words.iter().any(|known| word.trim().eq_ignore_ascii_case(known));
    match () {
        () if is(&GOOD) => Some(cx.theme.good),
        () if is(&WARNING) => Some(cx.theme.warning),
        () if is(&CRITICAL) => Some(cx.theme.critical),
        () => None,
    }
}
