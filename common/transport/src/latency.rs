//! A histogram of latencies in shared words: eight buckets for each doubling, so that a figure is right within 13 %.
//! It counts microseconds from a frame's snapshot to its delivery.

/// Buckets for each doubling.
const STEPS: usize = 8;
/// Doublings: up to 2^31 us, which is 36 minutes.
const DOUBLINGS: usize = 30;
/// Words of a histogram.
pub const BUCKETS: usize = STEPS * DOUBLINGS;

/// The bucket that counts this latency.
pub fn bucket(latency_us: u64) -> usize {
    if latency_us < STEPS as u64 {
        return latency_us as usize;
    }
    let log = latency_us.ilog2() as usize;
    let step = (latency_us >> (log - 3)) as usize & (STEPS - 1);
    ((log - 2) * STEPS + step).min(BUCKETS - 1)
}

/// The largest latency that `bucket` counts.
pub fn upper_us(bucket: usize) -> u64 {
    if bucket < STEPS {
        return bucket as u64;
    }
    let (log, step) = (bucket / STEPS + 2, bucket % STEPS);
    let width = 1u64 << (log - 3);
    (1u64 << log) + (step as u64 + 1) * width - 1
}

/// The latency that `share` (0 to 1) of all counted frames stayed within; 0 when none was counted.
pub fn quantile_us(counts: impl Iterator<Item = u64> + Clone, share: f64) -> u64 {
    let total: u64 = counts.clone().fold(0, u64::saturating_add);
    let wanted = (total as f64 * share).ceil().max(1.0) as u64;
    let mut seen = 0u64;
    for (bucket, count) in counts.enumerate() {
        seen = seen.saturating_add(count);
        if seen >= wanted {
            return upper_us(bucket);
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latency_lies_in_its_bucket_and_within_an_eighth_of_its_bound() {
        let mut last = 0;
        for latency in (0..5000).chain((13..31).map(|shift| (1 << shift) + 5)) {
            let bucket = bucket(latency);
            assert!(bucket >= last && bucket < BUCKETS, "{latency}");
            last = bucket;
            let upper = upper_us(bucket);
            assert!(upper >= latency && upper - latency <= latency / 8, "{latency} {upper}");
        }
        assert_eq!(super::bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn quantiles_are_read_from_the_counts() {
        let mut counts = [0u64; BUCKETS];
        (1..=100u64).for_each(|latency| counts[bucket(latency * 10)] += 1);
        let near = |share: f64, wanted: u64| {
            let found = quantile_us(counts.iter().copied(), share);
            assert!(found.abs_diff(wanted) <= wanted / 8, "{share}: {found}");
        };
        near(0.5, 500);
        near(0.99, 990);
        assert_eq!(quantile_us([0u64; BUCKETS].into_iter(), 0.5), 0);
    }
}
