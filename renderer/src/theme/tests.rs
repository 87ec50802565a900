//! Every theme can be read: contrast as WCAG measures it.

use casedd_common::config::{Choice, ThemeName};

use super::*;

/// The lightness that WCAG reckons with: of linear light.
fn light_of(color: Color) -> f64 {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)
}

fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (light_of(a), light_of(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_stands_out_from_every_ground_of_every_theme() {
    for (word, name) in ThemeName::WORDS {
        let theme = Theme::named(*name);
        let is_high = *name == ThemeName::HighContrast;
        let (text, dim, graphic): (f64, f64, f64) = if is_high { (7.0, 7.0, 4.5) } else { (4.5, 4.5, 3.0) };
        let mut wanted =
            vec![("text", theme.text, text), ("dim", theme.text_dim, dim), ("faint", theme.text_faint, 3.0)];
        for role in ["good", "warning", "critical", "accent1", "accent2", "accent3", "accent4", "accent5"] {
            wanted.push((role, theme.role(role).expect(role), graphic));
        }
        wanted.push(("accent6", theme.accents[5], graphic));
        for ground in theme.card.into_iter().chain(theme.background) {
            for (role, color, least) in &wanted {
                let found = contrast(*color, ground);
                // On the canvas itself stand headings only, which are large.
                let is_canvas = theme.background.contains(&ground);
                let least = if is_canvas { f64::min(*least, 4.0) } else { *least };
                assert!(found >= least, "{word}: {role} on {ground:?} has {found:.2}, below {least}");
            }
        }
    }
}

#[test]
fn bars_and_arcs_show_where_they_are_empty() {
    for (word, name) in ThemeName::WORDS {
        let theme = Theme::named(*name);
        for accent in theme.accents.into_iter().chain([theme.good, theme.warning, theme.critical]) {
            assert!(contrast(accent, theme.track) >= 2.4, "{word}: {accent:?} on its track");
        }
        assert!(theme.card.iter().all(|card| contrast(theme.track, *card) >= 1.15), "{word}: track on card");
    }
}

#[test]
fn every_role_has_a_colour_and_can_have_another() {
    let mut theme = Theme::default();
    let other = Color::hex(0x123456);
    for word in ROLES {
        assert!(theme.role(word).is_some(), "{word}");
        assert!(theme.set(word, other), "{word}");
        assert_eq!(theme.role(word), Some(other), "{word}");
    }
    assert_eq!((theme.card, theme.accents), ([other; 2], [other; ACCENTS]));
    for word in ["accent0", "accent7", "accent", "colour", ""] {
        assert!(!theme.set(word, other) && theme.role(word).is_none(), "{word}");
    }
}

#[test]
fn at_night_there_is_hardly_any_blue() {
    let theme = Theme::named(ThemeName::NightRed);
    let colours = ROLES.iter().filter_map(|word| theme.role(word));
    let worst =
        colours.filter(|color| color.a > 0).map(|color| (color.b, color)).max_by_key(|(blue, _)| *blue);
    assert!(worst.is_some_and(|(blue, _)| blue <= 0x9a), "{worst:?}");
}
