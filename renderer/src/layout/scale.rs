//! One scale of sizes for a whole view, so that neighbouring cells look alike.
//! Leaves out fitting a text into its box: widgets do that, downwards from these sizes.

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
