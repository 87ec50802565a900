//! Tests of the history rings; no shared memory and no processes (those are the collector's tests).

use super::*;
use proptest::prelude::*;

const SECOND_NS: u64 = 1_000_000_000;

fn words(series: u32) -> Vec<AtomicU64> {
    (0..series as usize * SAMPLES_PER_SERIES).map(|_| AtomicU64::new(0)).collect()
}

fn push(writer: &mut HistoryWriter, words: &[AtomicU64], at_ms: u64, value: f32) {
    writer.push(words, 0, Sample { at_ns: at_ms * 1_000_000, value });
}

fn read(words: &[AtomicU64], since_ns: u64, now_ns: u64) -> Vec<Sample> {
    let mut samples = Vec::new();
    HistoryReader::new(words).read(0, since_ns, now_ns, &mut samples);
    samples
}

#[test]
fn samples_come_back_in_order_with_their_times() {
    let words = words(1);
    let mut writer = HistoryWriter::new();
    for second in 0..5_u16 {
        push(&mut writer, &words, u64::from(second) * 1000 + 7, f32::from(second));
    }
    let samples = read(&words, 2 * SECOND_NS, 5 * SECOND_NS);
    let expected = [(2007, 2.0), (3007, 3.0), (4007, 4.0)];
    assert_eq!(samples, expected.map(|(at_ms, value)| Sample { at_ns: at_ms * 1_000_000, value }));
}

#[test]
fn one_sample_a_second_gives_at_least_fifteen_minutes() {
    let words = words(1);
    let mut writer = HistoryWriter::new();
    for second in 1..5000_u16 {
        push(&mut writer, &words, u64::from(second) * 1000, f32::from(second));
    }
    let samples = read(&words, 0, 5000 * SECOND_NS);
    assert_eq!(samples.len(), SAMPLES_PER_SERIES);
    assert_eq!(samples[0].value, 3976.0);
    assert_eq!(samples[SAMPLES_PER_SERIES - 1].value, 4999.0);
}

#[test]
fn frequent_samples_merge_but_time_still_advances() {
    let words = words(1);
    let mut writer = HistoryWriter::new();
    for step in 1..=40_000_u64 {
        push(&mut writer, &words, step * 100, step as f32);
    }
    let samples = read(&words, 0, 4000 * SECOND_NS);
    let span_ns = samples[samples.len() - 1].at_ns - samples[0].at_ns;
    assert!(span_ns >= 15 * 60 * SECOND_NS, "only {} s", span_ns / SECOND_NS);
    assert_eq!(samples[samples.len() - 1].value, 40_000.0, "the newest value is there at once");
}

#[test]
fn a_new_writer_goes_on_after_the_newest_sample() {
    let words = words(1);
    let mut writer = HistoryWriter::new();
    for second in 1..1500_u16 {
        if second % 100 == 0 {
            writer = HistoryWriter::new();
        }
        push(&mut writer, &words, u64::from(second) * 1000, f32::from(second));
    }
    let samples = read(&words, 0, 1500 * SECOND_NS);
    let values: Vec<f32> = samples.iter().map(|sample| sample.value).collect();
    let expected: Vec<f32> = (476..1500_u16).map(f32::from).collect();
    assert_eq!(values, expected);
}

#[test]
fn a_writer_that_dies_all_the_time_still_advances_and_keeps_the_span() {
    let words = words(1);
    for step in 1..=40_000_u64 {
        let mut writer = HistoryWriter::new();
        push(&mut writer, &words, step * 100, step as f32);
    }
    let samples = read(&words, 0, 4000 * SECOND_NS);
    let span_ns = samples[samples.len() - 1].at_ns - samples[0].at_ns;
    assert!(span_ns >= 15 * 60 * SECOND_NS, "only {} s", span_ns / SECOND_NS);
}

#[test]
fn the_wrapping_millisecond_clock_is_read_right() {
    let words = words(1);
    let mut writer = HistoryWriter::new();
    let start_ms = u64::from(u32::MAX) - 2500;
    for second in 0..6_u16 {
        push(&mut writer, &words, start_ms + u64::from(second) * 1000, f32::from(second));
    }
    let samples = read(&words, 0, (start_ms + 6000) * 1_000_000);
    let times: Vec<u64> = samples.iter().map(|sample| sample.at_ns / 1_000_000 - start_ms).collect();
    assert_eq!(times, [0, 1000, 2000, 3000, 4000, 5000]);
}

