//! A framebuffer device: opened, lit, described, written to, and watched for its loss.
//!
//! Safe code over `kernel.rs`. Knows no frames; what it is asked to show comes as bytes of rows.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use casedd_common::exit::{Exit, Failure};
use tracing::debug;

use crate::kernel::{self, FbBitfield, FbFix, FbVar, Mapping};
use crate::pixels::{Bits, Channel, Layout, Shape, Size, Surface};
use crate::written::Written;

/// `FB_TYPE_PACKED_PIXELS`: one pixel after the other.
const PACKED_PIXELS: u32 = 0;
/// No display is larger; a driver that says so is broken.
const SIDE_MAX_PX: u32 = 16_384;

/// An open framebuffer.
#[derive(Debug)]
pub struct Device {
    file: File,
    path: PathBuf,
    name: String,
    /// The mode it was opened in; another one means another device for us.
    mode: FbVar,
    shape: Shape,
    start_bytes: usize,
    access: Access,
}

#[derive(Debug)]
enum Access {
    Mapped(Mapping),
    /// Since Linux 6.8 some drivers refuse mmap.
    Written(Written),
}

impl Device {
    /// Opens the device at `path` and switches its display on. What it shows stays.
    pub fn open(path: &Path) -> Result<Device, Failure> {
        let file =
            OpenOptions::new().read(true).write(true).open(path).map_err(|error| refused(path, &error))?;
        let unusable =
            |what: String| Exit::Unavailable.because(format!("framebuffer {}: {what}", path.display()));
        kernel::mode(&file).map_err(|error| not_a_framebuffer(path, &error))?;
        if file.try_lock().is_err() {
            return Err(unusable("another process shows pictures on it; stop that one first".into()));
        }
        light(&file, path);
        // Lighting may have set a mode: only now is what the driver says final.
        let mode = kernel::mode(&file).map_err(|error| unusable(error.to_string()))?;
        let memory = kernel::memory(&file).map_err(|error| unusable(error.to_string()))?;
        let (shape, start_bytes) = describe(&mode, &memory).map_err(unusable)?;
        let access = match Mapping::new(&file, memory.smem_len as usize) {
            Ok(mapping) => Access::Mapped(mapping),
            Err(error) => {
                debug!("{} cannot be mapped ({error}): writing to it instead", path.display());
                Access::Written(Written::new(shape, start_bytes as u64))
            }
        };
        let name = text(&memory.id);
        Ok(Device { file, path: path.to_owned(), name, mode, shape, start_bytes, access })
    }

    /// Whether it is still there, and still as it was when it was opened.
    ///
    /// A mapping takes stores for ever after its device is gone; only the ioctl tells.
    pub fn check(&self) -> Result<(), String> {
        let path = self.path.display();
        let mode =
            kernel::mode(&self.file).map_err(|error| format!("framebuffer {path} is gone: {error}"))?;
        // `activate` and the timings say how the mode is set, not how pixels lie.
        let same = FbVar { activate: self.mode.activate, ..mode } == self.mode;
        if same { Ok(()) } else { Err(format!("framebuffer {path} changed its mode")) }
    }

    /// The number in `/dev/fbN`, whatever link led here.
    pub fn number(&self) -> Option<u32> {
        Some(nix::sys::stat::minor(self.file.metadata().ok()?.rdev()) as u32)
    }

    /// The open descriptor.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Path and driver, for people.
    pub fn describe(&self) -> String {
        format!("{} ({})", self.path.display(), self.name)
    }

    /// What the device shows now, row after row with padding.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.shape.extent_bytes()];
        match &self.access {
            Access::Mapped(mapping) => mapping.read(self.start_bytes, &mut bytes),
            Access::Written(_) => self.file.read_exact_at(&mut bytes, self.start_bytes as u64)?,
        }
        Ok(bytes)
    }

    /// Waits until a panel with deferred I/O has what was written; others have nothing to wait for.
    pub fn sync(&self) {
        // Most drivers have no fsync and say so.
        let _ = self.file.sync_data();
    }
}

