//! `ups`: a battery as people draw it, how full it is, on what the machine runs, for how long, and its load.
//! Leaves out where the keys come from: a getter finds batteries, everything else is pushed.

use casedd_raster::{Color, Face, Paint, PointF, RectF, Scene, Stops};

use super::parts::{Anchor, Ink, head, number, tint};
use super::{Cx, Widget};
use crate::data::{Freshness, Shown};
use crate::format;

/// The family of keys when the template names none.
const FAMILY: &str = "ups";
/// Below these shares of a full battery it is drawn amber and red.
const WARNING_PERCENT: f64 = 50.0;
const CRITICAL_PERCENT: f64 = 20.0;

/// Draws a battery and its facts.
pub struct Ups;

/// What is known of it.
struct Facts<'a> {
    percent: Option<f64>,
    /// In a word, with its colour.
    status: (&'a str, Option<Color>),
    is_charging: bool,
    /// Name, number, unit.
    rows: [(&'static str, Shown<'a>); 3],
    freshness: Freshness,
}

impl Widget for Ups {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let spec = cx.spec;
        let family =
            spec.source.as_deref().map_or(FAMILY, |source| source.strip_suffix(".status").unwrap_or(source));
        let keys = ["battery_percent", "status", "online", "runtime_minutes"]
            .map(|key| cx.say(format_args!("{family}.{key}")));
        let state = head::freshness(cx, keys.into_iter());
        let facts = facts(cx, family, state.0);
        let body = head::draw(cx, scene, state);
        if body.is_empty() {
            return;
        }
        let row = (cx.scale.body_px * 1.5).round();
        // Beside the battery where the cell is wide, below it where it is high, else the battery alone.
        if body.width > body.height * 1.35 && body.width > cx.scale.body_px * 15.0 {
            let left = RectF { width: (body.width * 0.46).min(body.height * 2.2), ..body };
            draw_battery(cx, scene, left, &facts);
            let gap = cx.scale.padding_px * 1.2;
            draw_rows(cx, scene, body.inset_sides([0.0, 0.0, 0.0, left.width + gap]), (&facts, row));
        } else if body.height > row * 5.5 {
            let height = (body.height * 0.46).min(body.width * 0.62);
            let free = (body.height - height - row * 4.0 - cx.gap_px() * 2.0).max(0.0);
            draw_battery(cx, scene, RectF { y: body.y + free * 0.3, height, ..body }, &facts);
            let top = height + cx.gap_px() * 2.0 + free * 0.6;
            draw_rows(cx, scene, body.inset_sides([top, 0.0, 0.0, 0.0]), (&facts, row));
        } else {
            draw_battery(cx, scene, body, &facts);
        }
    }
}

fn facts<'a>(cx: &Cx<'a>, family: &str, freshness: Freshness) -> Facts<'a> {
    let key = |name: &str| cx.say(format_args!("{family}.{name}"));
    let (data, flag) = (cx.data, |name: &str| cx.data.flag(key(name)));
    let shown = |name: &str, unit: &'static str| {
        let number = data.number(key(name));
        let text = number
            .map_or(format::DASH, |number| cx.room.alloc_str(&format::number(number, cx.spec.precision)));
        let unit = if number.is_some() { unit } else { "" };
        Shown { text, unit, number, freshness: data.freshness(key(name)) }
    };
    let percent = data.number(key("battery_percent")).map(|percent| percent.clamp(0.0, 100.0));
    let (on_battery, is_low) =
        (flag("on_battery").or(flag("online").map(|online| !online)), flag("low_battery"));
    let is_charging = flag("charging") == Some(true);
    let word = data.text(key("status"), cx.room).filter(|word| !word.is_empty());
    let word = word.or_else(|| on_battery.map(|on_battery| if on_battery { "on battery" } else { "online" }));
    let color = match (on_battery, is_low) {
        (_, Some(true)) => Some(cx.theme.critical),
        (Some(true), _) => Some(cx.theme.warning),
        (Some(false), _) => Some(cx.theme.good),
        (None, _) => word.and_then(|word| tint::of_status(cx, word)),
    };
    let mut runtime = shown("runtime_minutes", "min");
    if let Some(minutes) = runtime.number.filter(|minutes| *minutes >= 120.0) {
        runtime = Shown { text: cx.room.alloc_str(&format::duration(minutes * 60.0)), unit: "", ..runtime };
    }
    let load = shown("load_percent", "%");
    let watts = shown("load_watts", "W");
    Facts {
        percent,
        status: (word.unwrap_or(format::DASH), color),
        is_charging,
        rows: [("Runtime", runtime), ("Load", load), ("Power", watts)],
        freshness,
    }
}

fn level_color(cx: &Cx<'_>, facts: &Facts<'_>) -> Color {
    let Some(percent) = facts.percent else { return cx.theme.text_faint };
    let by_value = cx.spec.color_stops.at(percent).or(cx.spec.color);
    let usual = match percent {
        percent if percent < CRITICAL_PERCENT => cx.theme.critical,
        percent if percent < WARNING_PERCENT => cx.theme.warning,
        _ => cx.theme.good,
    };
    tint::aged(by_value.unwrap_or(usual), facts.freshness)
}

