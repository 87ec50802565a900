//! `bars`: one bar for each key of a family (`cpu.*.percent`), arranged as their number and the cell allow.
//! Leaves out history: a histogram has that.

use casedd_raster::{Color, Face, RectF, Scene};

use super::parts::family::{self, Member};
use super::parts::steps::Numbers;
use super::parts::{Anchor, Ink, head, steps, tint};
use super::{Cx, Widget};
use crate::data::{Freshness, Shown};
use crate::fill;
use crate::format;
use crate::template::spec::{BarsLayout, BarsSpec, Kind};

mod columns;
mod rows;
mod tiles;

/// Draws a bar for each member of a family.
pub struct Bars;

/// What all bars of a widget share.
struct Scale<'f> {
    ends: (f64, f64),
    unit: &'f str,
    /// Of all numbers, as the greatest needs it.
    precision: Option<u8>,
}

impl Widget for Bars {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let spec = cx.spec;
        let Kind::Bars(bars) = &spec.kind else { return };
        let mut members = family::members(cx, &bars.sources);
        let hidden = members.len().saturating_sub(spec.max_items.unwrap_or(members.len()));
        members.truncate(members.len() - hidden);
        let state = head::freshness(cx, members.iter().map(|member| member.key));
        let body = head::draw(cx, scene, state);
        if members.is_empty() {
            let ink = Ink::new(Face::Medium, cx.scale.body_px.min(body.height), cx.theme.text_faint);
            let baseline = cx.baseline(ink.style, body.y, body.bottom());
            cx.put(scene, "none found", ink, (Anchor::Middle, body.centre().x, baseline), body.width);
            return;
        }
        let scale = scale(cx, &members);
        let family = Family { bars, members: &members, scale: &scale };
        match bars.layout.unwrap_or_else(|| arrangement(cx, &family, body)) {
            BarsLayout::Rows => rows::draw(cx, scene, &family, body),
            BarsLayout::Columns => columns::draw(cx, scene, &family, body),
            BarsLayout::Tiles => tiles::draw(cx, scene, &family, body),
        }
    }
}

/// What is drawn.
struct Family<'f> {
    bars: &'f BarsSpec,
    members: &'f [Member<'f>],
    scale: &'f Scale<'f>,
}

impl<'f> Family<'f> {
    /// How a member is called.
    fn name<'a>(&self, cx: &Cx<'a>, member: &Member<'a>) -> &'a str {
        let name = match member.name.contains(['_', '.']) {
            true => joined(cx, member.name.split(['_', '.']), " "),
            false => member.name,
        };
        match &self.bars.item_label {
            Some(pattern) => joined(cx, pattern.split("{}"), name),
            None => name,
        }
    }

    /// What is said beside a member; its star is put into the keys.
    fn detail<'a>(&self, cx: &Cx<'a>, member: &Member<'_>) -> &'a str {
        let Some(pattern) = &self.bars.item_detail else { return "" };
        let content = joined(cx, pattern.split('*'), member.name);
        let (text, freshness) = fill::fill(content, cx.data, cx.room);
        if freshness == Freshness::Missing { "" } else { text }
    }

    /// A member's number with its unit.
    fn shown<'a>(&self, cx: &Cx<'a>, member: &Member<'_>) -> Shown<'a>
    where
        'f: 'a,
    {
        let text = member
            .number
            .map_or(format::DASH, |number| cx.room.alloc_str(&format::number(number, self.scale.precision)));
        let unit = member.number.map_or("", |_| self.scale.unit);
        Shown { text, unit, number: member.number, freshness: member.freshness }
    }

    /// How far a member is on its way, 0 to 1.
    fn share(&self, member: &Member<'_>) -> Option<f32> {
        let (least, most) = self.scale.ends;
        Some(((member.number? - least) / (most - least)).clamp(0.0, 1.0) as f32)
    }
}

/// The parts of a text with `by` between them.
fn joined<'a, 'p>(cx: &Cx<'a>, parts: impl Iterator<Item = &'p str>, by: &str) -> &'a str {
    let mut all = bumpalo::collections::String::new_in(cx.room);
    for (i, part) in parts.enumerate() {
        if i > 0 {
            all.push_str(by);
        }
        all.push_str(part);
    }
    all.into_bump_str()
}

fn scale<'a>(cx: &Cx<'a>, members: &[Member<'_>]) -> Scale<'a> {
    let spec = cx.spec;
    let is_percent = match &spec.unit {
        Some(unit) => unit.trim() == "%",
        None => members.iter().all(|member| member.key.ends_with("percent")),
    };
    let values = members.iter().filter_map(|member| member.number);
    let most = values.fold(0.0f64, f64::max);
    let given = (spec.min.or(Some(0.0)), spec.max.or(is_percent.then_some(100.0)));
    Scale {
        ends: steps::ends((0.0, most), given, Numbers { is_percent, is_whole: false }),
        unit: spec.unit.as_deref().unwrap_or(if is_percent { "%" } else { "" }),
        precision: spec.precision.or(Some(if is_percent { 0 } else { format::automatic_precision(most) })),
    }
}

/// Rows while there is room for their texts; then, for numbered members, upright bars while these can be told apart,
/// else tiles.
fn arrangement(cx: &mut Cx<'_>, family: &Family<'_>, body: RectF) -> BarsLayout {
    if rows::fits(cx, family, body) {
        return BarsLayout::Rows;
    }
    // Numbered ones are known by their places; others without their names are nothing.
    let is_numbered =
        family.members.iter().all(|member| member.name.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_numbered {
        return BarsLayout::Rows;
    }
    let count = family.members.len() as f32;
    let is_high = body.height > cx.scale.label_px * 3.5;
    if is_high && body.width / count > cx.scale.label_px * 0.55 {
        BarsLayout::Columns
    } else {
        BarsLayout::Tiles
    }
}

/// The colour of a member's bar.
fn color(cx: &Cx<'_>, member: &Member<'_>) -> Color {
    tint::accent(cx, member.number)
}

/// How strong a member is drawn.
fn strength(member: &Member<'_>) -> f32 {
    if member.freshness == Freshness::Fresh { 1.0 } else { 0.42 }
}
