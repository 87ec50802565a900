//! Soft shadows of rectangles with round corners.
//! Leaves out exact blurring: a smooth step over the distance to the edge looks the same.

use super::{Brush, row_of, shade};
use crate::geometry::RectF;
use fearless_simd::Simd;

#[inline(always)]
pub(super) fn paint<S: Simd>(
    brush: &mut Brush<'_, '_, S>,
    rect: RectF,
    radius: f32,
    blur: f32,
    mask: &mut Vec<u8>,
) {
    let (left, right) = brush.columns((rect.x - blur).floor() as i32, (rect.right() + blur).ceil() as i32);
    if left >= right {
        return;
    }
    let centre = rect.centre();
    // A corner softer than the blur: distances inside stay smooth.
    let radius = radius.max(blur).min(rect.width.min(rect.height) / 2.0);
    let (half_width, half_height) = (rect.width / 2.0 - radius, rect.height / 2.0 - radius);
    for y in brush.rows(rect.y - blur, rect.bottom() + blur) {
        let dy = (y as f32 + 0.5 - centre.y).abs() - half_height;
        let bytes = &mut row_of(mask, (right - left) as usize)[..(right - left) as usize];
        for (i, byte) in bytes.iter_mut().enumerate() {
            let dx = ((left + i as i32) as f32 + 0.5 - centre.x).abs() - half_width;
            let (ox, oy) = (if dx > 0.0 { dx } else { 0.0 }, if dy > 0.0 { dy } else { 0.0 });
            let inside = if dx > dy { dx } else { dy };
            let outside = (ox * ox + oy * oy).sqrt();
            let distance = outside + if inside < 0.0 { inside } else { 0.0 } - radius;
            let part = shade::unit(0.5 - distance / (blur * 2.0));
            *byte = shade::coverage(part * part * (3.0 - 2.0 * part));
        }
        brush.mask(y, left, bytes);
    }
}
