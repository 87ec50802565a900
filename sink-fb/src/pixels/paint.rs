//! The painter: brings the damaged part of a picture to a surface, scaled, turned and converted.
//!
//! Keeps nothing of a picture but the canvas of a scaled one: partial painting trusts the surface to keep the rest.

use std::io;

use casedd_common::config::{Fit, Rotation};
use casedd_common::transport::frame::Rect;

use super::convert::convert;
use super::scale::Scaler;
use super::turn::{BAND_ROWS, gather, turned};
use super::{Layout, Picture, Shape, Size, Surface};

/// Paints pictures on surfaces of one shape.
pub struct Painter {
    shape: Shape,
    rotation: Rotation,
    fit: Fit,
    scaler: Option<Scaler>,
    band: Vec<u32>,
    row: Vec<u8>,
}

impl Painter {
    /// For surfaces of that shape, mounted so.
    pub fn new(shape: Shape, rotation: Rotation, fit: Fit) -> Painter {
        Painter { shape, rotation, fit, scaler: None, band: Vec::new(), row: vec![0; shape.row_bytes()] }
    }

    /// The size of a picture that needs no scaling.
    pub fn natural_size(&self) -> Size {
        if self.rotation.swaps_sides() { self.shape.size.swapped() } else { self.shape.size }
    }

    /// Paints the damaged part of `picture` and flushes; the rest of `surface` must show its earlier state.
    pub fn paint(
        &mut self,
        picture: Picture<'_>,
        damage: &[Rect],
        surface: &mut impl Surface,
    ) -> io::Result<()> {
        debug_assert_eq!(surface.shape(), self.shape);
        let damage = damage.iter().map(|rect| rect.clip(picture.size.width, picture.size.height));
        let damage: Vec<Rect> = damage.filter(|rect| !rect.is_empty()).collect();
        if damage.is_empty() {
            return Ok(());
        }
        if picture.size == self.natural_size() {
            self.scaler = None;
            self.paint_unscaled(picture, &damage, surface);
            return surface.flush();
        }
        let (scaler, damage) = self.scale(picture, &damage)?;
        self.paint_unscaled(scaler.canvas(), &damage, surface);
        self.scaler = Some(scaler);
        surface.flush()
    }

    /// Draws the scaled picture; the first one of a size also damages the bars around it.
    fn scale(&mut self, picture: Picture<'_>, damage: &[Rect]) -> io::Result<(Scaler, Vec<Rect>)> {
        let canvas = self.natural_size();
        let kept = self.scaler.take().filter(|scaler| scaler.is_for(picture.size));
        let is_new = kept.is_none();
        let mut scaler = kept.unwrap_or_else(|| Scaler::new(picture.size, canvas, self.fit));
        scaler.draw(picture).map_err(io::Error::other)?;
        let whole = Rect { x: 0, y: 0, width: canvas.width, height: canvas.height };
        let covers_all = |rect: &Rect| rect.width == picture.size.width && rect.height == picture.size.height;
        let damage = if is_new || damage.iter().any(covers_all) {
            vec![whole]
        } else {
            damage.iter().filter_map(|rect| scaler.damaged(*rect)).collect()
        };
        Ok((scaler, damage))
    }

    fn paint_unscaled(&mut self, picture: Picture<'_>, damage: &[Rect], surface: &mut impl Surface) {
        for rect in damage {
            let place = turned(*rect, picture.size, self.rotation);
            if self.rotation == Rotation::None {
                for y in place.y..place.bottom() {
                    let (x, width) = (place.x, place.width);
                    put_row(&self.shape, &mut self.row, (x, y), picture.row(x, y, width), surface);
                }
            } else {
                self.paint_turned(picture, place, surface);
            }
        }
    }

    fn paint_turned(&mut self, picture: Picture<'_>, place: Rect, surface: &mut impl Surface) {
        // A band's rows are not a power of two apart, or they would compete for the same cache lines.
        let stride_px = self.shape.size.width as usize + 16;
        self.band.resize(stride_px * BAND_ROWS as usize, 0);
        for y in (place.y..place.bottom()).step_by(BAND_ROWS as usize) {
            let band = Rect { y, height: BAND_ROWS.min(place.bottom() - y), ..place };
            gather(picture, self.rotation, band, &mut self.band, stride_px);
            for (row, y) in self.band.chunks(stride_px).zip(y..band.bottom()) {
                let pixels = &row[..place.width as usize];
                put_row(&self.shape, &mut self.row, (place.x, y), pixels, surface);
            }
        }
    }
}

/// Converts one piece of a row and writes it at its place.
fn put_row(shape: &Shape, row: &mut [u8], at: (u32, u32), pixels: &[u32], surface: &mut impl Surface) {
    let bytes_per_pixel = shape.layout.bytes_per_pixel();
    let offset_bytes = at.1 as usize * shape.stride_bytes + at.0 as usize * bytes_per_pixel;
    if shape.layout == Layout::Xrgb8888 {
        surface.write(offset_bytes, bytemuck::cast_slice(pixels));
        return;
    }
    let bytes = &mut row[..pixels.len() * bytes_per_pixel];
    convert(shape.layout, pixels, bytes);
    surface.write(offset_bytes, bytes);
}

// Frames and framebuffers are both little endian here; a big endian machine would need a swap in `put_row`.
const _: () = assert!(cfg!(target_endian = "little"));
