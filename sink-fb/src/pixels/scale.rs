//! Scaling: a picture of another size than the display, redrawn onto a canvas of the display's size.
//!
//! Only for panels whose size no view has; a renderer that draws in the right size is both sharper and cheaper.

use casedd_common::config::Fit;
use casedd_common::transport::frame::Rect;
use fast_image_resize::images::{TypedCroppedImage, TypedCroppedImageMut, TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x4;
use fast_image_resize::{FilterType, ResizeAlg, ResizeError, ResizeOptions, Resizer};

use super::place::Placement;
use super::{Picture, Size};

/// Sharp enough for text both ways, at half the cost of Lanczos.
const FILTER: FilterType = FilterType::CatmullRom;
/// How far that filter looks to either side.
const REACH_PX: f64 = 2.0;
const BLACK: u32 = 0xff00_0000;

/// A canvas of the display's size, and how pictures of one size come onto it.
pub struct Scaler {
    picture: Size,
    canvas: Size,
    placement: Placement,
    pixels: Vec<u32>,
    resizer: Resizer,
}

impl Scaler {
    /// For pictures of `picture` pixels; the canvas has `canvas` pixels and starts black.
    pub fn new(picture: Size, canvas: Size, fit: Fit) -> Scaler {
        Scaler {
            picture,
            canvas,
            placement: Placement::new(picture, canvas, fit),
            pixels: vec![BLACK; canvas.width as usize * canvas.height as usize],
            resizer: Resizer::new(),
        }
    }

    /// Whether it was made for pictures of this size.
    pub fn is_for(&self, picture: Size) -> bool {
        self.picture == picture
    }

    /// The part of the canvas that may change with `damage` of the picture.
    pub fn damaged(&self, damage: Rect) -> Option<Rect> {
        self.placement.damaged(damage, REACH_PX)
    }

    /// What was drawn last.
    pub fn canvas(&self) -> Picture<'_> {
        Picture { pixels: &self.pixels, stride_px: self.canvas.width as usize, size: self.canvas }
    }

    /// Draws the picture onto the canvas: always the whole of it, as parts would differ from it by rounding.
    pub fn draw(&mut self, picture: Picture<'_>) -> Result<(), ResizeError> {
        let Placement { crop, target } = self.placement;
        let rows: TypedImageRef<'_, U8x4> = TypedImageRef::from_buffer(
            picture.stride_px as u32,
            self.picture.height,
            bytemuck::cast_slice(picture.pixels),
        )
        .map_err(|_| ResizeError::PixelTypesAreDifferent)?;
        // A view of the part and not the crop box of the options: with that one, version 6.1 subtracts below zero
        // where a filter has zeros inside its reach.
        let source = TypedCroppedImage::new(rows, crop.x, crop.y, crop.width, crop.height)
            .map_err(|_| ResizeError::PixelTypesAreDifferent)?;
        let canvas: TypedImage<'_, U8x4> = TypedImage::from_buffer(
            self.canvas.width,
            self.canvas.height,
            bytemuck::cast_slice_mut(&mut self.pixels),
        )
        .map_err(|_| ResizeError::PixelTypesAreDifferent)?;
        let mut shown = TypedCroppedImageMut::new(canvas, target.x, target.y, target.width, target.height)
            .map_err(|_| ResizeError::PixelTypesAreDifferent)?;
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FILTER)).use_alpha(false);
        self.resizer.resize_typed(&source, &mut shown, &options)
    }
}
