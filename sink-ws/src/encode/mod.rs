//! Frames to JPEG and PNG: one `JpegEncoder`, whichever library does the work.
//!
//! Leaves out who asks for a picture and when. The frame's damage reaches every encoder, for one that encodes only
//! what changed; those here encode the whole frame.

#[cfg(feature = "turbojpeg")]
mod kept;
mod png;
#[cfg(feature = "pure-jpeg")]
mod pure;
mod rgb;
#[cfg(feature = "turbojpeg")]
mod turbo;

#[cfg(not(any(feature = "pure-jpeg", feature = "turbojpeg")))]
compile_error!("casedd-sink-ws needs a JPEG encoder: switch on the feature `pure-jpeg` or `turbojpeg`");

use bytes::Bytes;
use casedd_common::transport::frame::{Damage, Geometry};

pub use png::encode_png;
pub use rgb::copy_rgb;

/// A frame to encode.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Bytes B, G, R, X; rows `geometry.stride_bytes` apart.
    pub pixels: &'a [u8],
    /// Size and layout.
    pub geometry: Geometry,
    /// What changed since the frame encoded before.
    pub damage: &'a Damage,
}

/// How a JPEG is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JpegOptions {
    /// 1 (smallest) to 100 (best).
    pub quality: u8,
    /// How much resolution the colours keep.
    pub subsampling: Subsampling,
}

/// How much resolution the colours keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Subsampling {
    /// A quarter of it: smallest, and enough for a dashboard.
    #[default]
    #[value(name = "4:2:0")]
    S420,
    /// Half of it, across.
    #[value(name = "4:2:2")]
    S422,
    /// All of it: for small coloured text.
    #[value(name = "4:4:4")]
    S444,
}

/// A picture that could not be encoded.
#[derive(Debug, thiserror::Error)]
#[error("{encoder} refuses a {width}x{height} picture: {reason}")]
pub struct EncodeError {
    encoder: &'static str,
    width: u32,
    height: u32,
    reason: String,
}

impl EncodeError {
    fn new(encoder: &'static str, geometry: Geometry, reason: impl ToString) -> Self {
        EncodeError { encoder, width: geometry.width, height: geometry.height, reason: reason.to_string() }
    }
}

/// An encoder with the buffers that it uses again for each frame.
pub enum JpegEncoder {
    /// libjpeg-turbo.
    #[cfg(feature = "turbojpeg")]
    Turbo(turbo::Turbo),
    /// Pure Rust.
    #[cfg(feature = "pure-jpeg")]
    Pure(pure::Pure),
}

impl JpegEncoder {
    /// The fastest encoder of this build.
    pub fn new(options: JpegOptions) -> Result<JpegEncoder, EncodeError> {
        #[cfg(feature = "turbojpeg")]
        return JpegEncoder::turbo(options);
        #[cfg(not(feature = "turbojpeg"))]
        return Ok(JpegEncoder::pure(options));
    }

    /// libjpeg-turbo.
    #[cfg(feature = "turbojpeg")]
    pub fn turbo(options: JpegOptions) -> Result<JpegEncoder, EncodeError> {
        turbo::Turbo::new(options).map(JpegEncoder::Turbo)
    }

    /// Pure Rust.
    #[cfg(feature = "pure-jpeg")]
    pub fn pure(options: JpegOptions) -> JpegEncoder {
        JpegEncoder::Pure(pure::Pure::new(options))
    }

    /// Encodes a frame.
    pub fn encode(&mut self, source: Source<'_>) -> Result<Bytes, EncodeError> {
        match self {
            #[cfg(feature = "turbojpeg")]
            JpegEncoder::Turbo(turbo) => turbo.encode(source),
            #[cfg(feature = "pure-jpeg")]
            JpegEncoder::Pure(pure) => pure.encode(source),
        }
    }

    /// Which library does the work.
    pub fn name(&self) -> &'static str {
        match self {
            #[cfg(feature = "turbojpeg")]
            JpegEncoder::Turbo(_) => turbo::NAME,
            #[cfg(feature = "pure-jpeg")]
            JpegEncoder::Pure(_) => pure::NAME,
        }
    }
}
