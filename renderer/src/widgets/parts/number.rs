//! A number and its unit, the unit smaller and dimmer: as large as fits, or of a given size.
//! Leaves out rounding: `Data::shown` gives the text.

use casedd_raster::{Color, Face, RectF, Scene, TextStyle};

use super::super::Cx;
use super::{Anchor, Ink, tint};
use crate::data::Shown;
use crate::format;

/// A sign's size (`%`, `°C`) as a share of its number's.
const SIGN_SHARE: f32 = 0.44;
/// A word's (`Mb/s`): it is wider, and says less.
const UNIT_SHARE: f32 = 0.34;
/// The space before a unit, as a share of the number's size.
const UNIT_GAP: f32 = 0.14;
/// Space before signs that belong to the number (`%`, `°`).
const SIGN_GAP: f32 = 0.06;
/// Every large number has room for this, unless it needs more: so neighbours agree whether they have a unit, and which.
const ROOM: &str = "0000";
/// No number is set smaller than this.
const SIZE_PX_MIN: f32 = 8.0;

/// Sizes of a number with its unit.
#[derive(Clone, Copy)]
pub struct Fitted {
    /// Of the number.
    pub size_px: f32,
    /// Of the unit; 0 leaves it out.
    pub unit_px: f32,
    /// Of both with the gap between them.
    pub width_px: f32,
    /// The same of the widest number to be expected.
    pub widest_px: f32,
}

/// The text whose width decides on the size: the widest of what can be expected, so that the size stays when the
/// number grows by a digit.
fn widest<'a>(cx: &Cx<'a>, shown: &Shown<'a>, max: Option<f64>) -> &'a str {
    let expected = max.filter(|_| shown.number.is_some()).map(|max| format::number(max, cx.spec.precision));
    match expected {
        Some(expected) if expected.len() > shown.text.len() => cx.room.alloc_str(&expected),
        _ => shown.text,
    }
}

/// The sizes at which the number fits into `room`, within what the template allows.
pub fn fit(cx: &mut Cx<'_>, shown: &Shown<'_>, (width, height): (f32, f32), look: Look) -> Fitted {
    let text = widest(cx, shown, look.max);
    let is_alike = look.is_alike;
    let measure = TextStyle::new(Face::Bold, 64.0);
    let metrics = cx.fonts.metrics(measure);
    // Digits stand on the baseline; words reach below it, and stay centred by their capitals.
    let is_word = shown.text.contains(char::is_alphabetic);
    let below = if is_word { metrics.descent } else { 0.0 };
    let cap_share = (metrics.cap_height + below) / 64.0;
    let number_share = cx.fonts.width(text, measure) / 64.0;
    let unit_room = match shown.unit {
        "" => 0.0,
        unit => {
            gap_share(unit)
                + cx.fonts.width(unit, TextStyle::new(Face::Medium, 64.0)) / 64.0 * unit_share(unit)
        }
    };
    // A dash is a sign, not a bar across the cell.
    let usual = if shown.text == format::DASH { cx.scale.title_px * 1.3 } else { f32::MAX };
    let most = cx.spec.max_font_size_px.unwrap_or(f32::MAX).min(usual);
    // Words are read, not glanced at: they end with an ellipsis before they get too small.
    let readable = if is_word { cx.scale.body_px } else { SIZE_PX_MIN };
    let least = cx.spec.font_size_px.unwrap_or(readable).min(most).max(1.0);
    let by_height = height / cap_share;
    let room = if is_alike { cx.fonts.width(ROOM, measure) / 64.0 } else { 0.0 };
    let with_unit = (width / (number_share + unit_room).max(room).max(0.01)).min(by_height);
    let alone = (width / number_share.max(room).max(0.01)).min(by_height);
    // A unit that makes the number tiny is left out.
    let has_unit = !shown.unit.is_empty() && with_unit >= least;
    let size_px =
        quarter(if has_unit { with_unit } else { alone }.clamp(least.min(by_height.max(1.0)), most));
    let unit_px =
        if has_unit { (size_px * unit_share(shown.unit)).max(cx.scale.caption_px.min(size_px)) } else { 0.0 };
    sized(cx, (shown, text), size_px, unit_px)
}

fn sized(cx: &mut Cx<'_>, (shown, widest): (&Shown<'_>, &str), size_px: f32, unit_px: f32) -> Fitted {
    let style = TextStyle::new(Face::Bold, size_px);
    let (number, widest) = (cx.fonts.width(shown.text, style), cx.fonts.width(widest, style));
    let unit = match unit_px > 0.0 {
        true => {
            gap_share(shown.unit) * size_px
                + cx.fonts.width(shown.unit, TextStyle::new(Face::Medium, unit_px))
        }
        false => 0.0,
    };
    Fitted { size_px, unit_px, width_px: number + unit, widest_px: widest + unit }
}

/// How wide every large number of this size may get without becoming smaller.
pub fn room(cx: &mut Cx<'_>, size_px: f32) -> f32 {
    cx.fonts.width(ROOM, TextStyle::new(Face::Bold, size_px))
}

