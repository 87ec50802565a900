//! A small file that is read again and again: kept open and read in place where the kernel makes its text anew.
//!
//! Parses nothing.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use nix::sys::statfs::{PROC_SUPER_MAGIC, SYSFS_MAGIC, fstatfs};

use crate::error::{GetterError, ParseError};

/// Most bytes read of one file: more than any /proc file of a machine with a thousand processors has.
const FILE_BYTES_MAX: usize = 1024 * 1024;
/// What a first read asks for.
const READ_BYTES: usize = 4096;

/// One file, with its buffer.
#[derive(Debug)]
pub struct HeldFile {
    path: PathBuf,
    /// Kept only on procfs and sysfs: elsewhere (lxcfs, a copied tree) a file may be replaced under its name.
    held: Option<File>,
    buffer: Vec<u8>,
}

impl HeldFile {
    /// The file at `path`, not yet opened.
    pub fn new(path: impl Into<PathBuf>) -> HeldFile {
        HeldFile { path: path.into(), held: None, buffer: Vec::new() }
    }

    /// Its name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its text now.
    pub fn read(&mut self) -> Result<Cow<'_, str>, GetterError> {
        let length =
            self.fill().map_err(|source| GetterError::Unreadable { path: self.path.clone(), source })?;
        Ok(String::from_utf8_lossy(&self.buffer[..length]))
    }

    /// Its text now, given to `parse`.
    pub fn parse<T>(&mut self, parse: impl FnOnce(&str) -> Result<T, ParseError>) -> Result<T, GetterError> {
        let parsed = parse(&self.read()?);
        parsed.map_err(|source| GetterError::Malformed { path: self.path.clone(), source })
    }

    /// Reads by the held descriptor; a device or server that went and came back is opened anew once.
    fn fill(&mut self) -> io::Result<usize> {
        if let Some(file) = self.held.take()
            && let Ok(length) = read_whole(&file, &mut self.buffer)
        {
            self.held = Some(file);
            return Ok(length);
        }
        let file = File::open(&self.path)?;
        let length = read_whole(&file, &mut self.buffer)?;
        let kind = fstatfs(&file)?.filesystem_type();
        self.held = (kind == PROC_SUPER_MAGIC || kind == SYSFS_MAGIC).then_some(file);
        Ok(length)
    }
}

fn read_whole(file: &File, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let mut length = 0;
    loop {
        if buffer.len() - length < READ_BYTES {
            buffer.resize((buffer.len() * 2).max(2 * READ_BYTES), 0);
        }
        match file.read_at(&mut buffer[length..], length as u64) {
            Ok(0) => return Ok(length),
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length > FILE_BYTES_MAX {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it has more than 1 MiB"));
        }
    }
}

/// The trimmed text of a small file that may well not be there.
pub fn read_line(path: impl AsRef<Path>) -> Option<String> {
    let text = HeldFile::new(path.as_ref())
        .read()
        .ok()?
        .trim_matches(|c: char| c.is_whitespace() || c == '\0')
        .to_owned();
    (!text.is_empty()).then_some(text)
}

/// The names in a folder, sorted; none when it cannot be read.
pub fn names_in(path: impl AsRef<Path>) -> Vec<String> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_proc_is_kept_open_and_gives_fresh_text() {
        let mut file = HeldFile::new("/proc/uptime");
        let first = file.read().expect("readable").into_owned();
        assert!(file.held.is_some());
        while file.read().expect("readable") == first {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_plain_file_that_is_replaced_is_read_anew() {
        let top = tempfile::tempdir().expect("a temporary folder");
        let path = top.path().join("value");
        let mut file = HeldFile::new(&path);
        assert!(file.read().expect_err("not there").to_string().contains("value"));
        std::fs::write(&path, "a".repeat(10_000)).expect("written");
        assert_eq!(file.read().expect("readable").len(), 10_000);
        std::fs::write(top.path().join("other"), "b").expect("written");
        std::fs::rename(top.path().join("other"), &path).expect("renamed");
        assert_eq!(file.read().expect("readable"), "b");
    }

    #[test]
    fn a_file_without_end_is_refused() {
        assert!(HeldFile::new("/dev/zero").read().is_err());
    }
}
