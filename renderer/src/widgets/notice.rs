//! Two lines in the middle of a cell, in place of what cannot be shown.
//! Leaves out what they say.

use casedd_raster::{Border, Color, Dash, Face, Scene, TextStyle};

use super::Cx;

/// Draws a dashed frame, a title and a line below it.
pub fn draw(cx: &mut Cx<'_>, scene: &mut Scene, (title, below): (&str, &str), color: Color) {
    let frame = cx.area.snapped();
    let (radius, width) = (cx.scale.radius_px / 2.0, cx.scale.hairline_px);
    scene.border(Border { rect: frame, radius, width, dash: Dash::Dashed }, color.faded(0.6));
    let inner = frame.inset(cx.scale.hairline_px * 2.0);
    let big = TextStyle::new(Face::SemiBold, cx.scale.label_px);
    let small = TextStyle::new(Face::Regular, cx.scale.caption_px);
    let metrics = [cx.fonts.metrics(big), cx.fonts.metrics(small)];
    let height = metrics[0].line_height + metrics[1].line_height;
    let is_tall = height <= inner.height;
    let mut top = inner.centre().y - if is_tall { height } else { metrics[0].line_height } / 2.0;
    let lines = [(title, big, color), (below, small, cx.theme.text_dim)];
    for ((text, style, color), metrics) in lines.into_iter().zip(metrics).take(if is_tall { 2 } else { 1 }) {
        let line = cx.fonts.ellipsize(text, style, inner.width);
        scene.text(&line, inner.centre().x - line.width_px() / 2.0, top + metrics.ascent, color);
        top += metrics.line_height;
    }
}
