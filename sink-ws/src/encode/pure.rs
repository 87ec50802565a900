//! JPEG in pure Rust, for builds without cmake and nasm.
//!
//! `libjpeg-turbo-rs` has vector code for RGB input only, where it is about as fast as libjpeg-turbo (from BGRX it
//! is three times slower), so that the frame is brought to RGB first. It copies the result once more than it must.

use bytes::Bytes;
use libjpeg_turbo_rs::{PixelFormat, Subsampling as Sampling, compress};

use super::rgb::copy_rgb;
use super::{EncodeError, JpegOptions, Source, Subsampling};

pub const NAME: &str = "libjpeg-turbo-rs";

/// The options, and the frame as RGB.
pub struct Pure {
    quality: u8,
    subsampling: Sampling,
    rgb: Vec<u8>,
}

impl Pure {
    pub fn new(options: JpegOptions) -> Pure {
        let subsampling = match options.subsampling {
            Subsampling::S420 => Sampling::S420,
            Subsampling::S422 => Sampling::S422,
            Subsampling::S444 => Sampling::S444,
        };
        Pure { quality: options.quality, subsampling, rgb: Vec::new() }
    }

    pub fn encode(&mut self, source: Source<'_>) -> Result<Bytes, EncodeError> {
        let geometry = source.geometry;
        let (width, height) = (geometry.width as usize, geometry.height as usize);
        self.rgb.resize(width * height * 3, 0);
        copy_rgb(source, geometry.bounds(), &mut self.rgb);
        compress(&self.rgb, width, height, PixelFormat::Rgb, self.quality, self.subsampling)
            .map(Bytes::from)
            .map_err(|error| EncodeError::new(NAME, geometry, error))
    }
}
