//! One-purpose cards: layouts of the general table, and of a value, written in the language itself.
//! Leaves out what a table can do (`table`).

use casedd_common::config::yaml;

use super::fields::{Fields, Read, Reader};
use super::kinds;
use super::table::{self, TableSpec};
use crate::theme::Theme;

/// Type and text of each.
const CARDS: &[(&str, &str)] = &[
    ("htop", include_str!("../../templates/tables/htop.yaml")),
    ("net_ports", include_str!("../../templates/tables/net_ports.yaml")),
    ("sysinfo", include_str!("../../templates/tables/sysinfo.yaml")),
    ("containers", include_str!("../../templates/tables/containers.yaml")),
    ("os_updates", include_str!("../../templates/tables/os_updates.yaml")),
    ("weather_now", include_str!("../../templates/tables/weather_now.yaml")),
    ("weather_details", include_str!("../../templates/tables/weather_details.yaml")),
    ("weather_forecast", include_str!("../../templates/tables/weather_forecast.yaml")),
    ("plex_now_playing", include_str!("../../templates/tables/plex_now_playing.yaml")),
    ("plex_recent", include_str!("../../templates/tables/plex_recent.yaml")),
    ("plex_libraries", include_str!("../../templates/tables/plex_libraries.yaml")),
];

/// What a one-purpose card begins with; the template's own fields go first.
#[derive(Default)]
pub struct Preset {
    /// The key whose value or text rows it shows.
    pub source: Option<String>,
    /// A text in its place.
    pub content: Option<String>,
    /// Above it.
    pub label: Option<String>,
    /// After a value.
    pub unit: Option<String>,
    /// Digits of a value.
    pub precision: Option<u8>,
    /// Below a value.
    pub detail: Option<String>,
    /// What only a table has; `None`: it is a value.
    pub table: Option<TableSpec>,
}

/// The types there are.
#[cfg(test)]
pub fn types() -> impl Iterator<Item = &'static str> {
    CARDS.iter().map(|(word, _)| *word)
}

/// The one-purpose card of a type. Of the families, types that have none of their own are tables of text rows:
/// `weather_tides` those of `weather.tides.rows`.
pub fn preset(word: &str, theme: &Theme) -> Read<Option<Preset>> {
    match CARDS.iter().find(|(known, _)| *known == word) {
        Some((word, text)) => read(word, text, theme).map(Some),
        None => Ok(kinds::in_family(word).map(|(family, rest)| Preset {
            source: Some(format!("{family}.{rest}.rows")),
            label: Some(rest.replace('_', " ")),
            table: Some(TableSpec::default()),
            ..Preset::default()
        })),
    }
}

fn read(word: &str, text: &str, theme: &Theme) -> Read<Preset> {
    let file = format!("built-in card {word}");
    let reader = &mut Reader::new(&file, text);
    reader.theme = theme.clone();
    let node = yaml::parse(text).map_err(|error| {
        let mark = error.mark.unwrap_or(yaml::Mark { line: 1, column: 1 });
        reader.error(mark, format!("broken YAML ({})", error.message), "a card")
    })?;
    let mut fields: Fields<'_> = reader.fields(&node, "a card")?;
    let kinds = [("table", true), ("value", false)];
    let is_table = fields.read("type", |node| reader.word(node, &kinds))?.unwrap_or(true);
    let mut text = |name: &str| fields.read(name, |node| reader.text(node));
    let mut preset = Preset {
        source: text("source")?,
        content: text("content")?,
        label: text("label")?,
        unit: text("unit")?,
        detail: text("detail")?,
        ..Preset::default()
    };
    preset.precision = fields.read("precision", |node| reader.whole(node, 0, 9))?.map(|digits| digits as u8);
    if is_table {
        let source = preset.source.as_deref();
        preset.table = Some(table::table(reader, &mut fields, TableSpec::default(), source)?);
    }
    fields.finish(reader, table::FIELDS, &[])?;
    Ok(preset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_one_purpose_card_is_good_and_has_something_to_show_and_a_label() {
        for word in types() {
            let preset = preset(word, &Theme::default())
                .unwrap_or_else(|error| panic!("{error}"))
                .expect("it is there");
            assert!(kinds::TYPES.contains(&word), "{word}");
            assert!(preset.source.or(preset.content).is_some() && preset.label.is_some(), "{word}");
        }
        assert!(preset("no_such_card", &Theme::default()).expect("no mistake").is_none());
        assert!(preset("weather_", &Theme::default()).expect("no mistake").is_none());
    }

    #[test]
    fn a_type_of_a_family_without_a_card_of_its_own_is_a_table_of_text_rows() {
        let tides = preset("weather_high_tides", &Theme::default()).expect("good").expect("a table");
        assert_eq!(tides.source.as_deref(), Some("weather.high_tides.rows"));
        assert_eq!((tides.label.as_deref(), tides.table.is_some()), (Some("high tides"), true));
    }
}
