//! A frame's metadata and the damage of recent frames, as words of the pool's header.
//! When they may be read is the ring's business: metadata under a claim, the history by its own sequence words.

use crate::frame::{DAMAGE_RECTS_MAX, Damage, FrameMeta, Geometry, Rect};
use crate::layout::{HISTORY, pool};
use crate::words::{Ordering, OwnWords, PeerWords, fence};

const AT_CAPTURED: usize = 0;
const AT_RENDER_STARTED: usize = 1;
const AT_PUBLISHED: usize = 2;
const AT_FLAGS: usize = 3;
const AT_COUNT: usize = 4;
const AT_RECTS: usize = 5;

const _: () = assert!(AT_RECTS + DAMAGE_RECTS_MAX <= pool::META_WORDS);

/// Writes a frame's metadata; the slot must be blank. `first` is the slot's first metadata word.
pub fn write(words: &OwnWords, first: usize, meta: &FrameMeta) {
    words.store(first + AT_CAPTURED, meta.captured_at_ns);
    words.store(first + AT_RENDER_STARTED, meta.render_started_at_ns);
    words.store(first + AT_PUBLISHED, meta.published_at_ns);
    words.store(first + AT_FLAGS, u64::from(meta.flags));
    words.store(first + AT_COUNT, meta.damage.rects().len() as u64);
    for (index, rect) in meta.damage.rects().iter().enumerate() {
        words.store(first + AT_RECTS + index, rect.pack());
    }
}

/// Reads a frame's metadata; the slot must be held. Rectangles are clipped: they come from another process.
pub fn read(words: &PeerWords, first: usize, of: (u64, u64), geometry: Geometry) -> FrameMeta {
    let load = |at: usize| words.load_relaxed(first + at);
    let count = (load(AT_COUNT) as usize).min(DAMAGE_RECTS_MAX);
    let mut damage = Damage::empty();
    for index in 0..count {
        damage.add(Rect::unpack(load(AT_RECTS + index)).clip(geometry.width, geometry.height));
    }
    FrameMeta {
        sequence: of.0,
        generation: of.1,
        captured_at_ns: load(AT_CAPTURED),
        render_started_at_ns: load(AT_RENDER_STARTED),
        published_at_ns: load(AT_PUBLISHED),
        flags: load(AT_FLAGS) as u32,
        damage,
        geometry,
    }
}

/// Each recent frame's damage, in the renderer; sinks are told its bounds.
#[derive(Clone)]
pub struct History([(u64, Damage); HISTORY]);

impl History {
    /// Knows nothing.
    pub fn new() -> History {
        History([(0, Damage::empty()); HISTORY])
    }

    /// Remembers the damage of the frame `sequence`, and tells sinks.
    pub fn remember(&mut self, words: &OwnWords, sequence: u64, damage: &Damage) {
        let at = sequence as usize % HISTORY;
        self.0[at] = (sequence, *damage);
        tell(words, at, sequence, damage.bounds());
    }

    /// Tells it all to the words of another pool.
    pub fn copy_to(&self, words: &OwnWords) {
        self.0
            .iter()
            .enumerate()
            .for_each(|(at, (sequence, damage))| tell(words, at, *sequence, damage.bounds()));
    }

    /// What changed after the frame `from` up to the frame `to`; `None` when that is too long ago.
    pub fn since(&self, from: u64, to: u64) -> Option<Damage> {
        let mut damage = Damage::empty();
        self.each_since(from, to)?.for_each(|frame| damage.union(frame));
        Some(damage)
    }

    /// The same frame by frame.
    pub fn each_since(&self, from: u64, to: u64) -> Option<impl Iterator<Item = &Damage>> {
        let known = |sequence: u64| self.0[sequence as usize % HISTORY].0 == sequence;
        let is_known = to.checked_sub(from)? <= HISTORY as u64 && (from + 1..=to).all(known);
        is_known.then(|| (from + 1..=to).map(|sequence| &self.0[sequence as usize % HISTORY].1))
    }
}

fn tell(words: &OwnWords, at: usize, sequence: u64, bounds: Rect) {
    let first = pool::DAMAGE + 2 * at;
    words.store(first, 0);
    // Release: whoever sees the new rectangle sees that the old sequence is gone.
    fence(Ordering::Release);
    words.store(first + 1, bounds.pack());
    // Release: pairs with the load in `since`.
    words.store_release(first, sequence);
}

/// What changed after the frame `from` up to the frame `to`, as a sink finds it; `None` when that is too long ago.
pub fn since(words: &PeerWords, from: u64, to: u64) -> Option<Damage> {
    if to.checked_sub(from)? > HISTORY as u64 {
        return None;
    }
    let bounds_of = |sequence: u64| {
        let first = pool::DAMAGE + 2 * (sequence as usize % HISTORY);
        let before = words.load(first);
        let bounds = Rect::unpack(words.load_relaxed(first + 1));
        fence(Ordering::Acquire);
        (before == sequence && words.load_relaxed(first) == sequence).then_some(bounds)
    };
    let mut damage = Damage::empty();
    for sequence in from + 1..=to {
        damage.add(bounds_of(sequence)?);
    }
    Some(damage)
}

#[cfg(all(test, not(any(loom, miri, tsan))))]
mod tests {
    use super::*;

    fn dot(x: u32) -> Rect {
        Rect { x, y: 0, width: 1, height: 1 }
    }

    #[test]
    fn damage_is_united_over_frames_that_are_remembered_and_unknown_beyond() {
        let (own, peer) = crate::words::pair(pool::words(1)).unwrap();
        let mut history = History::new();
        for sequence in 1..=40u64 {
            history.remember(&own, sequence, &Damage::from(dot(sequence as u32)));
        }
        let wanted = [dot(39), dot(40)];
        assert_eq!(since(&peer, 38, 40).unwrap().rects(), wanted);
        assert_eq!(history.since(38, 40).unwrap().rects(), wanted);
        assert!(since(&peer, 8, 40).is_some());
        assert!(since(&peer, 7, 40).is_none() && history.since(7, 40).is_none());
        assert!(since(&peer, 40, 39).is_none());
        assert!(since(&peer, 40, 40).unwrap().is_empty());
    }

    #[test]
    fn metadata_is_read_back_and_clipped() {
        let (own, peer) = crate::words::pair(pool::words(2)).unwrap();
        let geometry = Geometry::new(800, 480).unwrap();
        let meta = FrameMeta {
            sequence: 9,
            generation: 8,
            captured_at_ns: 1,
            render_started_at_ns: 2,
            published_at_ns: 3,
            flags: 4,
            damage: Damage::from(dot(5)),
            geometry,
        };
        write(&own, pool::meta(2, 1), &meta);
        assert_eq!(read(&peer, pool::meta(2, 1), (9, 8), geometry), meta);
        let damage = Damage::from(Rect { x: 700, y: 0, width: 200, height: 1 });
        write(&own, pool::meta(2, 1), &FrameMeta { damage, ..meta });
        let read = read(&peer, pool::meta(2, 1), (9, 8), geometry);
        assert_eq!(read.damage.rects(), [Rect { x: 700, y: 0, width: 100, height: 1 }]);
    }
}
