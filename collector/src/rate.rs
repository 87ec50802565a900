//! Rates from counters that only grow.
//!
//! Keeps no history and knows no clock: the time of each reading is given.

/// Two readings closer than this give no rate: the kernel's counters are too coarse for it.
const ELAPSED_NS_MIN: u64 = 10_000_000;

/// The last reading of one counter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter {
    last: Option<(u64, u64)>,
}

impl Counter {
    /// Growth per second since the last reading. None at the first one, and when the counter went backwards (a
    /// reset, a wrap, another device under the old name): the next reading gives a rate again.
    pub fn rate(&mut self, count: u64, at_ns: u64) -> Option<f64> {
        let (last_count, last_ns) = self.last.replace((count, at_ns))?;
        let grown = count.checked_sub(last_count)?;
        let elapsed_ns = at_ns.checked_sub(last_ns)?;
        if elapsed_ns < ELAPSED_NS_MIN {
            self.last = Some((last_count, last_ns));
            return None;
        }
        Some(grown as f64 * 1e9 / elapsed_ns as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND_NS: u64 = 1_000_000_000;

    #[test]
    fn growth_is_divided_by_the_time_that_passed() {
        let mut counter = Counter::default();
        assert_eq!(counter.rate(1000, SECOND_NS), None);
        assert_eq!(counter.rate(4000, 3 * SECOND_NS), Some(1500.0));
        assert_eq!(counter.rate(4000, 4 * SECOND_NS), Some(0.0));
    }

    #[test]
    fn a_counter_that_goes_backwards_gives_no_rate_and_then_one_again() {
        let mut counter = Counter::default();
        counter.rate(u64::MAX, SECOND_NS);
        assert_eq!(counter.rate(5, 2 * SECOND_NS), None);
        assert_eq!(counter.rate(15, 3 * SECOND_NS), Some(10.0));
    }

    #[test]
    fn readings_at_the_same_moment_give_no_rate_and_do_not_spoil_the_next() {
        let mut counter = Counter::default();
        counter.rate(0, SECOND_NS);
        assert_eq!(counter.rate(100, SECOND_NS + 1), None);
        assert_eq!(counter.rate(100, 2 * SECOND_NS), Some(100.0));
        assert_eq!(counter.rate(100, SECOND_NS), None);
    }
}
