//! Waiting times between attempts: doubling from a first to a longest, each spread by a fifth either way.
//!
//! Only reckons; who waits is the caller, who must stay able to stop.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Part of a wait by which it is spread, in percent: many sinks that lost one renderer do not return in one instant.
const SPREAD_PERCENT: u64 = 20;

/// The next wait after each failure in a row.
#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
    random: RandomState,
    drawn: u64,
}

impl Backoff {
    /// Waits of `first`, twice that, ... and at most `longest`.
    pub fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, next: first, random: RandomState::new(), drawn: 0 }
    }

    /// How long to wait now; the following wait is twice as long.
    pub fn wait(&mut self) -> Duration {
        let wait = self.next;
        self.next = (wait * 2).min(self.longest);
        self.drawn += 1;
        let spread = self.random.hash_one(self.drawn) % (2 * SPREAD_PERCENT + 1);
        wait * (100 - SPREAD_PERCENT + spread) as u32 / 100
    }

    /// The last attempt held: the next wait is the first one again.
    pub fn reset(&mut self) {
        self.next = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_within_a_fifth() {
        let mut backoff = Backoff::new(Duration::from_millis(10), Duration::from_millis(1000));
        for nominal_ms in [10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000_u64] {
            let wait_ms = backoff.wait().as_micros() as f64 / 1000.0;
            let nominal_ms = nominal_ms as f64;
            assert!((nominal_ms * 0.8..=nominal_ms * 1.2).contains(&wait_ms), "{wait_ms} for {nominal_ms}");
        }
    }

    #[test]
    fn a_success_starts_again_from_the_first_wait() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));
        for _ in 0..6 {
            backoff.wait();
        }
        backoff.reset();
        assert!(backoff.wait() <= Duration::from_millis(120));
    }

    #[test]
    fn two_sinks_do_not_wait_in_step() {
        let mut one = Backoff::new(Duration::from_secs(1), Duration::from_secs(1));
        let mut other = Backoff::new(Duration::from_secs(1), Duration::from_secs(1));
        assert!((0..32).any(|_| one.wait() != other.wait()));
    }
}
