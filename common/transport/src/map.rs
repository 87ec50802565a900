//! The one place that touches mapped memory; everything above it is safe code over atomics and slices.
//! It knows nothing of rings, frames or boards: who may write what is decided above and held by the kernel's seals.
//!
//! Laws, and why each is one:
//!
//! 1. *No `&T` or `&mut T` of plain data points at words that another process may write.* Such a word can change
//!    between two reads of one expression, which the compiler may assume impossible. Shared words are
//!    [`AtomicU64`], everywhere.
//! 2. *A slice of pixels exists only while a token of the ring lives*: a [`Claim`] (the renderer does not write the
//!    slot while its hold stands) or a [`Blank`] (no sink's claim of the slot can succeed). The token is borrowed as
//!    long as the slice.
//! 3. *Memory mapped read-only is only ever loaded from, and only relaxed.* `core::sync::atomic` promises no more
//!    for read-only pages; `words::PeerWords` adds the fence.
//! 4. *No mapping can shrink under us.* Memory files are sealed against it before they are mapped by a peer
//!    (`segment` checks the seals), and the board's file is allocated before it is mapped; so no load can SIGBUS.
//! 5. *Every offset is checked against the length of the mapping here*, whatever the caller has checked.

#![allow(unsafe_code, reason = "the only module of the transport that may")]

use crate::ring::{Blank, Claim, Newest};
use memmap2::{Advice, MmapOptions, MmapRaw};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

const WORD_BYTES: usize = size_of::<u64>();

/// One shared mapping of a file, from its start.
pub struct Mapping {
    /// Invariant: starts at a page boundary, and all of its bytes stay backed while it lives (law 4).
    raw: MmapRaw,
    writable: bool,
}

impl Mapping {
    /// Maps `bytes` of a file of ours for writing, every page present.
    pub fn writable(file: BorrowedFd<'_>, bytes: usize) -> io::Result<Mapping> {
        let raw = MmapOptions::new().len(bytes).populate().map_raw(file.as_raw_fd())?;
        Ok(Mapping { raw, writable: true })
    }

    /// Maps `bytes` of a file of ours for writing; pages are found when they are first touched.
    pub fn writable_sparse(file: BorrowedFd<'_>, bytes: usize) -> io::Result<Mapping> {
        let raw = MmapOptions::new().len(bytes).map_raw(file.as_raw_fd())?;
        Ok(Mapping { raw, writable: true })
    }

    /// Has the pages of `bytes` from `offset` on present, at once and not one by one as they are touched. Kernels before
    /// 5.14 cannot: there they are found one by one.
    pub fn prepare(&self, offset: usize, bytes: usize) {
        assert!(bytes <= self.bytes() && offset <= self.bytes() - bytes, "a slot lies inside of its mapping");
        // Without it everything works, only the first touch of each page is slower.
        let _ = self.raw.advise_range(Advice::PopulateWrite, offset, bytes);
    }

    /// Maps `bytes` of a file that another process writes, every page present: a first look at a page of a large
    /// frame would cost more than copying it.
    pub fn read_only(file: BorrowedFd<'_>, bytes: usize) -> io::Result<Mapping> {
        let raw = MmapOptions::new().len(bytes).populate().map_raw_read_only(file.as_raw_fd())?;
        Ok(Mapping { raw, writable: false })
    }

    /// Maps `bytes` of a file that another process writes, and of which parts may not be there.
    pub fn read_only_sparse(file: BorrowedFd<'_>, bytes: usize) -> io::Result<Mapping> {
        let raw = MmapOptions::new().len(bytes).map_raw_read_only(file.as_raw_fd())?;
        Ok(Mapping { raw, writable: false })
    }

    /// Bytes mapped.
    pub fn bytes(&self) -> usize {
        self.raw.len()
    }

    /// The pixels of a slot that a sink holds.
    pub fn held_pixels<'a, P: Pixel>(&'a self, offset: usize, bytes: usize, _held: &'a Claim) -> &'a [P] {
        let count = self.checked_count::<P>(offset, bytes);
        // SAFETY: length: `offset` lies inside of the mapping, checked by `checked_count`.
        let start = unsafe { self.raw.as_ptr().add(offset) }.cast::<P>();
        // SAFETY: length and alignment: checked by `checked_count`; every bit pattern is a `P` (sealed trait).
        // Lifetime: the mapping outlives the result, which borrows `self`. Other writers: the renderer writes a
        // slot only after it saw every hold on it end; `_held` is that hold and is borrowed as long (law 2).
        unsafe { std::slice::from_raw_parts(start, count) }
    }