#[test]
fn values_that_are_no_number_and_older_samples_add_nothing() {
    let words = words(1);
    let mut writer = HistoryWriter::new();
    push(&mut writer, &words, 10_000, 1.0);
    push(&mut writer, &words, 12_000, f32::NAN);
    push(&mut writer, &words, 13_000, f32::INFINITY);
    push(&mut writer, &words, 4_000, 4.0);
    assert_eq!(read(&words, 0, 20 * SECOND_NS), [Sample { at_ns: 10 * SECOND_NS, value: 1.0 }]);
}

#[test]
fn a_cleared_series_is_empty_and_its_neighbour_is_not() {
    let words = words(2);
    let mut writer = HistoryWriter::new();
    for series in 0..2 {
        writer.push(&words, series, Sample { at_ns: SECOND_NS, value: 5.0 });
    }
    writer.clear(&words, 0);
    let reader = HistoryReader::new(&words[..]);
    assert_eq!(reader.newest(0, SECOND_NS), None);
    assert_eq!(reader.newest(1, SECOND_NS), Some(Sample { at_ns: SECOND_NS, value: 5.0 }));
}

#[test]
fn a_series_beyond_the_board_has_no_samples_and_takes_none() {
    let words = words(1);
    let mut writer = HistoryWriter::new();
    for series in [1, SERIES_MAX - 1, SERIES_MAX, u32::MAX] {
        writer.push(&words, series, Sample { at_ns: SECOND_NS, value: 1.0 });
        writer.clear(&words, series);
        assert_eq!(HistoryReader::new(&words[..]).newest(series, SECOND_NS), None);
    }
}

#[test]
fn a_reader_beside_a_fast_writer_sees_only_whole_samples() {
    let words = words(1);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut writer = HistoryWriter::new();
            for second in 1..200_000_u64 {
                push(&mut writer, &words, second * 1000, (second % 4096) as f32);
            }
        });
        while !writing.is_finished() {
            for sample in read(&words, 0, 200_000 * SECOND_NS) {
                assert_eq!((sample.at_ns / SECOND_NS % 4096) as f32, sample.value);
            }
        }
    });
}

proptest! {
    #[test]
    fn any_garbage_is_read_without_panic_and_in_order(
        garbage in proptest::collection::vec(any::<u64>(), SAMPLES_PER_SERIES),
        now_ns in any::<u64>(), since_ns in any::<u64>(),
    ) {
        let words: Vec<AtomicU64> = garbage.into_iter().map(AtomicU64::new).collect();
        let samples = read(&words, since_ns, now_ns);
        prop_assert!(samples.is_sorted_by_key(|sample| sample.at_ns));
        prop_assert!(samples.iter().all(|sample| sample.value.is_finite()));
        let mut writer = HistoryWriter::new();
        writer.push(&words, 0, Sample { at_ns: now_ns, value: 1.0 });
    }

    #[test]
    fn any_rhythm_of_samples_and_restarts_keeps_the_newest_and_the_span(
        steps_ms in proptest::collection::vec((1_u64..4000, proptest::bool::weighted(0.05)), 1..3000),
        start_ms in any::<u32>(),
    ) {
        let words = words(1);
        let mut writer = HistoryWriter::new();
        let mut now_ms = u64::from(start_ms) + 1;
        let first_ms = now_ms;
        for (step, (step_ms, restart)) in steps_ms.iter().enumerate() {
            now_ms += step_ms;
            if *restart {
                writer = HistoryWriter::new();
            }
            push(&mut writer, &words, now_ms, step as f32);
        }
        let samples = read(&words, 0, now_ms * 1_000_000);
        let newest = samples.last().expect("there is at least one");
        prop_assert_eq!(newest.value, (steps_ms.len() - 1) as f32);
        prop_assert_eq!(newest.at_ns, now_ms * 1_000_000);
        prop_assert!(samples.is_sorted_by_key(|sample| sample.at_ns));
        let span_ms = (newest.at_ns - samples[0].at_ns) / 1_000_000;
        prop_assert!(span_ms >= (now_ms - first_ms).min(15 * 60_000).saturating_sub(8000));
    }
}
