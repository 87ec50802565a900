//! The two ends of one ring in one process, without sockets, pixels or metadata: what handing a frame over costs by
//! itself. For the benchmark, which holds it against a plain ring; nothing else has a use for it.

use crate::layout::{pool, rx, tx};
use crate::policy::DropPolicy;
use crate::ring::{Descriptor, PoolWords, Port, Push, Reader, Slots, Take};
use crate::segment::Segment;
use crate::words::{OwnWords, PeerWords};
use std::io;

/// Frames that may wait.
const DEPTH: u32 = 4;
/// Slots of the pool: what a ring of that depth needs.
const SLOTS: usize = 2 + 1 + DEPTH as usize;

/// A renderer's and a sink's end over sealed memory files as two processes would share them.
pub struct Handover {
    slots: Slots,
    ports: [Port; 1],
    reader: Reader,
    rx: OwnWords<{ rx::WORDS }>,
    pool: PeerWords,
    newest: Descriptor,
}

impl Handover {
    /// An empty ring.
    pub fn new(policy: DropPolicy) -> io::Result<Handover> {
        let (pool_own, pool) = shared(pool::words(SLOTS))?;
        let (tx_own, tx) = shared(tx::WORDS)?;
        let (rx, rx_peer) = shared(rx::WORDS)?;
        let ports = [Port::new(tx_own, rx_peer, policy, DEPTH, 1)];
        let reader = Reader::new(tx, rx.clone(), 1);
        Ok(Handover {
            slots: Slots::new(pool_own, SLOTS, 0, 0),
            ports,
            reader,
            rx: rx.known(),
            pool,
            newest: Descriptor::NONE,
        })
    }

    /// Finds a slot and makes it the newest frame: false when every slot is in use.
    pub fn publish(&mut self) -> bool {
        let Some(blank) = self.slots.acquire(&mut self.ports) else { return false };
        self.newest = self.slots.publish(blank);
        true
    }

    /// Queues the newest frame once more: the ring's push alone.
    #[inline]
    pub fn push(&mut self) -> bool {
        self.ports[0].push(self.newest) == Push::Queued
    }

    /// Takes a frame and gives it back: the ring's pop alone. Its number, if one waited.
    #[inline]
    pub fn pop(&mut self) -> Option<u64> {
        match self.reader.take(PoolWords { words: &self.pool, slots: SLOTS, epoch: 0 }) {
            Take::Got(claim) => {
                let sequence = claim.sequence();
                claim.release(&self.rx);
                Some(sequence)
            }
            _ => None,
        }
    }
}

fn shared(words: usize) -> io::Result<(OwnWords, PeerWords)> {
    let own = Segment::create("casedd-handover", words * size_of::<u64>())?;
    own.seal()?;
    // One mapping for both ends, as a plain ring in one process has it: a processor keeps the same memory under two
    // addresses apart in its nearest cache, which two processes on two cores never meet.
    Ok((OwnWords::new(own.mapping()), PeerWords::new(own.mapping())))
}
