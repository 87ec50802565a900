//! A bounded map that forgets what has not been asked for lately.
//! Leaves out exact order of use: two generations are enough, and cost nothing per look-up.

use super::Map;
use std::hash::{Hash, Hasher};

/// Two maps: what was used since the last turn, and what was used before it. When the first is full, the second is
/// dropped and the first takes its place: at most `limit` entries live.
pub(super) struct Generations<K, V> {
    young: Map<K, V>,
    old: Map<K, V>,
    limit: usize,
}

impl<K: Hash + Eq + Clone, V: Clone> Generations<K, V> {
    pub(super) fn new(limit: usize) -> Self {
        Generations { young: Map::default(), old: Map::default(), limit }
    }

    /// The value of `key` when `right` says that it is the one meant.
    pub(super) fn get(&mut self, key: &K, right: impl Fn(&V) -> bool) -> Option<V> {
        if let Some(value) = self.young.get(key) {
            return right(value).then(|| value.clone());
        }
        let value = self.old.remove(key)?;
        if !right(&value) {
            return None;
        }
        self.insert(key.clone(), value.clone());
        Some(value)
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        if self.young.len() >= self.limit / 2 {
            // Both keep their memory: turns come for ever.
            std::mem::swap(&mut self.old, &mut self.young);
            self.young.clear();
        }
        self.young.insert(key, value);
    }

    pub(super) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

/// A quick hash for short keys that nobody outside chooses to collide: the maps are bounded anyway.
#[derive(Default)]
pub(super) struct FastHasher(u64);

impl Hasher for FastHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // The table's index comes from the low bits, which a multiplication mixes least.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_than_the_limit_and_what_is_used_stays() {
        let mut cache = Generations::new(100);
        cache.insert(0u32, 0u32);
        for key in 1..1000 {
            cache.insert(key, key);
            assert_eq!(cache.get(&0, |_| true), Some(0), "used all the time, after {key}");
            assert!(cache.len() <= 101);
        }
        assert_eq!(cache.get(&5, |_| true), None);
    }
}
