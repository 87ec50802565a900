//! History: the recent samples of each series, one shared word a sample, in rings that live beside the snapshot.
//!
//! Knows nothing of keys: which key a series belongs to stands in the snapshot (`Reading::series`), so that a
//! restarted collector or renderer finds both together. Never allocates or maps memory.
//!
//! A word holds the sample's time (milliseconds since the monotonic clock's zero, wrapping after 49 days) in the
//! high half and the value (f32 bits) in the low half; 0 is an empty place. Every word is complete in itself, so a
//! writer killed at any instruction leaves only whole samples, and a reader that is overrun sees a newer sample in
//! the place of an older one, never a mixture. Words are therefore loaded and stored `Relaxed`.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::transport::board::BoardWords;

/// Samples that a series keeps: 17 minutes at one a second.
pub const SAMPLES_PER_SERIES: usize = 1024;
/// Most series that a board can hold: 16 MiB of address space, of which only what is used gets memory.
pub const SERIES_MAX: u32 = 2048;
/// Words of a whole board's history.
pub const HISTORY_WORDS: usize = SERIES_MAX as usize * SAMPLES_PER_SERIES;
/// Samples within so long after a place was opened replace what it holds: 1024 places are at least 15 minutes.
pub const MERGE_MS: u32 = 900;

/// Samples that seem to come from further ahead than this are leavings of a wrapped clock.
const AHEAD_MS_MAX: i64 = 10_000;
/// Samples older than this are not given out; far below the 24 days after which old and new look alike.
const AGE_MS_MAX: i64 = 7 * 24 * 3_600_000;

/// One sample of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// When it was taken: `CLOCK_MONOTONIC` nanoseconds, exact to the millisecond.
    pub at_ns: u64,
    /// What was measured.
    pub value: f32,
}

/// The words of one series within all `words`, or `None` when the board is too short for it.
fn ring(words: &[AtomicU64], series: u32) -> Option<&[AtomicU64]> {
    let start = (series < SERIES_MAX).then_some(series as usize * SAMPLES_PER_SERIES)?;
    words.get(start..start + SAMPLES_PER_SERIES)
}

/// The word range of one series, for whoever provides its memory.
pub fn series_words(series: u32) -> std::ops::Range<usize> {
    let start = series as usize * SAMPLES_PER_SERIES;
    start..start + SAMPLES_PER_SERIES
}

fn pack(at_ms: u32, value: f32) -> u64 {
    // The instant 0 would make a value of 0.0 look like an empty place.
    u64::from(at_ms.max(1)) << 32 | u64::from(value.to_bits())
}

fn unpack(word: u64) -> Option<(u32, f32)> {
    (word != 0).then(|| ((word >> 32) as u32, f32::from_bits(word as u32)))
}

/// The wrapped millisecond clock of samples.
fn wrapped_ms(at_ns: u64) -> u32 {
    (at_ns / 1_000_000) as u32
}

/// How far `at_ms` lies ahead of `now_ms` on the wrapped clock; negative for the past.
fn ahead_ms(at_ms: u32, now_ms: u32) -> i64 {
    i64::from(at_ms.wrapping_sub(now_ms) as i32)
}

/// Where the writer stands in one ring.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    place: usize,
    /// When the place got its first sample: merging counts from here, else frequent samples would never advance.
    opened_ms: u32,
}

/// The writing side: one a board, in the collector.
#[derive(Debug, Default)]
pub struct HistoryWriter {
    cursors: Vec<Option<Cursor>>,
}

impl HistoryWriter {
    /// A writer that finds its place in each series by what is already there.
    pub fn new() -> HistoryWriter {
        HistoryWriter::default()
    }

    /// Adds one sample. Values that are no finite number, and samples older than the newest, add nothing.
    pub fn push(&mut self, words: &[AtomicU64], series: u32, sample: Sample) {
        let Some(ring) = ring(words, series) else { return };
        if !sample.value.is_finite() {
            return;
        }
        let at_ms = wrapped_ms(sample.at_ns);
        let index = series as usize;
        if self.cursors.len() <= index {
            self.cursors.resize(index + 1, None);
        }
        let cursor = match self.cursors[index].or_else(|| adopt(ring, at_ms)) {
            None => Cursor { place: 0, opened_ms: at_ms },
            Some(cursor) if ahead_ms(at_ms, cursor.opened_ms) < 0 => return,
            Some(cursor) if at_ms.wrapping_sub(cursor.opened_ms) < MERGE_MS => cursor,
            Some(cursor) => Cursor { place: (cursor.place + 1) % SAMPLES_PER_SERIES, opened_ms: at_ms },
        };
        ring[cursor.place].store(pack(at_ms, sample.value), Relaxed);
        self.cursors[index] = Some(cursor);
    }

