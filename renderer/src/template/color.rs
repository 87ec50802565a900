//! Colours and gradients as templates write them.
//! Leaves out what a colour is used for.

use casedd_raster::{Color, STOPS_MAX};

use super::color_names::NAMES;
use super::spec::{Background, Gradient};
use crate::theme::Theme;

/// What messages say a colour may be.
pub const EXPECTED: &str = "a colour (\"#rgb\", \"#rrggbb\", \"#rrggbbaa\", rgb(), rgba(), transparent, a CSS name, or a role of the theme as accent1)";

/// A colour, perhaps by its role in the theme; `None` when the text is none.
pub fn color(text: &str, theme: &Theme) -> Option<Color> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix('#') {
        return hex(digits);
    }
    let lower = text.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("rgba").or_else(|| lower.strip_prefix("rgb")) {
        return rgb(rest.trim().strip_prefix('(')?.strip_suffix(')')?);
    }
    if lower == "transparent" {
        return Some(Color::TRANSPARENT);
    }
    if let Some(color) = theme.role(&lower) {
        return Some(color);
    }
    let index = NAMES.binary_search_by(|(name, _)| (*name).cmp(lower.as_str())).ok()?;
    Some(Color::hex(NAMES[index].1))
}

/// A colour or a `linear-gradient(...)`; `None` when the text is neither.
pub fn background(text: &str, theme: &Theme) -> Option<Background> {
    match text.trim().to_ascii_lowercase().strip_prefix("linear-gradient") {
        Some(rest) => {
            gradient(rest.trim().strip_prefix('(')?.strip_suffix(')')?, theme).map(Background::Linear)
        }
        None => color(text, theme).map(Background::Solid),
    }
}

fn hex(digits: &str) -> Option<Color> {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let word = u32::from_str_radix(digits, 16).ok()?;
    let nibble = |shift: u32| ((word >> shift) & 15) as u8 * 17;
    match digits.len() {
        3 => Some(Color::rgb(nibble(8), nibble(4), nibble(0))),
        4 => Some(Color::rgb(nibble(12), nibble(8), nibble(4)).with_alpha(nibble(0))),
        6 => Some(Color::hex(word)),
        8 => Some(Color::hex(word >> 8).with_alpha(word as u8)),
        _ => None,
    }
}

/// `r, g, b`, `r, g, b, a` or CSS's newer `r g b / a`; parts are 0..255 or per cent, alpha 0..1 or per cent.
fn rgb(inside: &str) -> Option<Color> {
    let parts: Vec<&str> = inside.split([',', ' ', '/']).filter(|part| !part.is_empty()).collect();
    let channel = |text: &str| scaled(text, 255.0).map(|value| value.round() as u8);
    match parts.as_slice() {
        [r, g, b] => Some(Color::rgb(channel(r)?, channel(g)?, channel(b)?)),
        [r, g, b, a] => {
            let alpha = scaled(a, 1.0)?;
            Some(Color::rgb(channel(r)?, channel(g)?, channel(b)?).with_alpha((alpha * 255.0).round() as u8))
        }
        _ => None,
    }
}

/// A number between 0 and `whole`, or a share of `whole` in per cent.
fn scaled(text: &str, whole: f32) -> Option<f32> {
    let value = match text.strip_suffix('%') {
        Some(number) => number.parse::<f32>().ok()? / 100.0 * whole,
        None => text.parse::<f32>().ok()?,
    };
    value.is_finite().then(|| value.clamp(0.0, whole))
}

/// What stands between the brackets of `linear-gradient`: an optional direction and 2 to 8 stops.
fn gradient(inside: &str, theme: &Theme) -> Option<Gradient> {
    let parts = split_top_level(inside);
    let (angle_deg, stops) = match direction(parts.first()?) {
        Some(angle) => (angle, &parts[1..]),
        None => (180.0, &parts[..]),
    };
    if !(2..=STOPS_MAX).contains(&stops.len()) {
        return None;
    }
    let stops = stops.iter().map(|part| stop(part, theme)).collect::<Option<Vec<_>>>()?;
    Some(Gradient { angle_deg, stops: spread(&stops) })
}

