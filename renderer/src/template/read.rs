//! A whole template: its head, its grid, its widgets and its variants.
//! Leaves out files and search folders (`store`).

use std::sync::Arc;

use casedd_common::config::suggest::nearest;
use casedd_common::config::yaml::{self, Mark, Node, Value};
use casedd_common::config::{Condition, Operand, Operator};

use super::fields::{Fields, Read, Reader};
use super::spec::{Grid, LayoutMode, Template, Variant, When, WidgetSpec};
use super::{grid, theme, widget};
use crate::theme::Theme;

/// Most variants of one template.
const VARIANTS_MAX: usize = 16;

/// The fields of a template.
pub const FIELDS: &[&str] = &[
    "name",
    "description",
    "aspect_ratio",
    "layout_mode",
    "theme",
    "background",
    "refresh_rate_hz",
    "refresh_rate",
    "width",
    "height",
    "skip_if",
    "grid",
    "widgets",
    "variants",
];

/// The fields of a variant.
pub const VARIANT_FIELDS: &[&str] = &["when", "grid", "widgets"];

/// The bounds of a variant.
pub const WHEN_FIELDS: &[&str] =
    &["min_width", "max_width", "min_height", "max_height", "min_aspect", "max_aspect"];

/// The fields of a condition.
pub const CONDITION_FIELDS: &[&str] = &["source", "operator", "value"];

/// Words for how a template fills a canvas of another shape.
pub const LAYOUT_MODES: &[(&str, LayoutMode)] = &[("stretch", LayoutMode::Stretch), ("fit", LayoutMode::Fit)];

const OPERATORS: &[(&str, Operator)] = &[
    ("gt", Operator::Gt),
    ("gte", Operator::Gte),
    ("lt", Operator::Lt),
    ("lte", Operator::Lte),
    ("eq", Operator::Eq),
    ("neq", Operator::Neq),
];

/// A widget by name, and where its name stands.
pub type Named = (Arc<WidgetSpec>, Mark);

/// Reads a template in the default theme. `file` is for messages, `stem` its name when it gives itself none.
pub fn template(file: &str, stem: &str, source: &str) -> Read<Template> {
    template_in(&Theme::default(), file, stem, source)
}

/// Reads a template in an output's theme; its own `theme:` goes before that.
pub fn template_in(theme: &Theme, file: &str, stem: &str, source: &str) -> Read<Template> {
    let reader = &mut Reader::new(file, source);
    reader.theme = theme.clone();
    let document = yaml::parse(source).map_err(|error| {
        let mark = error.mark.unwrap_or(Mark { line: 1, column: 1 });
        reader.error(mark, format!("broken YAML ({})", error.message), "a template")
    })?;
    let mut fields = reader.fields(&document, "a template")?;
    if let Some(own) = fields.read("theme", |node| theme::theme(reader, node))? {
        reader.theme = own;
    }
    let name = fields.read("name", |node| reader.text(node))?.unwrap_or_else(|| stem.to_owned());
    let description = fields.read("description", |node| reader.text(node))?.unwrap_or_default();
    let aspect_ratio = fields.read("aspect_ratio", |node| aspect_ratio(reader, node))?;
    let layout_mode = fields.read("layout_mode", |node| reader.word(node, LAYOUT_MODES))?.unwrap_or_default();
    let background = fields.read_color("background", |node| reader.background(node))?;
    let rate = fields.take("refresh_rate_hz").or(fields.take("refresh_rate"));
    let refresh_rate_hz = rate.map(|node| reader.number_in(node, 0.01, 240.0)).transpose()?;
    let skip_if =
        fields.take("skip_if").map(|node| conditions(reader, node)).transpose()?.unwrap_or_default();
    let Some(widgets_node) = fields.take("widgets") else {
        return reader.wrong(&document, "widgets in the template");
    };
    let widgets = named_widgets(reader, widgets_node, None)?;
    let variants = variants(reader, &mut fields, widgets_node, &widgets)?;
    warn_of_unused(reader, &widgets, &variants);
    fields.finish(reader, FIELDS, &["width", "height"])?;
    let warnings = std::mem::take(&mut reader.warnings);
    Ok(Template {
        name,
        description,
        aspect_ratio,
        layout_mode,
        theme: reader.theme.clone(),
        background,
        refresh_rate_hz,
        skip_if,
        variants,
        warnings,
    })
}

/// The widgets of a map from names; `within` is the panel they belong to.
pub fn named_widgets(reader: &mut Reader<'_>, node: &Node, within: Option<&str>) -> Read<Vec<Named>> {
    let Value::Map(entries) = &node.value else {
        return reader.wrong(node, "a map from area names to widgets");
    };
    let mut widgets = Vec::with_capacity(entries.len());
    for entry in entries {
        let spec = widget::widget(reader, &entry.key, &entry.node)?;
        // The path makes the name unique in the template; the area's own name is its end.
        let name = within.map_or_else(|| entry.key.clone(), |panel| format!("{panel}/{}", entry.key));
        widgets.push((Arc::new(WidgetSpec { name, ..spec }), entry.mark));
    }
    Ok(widgets)
}

/// One widget for each area of a grid.
pub fn widgets_of(
    reader: &Reader<'_>,
    grid: &Grid,
    places: &[Mark],
    named: &[Named],
) -> Read<Vec<Arc<WidgetSpec>>> {
    let own_name = |spec: &WidgetSpec| spec.name.rsplit('/').next().unwrap_or_default().to_owned();
    let find = |(area, place): (&super::spec::Area, &Mark)| {
        if let Some((spec, _)) = named.iter().find(|(spec, _)| own_name(spec) == area.name) {
            return Ok(Arc::clone(spec));
        }
        let mut error = reader.error(*place, format!("the area \"{}\"", area.name), "a widget of that name");
        let names: Vec<String> = named.iter().map(|(spec, _)| own_name(spec)).collect();
        error.suggestion = nearest(&area.name, names.iter().map(String::as_str)).map(String::from);
        Err(error)
    };
    grid.areas.iter().zip(places).map(find).collect()
}

