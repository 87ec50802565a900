//! The loops that turn a row of frame pixels into a row of a device's pixels: one choice a row, none a pixel.
//!
//! Leaves out where rows come from and go to. All loops are plain and free of branches, so that they are vectorised.

use super::layout::{Channel, Layout, Packing};

/// The three bytes of a pixel that are stored.
const LOW: u32 = 0x00ff_ffff;

/// Converts `source` (words of `0xXXRRGGBB`) to `target`, which has room for exactly as many pixels.
pub fn convert(layout: Layout, source: &[u32], target: &mut [u8]) {
    debug_assert_eq!(target.len(), source.len() * layout.bytes_per_pixel());
    match layout {
        Layout::Xrgb8888 => each(source, target, u32::to_le_bytes),
        Layout::Xbgr8888 => each(source, target, |pixel| swap(pixel).to_le_bytes()),
        Layout::Rgb565 => each(source, target, |pixel| rgb565(pixel).to_le_bytes()),
        Layout::Bgr565 => each(source, target, |pixel| rgb565(swap(pixel)).to_le_bytes()),
        Layout::Rgb24 => triples(source, target, |pixel| pixel),
        Layout::Bgr24 => triples(source, target, swap),
        Layout::Gray8 => each(source, target, |pixel| [gray(pixel)]),
        Layout::Packed(packing) => packed(source, target, packing),
    }
}

#[inline(always)]
fn each<const N: usize>(source: &[u32], target: &mut [u8], pixel: impl Fn(u32) -> [u8; N]) {
    let (target, _) = target.as_chunks_mut::<N>();
    for (&from, to) in source.iter().zip(target) {
        *to = pixel(from);
    }
}

/// Three bytes a pixel, four pixels at a time: three whole words are stored instead of twelve bytes.
#[inline(always)]
fn triples(source: &[u32], target: &mut [u8], order: impl Fn(u32) -> u32) {
    let (fours, rest) = source.as_chunks::<4>();
    let (blocks, rest_target) = target.as_chunks_mut::<12>();
    for (four, block) in fours.iter().zip(blocks) {
        let [a, b, c, d] = *four;
        let [a, b, c, d] = [order(a) & LOW, order(b) & LOW, order(c) & LOW, order(d) & LOW];
        block[0..4].copy_from_slice(&(a | b << 24).to_le_bytes());
        block[4..8].copy_from_slice(&(b >> 8 | c << 16).to_le_bytes());
        block[8..12].copy_from_slice(&(c >> 16 | d << 8).to_le_bytes());
    }
    each(rest, rest_target, |pixel| {
        let [low, middle, high, _] = order(pixel).to_le_bytes();
        [low, middle, high]
    });
}

/// Red and blue in each other's place.
#[inline(always)]
fn swap(pixel: u32) -> u32 {
    pixel & 0xff00_ff00 | pixel << 16 & 0x00ff_0000 | pixel >> 16 & 0x0000_00ff
}

#[inline(always)]
fn rgb565(pixel: u32) -> u16 {
    (pixel >> 8 & 0xf800 | pixel >> 5 & 0x07e0 | pixel >> 3 & 0x001f) as u16
}

/// Brightness with the weights of BT.601, in 256ths.
#[inline(always)]
fn gray(pixel: u32) -> u8 {
    let (red, green, blue) = (pixel >> 16 & 0xff, pixel >> 8 & 0xff, pixel & 0xff);
    ((red * 77 + green * 150 + blue * 29) >> 8) as u8
}

fn packed(source: &[u32], target: &mut [u8], packing: Packing) {
    match packing.bytes {
        1 => each(source, target, |pixel| [pack(pixel, packing) as u8]),
        2 => each(source, target, |pixel| (pack(pixel, packing) as u16).to_le_bytes()),
        3 => triples(source, target, |pixel| pack(pixel, packing)),
        _ => each(source, target, |pixel| pack(pixel, packing).to_le_bytes()),
    }
}

#[inline(always)]
fn pack(pixel: u32, packing: Packing) -> u32 {
    field(pixel >> 16 & 0xff, packing.red)
        | field(pixel >> 8 & 0xff, packing.green)
        | field(pixel & 0xff, packing.blue)
        | field(0xff, packing.alpha)
}

/// Eight bits brought to the channel's length (repeated below, so that white stays white) and to its place.
#[inline(always)]
fn field(value: u32, channel: Channel) -> u32 {
    // A channel without bits may lie at bit 32, where a plain shift would be an overflow.
    ((value * 0x0101) >> (16 - channel.length)).wrapping_shl(channel.offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(layout: Layout, pixels: &[u32]) -> Vec<u8> {
        let mut target = vec![0; pixels.len() * layout.bytes_per_pixel()];
        convert(layout, pixels, &mut target);
        target
    }

    #[test]
    fn every_named_layout_has_its_bytes_in_the_documented_order() {
        let pixel = [0xff_11_22_33];
        assert_eq!(converted(Layout::Xrgb8888, &pixel), [0x33, 0x22, 0x11, 0xff]);
        assert_eq!(converted(Layout::Xbgr8888, &pixel), [0x11, 0x22, 0x33, 0xff]);
        assert_eq!(converted(Layout::Rgb24, &pixel), [0x33, 0x22, 0x11]);
        assert_eq!(converted(Layout::Bgr24, &pixel), [0x11, 0x22, 0x33]);
        assert_eq!(converted(Layout::Rgb565, &[0xff_f8_00_00]), [0x00, 0xf8]);
        assert_eq!(converted(Layout::Rgb565, &[0xff_00_fc_00]), [0xe0, 0x07]);
        assert_eq!(converted(Layout::Bgr565, &[0xff_f8_00_00]), [0x1f, 0x00]);
        assert_eq!(converted(Layout::Gray8, &[0xff_ff_ff_ff, 0xff_00_00_00]), [0xff, 0x00]);
    }

    #[test]
    fn a_longer_channel_keeps_black_black_and_white_white() {
        let ten = |offset| Channel { offset, length: 10 };
        let alpha = Channel { offset: 30, length: 2 };
        let packing = Packing { bytes: 4, red: ten(20), green: ten(10), blue: ten(0), alpha };
        assert_eq!(converted(Layout::Packed(packing), &[0xff_ff_ff_ff]), [0xff; 4]);
        assert_eq!(converted(Layout::Packed(packing), &[0xff_00_00_00]), [0, 0, 0, 0xc0]);
    }
}
