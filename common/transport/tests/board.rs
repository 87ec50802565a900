//! The board over real shared memory: adoption, replacement, locks, sizes, a full file system.
//! A writer killed at any instant is tested with processes, in `processes.rs`.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use casedd_transport::board::{BoardError, BoardReader, BoardWriter};
use std::sync::atomic::Ordering::Relaxed;

/// A name of its own for each test, removed at its end.
struct Name(String);

impl Name {
    fn new(test: &str) -> Name {
        let name = format!("/casedd-test-{}-{test}", std::process::id());
        let _ = BoardWriter::unlink(&name);
        Name(name)
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        let _ = BoardWriter::unlink(&self.0);
    }
}

fn read(reader: &BoardReader) -> Option<(u64, Vec<u8>)> {
    let mut payload = Vec::new();
    reader.read(&mut payload).unwrap().map(|sequence| (sequence, payload))
}

#[test]
fn a_reader_sees_the_newest_payload() {
    let name = Name::new("newest");
    assert!(matches!(BoardReader::open(&name.0), Err(BoardError::Missing { .. })));
    let mut writer = BoardWriter::create_or_adopt(&name.0, 0o600, 100, 0).unwrap();
    let reader = BoardReader::open(&name.0).unwrap();
    assert_eq!((read(&reader), reader.sequence(), writer.newest()), (None, 0, None));
    for length in [0, 1, 7, 8, 9, 99, 100] {
        let payload: Vec<u8> = (0..length).collect();
        let sequence = writer.publish(&payload).unwrap();
        assert_eq!(read(&reader), Some((sequence, payload)));
    }
    assert!(matches!(writer.publish(&[0; 101]), Err(BoardError::TooLarge { bytes: 101, most: 100 })));
    assert!(reader.heartbeat_age_ms() < 10_000);
    assert_eq!(reader.generation(), writer.generation());
}

#[test]
fn a_restarted_writer_adopts_payload_and_words() {
    let name = Name::new("adopt");
    let mut first = BoardWriter::create_or_adopt(&name.0, 0o600, 64, 100_000).unwrap();
    let reader = BoardReader::open(&name.0).unwrap();
    first.publish(b"before").unwrap();
    first.ensure_words(70_000..70_001).unwrap();
    first.words()[70_000].store(5, Relaxed);
    let generation = first.generation();
    drop(first);
    let mut second = BoardWriter::create_or_adopt(&name.0, 0o600, 64, 100_000).unwrap();
    assert!(second.adopted() && second.generation() != generation);
    assert_eq!(second.newest().as_deref(), Some(&b"before"[..]));
    assert_eq!(
        (reader.words().load(70_000), reader.words().load(3), reader.words().load(100_000)),
        (5, 0, 0)
    );
    assert_eq!(second.publish(b"after").unwrap(), 2);
    assert_eq!(read(&reader), Some((2, b"after".to_vec())));
    assert!(!reader.replaced());
    assert!(second.ensure_words(99_999..100_001).is_err());
}

#[test]
fn a_board_of_other_sizes_is_replaced_and_readers_find_out() {
    let name = Name::new("replace");
    drop(BoardWriter::create_or_adopt(&name.0, 0o600, 64, 0).unwrap());
    let reader = BoardReader::open(&name.0).unwrap();
    let writer = BoardWriter::create_or_adopt(&name.0, 0o600, 128, 0).unwrap();
    assert!(!writer.adopted() && reader.replaced());
    assert!(BoardWriter::unlink(&name.0).unwrap() && !BoardWriter::unlink(&name.0).unwrap());
}

#[test]
fn only_one_writer_lives_at_a_time() {
    let name = Name::new("lock");
    let first = BoardWriter::create_or_adopt(&name.0, 0o600, 64, 0).unwrap();
    let second = BoardWriter::create_or_adopt(&name.0, 0o600, 64, 0);
    assert!(matches!(second, Err(BoardError::InUse { .. })));
    drop(first);
    assert!(BoardWriter::create_or_adopt(&name.0, 0o600, 64, 0).is_ok());
}

/// True inside of a process whose `/dev/shm` has one MiB; outside, runs the test there. Skips loudly where it cannot.
fn in_small_memory(test: &str) -> bool {
    const INSIDE: &str = "CASEDD_TEST_SMALL_SHM";
    const TEST_FAILED: i32 = 101;
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let script = "mount -t tmpfs -o size=1m none /dev/shm && exec \"$0\" --exact \"$1\" --nocapture";
    let status = std::process::Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .arg(std::env::current_exe().unwrap())
        .arg(test)
        .env(INSIDE, "1")
        .status();
    match status.map(|status| status.code()) {
        Ok(Some(0)) => {}
        Ok(Some(TEST_FAILED)) => panic!("failed with a /dev/shm of 1 MiB"),
        other => eprintln!("SKIPPED {test}: no mount namespace here ({other:?})"),
    }
    false
}

#[test]
fn a_full_file_system_is_an_error_and_leaves_no_name() {
    if !in_small_memory("a_full_file_system_is_an_error_and_leaves_no_name") {
        return;
    }
    let name = Name::new("full");
    let error = BoardWriter::create_or_adopt(&name.0, 0o600, 300_000, 0).err().unwrap();
    assert!(matches!(error, BoardError::Full { .. }), "{error}");
    assert!(!BoardWriter::unlink(&name.0).unwrap());
}

#[test]
fn words_that_do_not_fit_are_an_error_and_those_that_do_go_on() {
    if !in_small_memory("words_that_do_not_fit_are_an_error_and_those_that_do_go_on") {
        return;
    }
    let name = Name::new("words");
    let writer = BoardWriter::create_or_adopt(&name.0, 0o600, 64, 1 << 20).unwrap();
    writer.ensure_words(0..8192).unwrap();
    let error = writer.ensure_words(0..1 << 20).unwrap_err();
    assert!(matches!(error, BoardError::Full { .. }), "{error}");
    writer.words()[8191].store(3, Relaxed);
    let reader = BoardReader::open(&name.0).unwrap();
    assert_eq!((reader.words().load(8191), reader.words().load((1 << 20) - 1)), (3, 0));
}

#[test]
fn the_mode_is_what_was_asked() {
    let name = Name::new("mode");
    let _writer = BoardWriter::create_or_adopt(&name.0, 0o640, 64, 0).unwrap();
    let found = std::fs::metadata(format!("/dev/shm{}", name.0)).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o777, 0o640);
}

#[test]
fn readers_never_see_a_torn_payload_nor_starve() {
    let name = Name::new("race");
    let mut writer = BoardWriter::create_or_adopt(&name.0, 0o600, 20_000, 0).unwrap();
    let reader = BoardReader::open(&name.0).unwrap();
    writer.publish(&[0; 20_000]).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 1..=20_000u32 {
                writer.publish(&[round as u8; 20_000]).unwrap();
            }
            done.store(true, Relaxed);
        });
        let mut payload = Vec::new();
        while !done.load(Relaxed) {
            let sequence = reader.read(&mut payload).unwrap().unwrap();
            assert!(payload.iter().all(|byte| *byte == (sequence - 1) as u8), "torn at {sequence}");
        }
    });
}
