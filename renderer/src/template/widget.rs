//! One widget as templates write it: the fields that all types share, then those of its type.
//! Leaves out drawing, and what a panel's children are made of (`panel`).

use casedd_common::config::suggest::nearest;
use casedd_common::config::yaml::{Node, Value};
use casedd_raster::Color;
use regex::RegexBuilder;

use super::fields::{Fields, Read, Reader, describe};
use super::presets::Preset;
use super::spec::{
    Align, Background, BarsLayout, BarsSpec, Border, BorderStyle, ChartSpec, ClockSpec, ColorStops, FontRole,
    GaugeSpec, Kind, Padding, SERIES_MAX, SeriesSpec, WIDGETS_MAX, WidgetSpec,
};
use super::table::TableSpec;
use super::{kinds, panel, picture, presets, table};

/// Most bytes a compiled `filter_regex` may take.
const REGEX_BYTES_MAX: usize = 256 * 1024;
/// What a chart shows when the template does not say.
const WINDOW_MS: u64 = 300_000;
/// What one of the original's samples stands for: it drew every two seconds.
const SAMPLE_MS: u64 = 2_000;
/// Longest window: what the board keeps, and some.
const WINDOW_S_MAX: f64 = 24.0 * 3_600.0;

/// Longest way of a bar from one value to the next.
const EASE_MS_MAX: u32 = 2_000;

/// Words for borders.
pub const BORDER_STYLES: &[(&str, BorderStyle)] = &[
    ("none", BorderStyle::None),
    ("solid", BorderStyle::Solid),
    ("dashed", BorderStyle::Dashed),
    ("dotted", BorderStyle::Dotted),
    ("inset", BorderStyle::Inset),
    ("outset", BorderStyle::Outset),
    ("outsed", BorderStyle::Outset),
];

/// Words for how a family is laid out.
pub const BARS_LAYOUTS: &[(&str, Option<BarsLayout>)] = &[
    ("auto", None),
    ("rows", Some(BarsLayout::Rows)),
    ("columns", Some(BarsLayout::Columns)),
    ("tiles", Some(BarsLayout::Tiles)),
];

/// Words for sizes that all cells share.
pub const FONT_ROLES: &[(&str, FontRole)] = &[
    ("caption", FontRole::Caption),
    ("label", FontRole::Label),
    ("body", FontRole::Body),
    ("value", FontRole::Value),
    ("title", FontRole::Title),
];

/// Words for where text stands.
pub const ALIGNS: &[(&str, Align)] = &[
    ("left", Align::Left),
    ("start", Align::Left),
    ("center", Align::Centre),
    ("centre", Align::Centre),
    ("right", Align::Right),
    ("end", Align::Right),
];

/// Reads one widget; `name` is its area or its place in a panel.
pub fn widget(reader: &mut Reader<'_>, name: &str, node: &Node) -> Read<WidgetSpec> {
    let mut fields = reader.fields(node, "a widget")?;
    let spec = from_fields(reader, name, node, &mut fields)?;
    kinds::finish(reader, fields)?;
    Ok(spec)
}

