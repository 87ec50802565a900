//! The finished pictures' memory, used again once nobody has the picture any more.
//! Leaves out who has it: each viewer's queue lets go of its share by itself.

use bytes::{Bytes, BytesMut};

/// The newest picture and the one before are held while the next one is made; one more for a slow viewer.
const BUFFERS: usize = 3;

/// Buffers for pictures of about one size.
#[derive(Default)]
pub struct Kept([BytesMut; BUFFERS]);

impl Kept {
    /// The bytes, in memory of a picture that is gone where there is one.
    pub fn copy(&mut self, picture: &[u8]) -> Bytes {
        let free = self.0.iter_mut().position(|buffer| buffer.try_reclaim(picture.len()));
        let buffer = &mut self.0[free.unwrap_or(0)];
        if free.is_none() {
            // Pictures differ in size: a somewhat larger one is to find room, too.
            *buffer = BytesMut::with_capacity(picture.len() + picture.len() / 4);
        }
        buffer.extend_from_slice(picture);
        buffer.split().freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_pictures_that_are_gone_is_used_again() {
        let mut kept = Kept::default();
        let mut newest = Bytes::new();
        let mut places = std::collections::BTreeSet::new();
        for n in 0..100u8 {
            let picture = vec![n; 1_000 + usize::from(n)];
            // As the sink does: the one before goes when the next one is there.
            newest = kept.copy(&picture);
            assert_eq!(newest, picture);
            places.insert(newest.as_ptr() as usize / 4_096);
        }
        assert!(places.len() <= 2 * BUFFERS, "{} places for 100 pictures", places.len());
        drop(newest);
    }

    #[test]
    fn a_picture_that_somebody_still_has_is_not_written_over() {
        let mut kept = Kept::default();
        let held: Vec<Bytes> = (0..20u8).map(|n| kept.copy(&[n; 500])).collect();
        for (n, picture) in held.iter().enumerate() {
            assert!(picture.len() == 500 && picture.iter().all(|byte| usize::from(*byte) == n));
        }
    }
}