/// Draws the number as large as fits into `rect`, in the middle of its height; gives how large that is.
pub fn put(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    shown: &Shown<'_>,
    (rect, anchor): (RectF, Anchor),
    look: Look,
) -> Fitted {
    let fitted = fit(cx, shown, (rect.width, rect.height), look);
    if rect.is_empty() {
        return fitted;
    }
    let style = TextStyle::new(Face::Bold, fitted.size_px);
    let width = fitted.width_px.min(rect.width);
    let left = match anchor {
        Anchor::Start => rect.x,
        Anchor::Middle => rect.x + (rect.width - width) / 2.0,
        Anchor::End => rect.right() - width,
    };
    let baseline = cx.baseline(style, rect.y, rect.bottom());
    put_at(cx, scene, shown, fitted, (left, baseline, rect.right() - left, look.color));
    fitted
}

/// How a fitted number looks.
#[derive(Clone, Copy)]
pub struct Look {
    /// Of the number; the unit is dimmer.
    pub color: Color,
    /// The greatest value to be expected, when it is known.
    pub max: Option<f64>,
    /// Whether it is set as large as other numbers in cells of the same size, whatever their units.
    pub is_alike: bool,
}

fn put_at(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    shown: &Shown<'_>,
    fitted: Fitted,
    (left, baseline, room, color): (f32, f32, f32, Color),
) {
    let number = Ink::new(Face::Bold, fitted.size_px, color);
    let width = cx.put(scene, shown.text, number, (Anchor::Start, left, baseline), room);
    if fitted.unit_px > 0.0 {
        let x = left + width + gap_share(shown.unit) * fitted.size_px;
        let ink = Ink::new(Face::Medium, fitted.unit_px, unit_color(cx, color));
        if x - left + cx.fonts.width(shown.unit, ink.style) <= room + 1.0 {
            scene_text(cx, scene, shown.unit, ink, (x, baseline));
        }
    }
}

/// How wide [`put_end`] makes the number when it has the room.
pub fn end_width(cx: &mut Cx<'_>, shown: &Shown<'_>, size_px: f32) -> f32 {
    let number = cx.fonts.width(shown.text, TextStyle::new(Face::SemiBold, size_px));
    if shown.unit.is_empty() {
        return number;
    }
    let gap = if gap_share(shown.unit) == SIGN_GAP { SIGN_GAP } else { 0.22 } * size_px;
    let unit_px = (size_px * 0.76).max(cx.scale.caption_px);
    number + gap + cx.fonts.width(shown.unit, TextStyle::new(Face::Medium, unit_px))
}

/// Draws the number in a row of text so that it ends at `x`; gives how wide it is. It is cut to `room`.
pub fn put_end(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    shown: &Shown<'_>,
    (size_px, color): (f32, Color),
    (x, baseline, room): (f32, f32, f32),
) -> f32 {
    let number = Ink::new(Face::SemiBold, size_px, color);
    let unit = Ink::new(Face::Medium, (size_px * 0.76).max(cx.scale.caption_px), unit_color(cx, color));
    let mut width = 0.0;
    if !shown.unit.is_empty() {
        let gap = if gap_share(shown.unit) == SIGN_GAP { SIGN_GAP } else { 0.22 } * size_px;
        let unit_width = cx.fonts.width(shown.unit, unit.style);
        // Without room for both, the number goes without its unit.
        if unit_width + gap + cx.fonts.width(shown.text, number.style) <= room {
            scene_text(cx, scene, shown.unit, unit, (x - unit_width, baseline));
            width = unit_width + gap;
        }
    }
    width + cx.put(scene, shown.text, number, (Anchor::End, x - width, baseline), (room - width).max(0.0))
}

fn scene_text(cx: &mut Cx<'_>, scene: &mut Scene, text: &str, ink: Ink, (x, baseline): (f32, f32)) {
    let line = cx.fonts.line(text, ink.style);
    scene.text(&line, x, baseline, ink.color);
}

fn unit_color(cx: &Cx<'_>, color: Color) -> Color {
    let dim = cx.theme.text_dim;
    let mixed =
        if color.with_alpha(255) == cx.theme.text { dim } else { color.with_alpha(255).mix(dim, 0.45) };
    mixed.with_alpha(color.a)
}

fn gap_share(unit: &str) -> f32 {
    if is_sign(unit) { SIGN_GAP } else { UNIT_GAP }
}

fn unit_share(unit: &str) -> f32 {
    if is_sign(unit) { SIGN_SHARE } else { UNIT_SHARE }
}

fn is_sign(unit: &str) -> bool {
    unit.starts_with(['%', '°', '′', '″'])
}

fn quarter(px: f32) -> f32 {
    (px * 4.0).floor() / 4.0
}

/// The number of a widget with its colour at this freshness; a dash is faint, and a word that names a state has the colour
/// of that where the template gives none.
pub fn color(cx: &Cx<'_>, shown: &Shown<'_>) -> Color {
    if shown.text == format::DASH {
        return cx.theme.text_faint;
    }
    let is_plain_word = shown.number.is_none() && cx.spec.color.is_none();
    let by_word = if is_plain_word { tint::of_word(cx, shown.text) } else { None };
    tint::aged(by_word.unwrap_or_else(|| tint::text(cx, shown.number)), shown.freshness)
}
