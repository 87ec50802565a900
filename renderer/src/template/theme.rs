//! `theme:` as templates write it: the name of a theme, or a base and single roles of other colours.
//! Leaves out what the roles are for: see `crate::theme`.

use casedd_common::config::yaml::{Node, Value};
use casedd_common::config::{Choice, ThemeName};

use super::fields::{Fields, Read, Reader};
use crate::theme::{ACCENTS, ROLES, Theme};

/// Reads a template's `theme`; roles that it leaves alone stay those of the output's theme, or of its `base`.
pub fn theme(reader: &mut Reader<'_>, node: &Node) -> Read<Theme> {
    if let Value::Text(_) = node.value {
        return named(reader, node);
    }
    let expected = "the name of a theme, or a map of base and colours";
    let mut fields = reader.fields(node, "a theme").or_else(|_| reader.wrong(node, expected))?;
    let base = fields.read("base", |node| named(reader, node))?;
    let mut theme = base.unwrap_or_else(|| reader.theme.clone());
    for word in ROLES {
        let Some(node) = fields.take_raw(word) else { continue };
        // Two colours are the ends of a gradient.
        match (word, &node.value) {
            ("background", Value::List(_)) => theme.background = pair(reader, node)?,
            ("card", Value::List(_)) => theme.card = pair(reader, node)?,
            _ => {
                theme.set(word, reader.color(node)?);
            }
        }
    }
    accents(reader, &mut fields, &mut theme)?;
    let known: Vec<&str> = ["base", "accents"].into_iter().chain(ROLES).collect();
    fields.finish(reader, &known, &[])?;
    Ok(theme)
}

fn named(reader: &Reader<'_>, node: &Node) -> Read<Theme> {
    let text = reader.text(node)?;
    match ThemeName::from_word(&text) {
        Some(name) => Ok(Theme::named(name)),
        None => reader.word(node, ThemeName::WORDS).map(Theme::named),
    }
}

fn pair(reader: &Reader<'_>, node: &Node) -> Read<[casedd_raster::Color; 2]> {
    match reader.list(node) {
        [top, bottom] => Ok([reader.color(top)?, reader.color(bottom)?]),
        _ => reader.wrong(node, "one colour, or two: of the upper and the lower end"),
    }
}

/// `accents: [...]`: the first ones, in turn.
fn accents(reader: &Reader<'_>, fields: &mut Fields<'_>, theme: &mut Theme) -> Read<()> {
    let Some(node) = fields.take("accents") else { return Ok(()) };
    let list = reader.list(node);
    if list.is_empty() || list.len() > ACCENTS {
        return reader.wrong(node, &format!("1 to {ACCENTS} colours"));
    }
    // Fewer than a theme has go round.
    let colors = list.iter().map(|item| reader.color(item)).collect::<Read<Vec<_>>>()?;
    for (place, color) in theme.accents.iter_mut().zip(colors.iter().cycle()) {
        *place = *color;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use casedd_common::config::ThemeName;
    use casedd_raster::Color;

    use crate::template::{parse, parse_in};
    use crate::theme::Theme;

    fn read(theme: &str) -> Result<Theme, String> {
        let source = format!("theme: {theme}\nwidgets: {{ a: {{ type: text, color: accent2 }} }}\n");
        let found = parse_in(&Theme::named(ThemeName::Light), "t.casedd", "t", &source);
        found.map(|template| template.theme).map_err(|error| error.to_string())
    }

    #[test]
    fn a_template_names_a_theme_or_changes_single_roles() {
        assert_eq!(read("night_red"), Ok(Theme::named(ThemeName::NightRed)));
        let light = Theme::named(ThemeName::Light);
        let changed = read("{ text: black, card: [white, '#eee'], accents: [red, accent1] }").expect("good");
        assert_eq!(changed.text, Color::BLACK);
        assert_eq!(changed.card, [Color::WHITE, Color::hex(0xeeeeee)]);
        let red = Color::hex(0xff0000);
        assert_eq!(changed.accents[..3], [red, light.accents[0], red]);
        assert_eq!(changed.text_dim, light.text_dim, "what is not named stays the output's");
        let based = read("{ base: high-contrast, dim: white }").expect("good");
        assert_eq!((based.text_dim, based.card), (Color::WHITE, [Color::BLACK; 2]));
    }

    #[test]
    fn mistakes_in_a_theme_are_told_with_the_right_word() {
        for (theme, message) in [
            (
                "drak",
                "t.casedd:1:8: found \"drak\", expected dark, light, high-contrast or night-red; did you mean \"dark\"?",
            ),
            (
                "{ accent7: red }",
                "found the key \"accent7\", expected a field of a theme; did you mean \"accent",
            ),
            ("{ text: blak }", "did you mean \"black\"?"),
            ("{ card: [red] }", "found a list, expected one colour, or two"),
            ("{ accents: [] }", "1 to 6 colours"),
            ("[dark]", "found a list, expected the name of a theme"),
        ] {
            let error = read(theme).expect_err(theme);
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn colours_by_role_are_those_of_the_theme() {
        let source = "widgets: { a: { type: bar, color: accent3, color_stops: [[0, good], [90, Critical]], background: 'linear-gradient(card, background)' } }\n";
        for (_, name) in <ThemeName as casedd_common::config::Choice>::WORDS {
            let theme = Theme::named(*name);
            let template = parse_in(&theme, "t", "t", source).expect("good");
            let widget = &template.variants[0].widgets[0];
            assert_eq!(widget.color, Some(theme.accents[2]));
            assert_eq!(widget.color_stops.at(100.0), Some(theme.critical));
        }
        assert_eq!(parse("t", "t", source).expect("good").theme, Theme::default());
    }
}
