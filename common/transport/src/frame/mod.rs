//! What a frame is: its geometry, its damage, its metadata.
//! Where its pixels lie, and who may read them when, is left to the pool and the ring.

mod damage;
mod rect;

pub use damage::{DAMAGE_RECTS_MAX, Damage};
pub use rect::Rect;

use crate::limits::DIMENSION_MAX_PX;
use crate::want::WantError;
use serde::{Deserialize, Serialize};

/// Rows start at multiples of this, so that vector code may load whole lines.
const STRIDE_ALIGN_BYTES: u32 = 64;

/// How one pixel is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PixelFormat {
    /// A little-endian `u32` 0xXXRRGGBB: bytes B, G, R, X. X is 0xff.
    Xrgb8888,
}

impl PixelFormat {
    /// Bytes of one pixel.
    pub const fn pixel_bytes(self) -> u32 {
        match self {
            PixelFormat::Xrgb8888 => 4,
        }
    }

    /// The number that stands for this format in shared memory.
    pub(crate) const fn code(self) -> u64 {
        match self {
            PixelFormat::Xrgb8888 => 1,
        }
    }
}

/// Size and layout of the frames of one view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Geometry {
    /// Pixels of a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bytes from the start of a row to the start of the next: often more than `width * 4`.
    pub stride_bytes: u32,
    /// How a pixel is stored.
    pub format: PixelFormat,
}

impl Geometry {
    /// The layout of a frame of this size; refuses what no frame can be.
    pub fn new(width: u32, height: u32) -> Result<Geometry, WantError> {
        let possible = 1..=DIMENSION_MAX_PX;
        if !possible.contains(&width) || !possible.contains(&height) {
            return Err(WantError::Geometry { width, height });
        }
        let format = PixelFormat::Xrgb8888;
        let stride_bytes = (width * format.pixel_bytes()).next_multiple_of(STRIDE_ALIGN_BYTES);
        Ok(Geometry { width, height, stride_bytes, format })
    }

    /// Bytes of one frame's pixels.
    pub fn frame_bytes(&self) -> usize {
        self.stride_bytes as usize * self.height as usize
    }

    /// The whole picture as a rectangle.
    pub fn bounds(&self) -> Rect {
        Rect { x: 0, y: 0, width: self.width, height: self.height }
    }
}

/// What goes with the pixels of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameMeta {
    /// Number of the frame in its view, from 1, without gaps.
    pub sequence: u64,
    /// Random number of the renderer's start: sequences of different generations do not compare.
    pub generation: u64,
    /// When the values shown were read.
    pub captured_at_ns: u64,
    /// When drawing began.
    pub render_started_at_ns: u64,
    /// When the frame became visible to sinks.
    pub published_at_ns: u64,
    /// The renderer's own bits; opaque to the transport.
    pub flags: u32,
    /// What changed since the previous frame of the view.
    pub damage: Damage,
    /// Size and layout.
    pub geometry: Geometry,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_padded_to_whole_lines() {
        let geometry = Geometry::new(801, 3).unwrap();
        assert_eq!(geometry.stride_bytes, 3264);
        assert_eq!(geometry.frame_bytes(), 3 * 3264);
        assert_eq!(Geometry::new(800, 480).unwrap().stride_bytes, 3200);
    }
}
