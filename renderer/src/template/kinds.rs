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
    "ups",
    "power.ups",
    "image",
    "slideshow",
];

/// Families of one-purpose cards that are known and drawn as a card naming them.
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

/// Whether a type is known but not built.
pub fn is_placeholder(word: &str) -> bool {
    FAMILIES.iter().any(|family| word.starts_with(family))
}

/// Whether a type is filled with a gradient from its least to its greatest value.
pub fn has_ramp(kind: &Kind) -> bool {
    matches!(kind, Kind::Bar | Kind::Gauge(_) | Kind::Sparkline(_))
}

/// Ends the reading of a widget: a field of another type is warned about, an unknown one is a mistake.
pub fn finish(reader: &mut Reader<'_>, kind: &Kind, mut fields: Fields<'_>) -> Read<()> {
    if matches!(kind, Kind::Placeholder(_)) {
        // What these types will have is not decided yet, and nothing of it is used: one warning was given.
        fields.rest();
    }
    fields.finish(reader, COMMON, OWN)
}
