//! Panels as templates write them: children in a line, or a nested grid.
//! Leaves out where they come to lie (`layout`).

use std::sync::Arc;

use casedd_common::config::yaml::{Node, Value};

use super::fields::{Fields, Read, Reader};
use super::spec::{Child, Direction, LineAlign, PanelContent, PanelSpec, WidgetSpec};
use super::{grid, kinds, read, widget};

/// Words for the axis of a panel.
pub const DIRECTIONS: &[(&str, Direction)] = &[
    ("row", Direction::Row),
    ("horizontal", Direction::Row),
    ("column", Direction::Column),
    ("vertical", Direction::Column),
];

/// The fields that a widget has only as a panel's child.
pub const CHILD_FIELDS: &[&str] = &["width", "height", "weight"];

/// Words for where a child stands across the axis.
pub const ALIGNS: &[(&str, LineAlign)] = &[
    ("start", LineAlign::Start),
    ("left", LineAlign::Start),
    ("top", LineAlign::Start),
    ("center", LineAlign::Centre),
    ("centre", LineAlign::Centre),
    ("end", LineAlign::End),
    ("right", LineAlign::End),
    ("bottom", LineAlign::End),
    ("stretch", LineAlign::Stretch),
];

/// Reads what only a panel has.
pub fn panel(reader: &mut Reader<'_>, name: &str, node: &Node, fields: &mut Fields<'_>) -> Read<PanelSpec> {
    let direction = fields.read("direction", |node| reader.word(node, DIRECTIONS))?.unwrap_or_default();
    let align = fields.read("align", |node| reader.word(node, ALIGNS))?.unwrap_or_default();
    let gap_px = fields.read("gap", |node| reader.number_in(node, 0.0, 200.0))?.map(|gap| gap as f32);
    let children = fields.take("children");
    let content = match (fields.take("grid"), fields.take("children_named")) {
        (Some(grid_node), Some(named)) => {
            let (mut grid, places) = grid::grid(reader, grid_node)?;
            grid.gap_px = grid.gap_px.or(gap_px);
            let named = read::named_widgets(reader, named, Some(name))?;
            let widgets = read::widgets_of(reader, &grid, &places, &named)?;
            PanelContent::Grid { grid, widgets }
        }
        (None, None) => {
            let Some(list) = children else {
                return reader.wrong(node, "children, or grid and children_named, in a panel");
            };
            PanelContent::Line { direction, align, gap_px, children: line(reader, name, list)? }
        }
        (Some(grid_node), None) => return reader.wrong(grid_node, "children_named beside the panel's grid"),
        (None, Some(named)) => return reader.wrong(named, "a grid beside the panel's children_named"),
    };
    Ok(PanelSpec { content })
}

fn line(reader: &mut Reader<'_>, name: &str, list: &Node) -> Read<Vec<Child>> {
    let Value::List(items) = &list.value else { return reader.wrong(list, "a list of widgets") };
    items.iter().enumerate().map(|(index, node)| child(reader, &format!("{name}.{index}"), node)).collect()
}

fn child(reader: &mut Reader<'_>, name: &str, node: &Node) -> Read<Child> {
    let mut fields = reader.fields(node, "a panel's child")?;
    let size = |node: &Node| reader.number_in(node, 1.0, 20_000.0);
    let width_px = fields.read("width", size)?.map(|px| px as f32);
    let height_px = fields.read("height", size)?.map(|px| px as f32);
    let weight = fields.read("weight", |node| reader.number_in(node, 0.01, 1000.0))?.unwrap_or(1.0) as f32;
    let spec: WidgetSpec = widget::from_fields(reader, name, node, &mut fields)?;
    kinds::finish(reader, fields)?;
    Ok(Child { widget: Arc::new(spec), width_px, height_px, weight })
}
