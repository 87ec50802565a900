//! Rotation: which rectangle of the device a rectangle of the picture falls on, and the pixels of a band of device rows.
//!
//! Turned clockwise. Works on frame pixels; conversion follows, on rows that lie in the cache by then.

use casedd_common::config::Rotation;
use casedd_common::transport::frame::Rect;

use super::{Picture, Size};

/// Device rows turned at once: one cache line of each picture row they cross.
pub const BAND_ROWS: u32 = 16;
/// Columns that a quarter turn fills at once.
const BLOCK: usize = 8;

/// Where `rect` of a picture of `size` lies on a device that shows it turned.
pub fn turned(rect: Rect, size: Size, rotation: Rotation) -> Rect {
    let Rect { x, y, width, height } = rect;
    let from_right = size.width - (x + width);
    let from_bottom = size.height - (y + height);
    match rotation {
        Rotation::None => rect,
        Rotation::Quarter => Rect { x: from_bottom, y: x, width: height, height: width },
        Rotation::Half => Rect { x: from_right, y: from_bottom, width, height },
        Rotation::ThreeQuarters => Rect { x: y, y: from_right, width: height, height: width },
    }
}

/// Fills `band` (rows `stride_px` apart) with what the device shows in `rect`, at most [`BAND_ROWS`] high.
pub fn gather(picture: Picture<'_>, rotation: Rotation, rect: Rect, band: &mut [u32], stride_px: usize) {
    let rows = band.chunks_mut(stride_px).take(rect.height as usize);
    let size = picture.size;
    match rotation {
        Rotation::None => {
            for (row, y) in rows.zip(rect.y..) {
                row[..rect.width as usize].copy_from_slice(picture.row(rect.x, y, rect.width));
            }
        }
        Rotation::Half => {
            let x = size.width - (rect.x + rect.width);
            for (row, y) in rows.zip(rect.y..) {
                let source = picture.row(x, size.height - 1 - y, rect.width);
                for (to, from) in row.iter_mut().zip(source.iter().rev()) {
                    *to = *from;
                }
            }
        }
        // Device column x shows picture row height-1-x, from left to right down the device.
        Rotation::Quarter => {
            let segment = |x| picture.row(rect.y, size.height - 1 - rect.x - x as u32, rect.height);
            transpose(rect, segment, |row| row, band, stride_px);
        }
        // Device column x shows picture row x, from right to left down the device.
        Rotation::ThreeQuarters => {
            let left = size.width - (rect.y + rect.height);
            let segment = |x| picture.row(left, rect.x + x as u32, rect.height);
            transpose(rect, segment, |row| rect.height as usize - 1 - row, band, stride_px);
        }
    }
}

/// Makes each picture row segment a column of the band.
///
/// Whole bands go by blocks of eight columns: the sizes are known to the compiler, so that nothing is checked
/// inside, and each cache line of the picture is read once. The rest is at most one band a picture.
#[inline(always)]
fn transpose<'a>(
    rect: Rect,
    segment: impl Fn(usize) -> &'a [u32],
    row_of: impl Fn(usize) -> usize,
    band: &mut [u32],
    stride_px: usize,
) {
    let columns = rect.width as usize;
    let is_whole = rect.height == BAND_ROWS;
    let block_columns = if is_whole { columns / BLOCK * BLOCK } else { 0 };
    for column in (0..block_columns).step_by(BLOCK) {
        // Written out, because the closures of array functions are calls unless the whole program is optimised at once.
        let whole = |n: usize| segment(column + n).first_chunk::<{ BAND_ROWS as usize }>();
        let (Some(a), Some(b), Some(c), Some(d), Some(e), Some(f), Some(g), Some(h)) =
            (whole(0), whole(1), whole(2), whole(3), whole(4), whole(5), whole(6), whole(7))
        else {
            return;
        };
        for row in 0..BAND_ROWS as usize {
            let start = row_of(row) * stride_px + column;
            let columns = [a[row], b[row], c[row], d[row], e[row], f[row], g[row], h[row]];
            band[start..start + BLOCK].copy_from_slice(&columns);
        }
    }
    for column in block_columns..columns {
        for (row, &pixel) in segment(column).iter().enumerate() {
            band[row_of(row) * stride_px + column] = pixel;
        }
    }
}
