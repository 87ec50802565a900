//! One-purpose tables: layouts of the general table, written in the language itself.
//! Leaves out what a table can do (`table`).

use casedd_common::config::yaml;

use super::fields::{Fields, Read, Reader};
use super::table::{self, TableSpec};
use crate::theme::Theme;

/// Type and text of each.
const TABLES: &[(&str, &str)] = &[
    ("htop", include_str!("../../templates/tables/htop.yaml")),
    ("net_ports", include_str!("../../templates/tables/net_ports.yaml")),
    ("sysinfo", include_str!("../../templates/tables/sysinfo.yaml")),
    ("containers", include_str!("../../templates/tables/containers.yaml")),
    ("os_updates", include_str!("../../templates/tables/os_updates.yaml")),
];

/// What a one-purpose table begins with; the template's own fields go first.
pub struct Preset {
    /// The key whose text rows it shows when the family has none.
    pub source: Option<String>,
    /// Above it.
    pub label: Option<String>,
    /// The rest.
    pub table: TableSpec,
}

/// The types there are.
#[cfg(test)]
pub fn types() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(word, _)| *word)
}

/// The one-purpose table of a type.
pub fn preset(word: &str, theme: &Theme) -> Read<Option<Preset>> {
    let Some((word, text)) = TABLES.iter().find(|(known, _)| *known == word) else { return Ok(None) };
    let file = format!("built-in table {word}");
    let reader = &mut Reader::new(&file, text);
    reader.theme = theme.clone();
    let node = yaml::parse(text).map_err(|error| {
        let mark = error.mark.unwrap_or(yaml::Mark { line: 1, column: 1 });
        reader.error(mark, format!("broken YAML ({})", error.message), "a table")
    })?;
    let mut fields: Fields<'_> = reader.fields(&node, "a table")?;
    let source = fields.read("source", |node| reader.text(node))?;
    let label = fields.read("label", |node| reader.text(node))?;
    let table = table::table(reader, &mut fields, TableSpec::default(), source.as_deref())?;
    fields.finish(reader, table::FIELDS, &[])?;
    Ok(Some(Preset { source, label, table }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_one_purpose_table_is_good_and_has_a_source_and_a_label() {
        for word in types() {
            let preset = preset(word, &Theme::default())
                .unwrap_or_else(|error| panic!("{error}"))
                .expect("it is there");
            assert!(super::super::kinds::TYPES.contains(&word), "{word}");
            assert!(preset.source.is_some() && preset.label.is_some(), "{word}");
        }
        assert!(preset("no_such_table", &Theme::default()).expect("no mistake").is_none());
    }
}
