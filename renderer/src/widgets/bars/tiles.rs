//! Tiles that are the stronger the greater their value: for more members than bars have room for.
//! Leaves out names where tiles are small: their order is the one of names.

use casedd_raster::{Face, RectF, Scene, TextStyle};

use super::super::Cx;
use super::super::parts::{Anchor, Ink, tint};
use super::{Family, color, strength};

/// The space between tiles as a share of their side.
const GAP_SHARE: f32 = 0.12;
/// What the weakest tile has of its colour.
const LEAST: f32 = 0.14;

pub fn draw(cx: &mut Cx<'_>, scene: &mut Scene, family: &Family<'_>, body: RectF) {
    let count = family.members.len();
    let columns = columns(count, body);
    let rows = count.div_ceil(columns);
    let (width, height) = (body.width / columns as f32, body.height / rows as f32);
    let gap = (width.min(height) * GAP_SHARE).round().max(1.0);
    let style = TextStyle::new(Face::SemiBold, cx.scale.caption_px.max(height.min(width) * 0.26));
    let hundred = cx.fonts.width("100", style);
    let has_number = hundred < width - gap * 3.0 && height > style.size_px * 1.6;
    for (i, member) in family.members.iter().enumerate() {
        let (column, row) = (i % columns, i / columns);
        let x = body.x + width * column as f32;
        let y = body.y + height * row as f32;
        let tile = RectF::new(x, y, (width - gap).max(1.0), (height - gap).max(1.0)).snapped();
        let radius = cx.scale.radius_px.min(tile.width.min(tile.height) * 0.2);
        scene.fill_rounded(tile, radius, cx.theme.track.faded(0.6));
        let Some(share) = family.share(member) else { continue };
        let color = color(cx, member).faded((LEAST + share * (1.0 - LEAST)) * strength(member));
        scene.fill_rounded(tile, radius, color);
        if has_number {
            let ground = cx.theme.card[0].mix(color.with_alpha(255), f32::from(color.a) / 255.0);
            let ink = Ink { style, color: tint::aged(readable(cx, ground), member.freshness) };
            let baseline = cx.baseline(style, tile.y, tile.bottom());
            let text = family.shown(cx, member).text;
            cx.put(scene, text, ink, (Anchor::Middle, tile.centre().x, baseline), tile.width);
        }
    }
}

/// Of the theme's text and card the colour that stands out from `ground`.
fn readable(cx: &Cx<'_>, ground: casedd_raster::Color) -> casedd_raster::Color {
    let (text, card) = (cx.theme.text, cx.theme.card[0].with_alpha(255));
    let distance = |color: casedd_raster::Color| (color.luminance() - ground.luminance()).abs();
    if distance(text) >= distance(card) { text } else { card }
}

/// As many columns as make the tiles nearest to squares.
fn columns(count: usize, body: RectF) -> usize {
    let ratio = |columns: usize| {
        let rows = count.div_ceil(columns) as f32;
        let (width, height) = (body.width / columns as f32, body.height / rows);
        (width / height.max(1e-3)).max(height / width.max(1e-3))
    };
    (1..=count).min_by(|a, b| ratio(*a).total_cmp(&ratio(*b))).unwrap_or(1)
}
