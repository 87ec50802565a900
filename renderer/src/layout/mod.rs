//! From a template and a canvas size to rectangles: pure arithmetic.
//! Leaves out what is drawn in them.

use std::sync::Arc;

use casedd_raster::{IRect, RectF};

use crate::template::spec::{
    Child, Direction, Grid, Kind, LayoutMode, LineAlign, PanelContent, Template, Track, Variant, WidgetSpec,
};

pub mod scale;
mod tracks;

use scale::TypeScale;

/// Where everything of a template lies on one canvas.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Width of the canvas.
    pub width_px: u32,
    /// Height of the canvas.
    pub height_px: u32,
    /// Sizes that all cells share.
    pub scale: TypeScale,
    /// Every widget in drawing order: a panel comes before its children.
    pub cells: Vec<Cell>,
}

/// One widget's place.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The widget.
    pub spec: Arc<WidgetSpec>,
    /// All of it: nothing of the widget is drawn outside.
    pub rect: IRect,
    /// Where its content belongs: inside its padding, for a panel below its label.
    pub content: RectF,
    /// 0 for an area of the template's own grid, more in panels.
    pub depth: u32,
    /// Number among the cells that are no panels: neighbours get different accents by it.
    pub index: usize,
}

impl Cell {
    /// Whether a card is drawn behind the widget.
    pub fn has_card(&self) -> bool {
        self.spec.card.unwrap_or(self.depth == 0 && !self.spec.kind.is_picture())
    }
}

/// The variant of a template that is meant for a canvas: the first whose bounds hold.
pub fn variant(template: &Template, width_px: u32, height_px: u32) -> Option<&Variant> {
    template.variants.iter().find(|variant| variant.when.holds(width_px, height_px))
}

/// Lays out a template on a canvas.
pub fn layout(template: &Template, width_px: u32, height_px: u32) -> Layout {
    let body = body(template, width_px, height_px);
    let gap = scale::gap_px(body.width() as u32, body.height() as u32);
    let found = variant(template, width_px, height_px);
    let top: Vec<(Arc<WidgetSpec>, IRect)> = found.map_or_else(Vec::new, |variant| {
        let gap = variant.grid.gap_px.unwrap_or(gap);
        let inner = shrunk(body, gap as i32);
        variant.widgets.iter().cloned().zip(grid(&variant.grid, inner, gap)).collect()
    });
    let lowest =
        top.iter().map(|(spec, rect)| leaf_height(spec, rect.height() as f32)).fold(f32::MAX, f32::min);
    let scale = TypeScale::new(body.width() as u32, body.height() as u32, lowest);
    let mut builder = Builder { scale, cells: Vec::new(), leaves: 0 };
    for (spec, rect) in top {
        builder.add(spec, rect, 0);
    }
    agree(&mut builder.cells);
    Layout { width_px, height_px, scale, cells: builder.cells }
}

/// Whole pixels make equal shares differ by one: dials and numbers are drawn in the lesser, so that neighbours are
/// equal to the last pixel, and stand in line.
fn agree(cells: &mut [Cell]) {
    let is_fitted = |kind: &Kind| matches!(kind, Kind::Gauge(_) | Kind::Value(_) | Kind::Bar);
    let near = |a: f32, b: f32| (a - b).abs() < 1.5;
    for i in 0..cells.len() {
        let (kind, mine) = (&cells[i].spec.kind, cells[i].content);
        if !is_fitted(kind) {
            continue;
        }
        let same = |cell: &&Cell| {
            std::mem::discriminant(&cell.spec.kind) == std::mem::discriminant(kind)
                && near(cell.content.width, mine.width)
                && near(cell.content.height, mine.height)
        };
        let least = cells.iter().filter(same).fold(mine, |least, cell| RectF {
            width: least.width.min(cell.content.width),
            height: least.height.min(cell.content.height),
            ..least
        });
        cells[i].content = least;
    }
}

/// The part of the canvas that the grid takes.
fn body(template: &Template, width_px: u32, height_px: u32) -> IRect {
    let (width, height) = (width_px as f32, height_px as f32);
    match (template.layout_mode, template.aspect_ratio) {
        (LayoutMode::Fit, Some(ratio)) => {
            let fitted = (width.min((height * ratio).round()), height.min((width / ratio).round()));
            let (fitted_width, fitted_height) = (fitted.0.max(1.0), fitted.1.max(1.0));
            let left = ((width - fitted_width) / 2.0) as i32;
            let top = ((height - fitted_height) / 2.0) as i32;
            IRect::new(left, top, fitted_width as i32, fitted_height as i32)
        }
        (LayoutMode::Fit, None) | (LayoutMode::Stretch, _) => {
            IRect::new(0, 0, width_px as i32, height_px as i32)
        }
    }
}

/// The rectangle without `by_px` on each side; where that leaves nothing, the whole.
fn shrunk(rect: IRect, by_px: i32) -> IRect {
    let inner =
        IRect::new(rect.left + by_px, rect.top + by_px, rect.width() - 2 * by_px, rect.height() - 2 * by_px);
    if inner.is_empty() { rect } else { inner }
}

