//! A plain file in place of a device: raw pixels, row after row, nothing before, between or behind them.
//!
//! Written in place, so that a reader may map it. Two writers are refused; readers are nobody's concern.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use casedd_common::exit::{Exit, Failure};
use nix::fcntl::{OFlag, posix_fallocate};

use crate::pixels::{Layout, Shape, Size, Surface};
use crate::written::Written;

/// An open file of pixels.
#[derive(Debug)]
pub struct PlainFile {
    file: File,
    path: PathBuf,
    /// Device and inode, by which a file that was put in its place is known.
    identity: (u64, u64),
    written: Written,
    shape: Shape,
}

impl PlainFile {
    /// Opens or creates the file. One that has the right length keeps its picture; any other one becomes black.
    pub fn open(path: &Path, size: Size, layout: Layout) -> Result<PlainFile, Failure> {
        let shape = Shape { size, stride_bytes: size.width as usize * layout.bytes_per_pixel(), layout };
        let failed = |what: &str, error: &io::Error| {
            let exit = match Exit::of_io(error) {
                Exit::NoPermission => Exit::NoPermission,
                _ => Exit::CantCreate,
            };
            exit.because(format!("{what} {}: {error}", path.display()))
        };
        // A pipe in place of the file must not block the open.
        let nonblocking = OFlag::O_NONBLOCK.bits();
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .custom_flags(nonblocking)
            .open(path)
            .map_err(|error| failed("cannot open", &error))?;
        let metadata = file.metadata().map_err(|error| failed("cannot look at", &error))?;
        if !metadata.is_file() {
            let message = format!("{} is no plain file; a framebuffer is given as `device`", path.display());
            return Err(Exit::Config.because(message));
        }
        if file.try_lock().is_err() {
            let message =
                format!("another process writes to {}; give each output a file of its own", path.display());
            return Err(Exit::Unavailable.because(message));
        }
        if metadata.len() != shape.extent_bytes() as u64 {
            allocate(&file, shape.extent_bytes()).map_err(|error| {
                let what =
                    format!("cannot make room for {} bytes ({size} {layout}) in", shape.extent_bytes());
                failed(&what, &error)
            })?;
        }
        let identity = (metadata.dev(), metadata.ino());
        Ok(PlainFile { file, path: path.to_owned(), identity, written: Written::new(shape, 0), shape })
    }

    /// Whether the path still leads to this file, and it still has its length.
    pub fn check(&self) -> Result<(), String> {
        let path = self.path.display();
        let now = std::fs::metadata(&self.path).map_err(|error| format!("file {path} is gone: {error}"))?;
        if (now.dev(), now.ino()) != self.identity {
            return Err(format!("another file is in the place of {path}"));
        }
        if now.len() != self.shape.extent_bytes() as u64 {
            return Err(format!("file {path} was cut to {} bytes", now.len()));
        }
        Ok(())
    }

    /// The path, for people.
    pub fn describe(&self) -> String {
        self.path.display().to_string()
    }

    /// What is in the file.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.shape.extent_bytes()];
        self.file.read_exact_at(&mut bytes, 0)?;
        Ok(bytes)
    }
}

impl Surface for PlainFile {
    fn shape(&self) -> Shape {
        self.shape
    }

    fn write(&mut self, offset_bytes: usize, bytes: &[u8]) {
        self.written.write(offset_bytes, bytes);
    }

    fn flush(&mut self) -> io::Result<()> {
        self.written.flush(&self.file)
    }
}

/// Gives the file exactly that length, with every byte of it on the disk: a full disk says so now and not later.
fn allocate(file: &File, len: usize) -> io::Result<()> {
    file.set_len(0)?;
    let result = posix_fallocate(file, 0, len as i64);
    if result.is_err() {
        // Nothing half made stays behind.
        file.set_len(0)?;
    }
    result.map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 4, height: 2 };

    #[test]
    fn a_new_file_has_exactly_its_pixels_and_is_black() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("panel.raw");
        let file = PlainFile::open(&path, SIZE, Layout::Rgb24).expect("made");
        assert_eq!(std::fs::read(&path).expect("read"), [0; 24]);
        assert_eq!(file.check(), Ok(()));
    }

    #[test]
    fn a_file_that_fits_keeps_its_picture_and_any_other_one_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("panel.raw");
        std::fs::write(&path, [7; 24]).expect("written");
        drop(PlainFile::open(&path, SIZE, Layout::Rgb24).expect("opened"));
        assert_eq!(std::fs::read(&path).expect("read"), [7; 24]);
        drop(PlainFile::open(&path, SIZE, Layout::Rgb565).expect("opened"));
        assert_eq!(std::fs::read(&path).expect("read"), [0; 16]);
    }

    #[test]
    fn two_writers_of_one_file_are_one_too_many() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("panel.raw");
        let first = PlainFile::open(&path, SIZE, Layout::Rgb24).expect("made");
        let failure = PlainFile::open(&path, SIZE, Layout::Rgb24).expect_err("refused");
        assert_eq!(failure.exit, Exit::Unavailable);
        drop(first);
        PlainFile::open(&path, SIZE, Layout::Rgb24).expect("free again");
    }

    #[test]
    fn a_removed_a_replaced_and_a_cut_file_are_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("panel.raw");
        let open = || PlainFile::open(&path, SIZE, Layout::Rgb24).expect("made");
        let cut = open();
        std::fs::write(&path, "short").expect("written");
        assert!(cut.check().expect_err("noticed").contains("cut to 5"));
        drop(cut);
        let replaced = open();
        std::fs::remove_file(&path).expect("removed");
        assert!(replaced.check().expect_err("noticed").contains("gone"));
        std::fs::write(&path, [0; 24]).expect("written");
        assert!(replaced.check().expect_err("noticed").contains("another file"));
    }

    #[test]
    fn folders_pipes_and_missing_folders_are_refused_in_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("made");
        let exit = |path: &Path| PlainFile::open(path, SIZE, Layout::Rgb24).expect_err("refused").exit;
        assert_eq!(exit(&pipe), Exit::Config);
        assert_eq!(exit(folder.path()), Exit::CantCreate);
        assert_eq!(exit(&folder.path().join("no/such/file")), Exit::CantCreate);
    }
}