/// Splits at commas that stand in no brackets.
fn split_top_level(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

fn direction(text: &str) -> Option<f32> {
    if let Some(degrees) = text.strip_suffix("deg") {
        return degrees.trim().parse::<f32>().ok().filter(|angle| angle.is_finite());
    }
    let words: Vec<&str> = text.strip_prefix("to ")?.split_whitespace().collect();
    Some(match words.as_slice() {
        ["top"] => 0.0,
        ["right"] => 90.0,
        ["bottom"] => 180.0,
        ["left"] => 270.0,
        ["top", "right"] | ["right", "top"] => 45.0,
        ["bottom", "right"] | ["right", "bottom"] => 135.0,
        ["bottom", "left"] | ["left", "bottom"] => 225.0,
        ["top", "left"] | ["left", "top"] => 315.0,
        _ => return None,
    })
}

fn stop(text: &str, theme: &Theme) -> Option<(Option<f32>, Color)> {
    if let Some(found) = color(text, theme) {
        return Some((None, found));
    }
    let (rest, offset) = text.rsplit_once(' ')?;
    let share = offset.strip_suffix('%')?.parse::<f32>().ok().filter(|share| share.is_finite())?;
    Some((Some(share / 100.0), color(rest, theme)?))
}

/// Gives stops without a place one between their neighbours, and makes places rise.
fn spread(stops: &[(Option<f32>, Color)]) -> Vec<(f32, Color)> {
    let last = stops.len() - 1;
    let mut placed: Vec<(f32, Color)> = Vec::with_capacity(stops.len());
    for (index, (offset, color)) in stops.iter().enumerate() {
        let offset = offset.unwrap_or_else(|| match (index, placed.last()) {
            (0, _) | (_, None) => 0.0,
            (index, _) if index == last => 1.0,
            (index, Some((before, _))) => {
                let next = (index..=last).find_map(|at| stops[at].0.map(|offset| (at, offset)));
                let (at, end) = next.unwrap_or((last, 1.0));
                before + (end - before) / (at - index + 1) as f32
            }
        });
        let least = placed.last().map_or(0.0, |(before, _)| *before);
        placed.push((offset.clamp(0.0, 1.0).max(least), *color));
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(text: &str) -> Option<Color> {
        super::color(text, &Theme::default())
    }

    fn background(text: &str) -> Option<Background> {
        super::background(text, &Theme::default())
    }

    #[test]
    fn every_way_to_write_a_colour_is_read() {
        for (text, expected) in [
            ("#fff", Color::hex(0xffffff)),
            ("#1a2B3c", Color::hex(0x1a2b3c)),
            ("#1a2b3c80", Color::hex(0x1a2b3c).with_alpha(0x80)),
            ("rgb(1, 2, 3)", Color::rgb(1, 2, 3)),
            ("rgba(255,0,0,0.5)", Color::rgb(255, 0, 0).with_alpha(128)),
            ("rgb(100% 0% 0% / 50%)", Color::rgb(255, 0, 0).with_alpha(128)),
            ("RebeccaPurple", Color::hex(0x663399)),
            ("transparent", Color::TRANSPARENT),
            ("Accent1", Theme::default().accents[0]),
            ("critical", Theme::default().critical),
        ] {
            assert_eq!(color(text), Some(expected), "{text}");
        }
        for text in ["", "#12", "#12345", "#ggg", "#+12", "rgb(1,2)", "redd", "rgb(a,b,c)", "rgb(nan,0,0)"] {
            assert_eq!(color(text), None, "{text}");
        }
    }

    #[test]
    fn names_are_sorted_for_the_search() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn gradients_have_a_direction_and_stops_with_or_without_places() {
        let Some(Background::Linear(found)) = background("linear-gradient(90deg, rgb(0,0,0), red 50%, #fff)")
        else {
            panic!("no gradient")
        };
        assert_eq!(found.angle_deg, 90.0);
        let stops = [(0.0, Color::BLACK), (0.5, Color::hex(0xff0000)), (1.0, Color::WHITE)];
        assert_eq!(found.stops, stops);
        let Some(Background::Linear(found)) = background("linear-gradient(to top, red, lime, blue, white)")
        else {
            panic!("no gradient")
        };
        assert_eq!(found.angle_deg, 0.0);
        let offsets: Vec<f32> = found.stops.iter().map(|stop| stop.0).collect();
        assert!(
            offsets.iter().zip([0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0]).all(|(a, b)| (a - b).abs() < 1e-5),
            "{offsets:?}"
        );
        assert_eq!(background("linear-gradient(red)"), None);
        assert_eq!(background("linear-gradient(sideways, red, blue)"), None);
    }
}
