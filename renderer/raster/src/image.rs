//! Pictures to draw: decoded pixels, shared.
//! Leaves out files and formats: the renderer decodes and resizes outside the frame path.

use std::sync::Arc;

/// Pixels of an image: alpha, red, green, blue from the top byte down, alpha straight. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Image {
    pub(crate) pixels: Arc<[u32]>,
    width: u32,
    height: u32,
}

/// Two images are equal when they are the same pixels in memory: contents are never compared in the frame path.
impl PartialEq for Image {
    fn eq(&self, other: &Image) -> bool {
        Arc::ptr_eq(&self.pixels, &other.pixels)
    }
}

impl Image {
    /// From rows of `R, G, B, A` bytes; `None` when the bytes are not exactly `width * height` pixels or there are none.
    pub fn from_rgba(bytes: &[u8], width: u32, height: u32) -> Option<Image> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 || bytes.len() as u64 != pixels * 4 {
            return None;
        }
        let words = bytes.chunks_exact(4).map(|p| u32::from_be_bytes([p[3], p[0], p[1], p[2]]));
        Some(Image { pixels: words.collect(), width, height })
    }

    /// Columns.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }
}
