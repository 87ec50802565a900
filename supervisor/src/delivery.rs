//! Whether a sink's frames reach the glass: liveness is frames delivered, not a process that beats its heart.
//!
//! Pure: judges the counts of the renderer at times that are parameters. Who asks the renderer is `observer`.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use casedd_common::transport::observe::{SinkStats, Stats};

/// A sink that is offered frames and shows none for so long is stuck. Twice the time after which a silent process
/// is ended: a slow display is no reason.
pub const STUCK_AFTER: Duration = Duration::from_secs(10);

/// What has been seen of every sink.
#[derive(Debug, Default)]
pub struct Deliveries {
    sinks: HashMap<(String, u32), Seen>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    shown: u64,
    pushed: u64,
    /// When a frame was first offered of which nothing has been shown since.
    waiting_since: Option<Instant>,
}

impl Deliveries {
    /// Takes new counts, and gives the pids of the sinks that are stuck.
    pub fn stuck(&mut self, stats: &Stats, now: Instant) -> Vec<u32> {
        let mut sinks = HashMap::with_capacity(stats.sinks.len());
        let mut stuck = Vec::new();
        for sink in &stats.sinks {
            let key = (sink.name.clone(), sink.pid);
            let seen = self.sinks.get(&key).map_or_else(|| Seen::first(sink), |seen| seen.next(sink, now));
            if seen.waiting_since.is_some_and(|since| now.saturating_duration_since(since) >= STUCK_AFTER) {
                stuck.push(sink.pid);
            }
            sinks.insert(key, seen);
        }
        self.sinks = sinks;
        stuck
    }

    /// Forgets everything: the counts were not looked at for a while, or the renderer did not run.
    pub fn forget(&mut self) {
        self.sinks.clear();
    }
}

impl Seen {
    fn first(sink: &SinkStats) -> Seen {
        Seen { shown: shown(sink), pushed: sink.pushed, waiting_since: None }
    }

    fn next(self, sink: &SinkStats, now: Instant) -> Seen {
        if shown(sink) != self.shown || !sink.watched {
            return Seen::first(sink);
        }
        let is_offered_more = sink.pushed > self.pushed;
        Seen { waiting_since: self.waiting_since.or(is_offered_more.then_some(now)), ..self }
    }
}

fn shown(sink: &SinkStats) -> u64 {
    sink.delivered + sink.repainted
}

#[cfg(test)]
mod tests {
    use casedd_common::transport::DropPolicy;
    use casedd_common::transport::observe::Totals;

    use super::*;

    fn sink(pushed: u64, delivered: u64, watched: bool) -> Stats {
        let sink = SinkStats {
            name: "panel".to_owned(),
            topic: "system_stats".to_owned(),
            view: 1,
            width: 800,
            height: 480,
            rate_millihz: 2000,
            policy: DropPolicy::DropOldest,
            pid: 42,
            watched,
            stalled: false,
            revoked: false,
            capacity: 2,
            depth: 2,
            pending: 0,
            is_full: false,
            high_water: 0,
            pushed,
            delivered,
            given_back: 0,
            repainted: 0,
            dropped_oldest: 0,
            dropped_newest: 0,
            in_flight: 0,
            drop_rate: 0.0,
            blocked_ns: 0,
            lease_overruns: 0,
            uses_after_release: 0,
            breaches: 0,
            latency_p50_us: 0,
            latency_p99_us: 0,
            latency_max_us: 0,
            last_delivered_at_ns: 0,
            earlier: Totals::default(),
        };
        Stats { sinks: vec![sink], ..Stats::default() }
    }

    /// The second at which a sink counts as stuck, when its counts are looked at once a second.
    fn stuck_at(counts: impl Fn(u64) -> (u64, u64, bool)) -> Option<u64> {
        let (mut deliveries, start) = (Deliveries::default(), Instant::now());
        (0..60).find(|&second| {
            let (pushed, delivered, watched) = counts(second);
            let stats = sink(pushed, delivered, watched);
            !deliveries.stuck(&stats, start + Duration::from_secs(second)).is_empty()
        })
    }

    #[test]
    fn a_sink_that_is_offered_frames_and_shows_none_is_stuck() {
        assert_eq!(stuck_at(|second| (second * 2, 5, true)), Some(11));
    }

    #[test]
    fn a_sink_that_shows_now_and_then_is_not() {
        assert_eq!(stuck_at(|second| (second * 2, second / 8, true)), None);
    }

    #[test]
    fn a_picture_that_does_not_change_is_no_fault_of_the_sink() {
        assert_eq!(stuck_at(|_| (7, 7, true)), None);
    }

    #[test]
    fn a_sink_that_nobody_looks_at_owes_nothing() {
        assert_eq!(stuck_at(|second| (second, 0, false)), None);
    }

    #[test]
    fn one_frame_that_is_never_shown_is_enough() {
        assert_eq!(stuck_at(|second| (7 + u64::from(second >= 3), 7, true)), Some(13));
    }
}
