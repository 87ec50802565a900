//! The pools of one view as a sink maps them: the one that the next queued frame lies in, and newer ones.
//! Old ones stay mapped as long as a frame in hand lies in them.

use crate::error::LinkError;
use crate::frame::FrameMeta;
use crate::header::{Header, Kind};
use crate::layout::{self, SLOT_ALIGN_BYTES, pool};
use crate::limits::SLOTS_MAX;
use crate::map::{Mapping, Pixel};
use crate::meta;
use crate::ring::{Claim, PoolWords};
use crate::segment::open_sealed;
use crate::wire::PoolNews;
use crate::words::PeerWords;
use std::collections::VecDeque;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

/// Pools that may follow each other before this sink takes a frame.
const POOLS_MAX: usize = 8;

/// One pool, mapped read-only.
pub struct Pool {
    /// What the renderer said of it.
    pub news: PoolNews,
    /// The words of its header.
    pub header: PeerWords,
    pixels: Mapping,
    slot_bytes: usize,
}

impl Pool {
    /// Maps the files that came with the news, after checking that they are what was said.
    pub fn open(news: PoolNews, fds: Vec<OwnedFd>) -> Result<Pool, LinkError> {
        let count = fds.len();
        let Ok([header, pixels]) = <[OwnedFd; 2]>::try_from(fds) else {
            return Err(LinkError::Protocol(format!("{count} descriptors came with a pool, not 2")));
        };
        let (slots, geometry) = (usize::from(news.slots), news.geometry);
        let expected = crate::frame::Geometry::new(geometry.width, geometry.height)?;
        if expected != geometry || slots == 0 || slots > SLOTS_MAX {
            return Err(LinkError::Protocol(format!("a pool of {slots} slots of {geometry:?}")));
        }
        let os = |source| LinkError::Os { what: "cannot map the renderer's frames".to_owned(), source };
        let words = open_sealed(header.as_fd(), layout::pool::words(slots) * size_of::<u64>()).map_err(os)?;
        let words = PeerWords::new(Arc::new(words));
        Header::pool(news.generation, slots, &geometry)
            .check(Kind::Pool, &words)
            .map_err(LinkError::Protocol)?;
        let slot_bytes = geometry.frame_bytes().next_multiple_of(SLOT_ALIGN_BYTES);
        let pixels = open_sealed(pixels.as_fd(), slot_bytes * slots).map_err(os)?;
        Ok(Pool { news, header: words, pixels, slot_bytes })
    }

    /// What the ring needs of it.
    pub fn words(&self) -> PoolWords<'_> {
        PoolWords { words: &self.header, slots: usize::from(self.news.slots), epoch: self.news.epoch }
    }

    /// True once a newer pool took over.
    pub fn is_retired(&self) -> bool {
        self.header.load(pool::RETIRED) != 0
    }

    /// The pixels of a held slot.
    pub fn read<'a, P: Pixel>(&'a self, claim: &'a Claim) -> &'a [P] {
        self.pixels.held_pixels(claim.slot() * self.slot_bytes, self.news.geometry.frame_bytes(), claim)
    }

    /// The metadata of a held slot.
    pub fn meta(&self, claim: &Claim) -> FrameMeta {
        let first = pool::meta(usize::from(self.news.slots), claim.slot());
        meta::read(&self.header, first, (claim.sequence(), self.news.generation), self.news.geometry)
    }
}

/// The pools of one link.
pub struct Pools(
    /// Invariant: never empty; the first is the one in which the last queued frame lay.
    VecDeque<Arc<Pool>>,
);

impl Pools {
    /// Only one so far.
    pub fn new(first: Pool) -> Pools {
        Pools(VecDeque::from([Arc::new(first)]))
    }

    /// Adds the one that took over.
    pub fn push(&mut self, pool: Pool) -> Result<(), LinkError> {
        if self.0.len() >= POOLS_MAX {
            self.0.pop_front(); // frames queued in it are lost, and counted as such
        }
        self.0.push_back(Arc::new(pool));
        Ok(())
    }

    /// Forgets pools older than this one; false when it is not known.
    pub fn advance_to(&mut self, epoch: u8) -> bool {
        let Some(index) = self.0.iter().position(|pool| pool.news.epoch == epoch) else { return false };
        self.0.drain(..index);
        true
    }

    /// The one in which the next queued frame is looked for first.
    pub fn oldest(&self) -> &Arc<Pool> {
        &self.0[0]
    }

    /// The one that the renderer draws in.
    pub fn newest(&self) -> &Arc<Pool> {
        &self.0[self.0.len() - 1]
    }
}