/// The variants of a template, then its own grid, which fits every canvas.
fn variants(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    widgets_node: &Node,
    named: &[Named],
) -> Read<Vec<Variant>> {
    let mut variants = Vec::new();
    if let Some(node) = fields.take("variants") {
        let items = reader.list(node);
        if items.len() > VARIANTS_MAX {
            return reader.wrong(node, &format!("at most {VARIANTS_MAX} variants"));
        }
        for item in items {
            variants.push(variant(reader, item, named)?);
        }
    }
    let (grid, places) = match (fields.take("grid"), named) {
        (Some(node), _) => grid::grid(reader, node)?,
        (None, [(spec, place)]) => (grid::single(&spec.name), vec![*place]),
        (None, _) => return reader.wrong(widgets_node, "a grid beside the widgets"),
    };
    let widgets = widgets_of(reader, &grid, &places, named)?;
    variants.push(Variant { when: When::default(), grid, widgets });
    Ok(variants)
}

fn variant(reader: &mut Reader<'_>, node: &Node, named: &[Named]) -> Read<Variant> {
    let mut fields = reader.fields(node, "a variant")?;
    let Some(when_node) = fields.take("when") else { return reader.wrong(node, "when in the variant") };
    let when = when(reader, when_node)?;
    let own = fields.take("widgets").map(|node| named_widgets(reader, node, None)).transpose()?;
    let mut all: Vec<Named> = own.unwrap_or_default();
    all.extend(named.iter().cloned());
    let Some(grid_node) = fields.take("grid") else { return reader.wrong(node, "a grid in the variant") };
    let (grid, places) = grid::grid(reader, grid_node)?;
    let widgets = widgets_of(reader, &grid, &places, &all)?;
    fields.finish(reader, VARIANT_FIELDS, &["name", "description"])?;
    Ok(Variant { when, grid, widgets })
}

fn when(reader: &mut Reader<'_>, node: &Node) -> Read<When> {
    let mut fields = reader.fields(node, "when")?;
    let mut size = |name: &str| fields.read(name, |node| reader.whole(node, 1, 100_000));
    let (min_width_px, max_width_px) = (size("min_width")?, size("max_width")?);
    let (min_height_px, max_height_px) = (size("min_height")?, size("max_height")?);
    let min_aspect = fields.read("min_aspect", |node| aspect_ratio(reader, node))?;
    let max_aspect = fields.read("max_aspect", |node| aspect_ratio(reader, node))?;
    fields.finish(reader, WHEN_FIELDS, &[])?;
    Ok(When { min_width_px, max_width_px, min_height_px, max_height_px, min_aspect, max_aspect })
}

/// `5:3`, `5/3` or a number.
fn aspect_ratio(reader: &Reader<'_>, node: &Node) -> Read<f32> {
    let ratio = match &node.value {
        Value::Number(number, _) => Some(*number as f32),
        Value::Text(text) => match text.split_once([':', '/']) {
            Some((width, height)) => {
                let parse = |text: &str| text.trim().parse::<f32>().ok();
                parse(width).zip(parse(height)).map(|(width, height)| width / height)
            }
            None => text.trim().parse().ok(),
        },
        _ => None,
    };
    match ratio.filter(|ratio| (0.05..=20.0).contains(ratio)) {
        Some(ratio) => Ok(ratio),
        None => reader.wrong(node, "width:height as 5:3, or a number from 0.05 to 20"),
    }
}

/// Reads a list of `{source, operator, value}`.
pub fn conditions(reader: &mut Reader<'_>, node: &Node) -> Read<Vec<Condition>> {
    reader.list(node).iter().map(|item| condition(reader, item)).collect()
}

fn condition(reader: &mut Reader<'_>, node: &Node) -> Read<Condition> {
    let mut fields = reader.fields(node, "a condition")?;
    let source = fields.read("source", |node| reader.text(node))?;
    let operator = fields.read("operator", |node| reader.word(node, OPERATORS))?.unwrap_or_default();
    let value = fields.read("value", |node| operand(reader, node))?;
    fields.finish(reader, CONDITION_FIELDS, &[])?;
    let (Some(source), Some(value)) = (source, value) else {
        return reader.wrong(node, "source and value in a condition");
    };
    if matches!(value, Operand::Text(_)) && !matches!(operator, Operator::Eq | Operator::Neq) {
        return reader.wrong(node, "eq or neq for a text");
    }
    Ok(Condition { source, operator, value })
}

fn operand(reader: &Reader<'_>, node: &Node) -> Read<Operand> {
    Ok(match &node.value {
        Value::Flag(flag, _) => Operand::Number(f64::from(u8::from(*flag))),
        Value::Number(number, _) => Operand::Number(*number),
        _ => {
            let text = reader.text(node)?;
            text.trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .map_or(Operand::Text(text), Operand::Number)
        }
    })
}

fn warn_of_unused(reader: &mut Reader<'_>, named: &[Named], variants: &[Variant]) {
    for (spec, place) in named {
        let is_used =
            variants.iter().any(|variant| variant.widgets.iter().any(|used| Arc::ptr_eq(used, spec)));
        if !is_used {
            reader.warn(*place, &format!("the widget \"{}\" has no area and is not shown", spec.name));
        }
    }
}
