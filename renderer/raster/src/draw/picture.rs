//! Images: as they are, or scaled.
//! Leaves out good scaling: the renderer resizes beforehand, this only bridges until it has.

use super::lanes::{self, LANES};
use super::rounded::Round;
use super::{Brush, blend, row_of};
use crate::geometry::RectF;
use crate::image::Image;
use fearless_simd::prelude::*;

#[inline(always)]
pub(super) fn paint<S: Simd>(
    brush: &mut Brush<'_, '_, S>,
    image: &Image,
    rect: RectF,
    (radius, opacity): (f32, u8),
    mask: &mut Vec<u8>,
) {
    let rect = rect.snapped();
    let round = Round::new(rect, radius);
    let (left, right) = brush.columns(rect.x as i32, rect.right() as i32);
    if left >= right {
        return;
    }
    let (origin_x, origin_y) = (rect.x as i32, rect.y as i32);
    let same_size = rect.width == image.width() as f32 && rect.height == image.height() as f32;
    let (scale_x, scale_y) =
        (image.width() as f32 / rect.width.max(1.0), image.height() as f32 / rect.height.max(1.0));
    let mut scaled: Vec<u32> = Vec::new();
    for y in brush.rows(rect.y, rect.bottom()) {
        let bytes = row_of(mask, (right - left) as usize);
        let (row_share, corner_y) = (round.row_share(y), round.corner_y(y));
        if corner_y > 0.0 {
            for (group, bytes) in bytes.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                let middles = lanes::middles(brush.simd, left + (group * LANES) as i32);
                let share = round.shares(middles, row_share, corner_y);
                *bytes = lanes::coverage(share * f32::from(opacity) / 255.0);
            }
        } else {
            bytes.fill(opacity);
        }
        let words = if same_size {
            let start = (y - origin_y) as usize * image.width() as usize + (left - origin_x) as usize;
            &image.pixels[start..start + (right - left) as usize]
        } else {
            let source_y = ((y - origin_y) as f32 + 0.5) * scale_y - 0.5;
            scaled.clear();
            scaled.extend(
                (left..right).map(|x| sample(image, ((x - origin_x) as f32 + 0.5) * scale_x - 0.5, source_y)),
            );
            &scaled[..]
        };
        let ink = blend::Ink::Words { words, opaque: false };
        blend::masked(brush.simd, brush.canvas.row(y, left, right), &bytes[..(right - left) as usize], ink);
    }
}

/// The colour at a place between pixels, mixed from the four around it (by alpha, so that edges keep their hue).
fn sample(image: &Image, x: f32, y: f32) -> u32 {
    let (last_x, last_y) = (image.width() as i32 - 1, image.height() as i32 - 1);
    let (x0, y0) = (x.floor(), y.floor());
    let (part_x, part_y) = (x - x0, y - y0);
    let mut sums = [0.0f32; 4];
    for (dx, dy, weight) in [
        (0, 0, (1.0 - part_x) * (1.0 - part_y)),
        (1, 0, part_x * (1.0 - part_y)),
        (0, 1, (1.0 - part_x) * part_y),
        (1, 1, part_x * part_y),
    ] {
        let (column, row) = ((x0 as i32 + dx).clamp(0, last_x), (y0 as i32 + dy).clamp(0, last_y));
        let [b, g, r, a] = image.pixels[(row * (last_x + 1) + column) as usize].to_le_bytes();
        let alpha = f32::from(a) * weight;
        sums[0] += f32::from(b) * alpha;
        sums[1] += f32::from(g) * alpha;
        sums[2] += f32::from(r) * alpha;
        sums[3] += alpha;
    }
    let alpha = sums[3].max(1e-3);
    let byte = |sum: f32| (sum / alpha + 0.5).min(255.0) as u8;
    u32::from_le_bytes([byte(sums[0]), byte(sums[1]), byte(sums[2]), (sums[3] + 0.5).min(255.0) as u8])
}
