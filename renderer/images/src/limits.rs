//! The bounds of everything that pictures may take.
//! Leaves out who keeps them.

/// Most bytes of a file.
pub const FILE_BYTES_MAX: u64 = 32 << 20;
/// Longest side of a picture in its file.
pub const SIDE_PX_MAX: u32 = 8192;
/// Most bytes of a decoded picture, four for each pixel: a camera's 24 million pixels fit.
pub const PICTURE_BYTES_MAX: u64 = 96 << 20;
/// From so many pixels on a photograph is made smaller while it is taken over, not only after that.
pub const LARGE_PX: usize = 4 << 20;
/// Most bytes that all loaders together work with at a time; one picture with its file always fits.
pub const WORK_BYTES_MAX: u64 = 224 << 20;
/// Most buffers kept for the next picture, and most bytes of all of them.
pub const BUFFERS_MAX: usize = 8;
pub const BUFFERS_BYTES_MAX: usize = 48 << 20;
/// Most pictures and listings kept ready, and most bytes of the pictures.
pub const READY_MAX: usize = 96;
pub const READY_BYTES_MAX: usize = 128 << 20;
/// Most jobs that wait for a loader.
pub const JOBS_MAX: usize = 128;
/// Most files of one folder.
pub const FILES_MAX: usize = 2000;
/// How often a file that is shown is looked at for a change.
pub const CHECK_NS: u64 = 2_000_000_000;
/// How often a folder is listed anew.
pub const LIST_NS: u64 = 10_000_000_000;
/// What nobody asked for so long is forgotten.
pub const UNUSED_NS: u64 = 60_000_000_000;
/// How long a loader waits for work before its thread ends.
pub const IDLE_MS: u64 = 5_000;
