//! A renderer that writes anything into its pool and its queue.
//! Promises: the sink gets an answer, never a slot that is not there, and never more frames than it may hold.

use super::{Script, words};
use crate::frame::Geometry;
use crate::layout::{HISTORY, RING, pool, tx};
use crate::meta;
use crate::ring::{Claim, PoolWords, Reader, Take};

const SLOTS: usize = 5;
const HOLDS: usize = 3;

/// Lets the bytes be such a renderer.
pub fn hostile_renderer(bytes: &[u8]) {
    let mut script = Script(bytes);
    let ((pool_own, pool_peer), (tx_own, tx_peer)) = (words(pool::words(SLOTS)), words(tx::WORDS));
    let (rx_own, _rx_peer) = words(crate::layout::rx::WORDS);
    let geometry = Geometry::new(64, 48).expect("an ordinary size");
    let mut reader = Reader::new(tx_peer, rx_own.clone(), HOLDS as u32);
    let (mut held, mut seen): (Vec<Claim>, u64) = (Vec::new(), 0);
    while !script.is_over() {
        let pool = PoolWords { words: &pool_peer, slots: SLOTS, epoch: 1 };
        let taken = match script.byte() % 16 {
            0 | 1 => {
                pool_own.store(pool::LATEST, script.word());
                continue;
            }
            2 | 3 => {
                pool_own.store(pool::slot_sequence(script.below(SLOTS)), script.word());
                continue;
            }
            4 => {
                pool_own.store(pool::DAMAGE + script.below(2 * HISTORY), script.word());
                continue;
            }
            5 => {
                let at = pool::meta(SLOTS, script.below(SLOTS)) + script.below(pool::META_WORDS);
                pool_own.store(at, script.word());
                continue;
            }
            6 | 7 => {
                tx_own.store(tx::DESCRIPTOR + script.below(RING), script.word());
                continue;
            }
            8 => {
                tx_own.store(tx::FLOOR, script.word());
                continue;
            }
            9 => {
                tx_own.store(tx::HEAD, script.word());
                continue;
            }
            10 => {
                reader.skip_to_newest();
                continue;
            }
            11 => {
                let _ = (reader.has_pending(), reader.prepare_sleep(), reader.space_wanted());
                reader.awake();
                continue;
            }
            12 if !held.is_empty() => {
                let index = script.below(held.len());
                held.swap_remove(index).release(&rx_own);
                continue;
            }
            13 => reader.latest(pool),
            _ => reader.take(pool),
        };
        if let Take::Got(claim) = taken {
            assert!(claim.slot() < SLOTS, "a slot that is not there: {claim:?}");
            let of = (claim.sequence(), 7);
            let damage = meta::read(&pool_peer, pool::meta(SLOTS, claim.slot()), of, geometry).damage;
            assert!(geometry.bounds().contains(&damage.bounds()), "{damage:?}");
            let _ = (claim.is_whole(&pool_peer), meta::since(&pool_peer, seen, claim.sequence()));
            seen = claim.sequence();
            held.push(claim);
            assert!(held.len() <= HOLDS, "more than it may hold");
        }
    }
}
