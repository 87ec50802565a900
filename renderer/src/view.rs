//! One template at one size: what each cell shows, what of it changed, and the drawing of any part of it.
//! Leaves out pixels (a slot of the pool, or a [`Picture`]), sinks (`service`), and when it is time to look.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use casedd_raster::{BAND_PX, BAND_ROWS_MIN, Canvas, Color, IRect, Scene};

use crate::card;
use crate::data::Data;
use crate::inputs::Inputs;
use crate::layout::{self, Cell, Layout};
use crate::overlay::{self, Overlay};
use crate::painter::Painter;
use crate::picture::Picture;
use crate::regions;
use crate::template::spec::{Kind, Template, WidgetSpec};
use crate::theme::Theme;
use crate::widgets::{self, Cx, Widget, failed};

/// How long a widget that panicked is left alone.
const RETRY_NS: u64 = 10_000_000_000;

/// With more rectangles than these, each cell has one: putting many together takes longer than it saves.
const PARTS_MAX: usize = 32;

/// How often a single picture looks for images that came, and how long it waits for them each time.
const IMAGE_ROUNDS_MAX: usize = 4;
const IMAGES_WAIT: Duration = Duration::from_secs(10);

/// Finds what draws a kind of widget.
pub type FindWidget = fn(&Kind) -> &'static dyn Widget;

/// Scenes that follow their data.
pub struct View {
    template: Arc<Template>,
    layout: Layout,
    find: FindWidget,
    /// Background and cards: what no value changes.
    base: Scene,
    /// One for each cell of the layout, in its order.
    parts: Vec<Part>,
    /// What lies over all cells, and its shapes.
    overlay: (Overlay, Scene),
    /// What the last refresh changed, and the same with one rectangle for each cell.
    damage: Vec<IRect>,
    coarse: Vec<IRect>,
    /// Nothing of it has been shown yet.
    is_new: bool,
    /// Of the fonts, at the last refresh.
    fonts_generation: u64,
    /// When it looks different though no value does.
    moves_at_ms: Option<u64>,
}

/// What one cell shows.
#[derive(Default)]
struct Part {
    scene: Scene,
    /// What it was made from.
    inputs: Inputs,
    /// After a panic: when to try again.
    retry_at_ns: Option<u64>,
}

impl View {
    /// A view whose first refresh says that all of it changed.
    pub fn new(template: Arc<Template>, width_px: u32, height_px: u32) -> View {
        View::with_widgets(template, (width_px, height_px), widgets::widget)
    }

    /// The same with other widgets than the usual ones.
    pub fn with_widgets(
        template: Arc<Template>,
        (width_px, height_px): (u32, u32),
        find: FindWidget,
    ) -> View {
        let layout = layout::layout(&template, width_px, height_px);
        let parts = layout.cells.iter().map(|_| Part::default()).collect();
        let (base, damage, coarse, overlay) = (Scene::new(), Vec::new(), Vec::new(), Default::default());
        View {
            template,
            layout,
            find,
            base,
            parts,
            overlay,
            damage,
            coarse,
            is_new: true,
            fonts_generation: 0,
            moves_at_ms: None,
        }
    }

    /// The template it shows.
    pub fn template(&self) -> &Arc<Template> {
        &self.template
    }

    /// What its cells show, in drawing order.
    pub fn specs(&self) -> impl Iterator<Item = &WidgetSpec> {
        self.layout.cells.iter().map(|cell| cell.spec.as_ref())
    }

    /// Whether anything of it comes from image files.
    pub fn has_images(&self) -> bool {
        self.layout.cells.iter().any(|cell| cell.spec.kind.is_picture())
    }

    /// Width of the picture.
    pub fn width_px(&self) -> u32 {
        self.layout.width_px
    }

    /// Height of the picture.
    pub fn height_px(&self) -> u32 {
        self.layout.height_px
    }

    /// All of it.
    pub fn whole(&self) -> IRect {
        IRect::new(0, 0, self.layout.width_px as i32, self.layout.height_px as i32)
    }

