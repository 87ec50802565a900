//! The words of the language: widget types, and which fields each has.
//! Leaves out what the fields mean.

use super::fields::{Fields, Read, Reader};
use super::spec::Kind;

/// The types that are built.
pub const TYPES: &[&str] = &[
    "value",
    "text",
    "boolean",
    "bar",
    "bars",
    "gauge",
    "sparkline",
    "histogram",
    "table",
    "clock",
    "panel",
    "htop",
    "net_ports",
    "sysinfo",
    "containers",
    "os_updates",
    "weather_now",
    "weather_details",
    "weather_forecast",
    "plex_now_playing",
    "plex_recent",
    "plex_libraries",
    "ups",
    "power.ups",
    "image",
    "slideshow",
];

/// Families of one-purpose cards: any type that begins like this is one.
pub const FAMILIES: &[&str] = &["weather_", "plex_"];

/// The fields that every type has.
pub const COMMON: &[&str] = &[
    "type",
    "source",
    "content",
    "label",
    "detail",
    "ease_ms",
    "color",
    "background",
    "border_style",
    "border_color",
    "border_width",
    "font_size",
    "max_font_size",
    "padding",
    "unit",
    "precision",
    "min",
    "max",
    "color_stops",
    "max_items",
    "filter_regex",
    "align",
    "card",
];

/// The fields that only some types have: on another type they are accepted and do nothing.
pub const OWN: &[&str] = &[
    "layout",
    "item_detail",
    "item_label",
    "arc_start",
    "arc_end",
    "gauge_ticks",
    "samples",
    "window_seconds",
    "sources",
    "series_labels",
    "series_colors",
    "table_fit_text",
    "rows",
    "columns",
    "header",
    "sort",
    "note",
    "empty",
    "more",
    "format",
    "path",
    "scale",
    "tiers",
    "paths",
    "interval",
    "transition",
    "direction",
    "gap",
    "grid",
    "children",
    "children_named",
];

/// The family of a type and what it is called within that: `weather_now` is `now` of `weather`.
pub fn in_family(word: &str) -> Option<(&str, &str)> {
    FAMILIES.iter().find_map(|family| {
        let rest = word.strip_prefix(family).filter(|rest| !rest.is_empty())?;
        Some((family.trim_end_matches('_'), rest))
    })
}

/// Whether a type is filled with a gradient from its least to its greatest value.
pub fn has_ramp(kind: &Kind) -> bool {
    matches!(kind, Kind::Bar | Kind::Gauge(_) | Kind::Sparkline(_))
}

/// Ends the reading of a widget: a field of another type is warned about, an unknown one is a mistake.
pub fn finish(reader: &mut Reader<'_>, mut fields: Fields<'_>) -> Read<()> {
    // What other programs have for these families, as where the weather is asked for, is no mistake.
    let is_lenient = fields.peek_text("type").is_some_and(|word| in_family(word).is_some());
    if is_lenient {
        for entry in fields.rest() {
            reader.warn(entry.mark, &format!("\"{}\" has no effect here", entry.key));
        }
    }
    fields.finish(reader, COMMON, OWN)
}
