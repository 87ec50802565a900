//! A board with anything in it: a file under its name, of any size, with any words.
//! Promises: a reader gets an answer or an error, and never more than the board can hold.

use super::Script;
use crate::board::layout::{
    ALLOCATED, AREA_COUNT, AREAS, LATEST, MAGIC, MAGIC_VALUE, PAYLOAD_BYTES, Sizes, WORD_COUNT,
};
use crate::board::{BoardError, BoardReader, BoardWriter, segment};
use crate::map::Mapping;
use crate::words::OwnWords;
use std::os::fd::AsFd;
use std::sync::Arc;

/// Lets the bytes be such a board.
pub fn board(bytes: &[u8]) {
    let mut script = Script(bytes);
    let name = format!("/casedd-fuzz-{}", std::process::id());
    BoardWriter::unlink(&name).expect("a name that can be removed");
    let sizes = Sizes { payload_bytes: script.below(64) * 8, words: script.below(4) * 512 };
    // Most boards are as long as they say, some are not.
    let missing = if script.byte() % 4 == 0 { script.byte() as usize * 16 } else { 0 };
    let length = sizes.bytes().saturating_sub(missing).max(8);
    assert!(segment::create(&name, length).expect("memory"));
    let file = segment::open(&name, true).expect("it is there").expect("it was made");
    let memory = Mapping::writable_sparse(file.as_fd(), length).expect("a mapping");
    let (words, most) = (OwnWords::new(Arc::new(memory)), length / 8);
    let store = |at: usize, word: u64| {
        if at < most {
            words.store(at, word)
        }
    };
    store(MAGIC, MAGIC_VALUE);
    store(PAYLOAD_BYTES, sizes.payload_bytes as u64);
    store(WORD_COUNT, sizes.words as u64);
    let reader = BoardReader::open(&name);
    while !script.is_over() {
        match script.byte() % 8 {
            0 => store(script.below(4 * crate::layout::LINE), script.word()),
            1 => store(ALLOCATED + script.below(64), script.word()),
            2 => store(LATEST, script.byte().into()),
            3 => {
                store(AREAS + script.below(AREA_COUNT) * sizes.area_words() + script.below(2), script.word())
            }
            4 => store(script.raw() as usize % most, script.word()),
            5 => look(&BoardReader::open(&name), length),
            _ => look(&reader, length),
        }
    }
    look(&BoardReader::open(&name), length);
    BoardWriter::unlink(&name).expect("a name that can be removed");
}

fn look(reader: &Result<BoardReader, BoardError>, bytes_max: usize) {
    let Ok(reader) = reader else { return };
    let mut payload = Vec::new();
    if let Ok(Some(sequence)) = reader.read(&mut payload) {
        assert!(sequence > 0);
    }
    assert!(payload.len() <= bytes_max, "more than the board can hold");
    let words = reader.words();
    for index in [0, words.len() / 2, words.len().wrapping_sub(1), words.len(), usize::MAX] {
        assert!(index < words.len() || words.load(index) == 0);
        words.load(index);
    }
    let _ = (reader.sequence(), reader.heartbeat_age_ms(), reader.generation(), reader.replaced());
}
