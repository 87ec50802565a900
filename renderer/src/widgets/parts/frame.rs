//! The place of a picture: the picture itself, and what stands there while there is none.
//! Leaves out which picture it is.

use casedd_raster::{Border, Dash, Face, Image, PointF, RectF, Scene, TextStyle};

use super::super::Cx;
use super::{Anchor, Ink};

/// Below this there is no room for a picture.
const SIDE_PX_MIN: f32 = 2.0;
/// Largest side of a box that a picture is loaded for.
const SIDE_PX_MAX: f32 = 8192.0;

/// The whole pixels that a picture may take in `body`.
pub fn box_px(body: RectF) -> Option<(u32, u32)> {
    let inner = body.snapped();
    let is_good = |side: f32| (SIDE_PX_MIN..=SIDE_PX_MAX).contains(&side);
    (is_good(inner.width) && is_good(inner.height)).then_some((inner.width as u32, inner.height as u32))
}

/// What people call a file.
pub fn file_name(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// Draws a picture in the middle of its box.
pub fn draw_image(cx: &mut Cx<'_>, scene: &mut Scene, (image, body): (&Image, RectF), opacity: u8) {
    let inner = body.snapped();
    let (width, height) = (image.width() as f32, image.height() as f32);
    let left = inner.x + ((inner.width - width) / 2.0).floor();
    let top = inner.y + ((inner.height - height) / 2.0).floor();
    // Corners as those of a card; a small picture has smaller ones.
    let radius = cx.scale.radius_px.min(width.min(height) * 0.12);
    scene.image(image, RectF::new(left, top, width, height), radius, opacity);
}

/// Draws a picture that nothing else is drawn with.
pub fn draw_alone(cx: &mut Cx<'_>, scene: &mut Scene, (image, body): (&Image, RectF)) {
    draw_image(cx, scene, (image, body), 255);
    draw_veil(cx, scene, body);
}

/// Tones down what pictures there are in a box, where the theme asks for it: at night no picture may be bright.
pub fn draw_veil(cx: &Cx<'_>, scene: &mut Scene, body: RectF) {
    if cx.theme.veil.a > 0 {
        let inner = body.snapped();
        let radius = cx.scale.radius_px.min(inner.width.min(inner.height) * 0.12);
        scene.fill_rounded(inner, radius, cx.theme.veil);
    }
}

/// Draws the sign of a picture over its file's name: it is on its way.
pub fn draw_waiting(cx: &mut Cx<'_>, scene: &mut Scene, body: RectF, path: &str) {
    draw_place(cx, scene, body, [file_name(path), ""]);
}

/// Draws the sign of a picture over a title and the reason why there is none.
pub fn draw_empty(cx: &mut Cx<'_>, scene: &mut Scene, body: RectF, (title, reason): (&str, &str)) {
    draw_place(cx, scene, body, [title, reason]);
}

fn draw_place(cx: &mut Cx<'_>, scene: &mut Scene, body: RectF, [title, reason]: [&str; 2]) {
    let frame = body.snapped();
    let radius = cx.scale.radius_px.min(frame.width.min(frame.height) * 0.25);
    scene.fill_rounded(frame, radius, cx.theme.track.faded(0.35));
    let line = Border { rect: frame, radius, width: cx.scale.hairline_px, dash: Dash::Dashed };
    scene.border(line, cx.theme.text_faint.faded(0.6));
    let inner = frame.inset((cx.scale.padding_px * 0.75).min(frame.width * 0.1));
    let big = TextStyle::new(Face::SemiBold, cx.scale.label_px);
    let small = TextStyle::new(Face::Regular, cx.scale.caption_px);
    let (big_height, small_height) = (cx.fonts.metrics(big).line_height, cx.fonts.metrics(small).line_height);
    cx.fonts.wrap(reason, small, (inner.width, 2), cx.lines);
    // From what matters least on: the sign goes, then the reason.
    let sign = (cx.scale.label_px * 2.6).min(inner.width * 0.4);
    let gap = cx.gap_px();
    let words = big_height + small_height * cx.lines.len() as f32;
    let has_sign = words + gap + sign <= inner.height;
    if words > inner.height {
        cx.lines.clear();
    }
    let height = big_height + small_height * cx.lines.len() as f32 + if has_sign { sign + gap } else { 0.0 };
    let mut top = inner.centre().y - height / 2.0;
    if has_sign {
        let place = RectF::new(inner.centre().x - sign / 2.0, top, sign, sign);
        draw_sign(cx, scene, place);
        top += sign + gap;
    }
    if inner.height < big_height * 0.9 {
        return;
    }
    let baseline = top + cx.fonts.metrics(big).ascent;
    let ink = Ink { style: big, color: cx.theme.text_dim };
    cx.put(scene, title, ink, (Anchor::Middle, inner.centre().x, baseline), inner.width);
    top += big_height;
    let ascent = cx.fonts.metrics(small).ascent;
    for line in cx.lines.iter() {
        scene.text(line, inner.centre().x - line.width_px() / 2.0, top + ascent, cx.theme.text_faint);
        top += small_height;
    }
}

/// A picture as a sign: a frame, a sun, and two hills.
fn draw_sign(cx: &Cx<'_>, scene: &mut Scene, place: RectF) {
    let color = cx.theme.text_faint;
    let frame = RectF { y: place.y + place.height * 0.12, height: place.height * 0.76, ..place }.snapped();
    let width = (place.width * 0.06).max(1.0);
    scene.stroke_rounded(frame, place.width * 0.14, width, color);
    let at = |x: f32, y: f32| PointF::new(frame.x + frame.width * x, frame.y + frame.height * y);
    scene.circle(at(0.3, 0.32), place.width * 0.085, color);
    let hills =
        [at(0.12, 0.86), at(0.38, 0.52), at(0.5, 0.66), at(0.68, 0.36), at(0.88, 0.66), at(0.88, 0.86)];
    scene.polygon(&hills, color);
}