/// Reads what a widget has of its own, so that a panel can take a child's size from the same map.
pub fn from_fields<'n>(
    reader: &mut Reader<'_>,
    name: &str,
    node: &Node,
    fields: &mut Fields<'n>,
) -> Read<WidgetSpec> {
    reader.widgets += 1;
    if reader.widgets > WIDGETS_MAX {
        return reader.wrong(node, &format!("at most {WIDGETS_MAX} widgets in a template"));
    }
    let source = fields.read("source", |node| reader.text(node))?;
    let mut spec = WidgetSpec {
        name: name.to_owned(),
        kind: Kind::Text,
        content: fields.read("content", |node| reader.text(node))?,
        label: fields.read("label", |node| reader.text(node))?,
        detail: fields.read("detail", |node| reader.text(node))?,
        color: None,
        ramp: Vec::new(),
        background: fields.read_color("background", |node| reader.background(node))?,
        border: border(reader, fields)?,
        ease_ms: fields.read("ease_ms", |node| reader.whole(node, 0, EASE_MS_MAX))?.filter(|ms| *ms > 0),
        font_size_px: fields.read("font_size", |node| font_size(reader, node))?.flatten(),
        max_font_size_px: None,
        max_font_role: None,
        padding: fields.read("padding", |node| padding(reader, node))?,
        unit: fields.read("unit", |node| reader.text(node))?,
        precision: fields.read("precision", |node| reader.whole(node, 0, 9))?.map(|digits| digits as u8),
        min: fields.read("min", |node| reader.number(node))?,
        max: fields.read("max", |node| reader.number(node))?,
        color_stops: fields.read("color_stops", |node| color_stops(reader, node))?.unwrap_or_default(),
        max_items: fields.read("max_items", |node| reader.whole(node, 1, 1000))?.map(|items| items as usize),
        filter: fields.read("filter_regex", |node| filter(reader, node))?,
        align: None,
        card: fields.read("card", |node| reader.flag(node))?,
        source,
    };
    if let Some(node) = fields.take("max_font_size") {
        match font_role(node) {
            Some(role) => spec.max_font_role = Some(role),
            None => spec.max_font_size_px = font_size(reader, node)?,
        }
    }
    if let (Some(min), Some(max)) = (spec.min, spec.max)
        && min >= max
    {
        return Err(reader.error(node.mark, format!("min {min} and max {max}"), "min below max"));
    }
    let color = fields.take_raw("color");
    if let Some(node) = color {
        (spec.color, spec.ramp) = one_color_or_ramp(reader, node)?;
    }
    spec.kind = kind(reader, name, node, fields, &mut spec)?;
    if let Some(node) = color.filter(|_| !spec.ramp.is_empty() && !kinds::has_ramp(&spec.kind)) {
        return reader.wrong(node, "one colour: gradients are for bars, gauges, sparklines and backgrounds");
    }
    if !matches!(spec.kind, Kind::Panel(_)) {
        spec.align = fields.read("align", |node| reader.word(node, ALIGNS))?;
    }
    if let (None, Kind::Sparkline(chart) | Kind::Histogram(chart)) = (&spec.source, &spec.kind) {
        spec.source = chart.series.first().map(|series| series.source.clone());
    }
    Ok(spec)
}

/// Places between 0 and 1 with their colours.
type Ramp = Vec<(f32, Color)>;

/// A colour, or the stops of a gradient with the last of them as the colour of everything that has only one.
fn one_color_or_ramp(reader: &Reader<'_>, node: &Node) -> Read<(Option<Color>, Ramp)> {
    Ok(match &node.value {
        Value::Text(text) if text.trim_start().starts_with("linear-gradient") => {
            match reader.background(node)? {
                Background::Solid(color) => (Some(color), Vec::new()),
                Background::Linear(gradient) => (gradient.stops.last().map(|stop| stop.1), gradient.stops),
            }
        }
        _ => (Some(reader.color(node)?), Vec::new()),
    })
}

/// Reads `type` and the fields of that type.
fn kind(
    reader: &mut Reader<'_>,
    name: &str,
    node: &Node,
    fields: &mut Fields<'_>,
    spec: &mut WidgetSpec,
) -> Read<Kind> {
    let Some(type_node) = fields.take("type") else {
        return reader.wrong(node, &format!("a type for the widget \"{name}\""));
    };
    let word = reader.text(type_node)?.to_ascii_lowercase();
    Ok(match word.as_str() {
        "value" => Kind::Value(trend(reader, fields, spec)?),
        "text" => Kind::Text,
        "boolean" => Kind::Boolean,
        "bar" => Kind::Bar,
        "bars" => Kind::Bars(bars(reader, node, fields, spec)?),
        "gauge" => Kind::Gauge(gauge(reader, fields)?),
        "sparkline" => Kind::Sparkline(chart(reader, node, fields, spec)?),
        "histogram" => Kind::Histogram(chart(reader, node, fields, spec)?),
        "table" => Kind::Table(table::table(reader, fields, TableSpec::default(), spec.source.as_deref())?),
        "clock" => {
            let format = fields.read("format", |node| clock_format(reader, node))?;
            Kind::Clock(ClockSpec { format: format.unwrap_or_else(|| "%H:%M:%S".into()) })
        }
        "image" => Kind::Image(picture::image(reader, node, fields)?),
        "slideshow" => Kind::Slideshow(picture::slideshow(reader, node, fields)?),
        "ups" | "power.ups" => {
            spec.label.get_or_insert_with(|| "UPS".into());
            Kind::Ups
        }
        "panel" => Kind::Panel(panel::panel(reader, name, node, fields)?),
        other => {
            if let Some(preset) = presets::preset(other, &reader.theme)? {
                return one_purpose(reader, fields, spec, preset);
            }
            let mut error = reader.error(type_node.mark, format!("the type \"{other}\""), "a widget type");
            error.suggestion = nearest(other, kinds::TYPES.iter().copied()).map(String::from);
            return Err(error);
        }
    })
}

