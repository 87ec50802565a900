//! The one writer of a board: makes or adopts it, publishes payloads, and owns its words.
//! Reading belongs to `reader`.

use super::areas;
use super::layout::{
    ALLOCATED, CHUNK_WORDS, GENERATION, HEARTBEAT, LATEST, MAGIC, MAGIC_VALUE, PAYLOAD_BYTES,
    PAYLOAD_MAX_BYTES, Sizes, WORD_COUNT, WORDS_MAX,
};
use super::segment;
use super::{BoardError, BoardReader};
use crate::clock::now_ns;
use crate::map::{Mapping, Words};
use crate::words::OwnWords;
use nix::fcntl::Flock;
use std::ops::Range;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// Makers and removers of one name may cross each other this often.
const TRIES_MAX: u32 = 8;

/// The one writer of a board.
pub struct BoardWriter {
    name: String,
    sizes: Sizes,
    /// Locked: no other writer lives.
    file: Flock<OwnedFd>,
    memory: Words,
    own: OwnWords,
    sequence: u64,
    generation: u64,
    adopted: bool,
}

impl BoardWriter {
    /// Makes the board, or adopts the one that an earlier writer left (its payload and words stay).
    /// One of other sizes, or one that was never finished, is replaced.
    pub fn create_or_adopt(
        name: &str,
        mode: u32,
        payload_bytes: usize,
        words: usize,
    ) -> Result<BoardWriter, BoardError> {
        for (asked, most) in [(payload_bytes, PAYLOAD_MAX_BYTES), (words * 8, WORDS_MAX * 8)] {
            if asked > most {
                return Err(BoardError::TooLarge { bytes: asked, most });
            }
        }
        let sizes = Sizes { payload_bytes, words };
        for _ in 0..TRIES_MAX {
            if let Some(mut writer) = BoardWriter::try_open(name, sizes)? {
                segment::set_mode(name, &*writer.file, mode)?;
                writer.start();
                return Ok(writer);
            }
        }
        let why = "it is made and removed by others all the time".to_owned();
        Err(BoardError::Foreign { name: name.to_owned(), why })
    }

    /// `None` when somebody was faster: try again.
    fn try_open(name: &str, sizes: Sizes) -> Result<Option<BoardWriter>, BoardError> {
        let mut made = false;
        let file = match segment::open(name, true)? {
            Some(file) => file,
            None => {
                made = segment::create(name, sizes.bytes())?;
                let Some(file) = segment::open(name, true)? else { return Ok(None) };
                file
            }
        };
        let identity = segment::identity(name, &file)?;
        if identity.uid != nix::unistd::geteuid().as_raw() {
            let why = format!("it belongs to user {}", identity.uid);
            return Err(BoardError::Foreign { name: name.to_owned(), why });
        }
        let Some(file) = segment::lock(name, file)? else {
            return Err(BoardError::InUse { name: name.to_owned() });
        };
        if !segment::is_current(name, &identity) {
            return Ok(None);
        }
        if !made && !fits(name, &file, identity.bytes, &sizes)? {
            segment::unlink(name)?;
            return Ok(None);
        }
        let writer = BoardWriter::map(name, sizes, file);
        if writer.is_err() && made {
            segment::unlink(name)?;
        }
        writer.map(|writer| Some(BoardWriter { adopted: !made, ..writer }))
    }

    fn map(name: &str, sizes: Sizes, file: Flock<OwnedFd>) -> Result<BoardWriter, BoardError> {
        segment::allocate(name, &*file, 0, sizes.array() * size_of::<u64>())?;
        let memory = Mapping::writable_sparse(file.as_fd(), sizes.bytes())
            .map_err(|source| BoardError::Os { what: format!("cannot map board {name}"), source })?;
        let mapping = Arc::new(memory);
        let (memory, own) = (Words::of(mapping.clone()), OwnWords::new(mapping));
        let sequence = own.load(LATEST);
        let (generation, adopted) = (crate::hub::random_generation(), false);
        Ok(BoardWriter { name: name.to_owned(), sizes, file, memory, own, sequence, generation, adopted })
    }

    fn start(&mut self) {
        self.own.store(PAYLOAD_BYTES, self.sizes.payload_bytes as u64);
        self.own.store(WORD_COUNT, self.sizes.words as u64);
        self.own.store(GENERATION, self.generation);
        self.heartbeat();
        // Release: whoever sees the magic sees a complete header.
        self.own.store_release(MAGIC, MAGIC_VALUE);
    }

    /// Makes `payload` the newest; its sequence.
    pub fn publish(&mut self, payload: &[u8]) -> Result<u64, BoardError> {
        if payload.len() > self.sizes.payload_bytes {
            return Err(BoardError::TooLarge { bytes: payload.len(), most: self.sizes.payload_bytes });
        }
        self.sequence = areas::publish(&self.own, &self.sizes, self.sequence, payload);
        self.heartbeat();
        Ok(self.sequence)
    }

    /// Says that the writer's loop turns.
    pub fn heartbeat(&self) {
        self.own.store(HEARTBEAT, now_ns());
    }

    /// Random number of this writer's start.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The words; only those that `ensure_words` allocated may be touched.
    pub fn words(&self) -> &[AtomicU64] {
        self.memory.words(self.sizes.array(), self.sizes.words)
    }

    /// Allocates the memory of these words, so that no store can fail. What is allocated stays so.
    pub fn ensure_words(&self, range: Range<usize>) -> Result<(), BoardError> {
        if range.end > self.sizes.words {
            return Err(BoardError::TooLarge { bytes: range.end * 8, most: self.sizes.words * 8 });
        }
        for chunk in range.start / CHUNK_WORDS..range.end.div_ceil(CHUNK_WORDS) {
            let (word, bit) = (ALLOCATED + chunk / 64, 1 << (chunk % 64));
            let known = self.own.load(word);
            if known & bit == 0 {
                let first = chunk * CHUNK_WORDS;
                let count = CHUNK_WORDS.min(self.sizes.words - first);
                segment::allocate(&self.name, &*self.file, (self.sizes.array() + first) * 8, count * 8)?;
                // Release: pairs with the load in `BoardWords::load`.
                self.own.store_release(word, known | bit);
            }
        }
        Ok(())
    }

    /// The newest payload, also of an earlier writer.
    pub fn newest(&self) -> Option<Vec<u8>> {
        let mut payload = Vec::new();
        let reader = BoardReader::open(&self.name).ok()?;
        reader.read(&mut payload).ok()?.map(|_| payload)
    }

    /// True when it was adopted rather than made.
    pub fn adopted(&self) -> bool {
        self.adopted
    }

    /// Removes the name; those who have it open keep it. False when there was none.
    pub fn unlink(name: &str) -> Result<bool, BoardError> {
        segment::unlink(name)
    }
}

/// True when the file is a complete board of these sizes.
fn fits(name: &str, file: &Flock<OwnedFd>, bytes: usize, sizes: &Sizes) -> Result<bool, BoardError> {
    if bytes != sizes.bytes() {
        return Ok(false);
    }
    // A file that was made but never allocated would otherwise have to be touched to be looked at.
    segment::allocate(name, &**file, 0, sizes.array() * size_of::<u64>())?;
    let memory = Mapping::writable_sparse(file.as_fd(), bytes)
        .map_err(|source| BoardError::Os { what: format!("cannot map board {name}"), source })?;
    let own = OwnWords::new(Arc::new(memory));
    let found = (own.load(MAGIC), own.load(PAYLOAD_BYTES), own.load(WORD_COUNT));
    Ok(found == (MAGIC_VALUE, sizes.payload_bytes as u64, sizes.words as u64))
}
