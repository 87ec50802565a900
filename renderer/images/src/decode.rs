//! From a file's bytes to pixels: PNG and JPEG, told by their content.
//! Leaves out files, and scaling (`scale`). Texts and colour profiles in a file are not looked at: they can be made to
//! unpack to hundreds of megabytes.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::metadata::Orientation;

use crate::buffers::{Buffer, Buffers};
use crate::error::ImageError;
use crate::limits::{PICTURE_BYTES_MAX, SIDE_PX_MAX};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";

/// A decoded picture.
pub struct Decoded {
    /// Rows of pixels without gaps, `channels` bytes each.
    pub bytes: Buffer,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// 1: grey, 2: grey and alpha, 3: colour, 4: colour and alpha.
    pub channels: u8,
    /// How it must be turned to be upright.
    pub orientation: Orientation,
}

/// Decodes a file's bytes.
pub fn decode(file: &[u8], buffers: &Buffers) -> Result<Decoded, ImageError> {
    if file.starts_with(PNG) {
        png(file, buffers)
    } else if file.starts_with(JPEG) {
        jpeg(file, buffers)
    } else {
        Err(ImageError::NotAnImage)
    }
}

/// How many bytes the pixels of a file will take, as they are and as colour with alpha, by its beginning; the most that any may take where that does not
/// tell.
pub fn needed_bytes(beginning: &[u8]) -> u64 {
    let size = match beginning {
        [head @ .., _] if head.starts_with(PNG) => {
            let side = |at: usize| Some(u32::from_be_bytes(beginning.get(at..at + 4)?.try_into().ok()?));
            side(16).zip(side(20))
        }
        _ => JpegDecoder::new(Cursor::new(beginning)).ok().map(|decoder| decoder.dimensions()),
    };
    size.map_or(2 * PICTURE_BYTES_MAX, |(width, height)| u64::from(width) * u64::from(height) * 8)
        .min(2 * PICTURE_BYTES_MAX)
}

/// Refuses what is larger than the limits, before any memory is asked for.
fn check(width: u32, height: u32) -> Result<(), ImageError> {
    let bytes = u64::from(width) * u64::from(height) * 4;
    if width == 0 || height == 0 || width > SIDE_PX_MAX || height > SIDE_PX_MAX || bytes > PICTURE_BYTES_MAX {
        return Err(ImageError::TooLarge(width, height));
    }
    Ok(())
}

fn png(file: &[u8], buffers: &Buffers) -> Result<Decoded, ImageError> {
    let broken = |error: png::DecodingError| ImageError::Broken(error.to_string());
    let limits = png::Limits { bytes: PICTURE_BYTES_MAX as usize };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(broken)?;
    check(header.width, header.height)?;
    let mut reader = decoder.read_info().map_err(broken)?;
    let (color, _) = reader.output_color_type();
    let (width, height) = reader.info().size();
    let length = reader.output_buffer_size().ok_or(ImageError::TooLarge(width, height))?;
    let mut bytes = buffers.take(length);
    reader.next_frame(&mut bytes).map_err(broken)?;
    let channels = color.samples() as u8;
    Ok(Decoded { bytes, width, height, channels, orientation: Orientation::NoTransforms })
}

fn jpeg(file: &[u8], buffers: &Buffers) -> Result<Decoded, ImageError> {
    let broken = |error: image::ImageError| ImageError::Broken(error.to_string());
    let mut decoder = JpegDecoder::new(Cursor::new(file)).map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let channels = decoder.color_type().channel_count();
    check(width, height)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut bytes = buffers.take(width as usize * height as usize * usize::from(channels));
    if decoder.total_bytes() != bytes.len() as u64 {
        return Err(ImageError::Broken("its pixels are of an unknown kind".into()));
    }
    decoder.read_image(&mut bytes).map_err(broken)?;
    Ok(Decoded { bytes, width, height, channels, orientation })
}
