//! The memory of one view: its frames' pixels and metadata, in two sealed files.
//! Which slot may be written is decided in `ring::Slots`; who gets the files is the hub's business.

use crate::error::TransportError;
use crate::frame::{FrameMeta, Geometry, Rect};
use crate::header::{Header, Kind};
use crate::layout::{self, SLOT_ALIGN_BYTES};
use crate::limits::SLOTS_MAX;
use crate::map::{Mapping, Pixel};
use crate::meta::{self, History};
use crate::ring::{Blank, Port, Slots};
use crate::segment::Segment;
use crate::wire::PoolNews;
use crate::words::OwnWords;
use std::os::fd::BorrowedFd;
use std::sync::Arc;

/// What a pool is made from.
#[derive(Clone, Copy)]
pub struct PoolPlan {
    /// Random number of the renderer's start.
    pub generation: u64,
    /// Which pool of its view, modulo 256.
    pub epoch: u8,
    /// How many slots.
    pub slots: usize,
    /// Bytes that its pixels may take.
    pub bytes_max: usize,
    /// Size and layout of the frames.
    pub geometry: Geometry,
}

/// Slots, their pixels and their metadata.
pub struct Pool {
    news: PoolNews,
    header: Segment,
    pixels: Segment,
    pixel_memory: Arc<Mapping>,
    words: OwnWords,
    /// Which slot may be written.
    pub slots: Slots,
}

/// Bytes from the start of a slot to the start of the next.
pub fn slot_bytes(geometry: &Geometry) -> usize {
    geometry.frame_bytes().next_multiple_of(SLOT_ALIGN_BYTES)
}

impl Pool {
    /// Allocates, maps, initialises and seals the memory; nobody knows of it yet.
    pub fn create(plan: PoolPlan, sequence: u64) -> Result<Pool, TransportError> {
        let PoolPlan { slots, geometry, .. } = plan;
        if slots > SLOTS_MAX {
            return Err(TransportError::Limit { what: "slots of a pool", asked: slots, most: SLOTS_MAX });
        }
        let bytes = slot_bytes(&geometry) * slots;
        if bytes > plan.bytes_max {
            let what = "bytes of a pool (fewer sinks, smaller frames, or a higher limit)";
            return Err(TransportError::Limit { what, asked: bytes, most: plan.bytes_max });
        }
        let frame_bytes = geometry.frame_bytes();
        let memory = |source| TransportError::Memory { slots, frame_bytes, source };
        let header =
            Segment::create("casedd-pool", layout::pool::words(slots) * size_of::<u64>()).map_err(memory)?;
        let pixels = Segment::create_sparse("casedd-pixels", bytes).map_err(memory)?;
        let words = OwnWords::new(header.mapping());
        Header::pool(plan.generation, slots, &geometry).write(Kind::Pool, &words);
        header.seal().and_then(|()| pixels.seal()).map_err(memory)?;
        let news = PoolNews { generation: plan.generation, epoch: plan.epoch, slots: slots as u16, geometry };
        let slots = Slots::new(words.clone(), slots, plan.epoch, sequence);
        let pixel_memory = pixels.mapping();
        Ok(Pool { news, header, pixels, pixel_memory, words, slots })
    }

    /// What sinks must know of it.
    pub fn news(&self) -> PoolNews {
        self.news
    }

    /// The files that sinks map: header, pixels.
    pub fn files(&self) -> [BorrowedFd<'_>; 2] {
        [self.header.file(), self.pixels.file()]
    }

    /// Bytes of pixels.
    pub fn bytes(&self) -> usize {
        self.pixels.bytes()
    }

    /// The words of the header.
    pub fn words(&self) -> &OwnWords {
        &self.words
    }

    /// Has the memory of a slot at hand that was never drawn: the first frame waits for its own slot only.
    pub fn prepare(&self, blank: &Blank) {
        let bytes = slot_bytes(&self.news.geometry);
        self.pixel_memory.prepare(blank.slot() * bytes, bytes);
    }

    /// The same for all slots, before anybody else hears of the pool: nothing faults in the middle of a frame.
    pub fn prepare_all(&self) {
        self.pixel_memory.prepare(0, self.pixels.bytes());
    }

    /// The pixels of a slot that is being drawn.
    pub fn draw<'a, P: Pixel>(&'a self, blank: &'a mut Blank) -> &'a mut [P] {
        let geometry = self.news.geometry;
        let offset = blank.slot() * slot_bytes(&geometry);
        self.pixel_memory.blank_pixels(offset, geometry.frame_bytes(), blank)
    }

    /// Copies a rectangle of the newest frame, which lies inside of it, into a slot that is being drawn.
    pub fn copy_newest(&self, blank: &mut Blank, rect: Rect) {
        let Some(newest) = self.slots.newest() else { return };
        let geometry = self.news.geometry;
        let offset = newest.slot * slot_bytes(&geometry);
        let from: &[u8] = self.pixel_memory.newest_pixels(offset, geometry.frame_bytes(), &newest);
        let to: &mut [u8] = self.draw(blank);
        let pixel_bytes = geometry.format.pixel_bytes() as usize;
        let (left, row_bytes) = (rect.x as usize * pixel_bytes, rect.width as usize * pixel_bytes);
        for y in rect.y as usize..rect.bottom() as usize {
            let start = y * geometry.stride_bytes as usize + left;
            to[start..start + row_bytes].copy_from_slice(&from[start..start + row_bytes]);
        }
    }

    /// Writes the metadata of a slot that is being drawn.
    pub fn describe(&self, blank: &Blank, meta: &FrameMeta) {
        meta::write(&self.words, layout::pool::meta(self.slots.count(), blank.slot()), meta);
    }

    /// Takes over from a pool of the same view: its newest frame, with its number, and the damage history.
    pub fn take_over(&mut self, old: &Pool, history: &History) {
        history.copy_to(&self.words);
        let Some(newest) = old.slots.newest() else { return };
        let nobody: &mut [Port] = &mut [];
        let Some(mut blank) = self.slots.acquire(nobody) else { return };
        let geometry = self.news.geometry;
        let bytes = geometry.frame_bytes();
        let offset = newest.slot * slot_bytes(&geometry);
        let pixels: &[u8] = old.pixel_memory.newest_pixels(offset, bytes, &newest);
        self.draw::<u8>(&mut blank).copy_from_slice(pixels);
        let (from, to) = (
            layout::pool::meta(old.slots.count(), newest.slot),
            layout::pool::meta(self.slots.count(), blank.slot()),
        );
        for word in 0..layout::pool::META_WORDS {
            self.words.store(to + word, old.words.load(from + word));
        }
        self.slots.install(blank, newest.sequence);
    }

    /// Tells sinks that another pool took over.
    pub fn retire(&self) {
        self.words.store_release(layout::pool::RETIRED, 1);
    }
}
