//! Memory for decoding: a bound on what all loaders use at a time, and buffers that are used again.
//! Leaves out the pictures that are ready: those are counted where they are kept.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::limits::{BUFFERS_BYTES_MAX, BUFFERS_MAX, WORK_BYTES_MAX};

#[derive(Default)]
struct State {
    idle: Vec<Vec<u8>>,
    used_bytes: u64,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    freed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Whoever panicked left a list of buffers and a count: both hold at every instant.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pool that all loaders share; cheap to clone.
#[derive(Clone, Default)]
pub struct Buffers(Arc<Shared>);

impl Buffers {
    /// The right to use so many bytes until it is dropped; waits until others have given theirs back. No one may ask
    /// while it holds one: two that wait for each other would do so for ever.
    pub fn reserve(&self, bytes: u64) -> Reserved {
        let bytes = bytes.min(WORK_BYTES_MAX);
        let mut state = self.0.lock();
        while state.used_bytes + bytes > WORK_BYTES_MAX {
            state = self.0.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.used_bytes += bytes;
        Reserved { pool: self.clone(), bytes }
    }

    /// A buffer of that length, one that was used before if one fits; its contents are anything.
    pub fn take(&self, length: usize) -> Buffer {
        let mut state = self.0.lock();
        let fits = |bytes: &Vec<u8>| bytes.capacity() >= length;
        let fitting = state.idle.iter().enumerate().filter(|(_, bytes)| fits(bytes));
        let best = fitting.min_by_key(|(_, bytes)| bytes.capacity()).map(|(index, _)| index);
        let mut bytes = best.map(|index| state.idle.swap_remove(index)).unwrap_or_default();
        drop(state);
        bytes.resize(length, 0);
        Buffer { pool: self.clone(), bytes }
    }

    /// Gives the memory of all idle buffers back to the system.
    pub fn clear(&self) {
        self.0.lock().idle.clear();
    }

    /// How many buffers lie idle.
    #[cfg(test)]
    fn idle(&self) -> usize {
        self.0.lock().idle.len()
    }
}

/// The right to use some bytes.
pub struct Reserved {
    pool: Buffers,
    bytes: u64,
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.pool.0.lock().used_bytes -= self.bytes;
        self.pool.0.freed.notify_all();
    }
}

/// Bytes that go back to the pool.
pub struct Buffer {
    pool: Buffers,
    bytes: Vec<u8>,
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut state = self.pool.0.lock();
        let idle_bytes: usize = state.idle.iter().map(Vec::capacity).sum();
        let has_room =
            state.idle.len() < BUFFERS_MAX && idle_bytes + self.bytes.capacity() <= BUFFERS_BYTES_MAX;
        if has_room && self.bytes.capacity() > 0 {
            state.idle.push(std::mem::take(&mut self.bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_used_again_and_the_smallest_that_fits_is_taken() {
        let pool = Buffers::default();
        let (large, small) = (pool.take(100_000), pool.take(5_000));
        let place = small.as_ptr();
        drop((large, small));
        assert_eq!(pool.idle(), 2);
        let again = pool.take(4_000);
        assert_eq!((again.as_ptr(), again.len(), pool.idle()), (place, 4_000, 1));
        pool.clear();
        assert_eq!(pool.idle(), 0);
    }

    #[test]
    fn no_more_is_kept_than_the_limits_allow() {
        let pool = Buffers::default();
        let many: Vec<Buffer> = (0..BUFFERS_MAX + 5).map(|_| pool.take(10)).collect();
        drop(many);
        assert_eq!(pool.idle(), BUFFERS_MAX);
        pool.clear();
        drop(pool.take(BUFFERS_BYTES_MAX + 1));
        assert_eq!(pool.idle(), 0);
    }

    #[test]
    fn who_wants_too_much_at_a_time_waits_for_the_others() {
        let pool = Buffers::default();
        let first = pool.reserve(WORK_BYTES_MAX - 10);
        let second = std::thread::spawn({
            let pool = pool.clone();
            move || drop(pool.reserve(u64::MAX))
        });
        drop(pool.reserve(10));
        assert!(!second.is_finished());
        drop(first);
        second.join().expect("it got its turn");
    }
}
