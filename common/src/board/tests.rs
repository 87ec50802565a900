//! Tests of the board in real shared memory, within one process; several processes are the collector's tests.

use super::*;
use crate::metrics::{Reading, Value};

struct Name(String);

impl Name {
    fn new(test: &str) -> Name {
        Name(format!("/casedd-test-{}-{test}", std::process::id()))
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        BoardWriter::unlink(&self.0).expect("unlinked");
    }
}

fn snapshot(tick: u64) -> Snapshot {
    let reading =
        Reading { key: "a".into(), value: Value::Number(tick as f64), at_ns: tick, ttl_ms: 0, series: 3 };
    Snapshot { tick, readings: vec![reading], ..Snapshot::default() }
}

#[test]
fn what_is_published_is_read_and_adopted_by_the_next_writer() {
    let name = Name::new("adopt");
    assert!(matches!(BoardReader::open(&name.0), Err(BoardError::Segment(SegmentError::Missing { .. }))));
    let (mut board, left) = BoardWriter::create_or_adopt(&name.0, MODE_PRIVATE).expect("made");
    assert_eq!(left, None);
    let mut reader = BoardReader::open(&name.0).expect("opened");
    assert_eq!(reader.read().expect("readable"), None);
    board.open_series(3).expect("there is memory");
    board.push(3, Sample { at_ns: 5_000_000_000, value: 7.0 });
    board.publish(&snapshot(1)).expect("published");
    assert_eq!(reader.read().expect("readable"), Some(snapshot(1)));
    let first_generation = reader.generation();
    drop(board);

    let (mut board, left) = BoardWriter::create_or_adopt(&name.0, MODE_PRIVATE).expect("adopted");
    assert_eq!(left, Some(snapshot(1)));
    board.push(3, Sample { at_ns: 6_000_000_000, value: 8.0 });
    board.publish(&snapshot(2)).expect("published");
    assert_eq!(reader.read().expect("the old mapping still serves"), Some(snapshot(2)));
    assert_ne!(reader.generation(), first_generation);
    let mut samples = Vec::new();
    reader.history().read(3, 0, 7_000_000_000, &mut samples);
    assert_eq!(samples.iter().map(|sample| sample.value).collect::<Vec<_>>(), [7.0, 8.0]);
}

#[test]
fn a_series_that_was_never_opened_takes_no_samples() {
    let name = Name::new("closed");
    let (mut board, _) = BoardWriter::create_or_adopt(&name.0, MODE_PRIVATE).expect("made");
    board.push(100, Sample { at_ns: 5, value: 7.0 });
    board.push(u32::MAX, Sample { at_ns: 5, value: 7.0 });
    board.publish(&snapshot(1)).expect("published");
    let reader = BoardReader::open(&name.0).expect("opened");
    assert_eq!(reader.history().newest(100, 5), None);
}

#[test]
fn a_payload_that_is_no_snapshot_is_refused_by_readers_and_not_adopted() {
    let name = Name::new("garbage");
    let mut segment =
        segment::BoardWriter::create_or_adopt(&name.0, MODE_PRIVATE, SNAPSHOT_BYTES_MAX, HISTORY_WORDS)
            .expect("made");
    segment.publish(b"no snapshot at all, but long enough").expect("published");
    let mut reader = BoardReader::open(&name.0).expect("opened");
    assert!(matches!(reader.read(), Err(BoardError::Corrupt(_))));
    drop(segment);
    let (mut board, left) = BoardWriter::create_or_adopt(&name.0, MODE_PRIVATE).expect("adopted");
    assert_eq!(left, None);
    board.publish(&snapshot(1)).expect("published");
    assert_eq!(reader.read().expect("readable"), Some(snapshot(1)));
}

#[test]
fn a_second_writer_is_refused() {
    let name = Name::new("second");
    let _board = BoardWriter::create_or_adopt(&name.0, MODE_PRIVATE).expect("made");
    let error = BoardWriter::create_or_adopt(&name.0, MODE_PRIVATE).err().expect("refused");
    assert_eq!(Failure::from(error).exit, Exit::Unavailable);
}
