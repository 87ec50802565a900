//! A view with pixels of its own: for files, tests and examples.
//! Leaves out frames: there the slots of the pool hold the picture.

use casedd_raster::{Canvas, IRect};

use crate::data::Data;
use crate::painter::Painter;
use crate::view::View;

/// A retained picture of which only what changed is drawn again.
pub struct Picture {
    view: View,
    pixels: Vec<u32>,
    damage: Vec<IRect>,
}

impl Picture {
    /// A picture that is drawn at its first refresh.
    pub fn new(view: View) -> Picture {
        let pixels = vec![0xff00_0000; view.width_px() as usize * view.height_px() as usize];
        Picture { view, pixels, damage: Vec::new() }
    }

    /// Brings the picture up to date with `data` and gives the rectangles that changed: none when nothing did.
    pub fn refresh(&mut self, data: &Data, painter: &mut Painter) -> &[IRect] {
        self.damage.clear();
        self.damage.extend_from_slice(self.view.refresh(data, painter));
        let (width, height) = (self.view.width_px(), self.view.height_px());
        let mut canvas = Canvas::new(&mut self.pixels, width as usize, width, height);
        for region in &self.damage {
            self.view.draw(&mut canvas, *region, painter);
        }
        &self.damage
    }

    /// What is shown.
    pub fn view(&mut self) -> &mut View {
        &mut self.view
    }

    /// The newest picture: `0xffRRGGBB`, row after row without gaps.
    pub fn pixels(&self) -> &[u32] {
        &self.pixels
    }

    /// The same, to keep.
    pub fn into_pixels(self) -> Vec<u32> {
        self.pixels
    }
}