    /// Empties a series. Done before a series gets a (new) key, because a collector killed between the first
    /// samples of a series and the snapshot that names it leaves samples that belong to nobody.
    pub fn clear(&mut self, words: &[AtomicU64], series: u32) {
        for word in ring(words, series).unwrap_or_default() {
            word.store(0, Relaxed);
        }
        if let Some(cursor) = self.cursors.get_mut(series as usize) {
            *cursor = None;
        }
    }
}

/// Finds the newest sample that an earlier writer left, and when its place was opened at the earliest: a writer that
/// is started again and again must not merge for ever.
fn adopt(ring: &[AtomicU64], now_ms: u32) -> Option<Cursor> {
    let at_ms = |place: usize| unpack(ring[place].load(Relaxed)).map(|sample| sample.0);
    let samples = (0..ring.len()).filter_map(|place| Some((place, at_ms(place)?)));
    let past = samples.filter(|(_, at_ms)| ahead_ms(*at_ms, now_ms) <= AHEAD_MS_MAX);
    let (place, newest_ms) = past.max_by_key(|(_, at_ms)| ahead_ms(*at_ms, now_ms))?;
    let before_ms = at_ms((place + ring.len() - 1) % ring.len());
    let gap_ms = before_ms.map_or(u32::MAX, |before_ms| newest_ms.wrapping_sub(before_ms));
    let open_for_ms = gap_ms.saturating_sub(MERGE_MS).min(MERGE_MS - 1);
    Some(Cursor { place, opened_ms: newest_ms.wrapping_sub(open_for_ms) })
}

/// Where a reader finds words: on a board, or in this process.
pub trait Words {
    /// The word at `index`; 0 where there is none.
    fn load(&self, index: usize) -> u64;
}

impl Words for BoardWords<'_> {
    fn load(&self, index: usize) -> u64 {
        BoardWords::load(self, index)
    }
}

impl Words for &[AtomicU64] {
    fn load(&self, index: usize) -> u64 {
        self.get(index).map_or(0, |word| word.load(Relaxed))
    }
}

/// The reading side: any number of processes.
#[derive(Clone, Copy, Debug)]
pub struct HistoryReader<W: Words> {
    words: W,
}

impl<W: Words> HistoryReader<W> {
    /// Reads the histories in `words`.
    pub fn new(words: W) -> HistoryReader<W> {
        HistoryReader { words }
    }

    /// Puts the samples of `series` since `since_ns` into `into`, oldest first. Unknown series have none.
    pub fn read(&self, series: u32, since_ns: u64, now_ns: u64, into: &mut Vec<Sample>) {
        into.clear();
        if series >= SERIES_MAX {
            return;
        }
        let now_ms = now_ns / 1_000_000;
        let since_ms = i64::try_from(since_ns / 1_000_000).unwrap_or(i64::MAX);
        for index in series_words(series) {
            let Some((at_ms, value)) = unpack(self.words.load(index)) else { continue };
            let ahead = ahead_ms(at_ms, now_ms as u32);
            let at = i64::try_from(now_ms).unwrap_or(i64::MAX).saturating_add(ahead);
            if (-AGE_MS_MAX..=AHEAD_MS_MAX).contains(&ahead) && at >= since_ms.max(0) && value.is_finite() {
                into.push(Sample { at_ns: at as u64 * 1_000_000, value });
            }
        }
        put_in_order(into);
    }

    /// The newest sample of `series`.
    pub fn newest(&self, series: u32, now_ns: u64) -> Option<Sample> {
        let mut samples = Vec::new();
        self.read(series, 0, now_ns, &mut samples);
        samples.pop()
    }
}

/// A ring read from its first place is two rising runs; only a reader overrun by the writer sees more.
fn put_in_order(samples: &mut [Sample]) {
    if let Some(fall) = samples.windows(2).position(|pair| pair[1].at_ns < pair[0].at_ns) {
        samples.rotate_left(fall + 1);
    }
    if !samples.is_sorted_by_key(|sample| sample.at_ns) {
        samples.sort_by_key(|sample| sample.at_ns);
    }
}

#[cfg(test)]
mod tests;