/// A one-purpose card: what the template says goes before what the type brings.
fn one_purpose(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    spec: &mut WidgetSpec,
    preset: Preset,
) -> Read<Kind> {
    let is_own = spec.source.is_some() || spec.content.is_some();
    if !is_own {
        (spec.source, spec.content) = (preset.source, preset.content);
    }
    spec.label = spec.label.take().or(preset.label);
    let Some(mut start) = preset.table else {
        spec.unit = spec.unit.take().or(preset.unit);
        spec.precision = spec.precision.or(preset.precision);
        spec.detail = spec.detail.take().or(preset.detail);
        return Ok(Kind::Value(trend(reader, fields, spec)?));
    };
    if is_own {
        start.rows = None;
    }
    Ok(Kind::Table(table::table(reader, fields, start, spec.source.as_deref())?))
}

fn border(reader: &Reader<'_>, fields: &mut Fields<'_>) -> Read<Border> {
    Ok(Border {
        style: fields.read("border_style", |node| reader.word(node, BORDER_STYLES))?,
        color: fields.read_color("border_color", |node| reader.color(node))?,
        width_px: fields.read("border_width", |node| reader.number_in(node, 1.0, 16.0))?.map(|px| px as f32),
    })
}

/// `auto` is the same as nothing at all.
fn font_size(reader: &Reader<'_>, node: &Node) -> Read<Option<f32>> {
    match &node.value {
        Value::Text(text) if text.eq_ignore_ascii_case("auto") => Ok(None),
        _ => match reader.number(node) {
            Ok(px) if (1.0..=2000.0).contains(&px) => Ok(Some(px as f32)),
            _ => reader.wrong(node, "auto or a number of pixels from 1 to 2000"),
        },
    }
}

fn font_role(node: &Node) -> Option<FontRole> {
    let Value::Text(text) = &node.value else { return None };
    FONT_ROLES.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, role)| *role)
}

fn padding(reader: &Reader<'_>, node: &Node) -> Read<Padding> {
    let sides = reader.list(node).iter().map(|side| Ok(reader.number_in(side, 0.0, 500.0)? as f32));
    Ok(match sides.collect::<Read<Vec<f32>>>()?.as_slice() {
        [all] => Padding { top: *all, right: *all, bottom: *all, left: *all },
        [v, h] => Padding { top: *v, right: *h, bottom: *v, left: *h },
        [top, right, bottom, left] => Padding { top: *top, right: *right, bottom: *bottom, left: *left },
        _ => return reader.wrong(node, "n, [vertical, horizontal] or [top, right, bottom, left]"),
    })
}

/// Reads `[[threshold, colour], ...]`.
pub fn color_stops(reader: &Reader<'_>, node: &Node) -> Read<ColorStops> {
    let expected = "[[threshold, colour], ...]";
    let Value::List(items) = &node.value else { return reader.wrong(node, expected) };
    let stop = |item: &Node| match &item.value {
        Value::List(pair) if pair.len() == 2 => Ok((reader.number(&pair[0])?, reader.color(&pair[1])?)),
        _ => reader.wrong(item, expected),
    };
    if items.len() > 64 {
        return reader.wrong(node, "at most 64 colour stops");
    }
    Ok(ColorStops::new(items.iter().map(stop).collect::<Read<_>>()?))
}

fn filter(reader: &Reader<'_>, node: &Node) -> Read<regex::Regex> {
    let text = reader.text(node)?;
    RegexBuilder::new(&text).size_limit(REGEX_BYTES_MAX).build().map_err(|error| {
        let reason = error.to_string().lines().last().unwrap_or_default().trim().to_owned();
        reader.error(node.mark, describe(node), format!("a regular expression ({reason})"))
    })
}

