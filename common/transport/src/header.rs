//! The first line of each memory file: what it is, who made it, and how it is laid out.
//! It is written before the file is sealed, and read once by whoever receives it.

use crate::frame::Geometry;
use crate::layout;
use crate::words::{OwnWords, PeerWords};

/// "casedd" and a version of the header itself.
const MAGIC: u64 = u64::from_le_bytes(*b"casedd\0\x01");

const AT_MAGIC: usize = 0;
const AT_KIND: usize = 1;
const AT_LAYOUT: usize = 2;
const AT_GENERATION: usize = 3;
const AT_SLOTS: usize = 4;
const AT_SIZE: usize = 5;
const AT_STRIDE: usize = 6;
const AT_PID: usize = 7;

/// What a memory file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Pool header.
    Pool = 1,
    /// Renderer to one sink.
    Tx = 2,
    /// One sink to the renderer.
    Rx = 3,
}

/// What a header says beyond its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Random number of the maker's start.
    pub generation: u64,
    /// Slots of the pool; 0 elsewhere.
    pub slots: u64,
    /// Width and height of the pool's frames, packed; 0 elsewhere.
    pub size: u64,
    /// Stride and format of the pool's frames, packed; 0 elsewhere.
    pub stride: u64,
}

impl Header {
    /// The header of a pool.
    pub fn pool(generation: u64, slots: usize, geometry: &Geometry) -> Header {
        Header {
            generation,
            slots: slots as u64,
            size: u64::from(geometry.width) << 32 | u64::from(geometry.height),
            stride: u64::from(geometry.stride_bytes) << 32 | geometry.format.code(),
        }
    }

    /// Writes it.
    pub fn write(&self, kind: Kind, words: &OwnWords) {
        words.store(AT_KIND, kind as u64);
        words.store(AT_LAYOUT, layout::hash());
        words.store(AT_GENERATION, self.generation);
        words.store(AT_SLOTS, self.slots);
        words.store(AT_SIZE, self.size);
        words.store(AT_STRIDE, self.stride);
        words.store(AT_PID, u64::from(std::process::id()));
        words.store_release(AT_MAGIC, MAGIC);
    }

    /// Checks a peer's file against what is expected of it.
    pub fn check(&self, kind: Kind, words: &PeerWords) -> Result<(), String> {
        let expected = [
            (AT_MAGIC, MAGIC, "magic"),
            (AT_KIND, kind as u64, "kind"),
            (AT_LAYOUT, layout::hash(), "layout hash"),
            (AT_GENERATION, self.generation, "generation"),
            (AT_SLOTS, self.slots, "slots"),
            (AT_SIZE, self.size, "size"),
            (AT_STRIDE, self.stride, "stride"),
        ];
        for (at, wanted, what) in expected {
            let found = words.load(at);
            if found != wanted {
                return Err(format!("{kind:?} memory has {what} {found:#x}, not {wanted:#x}"));
            }
        }
        Ok(())
    }
}

#[cfg(all(test, not(any(loom, miri, tsan))))]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_another_kind_generation_or_size_is_refused() {
        let (own, peer) = crate::words::pair(layout::LINE).unwrap();
        let geometry = Geometry::new(800, 480).unwrap();
        let header = Header::pool(7, 4, &geometry);
        assert!(header.check(Kind::Pool, &peer).unwrap_err().contains("magic 0x0"));
        header.write(Kind::Pool, &own);
        assert_eq!(header.check(Kind::Pool, &peer), Ok(()));
        assert!(header.check(Kind::Tx, &peer).is_err());
        assert!(Header { generation: 8, ..header }.check(Kind::Pool, &peer).is_err());
        assert!(Header::pool(7, 5, &geometry).check(Kind::Pool, &peer).is_err());
    }
}
