//! Shared words as the ring sees them: those that this process writes, and those that a peer writes.
//! Where they lie is left to `map`; under loom and Miri they lie on the heap, and the same ring runs over them.

#[cfg(all(any(miri, tsan), not(loom)))]
use core::sync::atomic::AtomicU64;
#[cfg(not(loom))]
pub use core::sync::atomic::{Ordering, fence};
#[cfg(loom)]
use loom::sync::atomic::AtomicU64;
#[cfg(loom)]
pub use loom::sync::atomic::{Ordering, fence};

use std::sync::Arc;

#[cfg(not(any(loom, miri, tsan)))]
use crate::map::{Mapping, Words as Memory};
#[cfg(any(loom, miri, tsan))]
use Heap as Memory;

/// Words on the heap, for the model checkers; every access is checked, whatever is known.
#[cfg(any(loom, miri, tsan))]
#[derive(Clone)]
pub struct Heap<const KNOWN: usize = 0>(Arc<Vec<AtomicU64>>);

#[cfg(any(loom, miri, tsan))]
impl<const KNOWN: usize> Heap<KNOWN> {
    fn known<const MORE: usize>(self) -> Heap<MORE> {
        Heap(self.0)
    }

    fn word(&self, index: usize) -> &AtomicU64 {
        &self.0[index]
    }

    fn words(&self, first: usize, count: usize) -> &[AtomicU64] {
        &self.0[first..first + count]
    }
}

/// Words that this process, and no other, writes. Its threads may share them.
/// At least `KNOWN` are there, so that the place of one of them need not be checked.
#[derive(Clone)]
pub struct OwnWords<const KNOWN: usize = 0>(Memory<KNOWN>);

/// Words that one other process writes: here they are only ever loaded. `KNOWN` as for [`OwnWords`].
#[derive(Clone)]
pub struct PeerWords<const KNOWN: usize = 0>(Memory<KNOWN>);

impl OwnWords {
    /// The same words, of which so many are known to be there.
    pub fn known<const KNOWN: usize>(self) -> OwnWords<KNOWN> {
        OwnWords(self.0.known())
    }

    /// Words in a mapping of ours.
    #[cfg(not(any(loom, miri, tsan)))]
    pub fn new(mapping: Arc<Mapping>) -> OwnWords {
        let memory = Memory::of(mapping);
        assert!(memory.is_writable(), "words that this process writes lie in a writable mapping");
        OwnWords(memory)
    }
}

impl<const KNOWN: usize> OwnWords<KNOWN> {
    /// Stores without order.
    #[inline]
    pub fn store(&self, index: usize, value: u64) {
        self.0.word(index).store(value, Ordering::Relaxed);
    }

    /// Stores after everything before it; pairs with a peer's [`PeerWords::load`] of the same word.
    #[inline]
    pub fn store_release(&self, index: usize, value: u64) {
        self.0.word(index).store(value, Ordering::Release);
    }

    /// Loads what this process stored.
    #[inline]
    pub fn load(&self, index: usize) -> u64 {
        self.0.word(index).load(Ordering::Acquire)
    }

    /// Stores many without order, from `first` on.
    pub fn fill(&self, first: usize, values: impl ExactSizeIterator<Item = u64>) {
        let words = self.0.words(first, values.len());
        words.iter().zip(values).for_each(|(word, value)| word.store(value, Ordering::Relaxed));
    }

    /// Adds to a counter, after everything before it; atomic among the threads of this process, which is all that
    /// write it. Pairs with a peer's [`PeerWords::load`] of the same word.
    #[inline]
    pub fn add(&self, index: usize, more: u64) {
        self.0.word(index).fetch_add(more, Ordering::Release);
    }

    /// Raises a counter to at least `value`.
    #[inline]
    pub fn raise(&self, index: usize, value: u64) {
        self.0.word(index).fetch_max(value, Ordering::Relaxed);
    }
}

impl PeerWords {
    /// The same words, of which so many are known to be there.
    pub fn known<const KNOWN: usize>(self) -> PeerWords<KNOWN> {
        PeerWords(self.0.known())
    }

    /// Words in a mapping of a peer's memory.
    #[cfg(not(any(loom, miri, tsan)))]
    pub fn new(mapping: Arc<Mapping>) -> PeerWords {
        PeerWords(Memory::of(mapping))
    }
}

impl<const KNOWN: usize> PeerWords<KNOWN> {
    /// Loads before everything after it; pairs with the writer's [`OwnWords::store_release`].
    ///
    /// A relaxed load and a fence, because on read-only pages only relaxed loads are promised to work.
    /// `ThreadSanitizer` does not model fences, so it gets a plain acquire load.
    #[inline]
    pub fn load(&self, index: usize) -> u64 {
        if cfg!(tsan) {
            return self.0.word(index).load(Ordering::Acquire);
        }
        let value = self.0.word(index).load(Ordering::Relaxed);
        fence(Ordering::Acquire);
        value
    }

    /// Loads many without order, from `first` on.
    pub fn scan(&self, first: usize, count: usize) -> impl ExactSizeIterator<Item = u64> + '_ {
        self.0.words(first, count).iter().map(|word| word.load(Ordering::Relaxed))
    }

    /// Loads without order.
    #[inline]
    pub fn load_relaxed(&self, index: usize) -> u64 {
        self.0.word(index).load(Ordering::Relaxed)
    }
}

/// `count` zeroed words, as their writer and as a peer in the same process sees them.
#[cfg(any(loom, miri, tsan))]
pub fn pair(count: usize) -> (OwnWords, PeerWords) {
    let memory = Heap(Arc::new((0..count).map(|_| AtomicU64::new(0)).collect()));
    (OwnWords(memory.clone()), PeerWords(memory))
}

/// `count` zeroed words, as their writer and as a peer in the same process sees them.
#[cfg(all(any(test, fuzzing), not(any(loom, miri, tsan))))]
pub fn pair(count: usize) -> std::io::Result<(OwnWords, PeerWords)> {
    let own = crate::segment::Segment::create("casedd-words", count * size_of::<u64>())?;
    own.seal()?;
    let peer = crate::segment::open_sealed(own.file(), own.bytes())?;
    Ok((OwnWords::new(own.mapping()), PeerWords::new(Arc::new(peer))))
}
