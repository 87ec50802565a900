//! Why there is no picture, in words for its placeholder and the log.
//! Leaves out what is done about it.

use std::io;

use crate::limits::{FILE_BYTES_MAX, PICTURE_BYTES_MAX, SIDE_PX_MAX};

/// Why a file gives no picture.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// There is no folder to look in.
    #[error("no asset folder is set")]
    NoFolder,
    /// No asset folder has it.
    #[error("not found")]
    NotFound,
    /// It lies elsewhere, or a link leads elsewhere.
    #[error("outside of the asset folders")]
    Outside,
    /// A folder, a named pipe, a device.
    #[error("no regular file")]
    NotRegular,
    /// The system does not let us have it.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// More bytes than are read.
    #[error("{0} bytes; at most {FILE_BYTES_MAX} are read")]
    TooLong(u64),
    /// More pixels than are decoded.
    #[error("{0}x{1} pixels; at most {SIDE_PX_MAX} a side and {PICTURE_BYTES_MAX} bytes in all")]
    TooLarge(u32, u32),
    /// Neither of the formats, whatever its name says.
    #[error("neither PNG nor JPEG")]
    NotAnImage,
    /// One of them, but damaged.
    #[error("broken: {0}")]
    Broken(String),
}

impl ImageError {
    /// Whether the file itself is at fault, so that an earlier picture of it may stay: it is perhaps being written.
    pub fn is_broken(&self) -> bool {
        match self {
            ImageError::TooLong(_)
            | ImageError::TooLarge(..)
            | ImageError::NotAnImage
            | ImageError::Broken(_) => true,
            ImageError::NoFolder
            | ImageError::NotFound
            | ImageError::Outside
            | ImageError::NotRegular
            | ImageError::Unreadable(_) => false,
        }
    }
}
