//! JPEG by libjpeg-turbo.
//!
//! Reads the frame in place, whatever its stride; only the finished bytes are copied, into memory that is used again.

use bytes::Bytes;
use turbojpeg::{Compressor, Image, OutputBuf, PixelFormat, Subsamp};

use super::kept::Kept;
use super::{EncodeError, JpegOptions, Source, Subsampling};
use casedd_common::transport::frame::Geometry;

pub const NAME: &str = "libjpeg-turbo";

/// A compressor and its output buffer.
pub struct Turbo {
    compressor: Compressor,
    output: OutputBuf<'static>,
    kept: Kept,
}

impl Turbo {
    pub fn new(options: JpegOptions) -> Result<Turbo, EncodeError> {
        let subsampling = match options.subsampling {
            Subsampling::S420 => Subsamp::Sub2x2,
            Subsampling::S422 => Subsamp::Sub2x1,
            Subsampling::S444 => Subsamp::None,
        };
        let mut compressor = Compressor::new().map_err(|error| refused(None, error))?;
        compressor.set_quality(i32::from(options.quality)).map_err(|error| refused(None, error))?;
        compressor.set_subsamp(subsampling).map_err(|error| refused(None, error))?;
        Ok(Turbo { compressor, output: OutputBuf::new_owned(), kept: Kept::default() })
    }

    pub fn encode(&mut self, source: Source<'_>) -> Result<Bytes, EncodeError> {
        let geometry = source.geometry;
        let image = Image {
            pixels: source.pixels,
            width: geometry.width as usize,
            pitch: geometry.stride_bytes as usize,
            height: geometry.height as usize,
            format: PixelFormat::BGRX,
        };
        self.compressor.compress(image, &mut self.output).map_err(|error| refused(Some(geometry), error))?;
        Ok(self.kept.copy(&self.output))
    }
}

fn refused(geometry: Option<Geometry>, error: turbojpeg::Error) -> EncodeError {
    let (width, height) = geometry.map_or((0, 0), |geometry| (geometry.width, geometry.height));
    EncodeError { encoder: NAME, width, height, reason: error.to_string() }
}
