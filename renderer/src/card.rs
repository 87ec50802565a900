//! What lies still behind the widgets: the background, the cards, their borders, the labels of panels.
//! Leaves out everything that depends on a value: the widgets draw that over it.

use casedd_raster::{
    Border as Line, Color, Dash, Face, IRect, Paint, PointF, RectF, STOPS_MAX, Scene, Stops, TextStyle,
};

use crate::layout::{Cell, Layout};
use crate::painter::Painter;
use crate::template::spec::{Background, Border, BorderStyle, Gradient, Kind, Template};
use crate::theme::Theme;

/// Puts everything of a view that no value changes in place of what `scene` held.
pub fn build(template: &Template, layout: &Layout, painter: &mut Painter, scene: &mut Scene) {
    scene.clear();
    let whole = IRect::new(0, 0, layout.width_px as i32, layout.height_px as i32).to_rect_f();
    let [top, bottom] = template.theme.background;
    // What a template's see-through background lets shine through.
    scene.fill_rect(whole, Paint::vertical(whole.y, whole.bottom(), Stops::two(top, bottom)));
    if let Some(background) = &template.background {
        scene.fill_rect(whole, paint(background, whole));
    }
    // All shadows first: none falls on a neighbour.
    for cell in layout.cells.iter().filter(|cell| cell.has_card() && template.theme.shadow.a > 0) {
        shadow(scene, cell, layout, &template.theme);
    }
    for cell in &layout.cells {
        card(scene, cell, layout, &template.theme);
        if let (Kind::Panel(_), Some(label)) = (&cell.spec.kind, &cell.spec.label) {
            panel_label(scene, (cell, label), (layout, &template.theme), painter);
        }
    }
}

/// The paint of a template's background over `rect`.
pub fn paint(background: &Background, rect: RectF) -> Paint {
    match background {
        Background::Solid(color) => Paint::Solid(*color),
        Background::Linear(gradient) => linear(gradient, rect),
    }
}

/// A CSS gradient: its line runs through the middle and is as long as the rectangle is deep in its direction.
fn linear(gradient: &Gradient, rect: RectF) -> Paint {
    let (sin, cos) = gradient.angle_deg.to_radians().sin_cos();
    let half = (rect.width * sin.abs() + rect.height * cos.abs()) / 2.0;
    let middle = rect.centre();
    let at = |length: f32| PointF::new(middle.x + sin * length, middle.y - cos * length);
    let stops = &gradient.stops[..gradient.stops.len().min(STOPS_MAX)];
    Paint::Linear { from: at(-half), to: at(half), stops: Stops::new(stops) }
}

fn shadow(scene: &mut Scene, cell: &Cell, layout: &Layout, theme: &Theme) {
    let (rect, gap) = (cell.rect.to_rect_f(), layout.scale.gap_px);
    let below = RectF { y: rect.y + gap * 0.25, ..rect };
    scene.shadow(below, radius(cell, layout), gap * 0.9, theme.shadow);
}

fn radius(cell: &Cell, layout: &Layout) -> f32 {
    layout.scale.radius_px.min(cell.rect.width().min(cell.rect.height()) as f32 * 0.25)
}

fn card(scene: &mut Scene, cell: &Cell, layout: &Layout, theme: &Theme) {
    let rect = cell.rect.to_rect_f();
    let radius = radius(cell, layout);
    scene.push_clip(rect);
    match &cell.spec.background {
        Some(background) => scene.fill_rounded(rect, radius, paint(background, rect)),
        None if cell.has_card() => {
            let [top, bottom] = theme.card;
            scene.fill_rounded(rect, radius, Paint::vertical(rect.y, rect.bottom(), Stops::two(top, bottom)));
        }
        None => {}
    }
    let border = cell.spec.border;
    if cell.has_card() || border.style.is_some() || border.color.is_some() {
        draw_border(scene, &border, (rect, radius), (theme.card_border, layout.scale.hairline_px));
    }
    scene.pop_clip();
}

/// Draws a border; `default` is the colour and width where the template gives none.
fn draw_border(scene: &mut Scene, border: &Border, (rect, radius): (RectF, f32), default: (Color, f32)) {
    let color = border.color.unwrap_or(default.0);
    let width = border.width_px.unwrap_or(default.1);
    let (light, dark) = (color.mix(Color::WHITE, 0.35), color.mix(Color::BLACK, 0.45));
    let slanted = |from: Color, to: Color| Paint::Linear {
        from: PointF::new(rect.x, rect.y),
        to: PointF::new(rect.right(), rect.bottom()),
        stops: Stops::two(from, to),
    };
    let (paint, dash) = match border.style.unwrap_or(BorderStyle::Solid) {
        BorderStyle::None => return,
        BorderStyle::Solid => (Paint::Solid(color), Dash::Solid),
        BorderStyle::Dashed => (Paint::Solid(color), Dash::Dashed),
        BorderStyle::Dotted => (Paint::Solid(color), Dash::Dotted),
        BorderStyle::Inset => (slanted(dark, light), Dash::Solid),
        BorderStyle::Outset => (slanted(light, dark), Dash::Solid),
    };
    scene.border(Line { rect, radius, width, dash }, paint);
}

fn panel_label(
    scene: &mut Scene,
    (cell, label): (&Cell, &str),
    (layout, theme): (&Layout, &Theme),
    painter: &mut Painter,
) {
    let style = TextStyle::words(Face::Medium, layout.scale.label_px);
    let line = painter.fonts.ellipsize(label, style, cell.content.width);
    let ascent = painter.fonts.metrics(style).ascent;
    let room = (layout.scale.label_px * 1.7).round();
    scene.push_clip(cell.rect.to_rect_f());
    scene.text(&line, cell.content.x, cell.content.y - room + ascent, theme.text_dim);
    scene.pop_clip();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gradients_line_ends_in_the_corners_as_in_css() {
        let gradient =
            |angle_deg| Gradient { angle_deg, stops: vec![(0.0, Color::BLACK), (1.0, Color::WHITE)] };
        let rect = RectF::new(0.0, 0.0, 100.0, 50.0);
        for (angle, from, to) in [(180.0, (50.0, 0.0), (50.0, 50.0)), (90.0, (0.0, 25.0), (100.0, 25.0))] {
            let Paint::Linear { from: start, to: end, .. } = linear(&gradient(angle), rect) else {
                panic!("no gradient")
            };
            let near =
                |point: PointF, (x, y): (f32, f32)| (point.x - x).abs() < 0.01 && (point.y - y).abs() < 0.01;
            assert!(near(start, from) && near(end, to), "{angle}: {start:?} {end:?}");
        }
    }
}
