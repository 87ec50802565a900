//! Statistics of a running renderer and of its sinks, for any process that may connect.
//! How the numbers are collected is the hub's business; nobody is stopped to read them.

#[cfg(not(any(loom, miri, tsan)))]
mod ask;
#[cfg(not(any(loom, miri, tsan)))]
pub use ask::observe;

use crate::policy::DropPolicy;
use serde::{Deserialize, Serialize};

/// Everything that one renderer counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// Random number of the renderer's start.
    pub generation: u64,
    /// One entry a view that is open.
    pub views: Vec<ViewStats>,
    /// One entry a connected sink.
    pub sinks: Vec<SinkStats>,
}

/// What one view counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ViewStats {
    /// Its number.
    pub view: u64,
    /// Width of its frames.
    pub width: u32,
    /// Height of its frames.
    pub height: u32,
    /// Frames a second at present, in thousandths; 0: the renderer does not say.
    pub rate_millihz: u32,
    /// The name of what it shows at present (a template's, in casedd).
    pub template: String,
    /// What it shows at present, in the renderer's words.
    pub shows: String,
    /// What is wrong with that, in the renderer's words; empty: nothing.
    pub trouble: String,
    /// Frames published since it was opened.
    pub published: u64,
    /// When the newest one was published.
    pub last_published_at_ns: u64,
    /// Sinks admitted to it.
    pub sinks: u32,
    /// Slots of its pool.
    pub pool_slots: u32,
    /// Slots that could be written now.
    pub pool_free: u32,
    /// Bytes of its pool's pixels.
    pub pool_bytes: u64,
    /// Slots found at the first look.
    pub pool_hits: u64,
    /// Times that no slot was free at first, so that a queued frame was dropped or the frame given up.
    pub pool_misses: u64,
}

/// What one sink counts. At every moment
/// `pushed == delivered + given_back + dropped_oldest + dropped_newest + in_flight`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SinkStats {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub topic: String,
    /// The view it looks at.
    pub view: u64,
    /// Width asked for.
    pub width: u32,
    /// Height asked for.
    pub height: u32,
    /// Rate asked for.
    pub rate_millihz: u32,
    /// Its drop policy.
    pub policy: DropPolicy,
    /// Process at the other end.
    pub pid: u32,
    /// It says that somebody looks.
    pub watched: bool,
    /// It holds a frame longer than its lease, and gets no new ones.
    pub stalled: bool,
    /// It was told to go and has not gone yet.
    pub revoked: bool,
    /// Frames that may wait in its ring.
    pub capacity: u32,
    /// The same, as the original names it.
    pub depth: u32,
    /// Frames that wait in its ring now.
    pub pending: u32,
    /// `pending == capacity`.
    pub is_full: bool,
    /// The most that ever waited.
    pub high_water: u32,
    /// Frames offered to it.
    pub pushed: u64,
    /// Frames that it said were shown.
    pub delivered: u64,
    /// Frames that it took and gave back unshown.
    pub given_back: u64,
    /// Frames shown once more, outside the count of `pushed`.
    pub repainted: u64,
    /// Queued frames that made room for newer ones, or that it skipped.
    pub dropped_oldest: u64,
    /// New frames that were not queued: ring full, lease overrun, or longest block over.
    pub dropped_newest: u64,
    /// Frames queued or in its hands.
    pub in_flight: u64,
    /// Dropped frames of each frame pushed, 0 to 1.
    pub drop_rate: f64,
    /// Time that the renderer waited for it.
    pub blocked_ns: u64,
    /// Times that it held a frame longer than its lease.
    pub lease_overruns: u64,
    /// Times that its memory said what cannot be true, as a frame given back twice or one that never was.
    pub breaches: u64,
    /// Frames of which it found that they had changed in its hands.
    pub uses_after_release: u64,
    /// Half of its frames were shown within this time of their snapshot.
    pub latency_p50_us: u64,
    /// 99 of 100 were.
    pub latency_p99_us: u64,
    /// The slowest one.
    pub latency_max_us: u64,
    /// When it last showed a frame; 0 = never.
    pub last_delivered_at_ns: u64,
    /// Totals of earlier connections of the same name.
    pub earlier: Totals,
}

/// Totals of a name over its connections that have ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Connections that ended.
    pub connections: u64,
    /// Frames offered.
    pub pushed: u64,
    /// Frames shown.
    pub delivered: u64,
    /// Frames taken and given back unshown.
    pub given_back: u64,
    /// Queued frames that made room.
    pub dropped_oldest: u64,
    /// New frames that were not queued.
    pub dropped_newest: u64,
    /// Frames that were queued or held when the sink went.
    pub lost: u64,
}