    /// The scenes from back to front: what no value changes, one a cell, the overlay, with the rectangle that
    /// cuts each.
    pub fn scenes(&self) -> impl Iterator<Item = (&Scene, IRect)> {
        let parts = self.parts.iter().zip(&self.layout.cells).map(|(part, cell)| (&part.scene, cell.rect));
        let overlay = (!self.overlay.1.is_empty()).then(|| (&self.overlay.1, self.whole()));
        std::iter::once((&self.base, self.whole())).chain(parts).chain(overlay)
    }

    /// The next refresh says that everything changed, and what lies still is made anew, too: for other colours.
    pub fn forget(&mut self) {
        self.is_new = true;
    }

    /// When it looks different though no value does, by the clock of the data, as of the last refresh.
    pub fn moves_at_ms(&self) -> Option<u64> {
        self.moves_at_ms
    }

    /// The overlay's texts are set anew the next time, as by fonts that have come.
    pub fn forget_overlay(&mut self) {
        self.overlay = Default::default();
    }

    /// Lays something else over all cells; says whether that is different from before.
    pub fn set_overlay(&mut self, overlay: &Overlay, painter: &mut Painter) -> bool {
        if self.overlay.0 == *overlay {
            return false;
        }
        let scene = overlay::scene(overlay, self.layout.width_px, self.layout.height_px, &mut painter.fonts);
        self.overlay = (overlay.clone(), scene);
        self.is_new = true;
        true
    }

    /// Brings the scenes up to date with `data` and gives the rectangles that must be drawn again: none when nothing
    /// changed.
    pub fn refresh(&mut self, data: &Data, painter: &mut Painter) -> &[IRect] {
        self.damage.clear();
        self.coarse.clear();
        painter.moves_at_ms = None;
        let fonts_generation = painter.fonts.generation();
        if self.is_new || fonts_generation != self.fonts_generation {
            self.fonts_generation = fonts_generation;
            self.parts.iter_mut().for_each(|part| part.inputs.forget());
        }
        for index in 0..self.parts.len() {
            let first = self.damage.len();
            self.build(index, data, painter);
            let all = self.damage[first..].iter().fold(IRect::EMPTY, |all, part| all.union(*part));
            if !all.is_empty() {
                self.coarse.push(all);
            }
        }
        if self.damage.len() > PARTS_MAX {
            std::mem::swap(&mut self.damage, &mut self.coarse);
        }
        self.moves_at_ms = painter.moves_at_ms;
        if self.is_new {
            card::build(&self.template, &self.layout, painter, &mut self.base);
            self.damage.clear();
            self.damage.push(self.whole());
            self.is_new = false;
        }
        regions::merge(&mut self.damage);
        &self.damage
    }