fn clock_format(reader: &Reader<'_>, node: &Node) -> Read<String> {
    let text = reader.text(node)?;
    let example = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    match jiff::fmt::strtime::format(&text, &example) {
        Ok(_) => Ok(text),
        Err(error) => Err(reader.error(node.mark, describe(node), format!("a strftime format ({error})"))),
    }
}

fn bars(reader: &Reader<'_>, node: &Node, fields: &mut Fields<'_>, spec: &WidgetSpec) -> Read<BarsSpec> {
    let texts =
        |node: &Node| reader.list(node).iter().map(|item| reader.text(item)).collect::<Read<Vec<_>>>();
    let sources = fields.read("sources", texts)?.or_else(|| spec.source.clone().map(|source| vec![source]));
    let sources = sources.unwrap_or_default();
    if sources.is_empty() || sources.len() > SERIES_MAX {
        return reader
            .wrong(node, &format!("a source as \"cpu.*.percent\", or 1 to {SERIES_MAX} sources, for bars"));
    }
    let layout = fields.read("layout", |node| reader.word(node, BARS_LAYOUTS))?.flatten();
    let item_label = fields.read("item_label", |node| reader.text(node))?;
    let item_detail = fields.read("item_detail", |node| reader.text(node))?;
    Ok(BarsSpec { sources, layout, item_detail, item_label })
}

fn gauge(reader: &Reader<'_>, fields: &mut Fields<'_>) -> Read<GaugeSpec> {
    let mut degrees = |name: &str, default: f64| -> Read<f32> {
        Ok(fields.read(name, |node| reader.number_in(node, -720.0, 720.0))?.unwrap_or(default) as f32)
    };
    let (arc_start_deg, arc_end_deg) = (degrees("arc_start", 225.0)?, degrees("arc_end", -45.0)?);
    let ticks = fields.read("gauge_ticks", |node| match reader.flag(node) {
        Ok(wanted) => Ok(if wanted { 10 } else { 0 }),
        Err(_) => reader.whole(node, 0, 100),
    })?;
    Ok(GaugeSpec { arc_start_deg, arc_end_deg, ticks: ticks.unwrap_or(0) })
}

/// The history of a value's source, when the template says over how long.
fn trend(reader: &Reader<'_>, fields: &mut Fields<'_>, spec: &WidgetSpec) -> Read<Option<ChartSpec>> {
    let window_s = fields.read("window_seconds", |node| reader.number_in(node, 1.0, WINDOW_S_MAX))?;
    Ok(window_s.zip(spec.source.clone()).map(|(seconds, source)| ChartSpec {
        window_ms: (seconds * 1000.0) as u64,
        samples: None,
        series: vec![SeriesSpec { source, label: None, color: None }],
    }))
}

fn chart(reader: &Reader<'_>, node: &Node, fields: &mut Fields<'_>, spec: &WidgetSpec) -> Read<ChartSpec> {
    let samples =
        fields.read("samples", |node| reader.whole(node, 2, 10_000))?.map(|samples| samples as usize);
    let window_s = fields.read("window_seconds", |node| reader.number_in(node, 1.0, WINDOW_S_MAX))?;
    let window_ms = match (window_s, samples) {
        (Some(seconds), _) => (seconds * 1000.0) as u64,
        (None, Some(samples)) => samples as u64 * SAMPLE_MS,
        (None, None) => WINDOW_MS,
    };
    let texts =
        |node: &Node| reader.list(node).iter().map(|item| reader.text(item)).collect::<Read<Vec<_>>>();
    let colors =
        |node: &Node| reader.list(node).iter().map(|item| reader.color(item)).collect::<Read<Vec<_>>>();
    let sources = fields.read("sources", texts)?;
    let labels = fields.read("series_labels", texts)?.unwrap_or_default();
    let colors = fields.read("series_colors", colors)?.unwrap_or_default();
    let sources = sources.or_else(|| spec.source.clone().map(|source| vec![source])).unwrap_or_default();
    if sources.is_empty() || sources.len() > SERIES_MAX {
        return reader.wrong(node, &format!("a source, or 1 to {SERIES_MAX} sources, for a chart"));
    }
    let series = sources.into_iter().enumerate().map(|(index, source)| SeriesSpec {
        source,
        label: labels.get(index).cloned(),
        color: colors.get(index).copied(),
    });
    Ok(ChartSpec { window_ms, samples, series: series.collect() })
}
