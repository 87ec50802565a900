//! Comparing pictures: decoding, golden files, and a diff picture when they differ.

use std::path::Path;

use image::{ImageFormat, Rgb, RgbImage};

/// How far apart two pictures are.
#[derive(Clone, Copy, Debug)]
pub struct Distance {
    /// The largest difference of any channel of any pixel.
    pub max: u8,
    /// The mean difference of a channel.
    pub mean: f64,
}

/// Decodes a JPEG or PNG.
///
/// # Panics
/// When the bytes are no such picture.
pub fn decode(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).expect("the bytes are a picture").to_rgb8()
}

/// Reads raw XRGB8888 rows of `width` pixels, `stride_bytes` apart.
///
/// # Panics
/// When the bytes do not hold whole rows.
pub fn from_xrgb(bytes: &[u8], width: u32, height: u32, stride_bytes: usize) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let at = y as usize * stride_bytes + x as usize * 4;
        Rgb([bytes[at + 2], bytes[at + 1], bytes[at]])
    })
}

/// How far apart `a` and `b` are.
///
/// # Panics
/// When their sizes differ.
pub fn distance(a: &RgbImage, b: &RgbImage) -> Distance {
    assert_eq!(a.dimensions(), b.dimensions(), "the pictures have different sizes");
    let (mut max, mut sum) = (0, 0_u64);
    for (left, right) in a.as_raw().iter().zip(b.as_raw()) {
        let difference = left.abs_diff(*right);
        max = max.max(difference);
        sum += u64::from(difference);
    }
    Distance { max, mean: sum as f64 / a.as_raw().len() as f64 }
}

/// Compares `picture` with the golden file, to the pixel. With `CASEDD_BLESS=1` the golden file is written instead.
///
/// # Panics
/// When they differ: a picture of the difference is left beside the golden file.
pub fn assert_golden(picture: &RgbImage, golden: &Path) {
    if std::env::var_os("CASEDD_BLESS").is_some() {
        std::fs::create_dir_all(golden.parent().expect("a golden file has a folder")).expect("folder");
        picture.save_with_format(golden, ImageFormat::Png).expect("a golden file can be written");
        return;
    }
    let bytes = std::fs::read(golden)
        .unwrap_or_else(|error| panic!("{}: {error}; CASEDD_BLESS=1 writes it", golden.display()));
    let expected = decode(&bytes);
    if expected.dimensions() == picture.dimensions() && distance(&expected, picture).max == 0 {
        return;
    }
    let diff = golden.with_extension("diff.png");
    picture.save_with_format(&diff, ImageFormat::Png).expect("a diff picture can be written");
    panic!("the picture differs from {}: see {}", golden.display(), diff.display());
}