    /// Draws one rectangle of the picture: what lies still, then every widget that reaches into it.
    ///
    /// It is done in bands of rows, each with all its layers: they stay in the processor's caches.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, region: IRect, painter: &mut Painter) {
        let region = region.intersect(self.whole());
        let rows = (BAND_PX / region.width().max(1)).max(BAND_ROWS_MIN);
        let mut top = region.top;
        while top < region.bottom {
            let band = IRect { top, bottom: region.bottom.min(top + rows), ..region };
            if !self.base.hides(band) {
                canvas.clear(band, Color::BLACK);
            }
            self.base.draw(canvas, band, &mut painter.glyphs);
            for index in 0..self.parts.len() {
                let clip = self.layout.cells[index].rect.intersect(band);
                if !clip.is_empty() && !self.parts[index].scene.is_empty() {
                    self.draw_part(index, canvas, clip, painter);
                }
            }
            self.overlay.1.draw(canvas, band, &mut painter.glyphs);
            top = band.bottom;
        }
    }

    /// Builds a cell's scene anew, and adds what must be drawn again to the damage.
    fn build(&mut self, index: usize, data: &Data, painter: &mut Painter) {
        let cell = &self.layout.cells[index];
        if matches!(cell.spec.kind, Kind::Panel(_)) || cell.rect.is_empty() {
            return;
        }
        let part = &mut self.parts[index];
        if part.retry_at_ns.is_some_and(|retry_at_ns| data.now_ns() < retry_at_ns) {
            return;
        }
        if part.retry_at_ns.is_none() && data.still(&part.inputs) {
            return;
        }
        let mut scene = std::mem::take(&mut painter.scene);
        scene.clear();
        painter.room.reset();
        let widget = (self.find)(&cell.spec.kind);
        data.begin_inputs(&mut part.inputs);
        let built = catch_unwind(AssertUnwindSafe(|| {
            let mut cx = context(cell, (&self.layout, &self.template.theme), data, painter);
            widget.build(&mut cx, &mut scene);
        }));
        part.inputs = data.end_inputs();
        part.retry_at_ns = None;
        if built.is_err() {
            tracing::error!(
                template = self.template.name,
                widget = cell.spec.name,
                "the widget failed; an error card is shown"
            );
            part.retry_at_ns = Some(data.now_ns() + RETRY_NS);
            error_scene(cell, (&self.layout, &self.template.theme), data, painter, &mut scene);
        }
        let first = self.damage.len();
        scene.difference(&part.scene, &mut self.damage);
        self.damage[first..].iter_mut().for_each(|region| *region = region.intersect(cell.rect));
        std::mem::swap(&mut scene, &mut part.scene);
        painter.scene = scene;
    }

    /// Draws one cell within `clip`. A scene that cannot be drawn is dropped: the rest of the picture goes on.
    fn draw_part(&mut self, index: usize, canvas: &mut Canvas<'_>, clip: IRect, painter: &mut Painter) {
        let part = &mut self.parts[index];
        let glyphs = &mut painter.glyphs;
        let drawn = catch_unwind(AssertUnwindSafe(|| part.scene.draw(canvas, clip, glyphs)));
        if drawn.is_err() {
            let name = &self.layout.cells[index].spec.name;
            tracing::error!(
                template = self.template.name,
                widget = name,
                "the widget cannot be drawn; it is left out"
            );
            part.scene.clear();
            part.inputs.forget();
        }
    }
}

/// Everything a widget of this cell may look at.
fn context<'a>(
    cell: &'a Cell,
    (layout, theme): (&Layout, &'a Theme),
    data: &'a Data,
    painter: &'a mut Painter,
) -> Cx<'a> {
    let accents = &theme.accents;
    Cx {
        data,
        spec: &cell.spec,
        area: cell.content,
        accent: accents[cell.index % accents.len()],
        theme,
        scale: layout.scale,
        fonts: &mut painter.fonts,
        images: &mut painter.images,
        samples: &mut painter.samples,
        points: &mut painter.points,
        lines: &mut painter.lines,
        room: &painter.room,
        moves_at_ms: &mut painter.moves_at_ms,
    }
}

/// The card of a widget that failed; should even that fail, nothing.
fn error_scene(cell: &Cell, look: (&Layout, &Theme), data: &Data, painter: &mut Painter, scene: &mut Scene) {
    scene.clear();
    let built = catch_unwind(AssertUnwindSafe(|| {
        failed::Failed.build(&mut context(cell, look, data, painter), scene);
    }));
    if built.is_err() {
        scene.clear();
    }
}

/// The picture of a template at a size with given data.
pub fn render_once(template: &Arc<Template>, data: &Data, width_px: u32, height_px: u32) -> Vec<u32> {
    render_with(template, data, (width_px, height_px), &mut Painter::default())
}

/// The same with a painter's fonts, colours and asset folders, once all its images have been loaded.
pub fn render_with(
    template: &Arc<Template>,
    data: &Data,
    (width_px, height_px): (u32, u32),
    painter: &mut Painter,
) -> Vec<u32> {
    let mut picture = Picture::new(View::new(Arc::clone(template), width_px, height_px));
    picture.refresh(data, painter);
    // A folder is listed before its files are asked for.
    for _ in 0..IMAGE_ROUNDS_MAX {
        if !painter.images.settle(IMAGES_WAIT) {
            break;
        }
        picture.refresh(data, painter);
    }
    picture.into_pixels()
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
