//! `boolean`: a green check or a red slash, and the state in a word.
//! Leaves out other colours for yes and no: `color` changes that of yes.

use casedd_raster::{Arc, Color, Face, PointF, RectF, Scene};

use super::parts::{Anchor, Ink, head, tint};
use super::{Cx, Widget};
use crate::format;

/// Draws a sign and a word.
pub struct Boolean;

impl Widget for Boolean {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let state = match &cx.spec.source {
            Some(key) => cx.data.flag(key),
            None => cx.spec.content.as_deref().and_then(format::flag),
        };
        let shown = cx.shown();
        let freshness = head::own_freshness(cx, &shown);
        let body = head::draw(cx, scene, freshness);
        let (color, word) = match state {
            Some(true) => (cx.spec.color.unwrap_or(cx.theme.good), "on"),
            Some(false) => (cx.theme.critical, "off"),
            None => (cx.theme.text_faint, format::DASH),
        };
        let color = if state.is_some() { tint::aged(color, freshness.0) } else { color };
        let most = cx.spec.max_font_size_px.map_or(f32::MAX, |px| px * 1.4);
        let size = body.height.min(body.width).min(cx.scale.label_px * 4.5).min(most);
        let sign = RectF::new(body.x, body.centre().y - size / 2.0, size, size);
        let ink = Ink::new(
            Face::Bold,
            (size * 0.6).min(cx.scale.title_px * 1.4),
            tint::aged(cx.theme.text, freshness.0),
        );
        let room = body.width - size - cx.gap_px() * 1.5;
        let has_word = cx.fonts.width(word, ink.style) <= room;
        let sign = if has_word { sign } else { RectF { x: body.centre().x - size / 2.0, ..sign } };
        draw_sign(scene, sign, color, state);
        if has_word {
            let baseline = cx.baseline(ink.style, body.y, body.bottom());
            let word_ink = if state.is_some() { ink } else { Ink { color, ..ink } };
            let x = sign.right() + cx.gap_px() * 1.5;
            cx.put(scene, word, word_ink, (Anchor::Start, x, baseline), room);
        }
    }
}

fn draw_sign(scene: &mut Scene, place: RectF, color: Color, state: Option<bool>) {
    let (centre, radius) = (place.centre(), place.width / 2.0);
    let at = |x: f32, y: f32| PointF::new(centre.x + x * radius, centre.y + y * radius);
    let width = radius * 0.17;
    scene.circle(centre, radius, color.faded(0.16));
    let ring = Arc {
        centre,
        radius: radius - width / 2.0,
        width,
        start_rad: 0.0,
        sweep_rad: 7.0,
        round_caps: false,
    };
    scene.arc(ring, color);
    match state {
        Some(true) => {
            scene.polyline(&[at(-0.42, 0.03), at(-0.12, 0.33), at(0.42, -0.3)], width * 1.15, color)
        }
        Some(false) => scene.polyline(&[at(-0.52, 0.52), at(0.52, -0.52)], width * 1.15, color),
        None => scene.polyline(&[at(-0.3, 0.0), at(0.3, 0.0)], width * 1.15, color),
    }
}
