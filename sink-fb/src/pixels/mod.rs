//! Pixels on their way from a frame to a device: scaled, turned, converted, and only those that changed.
//!
//! Pure: reads slices, writes to a [`Surface`]; knows no device, no file and no renderer.

mod convert;
mod layout;
mod paint;
mod place;
mod scale;
mod turn;

pub use layout::{Bits, Channel, Layout, Packing};
pub use paint::Painter;

use std::io;

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Size {
    /// The same with the sides changed.
    pub fn swapped(self) -> Size {
        Size { width: self.height, height: self.width }
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// A picture in memory: words of `0xXXRRGGBB`, rows `stride_px` apart.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// At least `stride_px * height` words.
    pub pixels: &'a [u32],
    /// Words from one row to the next.
    pub stride_px: usize,
    /// What of it is picture.
    pub size: Size,
}

impl<'a> Picture<'a> {
    /// `width` pixels of row `y` from column `x` on.
    #[inline]
    fn row(&self, x: u32, y: u32, width: u32) -> &'a [u32] {
        let start = y as usize * self.stride_px + x as usize;
        &self.pixels[start..start + width as usize]
    }
}

/// How pixels lie in a device or file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What is visible.
    pub size: Size,
    /// Bytes from one row to the next; often more than a row has pixels.
    pub stride_bytes: usize,
    /// What a pixel looks like.
    pub layout: Layout,
}

impl Shape {
    /// Bytes of the visible part of a row.
    pub fn row_bytes(&self) -> usize {
        self.size.width as usize * self.layout.bytes_per_pixel()
    }

    /// Bytes from the first visible pixel to the last one.
    pub fn extent_bytes(&self) -> usize {
        (self.size.height as usize).saturating_sub(1) * self.stride_bytes + self.row_bytes()
    }
}

/// Where converted pixels go.
pub trait Surface {
    /// How its pixels lie.
    fn shape(&self) -> Shape;

    /// Takes bytes of one row; `offset_bytes` counts from the first visible pixel.
    fn write(&mut self, offset_bytes: usize, bytes: &[u8]);

    /// Everything written so far reaches the device.
    fn flush(&mut self) -> io::Result<()>;
}
