//! Bars that stand side by side, with their numbers above and their names below where both have room.
//! Leaves out a scale: the numbers say it.

use bumpalo::collections::Vec;
use casedd_raster::{Face, Paint, RectF, Scene, Stops, TextStyle};

use super::super::Cx;
use super::super::parts::{Anchor, Ink, tint};
use super::{Family, color, strength};

/// The space between bars as a share of their distance.
const GAP_SHARE: f32 = 0.28;
/// Widest bar in sizes of a label: a few wide ones would be blocks.
const WIDTH_MAX: f32 = 4.2;

pub fn draw(cx: &mut Cx<'_>, scene: &mut Scene, family: &Family<'_>, body: RectF) {
    let count = family.members.len();
    let slot = (body.width / count as f32).min(cx.scale.label_px * WIDTH_MAX / (1.0 - GAP_SHARE));
    let left = body.x + (body.width - slot * count as f32) / 2.0;
    let style = TextStyle::new(Face::Medium, cx.scale.caption_px);
    let row = (cx.scale.caption_px * 1.45).round();
    let widest = |cx: &mut Cx<'_>, texts: &mut dyn Iterator<Item = &str>| {
        texts.map(|text| cx.fonts.width(text, style)).fold(0.0f32, f32::max)
    };
    let names = Vec::from_iter_in(family.members.iter().map(|member| family.name(cx, member)), cx.room);
    let numbers = family.members.iter().map(|member| family.shown(cx, member).text);
    let numbers = Vec::from_iter_in(numbers, cx.room);
    let is_high = body.height > row * 4.0;
    let has_names = is_high && widest(cx, &mut names.iter().copied()) <= slot * 0.98;
    // The place of a hundred is kept free, so that numbers do not come and go.
    let hundred = widest(cx, &mut numbers.iter().copied().chain(["100"]));
    let has_numbers = is_high && hundred <= slot * 0.98;
    let room =
        body.inset_sides([if has_numbers { row } else { 0.0 }, 0.0, if has_names { row } else { 0.0 }, 0.0]);
    for (i, member) in family.members.iter().enumerate() {
        let x = left + slot * i as f32;
        let width = (slot * (1.0 - GAP_SHARE)).max(1.0);
        let track = RectF::new(x + (slot - width) / 2.0, room.y, width, room.height).snapped();
        let radius = (track.width * 0.3).min(cx.scale.radius_px * 0.6);
        scene.fill_rounded(track, radius, cx.theme.track);
        let share = family.share(member).unwrap_or(0.0);
        let height = (track.height * share).round();
        if height >= 1.0 {
            let color = color(cx, member);
            let stops = Stops::two(color, tint::sunk(cx, color, 0.2));
            let bar = RectF { y: track.bottom() - height, height, ..track };
            let paint = Paint::vertical(track.y, track.bottom(), stops).faded(strength(member));
            scene.fill_rounded(bar, radius.min(height / 2.0), paint);
        }
        let middle = x + slot / 2.0;
        if has_names {
            let ink = Ink { style, color: tint::aged(cx.theme.text_dim, member.freshness) };
            let baseline = cx.baseline(style, room.bottom(), body.bottom() + row * 0.2);
            cx.put(scene, names[i], ink, (Anchor::Middle, middle, baseline), slot);
        }
        if has_numbers {
            let ink = Ink { style, color: tint::aged(cx.theme.text, member.freshness) };
            let baseline = cx.baseline(style, body.y - row * 0.2, room.y);
            cx.put(scene, numbers[i], ink, (Anchor::Middle, middle, baseline), slot);
        }
    }
}
