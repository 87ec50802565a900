//! When a view is due: at its own rate, without drift and without bursts.
//! Leaves out clocks: the time is a parameter.

/// The deadlines of one view.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    period_ns: u64,
    due_ns: u64,
}

impl Pace {
    /// Deadlines `rate_millihz` thousandths of a time a second; the first is now.
    pub fn new(rate_millihz: u32, now_ns: u64) -> Pace {
        Pace { period_ns: period_ns(rate_millihz), due_ns: now_ns }
    }

    /// Another rate from now on: a quicker one need not wait for the old deadline, a slower one keeps it.
    pub fn change(&mut self, rate_millihz: u32, now_ns: u64) {
        let period_ns = period_ns(rate_millihz);
        if self.period_ns != period_ns {
            *self = Pace { period_ns, due_ns: self.due_ns.min(now_ns + period_ns) };
        }
    }

    /// The next deadline.
    pub fn due_ns(&self) -> u64 {
        self.due_ns
    }

    /// Moves on to the first deadline after `now_ns`: those that were missed are left out, the phase is kept.
    pub fn advance(&mut self, now_ns: u64) {
        let missed = now_ns.saturating_sub(self.due_ns) / self.period_ns;
        self.due_ns += (missed + 1) * self.period_ns;
    }
}

fn period_ns(rate_millihz: u32) -> u64 {
    1_000_000_000_000 / u64::from(rate_millihz.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_keep_their_phase_and_missed_ones_are_left_out() {
        let mut pace = Pace::new(2_000, 1_000);
        assert_eq!(pace.due_ns(), 1_000);
        pace.advance(1_200);
        assert_eq!(pace.due_ns(), 500_001_000, "late by a little: no drift");
        pace.advance(1_750_000_000);
        assert_eq!(pace.due_ns(), 2_000_001_000, "two were missed: one comes, on the old phase");
    }

    #[test]
    fn another_rate_takes_effect_before_the_old_deadline() {
        let mut pace = Pace::new(10, 0);
        pace.advance(0);
        pace.change(2_000, 1_000_000_000);
        assert_eq!(pace.due_ns(), 1_500_000_000);
        pace.change(2_000, 1_400_000_000);
        assert_eq!(pace.due_ns(), 1_500_000_000, "the same rate changes nothing");
        pace.change(10, 1_500_000_000);
        pace.advance(1_500_000_000);
        assert_eq!(pace.due_ns(), 101_500_000_000);
    }

    #[test]
    fn a_rate_of_nothing_is_no_division_by_it() {
        let mut pace = Pace::new(0, 5);
        pace.advance(5);
        assert!(pace.due_ns() > 5);
    }
}
