//! The pixels that scenes are drawn onto.
//! Leaves out where they live: a frame slot of the pool, a picture of a test.

use crate::color::Color;
use crate::geometry::IRect;
use std::ops::Range;

/// Opaque pixels, `0xffRRGGBB` each (in memory B, G, R, X: the frame format XRGB8888).
pub struct Canvas<'a> {
    pixels: &'a mut [u32],
    stride_px: usize,
    bounds: IRect,
}

impl<'a> Canvas<'a> {
    /// A canvas over `pixels`, whose rows are `stride_px` apart.
    ///
    /// # Panics
    /// When `pixels` is too short for `height` rows, or a row for `width` pixels.
    pub fn new(pixels: &'a mut [u32], stride_px: usize, width: u32, height: u32) -> Canvas<'a> {
        Canvas::band(pixels, stride_px, width, 0..height)
    }

    /// The same for some rows of a picture: `pixels` begin with the first of them.
    ///
    /// # Panics
    /// As `new`.
    pub fn band(pixels: &'a mut [u32], stride_px: usize, width: u32, rows: Range<u32>) -> Canvas<'a> {
        let bounds = IRect { left: 0, top: rows.start as i32, right: width as i32, bottom: rows.end as i32 };
        let (columns, rows) = (width as usize, bounds.height() as usize);
        let needed = if rows == 0 { 0 } else { (rows - 1) * stride_px + columns };
        assert!(
            columns <= stride_px.max(columns * usize::from(rows <= 1)),
            "a row is longer than the stride"
        );
        assert!(pixels.len() >= needed, "{} pixels given, {needed} needed", pixels.len());
        Canvas { pixels, stride_px, bounds }
    }

    /// All of it.
    pub fn bounds(&self) -> IRect {
        self.bounds
    }

    /// Sets every pixel of `area` to `color`, whatever its alpha.
    pub fn clear(&mut self, area: IRect, color: Color) {
        let area = area.intersect(self.bounds());
        if area.is_empty() {
            return;
        }
        for y in area.top..area.bottom {
            self.row(y, area.left, area.right).fill(color.word() | 0xff00_0000);
        }
    }

    /// The pixels `left..right` of row `y`, which the caller has clipped to the canvas.
    #[inline(always)]
    pub(crate) fn row(&mut self, y: i32, left: i32, right: i32) -> &mut [u32] {
        let start = (y - self.bounds.top) as usize * self.stride_px;
        &mut self.pixels[start + left as usize..start + right as usize]
    }
}
