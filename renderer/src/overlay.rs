//! What lies over all widgets of a picture: the border while a trigger holds the display, and a badge in the corner
//! that says what is wrong with the template.
//! Leaves out when either is there.

use std::sync::Arc;

use casedd_raster::{Border, Color, Dash, Face, Fonts, Line, PointF, RectF, Scene, TextStyle};

/// The border's width is this share of the canvas's shorter side.
const BORDER_SHARE: f32 = 0.012;
/// The thinnest border that is seen from across a room.
const BORDER_PX_MIN: f32 = 3.0;
/// The badge's text at a canvas whose shorter side is [`SIDE_PX`].
const TEXT_PX: f32 = 14.0;
const SIDE_PX: f32 = 480.0;
/// Nobody can read less.
const TEXT_PX_MIN: f32 = 10.0;
/// The badge takes at most this share of the canvas's width.
const WIDTH_SHARE: f32 = 0.94;
/// Most lines of the message.
const LINES_MAX: usize = 3;

/// Colours of the badge: the same in every theme, as it is no part of the template.
const BADGE: Color = Color::rgb(0x2a, 0x0f, 0x14);
const BADGE_EDGE: Color = Color::rgb(0xf8, 0x71, 0x71);
const BADGE_TITLE: Color = Color::rgb(0xff, 0xf1, 0xf1);
const BADGE_TEXT: Color = Color::rgb(0xf5, 0xb8, 0xb8);

/// What is to lie over a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// Colour of a border round everything.
    pub border: Option<Color>,
    /// What the badge says: where, and what is wrong there.
    pub badge: Option<Badge>,
}

/// What a badge says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// Where: a file with line and column, or a template's name.
    pub title: Arc<str>,
    /// What is wrong there.
    pub text: Arc<str>,
}

/// The overlay as shapes.
pub fn scene(overlay: &Overlay, width_px: u32, height_px: u32, fonts: &mut Fonts) -> Scene {
    let mut scene = Scene::new();
    let canvas = RectF::new(0.0, 0.0, width_px as f32, height_px as f32);
    if let Some(badge) = &overlay.badge {
        draw_badge(&mut scene, badge, canvas, fonts);
    }
    if let Some(color) = overlay.border {
        let width = (canvas.width.min(canvas.height) * BORDER_SHARE).round().max(BORDER_PX_MIN);
        scene.border(Border { rect: canvas, radius: 0.0, width, dash: Dash::Solid }, color);
    }
    scene
}

/// A card at the lower left: a warning sign, where, and in smaller lines what.
fn draw_badge(scene: &mut Scene, badge: &Badge, canvas: RectF, fonts: &mut Fonts) {
    let side = canvas.width.min(canvas.height);
    let size_px = (TEXT_PX * (side / SIDE_PX).sqrt()).max(TEXT_PX_MIN);
    let (title_style, text_style) =
        (TextStyle::new(Face::SemiBold, size_px), TextStyle::new(Face::Regular, size_px * 0.92));
    let (title_metrics, text_metrics) = (fonts.metrics(title_style), fonts.metrics(text_style));
    let (margin, padding, sign) = (size_px * 0.8, size_px * 0.75, size_px * 1.5);
    let indent = padding + sign + padding * 0.8;
    let room = canvas.width * WIDTH_SHARE - margin - indent - padding;
    let title = fonts.ellipsize(&badge.title, title_style, room);
    let mut lines = Vec::new();
    fonts.wrap(&badge.text, text_style, (room, LINES_MAX), &mut lines);
    let width = lines.iter().map(Line::width_px).fold(title.width_px(), f32::max) + indent + padding;
    let height = padding * 2.0 + title_metrics.line_height + text_metrics.line_height * lines.len() as f32;
    let card = RectF::new(margin, canvas.bottom() - margin - height, width, height).snapped();
    scene.shadow(card, size_px * 0.5, size_px * 0.9, Color::BLACK.with_alpha(150));
    scene.fill_rounded(card, size_px * 0.5, BADGE);
    scene.stroke_rounded(card, size_px * 0.5, (size_px / 11.0).max(1.0), BADGE_EDGE.with_alpha(170));
    draw_sign(scene, RectF::new(card.x + padding, card.y + padding, sign, sign * 0.9));
    let mut baseline = card.y + padding + title_metrics.ascent;
    scene.text(&title, card.x + indent, baseline, BADGE_TITLE);
    baseline += title_metrics.line_height - title_metrics.ascent + text_metrics.ascent;
    for line in &lines {
        scene.text(line, card.x + indent, baseline, BADGE_TEXT);
        baseline += text_metrics.line_height;
    }
}

/// A triangle with an exclamation mark in it.
fn draw_sign(scene: &mut Scene, rect: RectF) {
    let (middle, bottom) = (rect.centre().x, rect.bottom());
    let corners =
        [PointF::new(middle, rect.y), PointF::new(rect.right(), bottom), PointF::new(rect.x, bottom)];
    scene.polygon(&corners, BADGE_EDGE);
    let (thick, height) = (rect.width * 0.11, rect.height);
    let stroke = RectF::new(middle - thick / 2.0, rect.y + height * 0.36, thick, height * 0.32);
    scene.fill_rounded(stroke, thick / 2.0, BADGE);
    scene.circle(PointF::new(middle, rect.y + height * 0.82), thick * 0.62, BADGE);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn badge() -> Overlay {
        let text = "found the type \"guage\", expected a widget type; did you mean \"gauge\"?";
        let badge = Badge { title: "nas.casedd:14:11".into(), text: text.into() };
        Overlay { border: None, badge: Some(badge) }
    }

    #[test]
    fn a_badge_stays_in_its_corner_at_every_size() {
        let mut fonts = Fonts::embedded();
        for (width_px, height_px) in
            [(320, 240), (480, 320), (800, 480), (1920, 480), (1920, 1080), (480, 800)]
        {
            let bounds = scene(&badge(), width_px, height_px, &mut fonts).bounds();
            let (width, height) = (width_px as i32, height_px as i32);
            // Its shadow may reach over the edge.
            assert!(bounds.right <= width && bounds.left < width / 10, "{width_px}x{height_px}: {bounds:?}");
            assert!(bounds.top > height / 3, "{width_px}x{height_px}: {bounds:?}");
        }
    }

    #[test]
    fn nothing_is_over_a_picture_without_a_reason() {
        let mut fonts = Fonts::embedded();
        assert!(scene(&Overlay::default(), 800, 480, &mut fonts).is_empty());
        for size in [1, 2, 8] {
            let overlay = Overlay { border: Some(Color::WHITE), ..badge() };
            assert!(!scene(&overlay, size, size, &mut fonts).is_empty());
        }
    }
}
