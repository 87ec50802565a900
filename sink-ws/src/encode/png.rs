//! PNG, without loss, for whoever asks for it.
//!
//! Slow beside JPEG (tens of milliseconds): never for streams, and not on the thread that takes frames.

use bytes::Bytes;
use casedd_common::transport::frame::Geometry;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use super::EncodeError;

/// Encodes `rgb` (rows without gaps).
pub fn encode_png(rgb: &[u8], geometry: Geometry) -> Result<Bytes, EncodeError> {
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive)
        .write_image(rgb, geometry.width, geometry.height, ExtendedColorType::Rgb8)
        .map_err(|error| EncodeError::new("the PNG encoder", geometry, error))?;
    Ok(Bytes::from(png))
}