impl Surface for Device {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn write(&mut self, offset_bytes: usize, bytes: &[u8]) {
        match &mut self.access {
            Access::Mapped(mapping) => mapping.write(self.start_bytes + offset_bytes, bytes),
            Access::Written(written) => written.write(offset_bytes, bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.access {
            Access::Mapped(_) => Ok(()),
            Access::Written(written) => written.flush(&self.file),
        }
    }
}

/// A display that nothing has lit takes pixels and stays dark (DRM without a console on it).
fn light(file: &File, path: &Path) {
    let Err(error) = kernel::unblank(file) else { return };
    debug!("{} cannot be unblanked ({error}): panning lights it just as well", path.display());
    if let Ok(mode) = kernel::mode(file)
        && let Err(error) = kernel::pan(file, mode)
    {
        // Drivers that know neither are always lit.
        debug!("{} cannot be panned either ({error})", path.display());
    }
}

/// Shape, and the offset of the first visible pixel in the device's memory; checked against that memory's size.
fn describe(mode: &FbVar, memory: &FbFix) -> Result<(Shape, usize), String> {
    if memory.kind != PACKED_PIXELS {
        return Err(format!(
            "pixels in planes or text (type {}); only packed pixels are supported",
            memory.kind
        ));
    }
    let sides = 1..=SIDE_MAX_PX;
    if !sides.contains(&mode.xres) || !sides.contains(&mode.yres) {
        return Err(format!("a size of {}x{}", mode.xres, mode.yres));
    }
    if [mode.red, mode.green, mode.blue].iter().any(|channel| channel.msb_right != 0) {
        return Err("channels with their bits turned round; they are not supported".into());
    }
    let channel = |bits: FbBitfield| Channel { offset: bits.offset, length: bits.length };
    let layout = Layout::of_driver(Bits {
        per_pixel: mode.bits_per_pixel,
        is_gray: mode.grayscale == 1,
        red: channel(mode.red),
        green: channel(mode.green),
        blue: channel(mode.blue),
        alpha: channel(mode.transp),
    })?;
    let size = Size { width: mode.xres, height: mode.yres };
    let shape = Shape { size, stride_bytes: memory.line_length as usize, layout };
    if shape.stride_bytes < shape.row_bytes() {
        return Err(format!("rows of {} bytes for {size} {layout}", shape.stride_bytes));
    }
    let start = u64::from(mode.yoffset) * u64::from(memory.line_length)
        + u64::from(mode.xoffset) * layout.bytes_per_pixel() as u64;
    if start + shape.extent_bytes() as u64 > u64::from(memory.smem_len) {
        return Err(format!("{} bytes of memory for {size} {layout} at byte {start}", memory.smem_len));
    }
    Ok((shape, start as usize))
}

fn text(id: &[u8]) -> String {
    let end = id.iter().position(|byte| *byte == 0).unwrap_or(id.len());
    String::from_utf8_lossy(&id[..end]).into_owned()
}

fn refused(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    match error.kind() {
        ErrorKind::PermissionDenied => Exit::NoPermission.because(format!(
            "framebuffer {path}: {error}; put the user into the group that owns it (usually: usermod -aG video USER)"
        )),
        ErrorKind::NotFound => Exit::Unavailable.because(format!("framebuffer {path}: {error}")),
        _ => Exit::Unavailable.because(format!("framebuffer {path}: {error}; is its driver loaded?")),
    }
}

fn not_a_framebuffer(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    match error.raw_os_error().map(nix::errno::Errno::from_raw) {
        Some(nix::errno::Errno::ENODEV | nix::errno::Errno::ENXIO) => {
            Exit::Unavailable.because(format!("framebuffer {path}: {error}"))
        }
        _ => Exit::Config.because(format!(
            "{path} is no framebuffer ({error}); for a plain file use `file` (or --file) instead of `device`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode() -> FbVar {
        let field = |offset, length| FbBitfield { offset, length, msb_right: 0 };
        FbVar {
            xres: 800,
            yres: 480,
            bits_per_pixel: 16,
            red: field(11, 5),
            green: field(5, 6),
            blue: field(0, 5),
            ..FbVar::default()
        }
    }

    fn memory() -> FbFix {
        FbFix { line_length: 1664, smem_len: 1664 * 960, ..FbFix::default() }
    }

    #[test]
    fn rows_are_as_long_as_the_driver_says_and_not_as_their_pixels() {
        let (shape, start) = describe(&mode(), &memory()).expect("usable");
        assert_eq!((shape.stride_bytes, shape.row_bytes(), start), (1664, 1600, 0));
        assert_eq!(shape.layout, Layout::Rgb565);
    }

    #[test]
    fn a_panned_display_is_painted_where_it_shows() {
        let (_, start) = describe(&FbVar { yoffset: 480, xoffset: 2, ..mode() }, &memory()).expect("usable");
        assert_eq!(start, 480 * 1664 + 4);
    }

    #[test]
    fn a_driver_that_contradicts_itself_is_refused() {
        let refused = |mode: FbVar, memory: FbFix| describe(&mode, &memory).expect_err("refused");
        assert!(refused(mode(), FbFix { smem_len: 100, ..memory() }).contains("100 bytes of memory"));
        assert!(refused(mode(), FbFix { line_length: 1599, ..memory() }).contains("rows of 1599"));
        assert!(refused(mode(), FbFix { kind: 1, ..memory() }).contains("packed"));
        assert!(refused(FbVar { yoffset: u32::MAX, ..mode() }, memory()).contains("memory"));
        assert!(refused(FbVar { xres: 0, ..mode() }, memory()).contains("0x480"));
    }

    #[test]
    fn a_plain_file_is_no_framebuffer_and_the_message_says_what_to_use() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let failure = Device::open(file.path()).expect_err("refused");
        assert_eq!(failure.exit, Exit::Config);
        assert!(failure.message.contains("--file"), "{failure}");
    }
}
