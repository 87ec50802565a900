//! From a decoded picture to one of the size it is shown at, upright.
//! Leaves out where it is drawn.

use casedd_raster::Image;
use fast_image_resize::images::{TypedCroppedImage, TypedImage, TypedImageRef};
use fast_image_resize::pixels::{InnerPixel, U8x4};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;

use crate::buffers::Buffers;
use crate::decode::Decoded;
use crate::error::ImageError;
use crate::limits::LARGE_PX;

/// How a picture goes into its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// All of it, in the middle.
    #[default]
    Fit,
    /// Over all of the box, its edges cut.
    Fill,
    /// Over all of the box, whatever becomes of its shape.
    Stretch,
}

/// The size that a picture gets in a box, and the part of it that is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    /// Columns and rows that are drawn.
    pub size_px: (u32, u32),
    /// What of the picture they show: left, top, width, height.
    pub part: [u32; 4],
}

/// Fits a picture into a box.
pub fn fit((width, height): (u32, u32), (box_width, box_height): (u32, u32), scale: Scale) -> Fitted {
    let (w, h, bw, bh) = (f64::from(width), f64::from(height), f64::from(box_width), f64::from(box_height));
    let pixels = |side: f64, most: u32| (side.round() as u32).clamp(1, most.max(1));
    match scale {
        Scale::Stretch => Fitted { size_px: (box_width, box_height), part: [0, 0, width, height] },
        Scale::Fit => {
            let by = (bw / w).min(bh / h);
            let size_px = (pixels(w * by, box_width), pixels(h * by, box_height));
            Fitted { size_px, part: [0, 0, width, height] }
        }
        Scale::Fill => {
            let by = (bw / w).max(bh / h);
            let (part_width, part_height) = (pixels(bw / by, width), pixels(bh / by, height));
            let part = [(width - part_width) / 2, (height - part_height) / 2, part_width, part_height];
            Fitted { size_px: (box_width, box_height), part }
        }
    }
}

/// Scales, and turns upright.
pub fn scaled(
    resizer: &mut Resizer,
    (decoded, buffers): (&Decoded, &Buffers),
    box_px: (u32, u32),
    scale: Scale,
) -> Result<Image, ImageError> {
    let turned = Turned::of(decoded.orientation);
    let swap = |(a, b): (u32, u32)| if turned.is_lying { (b, a) } else { (a, b) };
    let fitted = fit((decoded.width, decoded.height), swap(box_px), scale);
    let broken = || ImageError::Broken("it cannot be scaled".into());
    let rgba = resized(resizer, (decoded, buffers), fitted).ok_or_else(broken)?;
    let (rgba, (width, height)) = upright(rgba, fitted.size_px, turned);
    Image::from_rgba(&rgba, width, height).ok_or_else(broken)
}

/// The part of a picture in its new size. One kind of pixel for all: the library's code for each is large.
fn resized(
    resizer: &mut Resizer,
    (decoded, buffers): (&Decoded, &Buffers),
    fitted: Fitted,
) -> Option<Vec<u8>> {
    let by = reduction(decoded, fitted);
    let (width, height) = (decoded.width / by, decoded.height / by);
    let mut rgba = buffers.take(width as usize * height as usize * 4);
    match by {
        1 => expand(&decoded.bytes, usize::from(decoded.channels), &mut rgba),
        by => average(decoded, by as usize, &mut rgba),
    }
    let whole = TypedImageRef::<U8x4>::from_buffer(width, height, &rgba).ok()?;
    // A view of the part, not the crop box of the options: with that one, version 6.1 subtracts below zero where a
    // filter has zeros inside its reach.
    let [left, top, part_width, part_height] = fitted.part.map(|side| side / by);
    let part = TypedCroppedImage::new(whole, left, top, part_width, part_height).ok()?;
    let mut target = TypedImage::<U8x4>::new(fitted.size_px.0, fitted.size_px.1);
    // Shrinking looks at every pixel of the source; enlarging stays soft, without ringing.
    let filter = if fitted.size_px.0 > part_width { FilterType::CatmullRom } else { FilterType::Lanczos3 };
    let has_alpha = decoded.channels.is_multiple_of(2);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).use_alpha(has_alpha);
    resizer.resize_typed(&part, &mut target, &options).ok()?;
    Some(U8x4::components(target.pixels()).to_vec())
}

