//! One scale of sizes for a whole view, so that neighbouring cells look alike.
//! Leaves out fitting a text into its box: widgets do that, downwards from these sizes.

use crate::template::spec::FontRole;

/// Sizes in pixels that all cells of a view share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TypeScale {
    /// Axis marks, legends, stale marks.
    pub caption_px: f32,
    /// Labels.
    pub label_px: f32,
    /// Rows of text.
    pub body_px: f32,
    /// Values beside a label.
    pub value_px: f32,
    /// Headings and the clock.
    pub title_px: f32,
    /// Between cards.
    pub gap_px: f32,
    /// Inside a card.
    pub padding_px: f32,
    /// Corners of a card.
    pub radius_px: f32,
    /// The thinnest line that is seen well.
    pub hairline_px: f32,
    /// Lines of charts.
    pub stroke_px: f32,
}

/// Label size at 800x480.
const LABEL_PX: f32 = 13.25;
/// The mean side of 800x480.
const SIDE_PX: f32 = 620.0;
/// Labels grow slower than the canvas: a large one is there to show more, not only the same larger.
const GROWTH: f32 = 0.85;
/// A label is at most this share of the lowest cell.
const LABEL_CELL_SHARE: f32 = 0.3;
/// But no smaller than this share of what the canvas asks for: one low cell must not make all labels tiny.
const LABEL_LEAST: f32 = 0.72;
/// Below this no label can be read on a panel.
const LABEL_PX_MIN: f32 = 9.5;
/// Nor any caption below this.
const CAPTION_PX_MIN: f32 = 8.5;

/// Lines of charts as a share of a label, which grows slower than the canvas.
const STROKE_SHARE: f32 = 0.135;
/// A thinner line breaks up into pixels.
const STROKE_PX_MIN: f32 = 1.25;

/// The side of a square as large as the canvas.
fn mean_side(width_px: u32, height_px: u32) -> f32 {
    (width_px as f32 * height_px as f32).sqrt()
}

/// Sizes are steps of a quarter pixel: finer differences are not drawn.
fn quarter(px: f32) -> f32 {
    (px * 4.0).round() / 4.0
}

/// The gap between cards, before any cell is known.
pub fn gap_px(width_px: u32, height_px: u32) -> f32 {
    (mean_side(width_px, height_px) * 0.0115).round().clamp(3.0, 40.0)
}

impl TypeScale {
    /// The size of a role.
    pub fn of(&self, role: FontRole) -> f32 {
        match role {
            FontRole::Caption => self.caption_px,
            FontRole::Label => self.label_px,
            FontRole::Body => self.body_px,
            FontRole::Value => self.value_px,
            FontRole::Title => self.title_px,
        }
    }

    /// The scale for a canvas whose lowest cell is `cell_height_px` high.
    pub fn new(width_px: u32, height_px: u32, cell_height_px: f32) -> TypeScale {
        let side = mean_side(width_px, height_px);
        let wanted = LABEL_PX * (side / SIDE_PX).powf(GROWTH);
        let bearable = (cell_height_px * LABEL_CELL_SHARE).max(wanted * LABEL_LEAST);
        let label = wanted.min(bearable).max(LABEL_PX_MIN);
        TypeScale {
            caption_px: quarter((label * 0.82).max(CAPTION_PX_MIN)),
            label_px: quarter(label),
            body_px: quarter(label * 1.05),
            value_px: quarter(label * 1.3),
            title_px: quarter(label * 1.6),
            gap_px: gap_px(width_px, height_px),
            padding_px: (label * 0.75).round(),
            radius_px: (label * 0.7).round(),
            hairline_px: (side / 900.0).round().max(1.0),
            stroke_px: quarter((label * STROKE_SHARE).max(STROKE_PX_MIN)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_grow_with_the_canvas_and_stay_readable_on_the_smallest() {
        let sizes = [(320, 240), (480, 320), (800, 480), (1024, 600), (1920, 1080), (3840, 2160)];
        let scales = sizes.map(|(width, height)| TypeScale::new(width, height, 1000.0));
        assert!(scales.is_sorted_by(|a, b| a.label_px <= b.label_px && a.gap_px <= b.gap_px));
        assert!(scales[0].label_px >= LABEL_PX_MIN && scales[0].caption_px >= CAPTION_PX_MIN);
        assert_eq!(TypeScale::new(800, 480, 20.0).label_px, LABEL_PX_MIN);
    }
}