/// A battery with its number in it; a flash while it is charged.
fn draw_battery(cx: &mut Cx<'_>, scene: &mut Scene, room: RectF, facts: &Facts<'_>) {
    let height = room.height.min(room.width * 0.5).min(cx.scale.label_px * 7.0);
    let width = (height * 2.05).min(room.width);
    if height < 6.0 || width < 12.0 {
        return;
    }
    let place =
        RectF::new(room.centre().x - width / 2.0, room.centre().y - height / 2.0, width, height).snapped();
    let pole = (width * 0.035).max(2.0).round();
    let case = RectF { width: place.width - pole - 1.0, ..place };
    let line = (height * 0.045).max(1.5);
    let radius = height * 0.18;
    let edge = tint::aged(cx.theme.text_dim, facts.freshness);
    scene.stroke_rounded(case, radius, line, edge);
    let pole_height = (height * 0.34).round();
    let pole_place =
        RectF::new(case.right() + 1.0, (place.centre().y - pole_height / 2.0).round(), pole, pole_height);
    scene.fill_rounded(pole_place, pole * 0.45, edge);
    let inner = case.inset((line * 2.1).round());
    scene.fill_rounded(inner, (radius - line * 2.0).max(1.0), cx.theme.track);
    let color = level_color(cx, facts);
    if let Some(percent) = facts.percent.filter(|percent| *percent > 0.0) {
        let level =
            (inner.width * (percent / 100.0) as f32).max(inner.height * 0.14).min(inner.width).round();
        let filled = RectF { width: level, ..inner };
        let stops = Stops::two(color.faded(0.62), color.faded(0.34));
        scene.fill_rounded(
            filled,
            (radius - line * 2.0).max(1.0),
            Paint::vertical(filled.y, filled.bottom(), stops),
        );
    }
    let shown = match facts.percent {
        Some(percent) => Shown {
            text: cx.room.alloc_str(&format::number(percent, Some(0))),
            unit: "%",
            number: Some(percent),
            freshness: facts.freshness,
        },
        None => Shown { text: format::DASH, unit: "", number: None, freshness: facts.freshness },
    };
    let words =
        inner.inset_sides([inner.height * 0.24, inner.width * 0.08, inner.height * 0.24, inner.width * 0.08]);
    let flash_width = inner.height * 0.3;
    let has_flash = facts.is_charging && words.width > flash_width * 3.5;
    let words = if has_flash { words.inset_sides([0.0, flash_width, 0.0, 0.0]) } else { words };
    let ink = if facts.percent.is_some() {
        tint::aged(cx.theme.text, facts.freshness)
    } else {
        cx.theme.text_faint
    };
    number::put(
        cx,
        scene,
        &shown,
        (words, Anchor::Middle),
        number::Look { color: ink, max: Some(100.0), is_alike: false },
    );
    if has_flash {
        draw_flash(scene, RectF { x: words.right(), width: flash_width, ..inner }, ink);
    }
}

fn draw_flash(scene: &mut Scene, room: RectF, color: Color) {
    let height = (room.height * 0.52).min(room.width * 1.8);
    let place =
        RectF::new(room.centre().x - height * 0.3, room.centre().y - height / 2.0, height * 0.6, height);
    let at = |x: f32, y: f32| PointF::new(place.x + place.width * x, place.y + place.height * y);
    let flash = [at(0.62, 0.0), at(0.08, 0.58), at(0.46, 0.58), at(0.36, 1.0), at(0.92, 0.4), at(0.54, 0.4)];
    scene.polygon(&flash, color);
}

/// The state, then a row for each fact, as many as there is room for.
fn draw_rows(cx: &mut Cx<'_>, scene: &mut Scene, room: RectF, (facts, row): (&Facts<'_>, f32)) {
    let count = ((room.height / row) as usize).min(facts.rows.len() + 1);
    if count == 0 {
        return;
    }
    let row = (room.height / count as f32).min(row * 1.3);
    let top = room.y + (room.height - row * count as f32) / 2.0;
    let size = cx.scale.body_px.min(row * 0.8);
    let label = Ink::new(Face::Medium, size, tint::aged(cx.theme.text_dim, facts.freshness));
    for index in 0..count {
        let y = top + row * index as f32;
        let baseline = cx.baseline(label.style, y, y + row);
        if index > 0 {
            let hair = RectF::new(room.x, y.round(), room.width, cx.scale.hairline_px);
            scene.fill_rect(hair, cx.theme.track.faded(0.7));
        }
        if index == 0 {
            draw_status(cx, scene, (room, y + row / 2.0, baseline), (facts, size));
            continue;
        }
        let (name, shown) = &facts.rows[index - 1];
        let color = if shown.number.is_some() { cx.theme.text } else { cx.theme.text_faint };
        let look = (size, tint::aged(color, shown.freshness));
        let used = number::put_end(cx, scene, shown, look, (room.right(), baseline, room.width));
        let left = (room.width - used - cx.gap_px()).max(0.0);
        cx.put(scene, name, label, (Anchor::Start, room.x, baseline), left);
    }
}

fn draw_status(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    (room, middle, baseline): (RectF, f32, f32),
    (facts, size): (&Facts<'_>, f32),
) {
    let (word, color) = &facts.status;
    let color = tint::aged(color.unwrap_or(cx.theme.text_faint), facts.freshness);
    let radius = (size * 0.26).max(2.0);
    let space = radius * 2.0 + size * 0.45;
    if room.width <= space {
        return;
    }
    scene.circle(PointF::new(room.x + radius, middle), radius, color);
    let ink = Ink::new(Face::SemiBold, size, color);
    cx.put(scene, word, ink, (Anchor::Start, room.x + space, baseline), room.width - space);
}