/// How many pixels of a large photograph, in each direction, are taken for one: it stays at least twice as large as it
/// is shown, and takes a fraction of the memory.
fn reduction(decoded: &Decoded, fitted: Fitted) -> u32 {
    let has_alpha = decoded.channels.is_multiple_of(2);
    if has_alpha || decoded.width as usize * decoded.height as usize <= LARGE_PX {
        return 1;
    }
    let [_, _, part_width, part_height] = fitted.part;
    (part_width / fitted.size_px.0 / 2).min(part_height / fitted.size_px.1 / 2).max(1)
}

/// The mean of `by` times `by` pixels for each, as colour with alpha.
fn average(decoded: &Decoded, by: usize, rgba: &mut [u8]) {
    let channels = usize::from(decoded.channels);
    let row_bytes = decoded.width as usize * channels;
    let width = decoded.width as usize / by;
    let count = (by * by) as u32;
    let mut sums = vec![[0u32; 3]; width];
    for (row, out) in rgba.chunks_exact_mut(width * 4).enumerate() {
        sums.fill([0; 3]);
        for line in decoded.bytes[row * by * row_bytes..].chunks_exact(row_bytes).take(by) {
            for (sum, block) in sums.iter_mut().zip(line.chunks_exact(by * channels)) {
                for pixel in block.chunks_exact(channels) {
                    // Grey has one channel for all three.
                    (0..3).for_each(|c| sum[c] += u32::from(pixel[c.min(channels - 1)]));
                }
            }
        }
        for (pixel, sum) in out.chunks_exact_mut(4).zip(&sums) {
            let [r, g, b] = sum.map(|sum| ((sum + count / 2) / count) as u8);
            pixel.copy_from_slice(&[r, g, b, 255]);
        }
    }
}

/// Any kind of pixels as colour with alpha.
fn expand(bytes: &[u8], channels: usize, rgba: &mut [u8]) {
    let pixels = rgba.chunks_exact_mut(4);
    match channels {
        1 => pixels.zip(bytes).for_each(|(to, grey)| to.copy_from_slice(&[*grey, *grey, *grey, 255])),
        2 => pixels
            .zip(bytes.chunks_exact(2))
            .for_each(|(to, p)| to.copy_from_slice(&[p[0], p[0], p[0], p[1]])),
        3 => {
            pixels.zip(bytes.chunks_exact(3)).for_each(|(to, p)| to.copy_from_slice(&[p[0], p[1], p[2], 255]))
        }
        _ => rgba.copy_from_slice(bytes),
    }
}

/// How a picture must be turned: first mirrored, then turned clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Turned {
    is_mirrored: bool,
    quarters: u8,
    is_lying: bool,
}

impl Turned {
    fn of(orientation: Orientation) -> Turned {
        let (is_mirrored, quarters) = match orientation {
            Orientation::NoTransforms => (false, 0),
            Orientation::Rotate90 => (false, 1),
            Orientation::Rotate180 => (false, 2),
            Orientation::Rotate270 => (false, 3),
            Orientation::FlipHorizontal => (true, 0),
            Orientation::FlipVertical => (true, 2),
            // The library turns first, then mirrors from left to right: the same as mirroring first and turning back.
            Orientation::Rotate90FlipH => (true, 3),
            Orientation::Rotate270FlipH => (true, 1),
        };
        Turned { is_mirrored, quarters, is_lying: quarters % 2 == 1 }
    }
}

