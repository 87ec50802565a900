//! Memory files: made, filled and sealed by their one writer, checked and mapped read-only by everybody else.
//! What lies in them is left to `layout` and to the pool and the ring.

use crate::map::Mapping;
use rustix::fs::{FallocateFlags, MemfdFlags, SealFlags, fallocate, fcntl_add_seals, fcntl_get_seals};
use rustix::io::Errno;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

/// With these nobody can resize the file, map it for writing, write to it, or lift a seal; the one mapping that
/// its maker has already still writes.
pub const SEALS: SealFlags =
    SealFlags::SHRINK.union(SealFlags::GROW).union(SealFlags::FUTURE_WRITE).union(SealFlags::SEAL);

/// A memory file that this process writes.
pub struct Segment {
    file: OwnedFd,
    mapping: Arc<Mapping>,
}

impl Segment {
    /// Makes a zeroed memory file of `bytes`, all of it allocated and mapped before anybody hears of it.
    pub fn create(name: &str, bytes: usize) -> io::Result<Segment> {
        let file = memory_file(name)?;
        fallocate(&file, FallocateFlags::empty(), 0, bytes as u64)?;
        let mapping = Arc::new(Mapping::writable(file.as_fd(), bytes)?);
        Ok(Segment { file, mapping })
    }

    /// The same, but mapped page by page as they are touched or [prepared](Mapping::prepare): what is large is used part
    /// by part. Its memory is reserved all the same.
    pub fn create_sparse(name: &str, bytes: usize) -> io::Result<Segment> {
        let file = memory_file(name)?;
        fallocate(&file, FallocateFlags::empty(), 0, bytes as u64)?;
        let mapping = Arc::new(Mapping::writable_sparse(file.as_fd(), bytes)?);
        Ok(Segment { file, mapping })
    }

    /// Closes the file to every other writer, for ever. Call it before the file is sent to anybody.
    pub fn seal(&self) -> io::Result<()> {
        Ok(fcntl_add_seals(&self.file, SEALS)?)
    }

    /// The file, to be sent.
    pub fn file(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// The writable mapping.
    pub fn mapping(&self) -> Arc<Mapping> {
        self.mapping.clone()
    }

    /// Its length.
    pub fn bytes(&self) -> usize {
        self.mapping.bytes()
    }
}

/// Maps a memory file of a peer, after checking that it can neither shrink nor be written by anybody but its maker.
pub fn open_sealed(file: BorrowedFd<'_>, bytes: usize) -> io::Result<Mapping> {
    let seals = fcntl_get_seals(file)?;
    if !seals.contains(SEALS) {
        return Err(io::Error::other(format!("the memory file lacks seals (it has {seals:?})")));
    }
    let size = rustix::fs::fstat(file)?.st_size;
    if usize::try_from(size).is_ok_and(|size| size >= bytes) {
        return Mapping::read_only(file, bytes);
    }
    Err(io::Error::other(format!("the memory file has {size} bytes, not {bytes}")))
}

/// Kernels before 6.3 do not know `MFD_NOEXEC_SEAL`: there the file merely stays executable in theory.
fn memory_file(name: &str) -> io::Result<OwnedFd> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    match rustix::fs::memfd_create(name, flags | MemfdFlags::NOEXEC_SEAL) {
        Err(Errno::INVAL) => Ok(rustix::fs::memfd_create(name, flags)?),
        made => Ok(made?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::Words;

    #[test]
    fn a_file_without_seals_or_too_short_is_not_mapped() {
        let segment = Segment::create("casedd-test", 4096).unwrap();
        let error = open_sealed(segment.file(), 4096).err().unwrap();
        assert!(error.to_string().contains("lacks seals"), "{error}");
        segment.seal().unwrap();
        assert!(open_sealed(segment.file(), 4096).is_ok());
        let error = open_sealed(segment.file(), 8192).err().unwrap();
        assert!(error.to_string().contains("has 4096 bytes"), "{error}");
    }

    #[test]
    fn the_makers_mapping_still_writes_after_sealing() {
        let segment = Segment::create("casedd-test", 4096).unwrap();
        segment.seal().unwrap();
        <Words>::of(segment.mapping()).word(3).store(7, std::sync::atomic::Ordering::Relaxed);
        let peer = <Words>::of(Arc::new(open_sealed(segment.file(), 4096).unwrap()));
        assert_eq!(peer.word(3).load(std::sync::atomic::Ordering::Relaxed), 7);
        assert!(!peer.is_writable());
    }
}
