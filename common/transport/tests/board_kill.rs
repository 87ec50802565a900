//! A board's writer, stepped one instruction at a time, and killed after every one of them: readers keep the newest whole
//! payload, and the next writer takes over without repairing anything.
//!
//! `./x stepkill` tries every instruction of publishing, a test build every third; making the board and allocating words,
//! which are system calls in the main, are tried at every 199th. `CASEDD_STEP=499` says otherwise.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use casedd_transport::board::{BoardError, BoardReader, BoardWriter};
use stage::child::{Part, Role, part, start};
use stage::step::{begin, every_instruction, pass, phase, step_and_kill, wait_for_begin};
use std::path::Path;

const PAYLOAD_BYTES: usize = 40;
/// A chunk and a bit.
const WORDS: usize = 10_000;
/// One payload, the second.
const PUBLISH_PHASES: u32 = 1;
/// Payloads after which every area was written again.
const ROUND: u64 = 5;

fn main() {
    match part() {
        Some(part) if part.role == "maker" => play_maker(&part),
        Some(part) => play_writer(&part),
        None => {
            a_writer_killed_while_it_publishes_leaves_the_newest_payload();
            a_writer_killed_while_it_makes_the_board_leaves_none_or_a_whole_one();
        }
    }
}

/// Says which payload it is, in each of its words.
fn payload(sequence: u64) -> Vec<u8> {
    sequence.to_le_bytes().repeat(PAYLOAD_BYTES / 8)
}

/// The name travels where other roles have a socket.
fn name(part: &Part) -> &str {
    part.socket.to_str().unwrap()
}

fn open(name: &str) -> BoardWriter {
    BoardWriter::create_or_adopt(name, 0o600, PAYLOAD_BYTES, WORDS).unwrap()
}

fn play_writer(part: &Part) {
    let mut writer = open(name(part));
    writer.publish(&payload(1)).unwrap();
    begin();
    writer.publish(&payload(2)).unwrap();
    phase();
}

fn play_maker(part: &Part) {
    let board = name(part).to_owned();
    begin();
    let mut writer = open(&board);
    writer.ensure_words(0..WORDS).unwrap();
    writer.publish(&payload(1)).unwrap();
    phase();
}

/// Whatever was interrupted: a new writer goes on after what is there, and readers see each payload whole.
fn take_over(name: &str, at_least: u64, here: &str) {
    let mut writer = open(name);
    let reader = BoardReader::open(name).unwrap();
    let mut found = Vec::new();
    let newest = reader.read(&mut found).unwrap().unwrap_or(0);
    assert!(newest >= at_least, "payload {newest} is older than {at_least} {here}");
    assert!(newest == 0 || found == payload(newest), "torn {here}");
    writer.ensure_words(0..WORDS).unwrap();
    for sequence in newest + 1..=newest + ROUND {
        assert_eq!(writer.publish(&payload(sequence)).unwrap(), sequence, "{here}");
        assert_eq!(reader.read(&mut found).unwrap(), Some(sequence), "{here}");
        assert_eq!(found, payload(sequence), "torn {here}");
    }
}

fn killed(role: &mut Role, phase: u32, count: u64) -> bool {
    wait_for_begin(role);
    pass(role, phase);
    step_and_kill(role, count)
}

fn board_name() -> String {
    format!("/casedd-test-{}-killed", std::process::id())
}

fn a_writer_killed_while_it_publishes_leaves_the_newest_payload() {
    let name = board_name();
    every_instruction("board writer", 0..PUBLISH_PHASES, 1, |phase, count| {
        BoardWriter::unlink(&name).unwrap();
        let mut role = start("writer", Path::new(&name));
        let ended = killed(&mut role, phase, count);
        let here = format!("after {count} instructions of phase {phase}");
        let reader = BoardReader::open(&name).unwrap();
        let mut found = Vec::new();
        let newest = reader.read(&mut found).unwrap().expect("one was published before");
        assert!(newest > u64::from(phase) && found == payload(newest), "torn {here}");
        take_over(&name, newest, &here);
        assert!(!reader.replaced(), "{here}");
        ended
    });
    BoardWriter::unlink(&name).unwrap();
}

fn a_writer_killed_while_it_makes_the_board_leaves_none_or_a_whole_one() {
    let name = board_name();
    every_instruction("board maker", 0..1, 199, |phase, count| {
        BoardWriter::unlink(&name).unwrap();
        let mut role = start("maker", Path::new(&name));
        let ended = killed(&mut role, phase, count);
        let here = format!("after {count} instructions");
        match BoardReader::open(&name) {
            Ok(reader) => assert!(matches!(reader.read(&mut Vec::new()), Ok(None | Some(1))), "{here}"),
            Err(BoardError::Missing { .. }) => {}
            Err(error) => panic!("{error} {here}"),
        }
        take_over(&name, 0, &here);
        ended
    });
    BoardWriter::unlink(&name).unwrap();
}