/// The pixels turned upright, and their size.
fn upright(rgba: Vec<u8>, (width, height): (u32, u32), turned: Turned) -> (Vec<u8>, (u32, u32)) {
    if turned.quarters == 0 && !turned.is_mirrored {
        return (rgba, (width, height));
    }
    let size = if turned.is_lying { (height, width) } else { (width, height) };
    let mut upright = Vec::with_capacity(rgba.len());
    for y in 0..size.1 {
        for x in 0..size.0 {
            let (column, row) = match turned.quarters {
                0 => (x, y),
                1 => (y, height - 1 - x),
                2 => (width - 1 - x, height - 1 - y),
                _ => (width - 1 - y, x),
            };
            let column = if turned.is_mirrored { width - 1 - column } else { column };
            let at = (row as usize * width as usize + column as usize) * 4;
            upright.extend_from_slice(&rgba[at..at + 4]);
        }
    }
    (upright, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_orientation_becomes_upright() {
        // Two columns and three rows as they are in the file, and as a camera meant them.
        let pixel = |n: u8| [n, n, n, 255];
        let file: Vec<u8> = [1, 2, 3, 4, 5, 6].into_iter().flat_map(pixel).collect();
        let cases: [(u8, &[u8], (u32, u32)); 8] = [
            (1, &[1, 2, 3, 4, 5, 6], (2, 3)),
            (2, &[2, 1, 4, 3, 6, 5], (2, 3)),
            (3, &[6, 5, 4, 3, 2, 1], (2, 3)),
            (4, &[5, 6, 3, 4, 1, 2], (2, 3)),
            (5, &[1, 3, 5, 2, 4, 6], (3, 2)),
            (6, &[5, 3, 1, 6, 4, 2], (3, 2)),
            (7, &[6, 4, 2, 5, 3, 1], (3, 2)),
            (8, &[2, 4, 6, 1, 3, 5], (3, 2)),
        ];
        for (exif, expected, size) in cases {
            let turned = Turned::of(Orientation::from_exif(exif).expect("a known one"));
            let (rgba, found) = upright(file.clone(), (2, 3), turned);
            let numbers: Vec<u8> = rgba.chunks_exact(4).map(|p| p[0]).collect();
            assert_eq!((numbers.as_slice(), found), (expected, size), "orientation {exif}");
        }
    }

    #[test]
    fn a_picture_is_shown_whole_or_fills_its_box_or_is_stretched() {
        let cases = [
            (Scale::Fit, (100, 50), [0, 0, 400, 200]),
            (Scale::Fill, (100, 100), [100, 0, 200, 200]),
            (Scale::Stretch, (100, 100), [0, 0, 400, 200]),
        ];
        for (scale, size_px, part) in cases {
            assert_eq!(fit((400, 200), (100, 100), scale), Fitted { size_px, part }, "{scale:?}");
        }
    }

    #[test]
    fn a_large_photograph_is_averaged_and_stays_twice_as_large_as_it_is_shown() {
        let buffers = Buffers::default();
        let (width, height) = (6000, 4000);
        let mut bytes = buffers.take(width as usize * height as usize);
        // Stripes of a pixel each are grey from afar.
        bytes.iter_mut().enumerate().for_each(|(at, byte)| *byte = if at % 2 == 0 { 255 } else { 0 });
        let decoded = Decoded { bytes, width, height, channels: 1, orientation: Orientation::NoTransforms };
        let fitted = fit((width, height), (720, 480), Scale::Fit);
        assert_eq!(reduction(&decoded, fitted), 4);
        assert_eq!(reduction(&decoded, fit((width, height), (3840, 2160), Scale::Fit)), 1);
        let image =
            scaled(&mut Resizer::new(), (&decoded, &buffers), (720, 480), Scale::Fit).expect("scaled");
        assert_eq!((image.width(), image.height()), (720, 480));
        let mut rgba = vec![0; 1500 * 1000 * 4];
        average(&decoded, 4, &mut rgba);
        assert!(rgba.chunks_exact(4).all(|pixel| *pixel == [128, 128, 128, 255]));
    }

    #[test]
    fn no_shape_of_picture_and_box_gives_nothing_or_more_than_there_is() {
        for picture in [(1, 8192), (8192, 1), (1, 1), (3, 5)] {
            for area in [(1, 1), (1, 500), (4096, 1), (77, 31)] {
                for scale in [Scale::Fit, Scale::Fill, Scale::Stretch] {
                    let Fitted { size_px, part } = fit(picture, area, scale);
                    assert!(size_px.0 >= 1 && size_px.1 >= 1 && size_px.0 <= area.0 && size_px.1 <= area.1);
                    let [left, top, width, height] = part;
                    assert!(width > 0 && height > 0);
                    assert!(
                        left + width <= picture.0 && top + height <= picture.1,
                        "{picture:?} {area:?} {scale:?}"
                    );
                }
            }
        }
    }
}
