//! The one clock that every process of the group reads: CLOCK_MONOTONIC, in nanoseconds.
//! Wall time is left out: it jumps, and no age may be computed from it.

use nix::time::{ClockId, clock_gettime};

/// Nanoseconds of CLOCK_MONOTONIC, the same for all processes of one machine since its boot.
///
/// Never 0, so that 0 can mean "never" in shared words.
pub fn now_ns() -> u64 {
    let time = clock_gettime(ClockId::CLOCK_MONOTONIC).expect("the kernel has CLOCK_MONOTONIC");
    let seconds = u64::try_from(time.tv_sec()).unwrap_or(0);
    let nanos = u64::try_from(time.tv_nsec()).unwrap_or(0);
    (seconds * 1_000_000_000 + nanos).max(1)
}

/// Whole milliseconds that have passed since `then_ns`; 0 when it lies in the future.
pub fn age_ms(then_ns: u64) -> u64 {
    now_ns().saturating_sub(then_ns) / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_runs_backwards() {
        let first = now_ns();
        assert!(now_ns() >= first);
        assert_eq!(age_ms(u64::MAX), 0);
    }
}
