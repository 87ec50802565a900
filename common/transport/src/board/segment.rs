//! The named file behind a board: made by `shared_memory`, which this module alone knows, or found by its name.
//! What lies in it is left to `layout`, `writer` and `reader`.
//!
//! `shared_memory` maps everything for writing, unlinks when it is dropped, and allocates nothing: so it only makes
//! the file here, gives up ownership at once, and our own mapping follows.

use super::BoardError;
use nix::errno::Errno;
use nix::fcntl::{FallocateFlags, Flock, FlockArg, OFlag, fallocate};
use nix::sys::mman::{shm_open, shm_unlink};
use nix::sys::stat::{Mode, fchmod, fstat};
use shared_memory::{ShmemConf, ShmemError};
use std::os::fd::{AsFd, OwnedFd};

/// Makes the named file, `bytes` long and empty; false when the name is taken.
pub fn create(name: &str, bytes: usize) -> Result<bool, BoardError> {
    match ShmemConf::new().os_id(name).size(bytes).create() {
        Ok(mut made) => {
            made.set_owner(false);
            Ok(true)
        }
        Err(ShmemError::MappingIdExists) => Ok(false),
        Err(error) => {
            let source = std::io::Error::other(error.to_string());
            Err(BoardError::Os { what: format!("cannot make board {name}"), source })
        }
    }
}

/// Opens the named file; `None` when there is none.
pub fn open(name: &str, writable: bool) -> Result<Option<OwnedFd>, BoardError> {
    let access = if writable { OFlag::O_RDWR } else { OFlag::O_RDONLY };
    match shm_open(name, access | OFlag::O_CLOEXEC, Mode::empty()) {
        Ok(file) => Ok(Some(file)),
        Err(Errno::ENOENT) => Ok(None),
        Err(errno) => Err(BoardError::os(format!("cannot open board {name}"))(errno)),
    }
}

/// Keeps every other writer out until the result is dropped or the process dies; `None` when there is one.
pub fn lock(name: &str, file: OwnedFd) -> Result<Option<Flock<OwnedFd>>, BoardError> {
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(locked) => Ok(Some(locked)),
        Err((_, Errno::EWOULDBLOCK)) => Ok(None),
        Err((_, errno)) => Err(BoardError::os(format!("cannot lock board {name}"))(errno)),
    }
}

/// What tells two files of one name apart, with length and owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Device and inode.
    pub file: (u64, u64),
    /// Length.
    pub bytes: usize,
    /// Owner.
    pub uid: u32,
}

/// Identity of an open file.
pub fn identity(name: &str, file: impl AsFd) -> Result<Identity, BoardError> {
    let found = fstat(file).map_err(BoardError::os(format!("cannot look at board {name}")))?;
    let bytes = usize::try_from(found.st_size).unwrap_or(0);
    Ok(Identity { file: (found.st_dev, found.st_ino), bytes, uid: found.st_uid })
}

/// True when the name still means this file.
pub fn is_current(name: &str, known: &Identity) -> bool {
    let found = open(name, false).ok().flatten().and_then(|file| identity(name, &file).ok());
    found.is_some_and(|found| found.file == known.file)
}

/// Allocates a part of the file, so that touching it cannot fail.
pub fn allocate(name: &str, file: impl AsFd, from: usize, bytes: usize) -> Result<(), BoardError> {
    match fallocate(file, FallocateFlags::empty(), from as i64, bytes as i64) {
        Ok(()) => Ok(()),
        Err(Errno::ENOSPC | Errno::ENOMEM) => Err(BoardError::Full { name: name.to_owned(), bytes }),
        Err(errno) => Err(BoardError::os(format!("cannot allocate {bytes} bytes of board {name}"))(errno)),
    }
}

/// Sets who may read the file.
pub fn set_mode(name: &str, file: impl AsFd, mode: u32) -> Result<(), BoardError> {
    fchmod(file, Mode::from_bits_truncate(mode))
        .map_err(BoardError::os(format!("cannot set the mode of board {name}")))
}

/// Removes the name; false when there was none.
pub fn unlink(name: &str) -> Result<bool, BoardError> {
    match shm_unlink(name) {
        Ok(()) => Ok(true),
        Err(Errno::ENOENT) => Ok(false),
        Err(errno) => Err(BoardError::os(format!("cannot remove board {name}"))(errno)),
    }
}
