//! What a hostile peer may do, told by bytes: targets for a fuzzer, which must neither panic nor break a promise.
//! Built for tests and under `cfg(fuzzing)` only. What drives them is in `drive`, and in `common/fuzz`.
//!
//! A target makes a small world, lets the bytes say what the peer does, and asserts what the other side relies on.

mod board;
#[cfg(test)]
mod drive;
mod renderer;
mod sink;
mod wire;

pub use board::board;
pub use renderer::hostile_renderer;
pub use sink::hostile_sink;
pub use wire::{to_hub, to_sink};

use crate::ring::{Descriptor, RECLAIM};
use crate::words::{OwnWords, PeerWords};

/// The bytes of one run; beyond their end everything is 0.
struct Script<'a>(&'a [u8]);

impl Script<'_> {
    fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, most: usize) -> usize {
        self.byte() as usize % most
    }

    fn raw(&mut self) -> u64 {
        (0..8).fold(0, |word, _| word << 8 | u64::from(self.byte()))
    }

    /// A word that a peer might write: plausible ones are likelier than chance has them.
    fn word(&mut self) -> u64 {
        match self.byte() % 8 {
            0 => u64::from(self.byte()),
            1 => u64::MAX - u64::from(self.byte()),
            2 => self.raw(),
            3 => RECLAIM | u64::from(self.byte()),
            4 => 1 << self.below(64),
            5 => (1 << 62) - u64::from(self.byte()),
            _ => Descriptor::new(self.byte().into(), self.byte() & 3, self.below(24)).0,
        }
    }
}

fn words(count: usize) -> (OwnWords, PeerWords) {
    crate::words::pair(count).expect("memory for a few words")
}