    /// The pixels of a slot that nobody can claim, for the renderer to draw in.
    pub fn blank_pixels<'a, P: Pixel>(
        &'a self,
        offset: usize,
        bytes: usize,
        _blank: &'a mut Blank,
    ) -> &'a mut [P] {
        assert!(self.writable, "pixels are drawn by the process that made the pool");
        let count = self.checked_count::<P>(offset, bytes);
        // SAFETY: length: `offset` lies inside of the mapping, checked by `checked_count`.
        let start = unsafe { self.raw.as_mut_ptr().add(offset) }.cast::<P>();
        // SAFETY: length and alignment: checked by `checked_count`; every bit pattern is a `P` (sealed trait).
        // Lifetime: the mapping outlives the result, which borrows `self`. Other writers: the file is sealed, so
        // this is its only writable mapping; in this process the ring hands out one `Blank` a slot, and it is
        // borrowed mutably as long (law 2). No claim of the slot succeeds until it is published.
        unsafe { std::slice::from_raw_parts_mut(start, count) }
    }

    /// The pixels of the newest frame, in the process that made the pool.
    pub fn newest_pixels<'a, P: Pixel>(
        &'a self,
        offset: usize,
        bytes: usize,
        _newest: &'a Newest<'_>,
    ) -> &'a [P] {
        assert!(self.writable, "the renderer looks at its own pool");
        let count = self.checked_count::<P>(offset, bytes);
        // SAFETY: length: `offset` lies inside of the mapping, checked by `checked_count`.
        let start = unsafe { self.raw.as_ptr().add(offset) }.cast::<P>();
        // SAFETY: length, alignment and lifetime: as in `held_pixels`. Other writers: only this process writes the
        // file, and while the token borrows the slots, the newest one cannot be handed out as a `Blank`.
        unsafe { std::slice::from_raw_parts(start, count) }
    }

    fn checked_count<P: Pixel>(&self, offset: usize, bytes: usize) -> usize {
        let most = self.raw.len();
        assert!(offset <= most && bytes <= most - offset, "{offset}+{bytes} lies outside of the mapping");
        assert!(offset.is_multiple_of(align_of::<P>()), "pixels at {offset} are not aligned");
        bytes / size_of::<P>()
    }
}

/// The words of a mapping, at hand: the ring looks at some twenty of them for every frame.
///
/// Invariant: there are at least `KNOWN`, so that the place of one of those need not be checked.
#[derive(Clone)]
pub struct Words<const KNOWN: usize = 0> {
    /// Invariant: `mapping` starts here, and has `count` whole words.
    start: NonNull<AtomicU64>,
    count: usize,
    mapping: Arc<Mapping>,
}

// SAFETY: the pointer is only ever used for atomic accesses to the mapping, which goes along and is itself `Send`.
unsafe impl<const KNOWN: usize> Send for Words<KNOWN> {}
// SAFETY: as above; atomics may be used by many threads at once.
unsafe impl<const KNOWN: usize> Sync for Words<KNOWN> {}

impl Words {
    /// All words of a mapping.
    pub fn of(mapping: Arc<Mapping>) -> Words {
        let start = NonNull::new(mapping.raw.as_mut_ptr()).expect("a mapping has an address");
        Words { start: start.cast(), count: mapping.raw.len() / WORD_BYTES, mapping }
    }

    /// The same words, of which so many are known to be there.
    pub fn known<const KNOWN: usize>(self) -> Words<KNOWN> {
        assert!(KNOWN <= self.count, "{} words are mapped, not {KNOWN}", self.count);
        Words { start: self.start, count: self.count, mapping: self.mapping }
    }
}

impl<const KNOWN: usize> Words<KNOWN> {
    /// Whether this process may store to them.
    pub fn is_writable(&self) -> bool {
        self.mapping.writable
    }

    /// The word at `index`, counted in words from the start.
    #[inline]
    pub fn word(&self, index: usize) -> &AtomicU64 {
        if index >= KNOWN && index >= self.count {
            outside(index, self.count);
        }
        // SAFETY: length: index is below the number of whole words, checked above or when `KNOWN` was given.
        let word = unsafe { self.start.add(index) };
        // SAFETY: length: as above. Alignment: the start is page-aligned and the offset a multiple of 8.
        // Lifetime: the mapping lives as long as `self`, and stays backed (law 4). Other writers: the word is
        // only ever accessed as an atomic, here and in every other process (law 1); on read-only pages the
        // callers only load (law 3).
        unsafe { word.as_ref() }
    }

    /// `count` words from `first` on.
    pub fn words(&self, first: usize, count: usize) -> &[AtomicU64] {
        if first > self.count || count > self.count - first {
            outside(first.saturating_add(count), self.count);
        }
        // SAFETY: length: `first` is at most the number of whole words, checked above.
        let start = unsafe { self.start.add(first) };
        // SAFETY: as in `word`, for each of the `count` words.
        unsafe { std::slice::from_raw_parts(start.as_ptr(), count) }
    }
}

/// Apart from where it is called, so that the way without an error stays short.
#[cold]
#[inline(never)]
fn outside(index: usize, count: usize) -> ! {
    panic!("word {index} lies outside of a mapping of {count}");
}

/// Units in which pixels are read and written: plain integers, for which every bit pattern is valid.
pub trait Pixel: sealed::Sealed {}

impl Pixel for u8 {}
impl Pixel for u32 {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for u32 {}
}