/// The rectangle of each area of a grid.
pub fn grid(grid: &Grid, body: IRect, gap_px: f32) -> Vec<IRect> {
    let columns = tracks::tracks(&grid.columns, body.width() as u32, gap_px as u32);
    let rows = tracks::tracks(&grid.rows, body.height() as u32, gap_px as u32);
    let span = |tracks: &[(u32, u32)], first: usize, count: usize| {
        let (start, _) = tracks[first];
        let (last, length) = tracks[first + count - 1];
        (start as i32, (last + length - start) as i32)
    };
    let place = |area: &crate::template::spec::Area| {
        let (x, width) = span(&columns, area.column, area.columns);
        let (y, height) = span(&rows, area.row, area.rows);
        IRect::new(body.left + x, body.top + y, width, height)
    };
    grid.areas.iter().map(place).collect()
}

/// How high the lowest labelled cell is, about: a panel's children share its height.
fn leaf_height(spec: &WidgetSpec, height: f32) -> f32 {
    match &spec.kind {
        Kind::Panel(panel) => match &panel.content {
            PanelContent::Line { direction: Direction::Column, children, .. } => {
                height / (children.len() as f32 + if spec.label.is_some() { 0.6 } else { 0.0 }).max(1.0)
            }
            PanelContent::Line { .. } => height,
            PanelContent::Grid { grid, .. } => height / grid.rows.len().max(1) as f32,
        },
        // What has no label does not decide how large labels are.
        _ if spec.label.is_none() => f32::MAX,
        _ => height,
    }
}

struct Builder {
    scale: TypeScale,
    cells: Vec<Cell>,
    leaves: usize,
}

impl Builder {
    fn add(&mut self, spec: Arc<WidgetSpec>, rect: IRect, depth: u32) {
        let spec = match spec.max_font_role {
            Some(role) => {
                Arc::new(WidgetSpec { max_font_size_px: Some(self.scale.of(role)), ..spec.as_ref().clone() })
            }
            None => spec,
        };
        let index = self.leaves;
        let mut cell = Cell { content: RectF::default(), spec: Arc::clone(&spec), rect, depth, index };
        cell.content = self.content(&cell);
        let content = cell.content;
        self.cells.push(cell);
        let Kind::Panel(panel) = &spec.kind else {
            self.leaves += 1;
            return;
        };
        let inside = whole(content);
        match &panel.content {
            PanelContent::Line { direction, align, gap_px, children } => {
                let gap = gap_px.unwrap_or_else(|| self.inner_gap_px(*direction));
                for (child, rect) in children.iter().zip(line(children, (*direction, *align), inside, gap)) {
                    self.add(Arc::clone(&child.widget), rect, depth + 1);
                }
            }
            PanelContent::Grid { grid: nested, widgets } => {
                let gap = nested.gap_px.unwrap_or_else(|| self.inner_gap_px(Direction::Row));
                for (widget, rect) in widgets.iter().zip(grid(nested, inside, gap)) {
                    self.add(Arc::clone(widget), rect, depth + 1);
                }
            }
        }
    }

    /// The gap between a panel's children: wider side by side, where lines of text must not run together.
    fn inner_gap_px(&self, direction: Direction) -> f32 {
        match direction {
            Direction::Row => self.scale.padding_px.max(self.scale.gap_px),
            Direction::Column => (self.scale.label_px * 0.4).round(),
        }
    }

    /// Where a widget's content belongs.
    fn content(&self, cell: &Cell) -> RectF {
        let rect = cell.rect.to_rect_f();
        let side = rect.width.min(rect.height);
        let inner = match cell.spec.padding {
            Some(p) => {
                let (top, left) = (p.top.min(rect.height), p.left.min(rect.width));
                rect.inset_sides([top, p.right, p.bottom, left])
            }
            None if cell.has_card() => rect.inset(self.scale.padding_px.min((side * 0.16).round())),
            None if cell.spec.background.is_some() => {
                rect.inset((self.scale.padding_px / 2.0).min(side * 0.16).round())
            }
            None => rect,
        };
        match (&cell.spec.kind, &cell.spec.label) {
            (Kind::Panel(_), Some(_)) => {
                inner.inset_sides([(self.scale.label_px * 1.7).round().min(inner.height), 0.0, 0.0, 0.0])
            }
            _ => inner,
        }
    }
}

fn whole(rect: RectF) -> IRect {
    rect.snapped().outer()
}

/// The rectangles of a panel's children along its axis: fixed sizes first, the rest shared by weight.
fn line(
    children: &[Child],
    (direction, align): (Direction, LineAlign),
    body: IRect,
    gap_px: f32,
) -> Vec<IRect> {
    let is_row = direction == Direction::Row;
    let fixed = |child: &Child| if is_row { child.width_px } else { child.height_px };
    let across = |child: &Child| if is_row { child.height_px } else { child.width_px };
    let (length, breadth) =
        if is_row { (body.width(), body.height()) } else { (body.height(), body.width()) };
    let wanted: Vec<Track> = children
        .iter()
        .map(|child| fixed(child).map_or(Track::Fraction(child.weight), Track::Pixels))
        .collect();
    let places = tracks::tracks(&wanted, length.max(0) as u32, gap_px.max(0.0) as u32);
    let place = |(child, (start, size)): (&Child, (u32, u32))| {
        let width = across(child).map_or(breadth, |px| (px as i32).min(breadth));
        let free = breadth - width;
        let offset = match align {
            LineAlign::Start | LineAlign::Stretch => 0,
            LineAlign::Centre => free / 2,
            LineAlign::End => free,
        };
        match direction {
            Direction::Row => IRect::new(body.left + start as i32, body.top + offset, size as i32, width),
            Direction::Column => IRect::new(body.left + offset, body.top + start as i32, width, size as i32),
        }
    };
    children.iter().zip(places).map(place).collect()
}

#[cfg(test)]
mod tests;
