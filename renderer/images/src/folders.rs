//! Opens files of the asset folders, and none outside: neither by `..` nor by a link.
//! Leaves out what is in them.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{CWD, Dir, FileType, Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;

use crate::error::ImageError;
use crate::limits::{FILE_BYTES_MAX, FILES_MAX};

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    device: u64,
    inode: u64,
    length: u64,
    changed_ns: i128,
}

impl Stamp {
    fn of(stat: &Stat) -> Stamp {
        let changed_ns = i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec);
        Stamp { device: stat.st_dev, inode: stat.st_ino, length: stat.st_size.max(0) as u64, changed_ns }
    }
}

/// A file that was opened, and is a regular one.
#[derive(Debug)]
pub struct Opened {
    file: File,
    /// Its state when it was opened.
    pub stamp: Stamp,
}

impl Opened {
    /// How long it is.
    pub fn length(&self) -> u64 {
        self.stamp.length
    }

    /// As much of its beginning as there is room for; gives how much there was.
    pub fn read_into(&self, buffer: &mut [u8]) -> Result<usize, ImageError> {
        let mut length = 0;
        while length < buffer.len() {
            match self.file.read_at(&mut buffer[length..], length as u64) {
                Ok(0) => break,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(length)
    }
}

/// The folders that pictures may come from, first match wins.
#[derive(Clone, Debug, Default)]
pub struct Folders(Arc<[PathBuf]>);

impl Folders {
    /// These folders, which need not be there yet.
    pub fn new(folders: Vec<PathBuf>) -> Folders {
        Folders(folders.into())
    }

    /// The regular file at `path`, which starts at an asset folder, or is a whole path into one.
    pub fn open(&self, path: &str) -> Result<Opened, ImageError> {
        let (file, stat) = self.find(path)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => {}
            _ => return Err(ImageError::NotRegular),
        }
        let stamp = Stamp::of(&stat);
        if stamp.length > FILE_BYTES_MAX {
            return Err(ImageError::TooLong(stamp.length));
        }
        Ok(Opened { file: file.into(), stamp })
    }

    /// The pictures of a folder by their names' ends, sorted; of a file, itself.
    pub fn list(&self, path: &str) -> Result<Vec<String>, ImageError> {
        let (file, stat) = self.find(path)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => return Ok(vec![path.to_owned()]),
            FileType::Directory => {}
            _ => return Err(ImageError::NotRegular),
        }
        let mut names = Vec::new();
        for entry in Dir::read_from(&file).map_err(io::Error::from)?.take(FILES_MAX) {
            let entry = entry.map_err(io::Error::from)?;
            if let Ok(name) = entry.file_name().to_str()
                && is_picture(name)
            {
                names.push(format!("{}/{name}", path.trim_end_matches('/')));
            }
        }
        names.sort();
        Ok(names)
    }

    fn find(&self, path: &str) -> Result<(OwnedFd, Stat), ImageError> {
        if self.0.is_empty() {
            return Err(ImageError::NoFolder);
        }
        let path = Path::new(path);
        let mut refusal = ImageError::NotFound;
        for folder in self.0.iter() {
            let beneath = if path.is_absolute() { path.strip_prefix(folder).ok() } else { Some(path) };
            let Some(beneath) = beneath else {
                refusal = ImageError::Outside;
                continue;
            };
            match open_beneath(folder, beneath) {
                Ok(found) => return Ok(found),
                Err(Errno::NOENT | Errno::NOTDIR) => {}
                Err(Errno::XDEV | Errno::LOOP) => refusal = ImageError::Outside,
                // A socket; the others are opened and looked at.
                Err(Errno::NXIO) => refusal = ImageError::NotRegular,
                Err(errno) => refusal = ImageError::Unreadable(errno.into()),
            }
        }
        Err(refusal)
    }
}

/// Opens without waiting: a named pipe would wait for its writer for ever.
fn open_beneath(folder: &Path, path: &Path) -> Result<(OwnedFd, Stat), Errno> {
    let folder_flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = rustix::fs::openat(CWD, folder, folder_flags, Mode::empty())?;
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    let file = rustix::fs::openat2(&folder, path, flags, Mode::empty(), resolve)?;
    let stat = rustix::fs::fstat(&file)?;
    Ok((file, stat))
}

fn is_picture(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    !name.starts_with('.') && ["png", "jpg", "jpeg"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}
