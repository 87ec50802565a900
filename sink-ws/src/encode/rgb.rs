//! Frame pixels (B, G, R, X) to RGB, for the encoders that want it so.
//!
//! Only moves bytes; whoever calls says which part of the picture changed.

use casedd_common::transport::frame::Rect;

use super::Source;

/// Copies `rect` of the frame into `rgb`: the whole picture, three bytes a pixel, rows without gaps.
pub fn copy_rgb(source: Source<'_>, rect: Rect, rgb: &mut [u8]) {
    let geometry = source.geometry;
    let (left, width) = (rect.x as usize, rect.width as usize);
    let rows = (rect.y as usize)..(rect.y as usize + rect.height as usize);
    for row in rows {
        let from = row * geometry.stride_bytes as usize + left * 4;
        let to = (row * geometry.width as usize + left) * 3;
        let from = source.pixels[from..from + width * 4].chunks_exact(4);
        let to = rgb[to..to + width * 3].chunks_exact_mut(3);
        for (bgrx, rgb) in from.zip(to) {
            rgb[0] = bgrx[2];
            rgb[1] = bgrx[1];
            rgb[2] = bgrx[0];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casedd_common::transport::frame::{Damage, Geometry};

    #[test]
    fn only_the_rectangle_is_copied_and_channels_change_places() {
        let geometry = Geometry::new(3, 2).unwrap();
        let mut pixels = vec![0; geometry.frame_bytes()];
        let at = geometry.stride_bytes as usize + 8;
        pixels[at..at + 4].copy_from_slice(&[1, 2, 3, 255]);
        let damage = Damage::full(3, 2);
        let source = Source { pixels: &pixels, geometry, damage: &damage };
        let mut rgb = [9; 18];
        copy_rgb(source, Rect { x: 2, y: 1, width: 1, height: 1 }, &mut rgb);
        assert_eq!(rgb[..15], [9; 15]);
        assert_eq!(rgb[15..], [3, 2, 1]);
    }
}
