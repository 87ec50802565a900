//! A sink that writes anything into its words, beside one that keeps to the protocol.
//! Promises: the renderer always finds a slot, the good sink gets every frame whole, and the accounts add up.

use super::{Script, words};
use crate::hub::SinkId;
use crate::hub::seat::{Bell, Seat};
use crate::layout::{self, HOLDS, pool, rx, tx};
use crate::observe::Totals;
use crate::policy::DropPolicy;
use crate::ring::{PoolWords, Port, Pushed, Reader, Slots, Take};
use crate::want::Want;
use crate::words::{OwnWords, PeerWords};
use rustix::event::{EventfdFlags, eventfd};

const POLICIES: [DropPolicy; 3] = [DropPolicy::DropOldest, DropPolicy::DropNewest, DropPolicy::Block];

struct World {
    slots: Slots,
    /// The hostile sink and the good one.
    seats: [Seat; 2],
    /// What the hostile sink writes.
    bad: OwnWords,
    good: Reader,
    good_words: OwnWords,
    pool: PeerWords,
    now_ns: u64,
}

/// Lets the bytes be such a sink.
pub fn hostile_sink(bytes: &[u8]) {
    let mut script = Script(bytes);
    let mut world = World::new(&mut script);
    while !script.is_over() {
        world.step(&mut script);
        world.check();
    }
}

fn seat(number: u64, want: Want) -> (Seat, PeerWords, OwnWords) {
    let ((tx_own, tx_peer), (rx_own, rx_peer)) = (words(tx::WORDS), words(rx::WORDS));
    let port = Port::new(tx_own, rx_peer, want.policy, want.depth, want.holds);
    let bell = eventfd(0, EventfdFlags::NONBLOCK).expect("a descriptor");
    (Seat::new(SinkId(number), want, port, (Bell::Event(bell), 0)), tx_peer, rx_own)
}

impl World {
    fn new(script: &mut Script<'_>) -> World {
        let (policy, depth, holds) = (script.below(3), script.below(16) + 1, script.below(4) + 1);
        let name = || "sink".to_owned();
        let want = Want { depth: depth as u32, holds: holds as u32, name: name(), ..Want::default() };
        let (bad_seat, _, bad) = seat(1, Want { policy: POLICIES[policy], ..want });
        let (good_seat, tx, good_words) = seat(2, Want { name: name(), ..Want::default() });
        let seats = [bad_seat, good_seat];
        let count = Slots::needed(seats.iter().map(|seat| (seat.want.holds, seat.want.depth)));
        let (own, pool) = words(pool::words(count));
        let good = Reader::new(tx, good_words.clone(), 1);
        World { slots: Slots::new(own, count, 0, 0), seats, bad, good, good_words, pool, now_ns: 1 }
    }

    fn step(&mut self, script: &mut Script<'_>) {
        match script.byte() % 8 {
            0 => self.bad.store(rx::TAIL, script.word()),
            1 | 2 => self.bad.store(rx::hold(script.below(HOLDS)), script.word()),
            3 => {
                let at = layout::LINE + (script.raw() as usize >> 8) % (rx::WORDS - layout::LINE);
                self.bad.store(at, script.word());
            }
            4 => self.bad.store(rx::SLEEPING, script.word()),
            5 => self.give_up_drawing(script.byte() & 1 == 0),
            6 => self.now_ns += u64::from(script.byte()) * 10_000_000,
            _ => self.publish(),
        }
    }

    fn publish(&mut self) {
        let blank = self.slots.acquire(&mut self.seats).expect("the renderer is starved");
        let (slot, count) = (blank.slot(), self.slots.count());
        assert!(slot < count);
        let frame = self.slots.publish(blank);
        for seat in &mut self.seats {
            seat.offer(frame);
            seat.wake(Pushed::until_now());
        }
        let pool = PoolWords { words: &self.pool, slots: count, epoch: 0 };
        let taken = if self.now_ns & 1 == 0 { self.good.latest(pool) } else { self.good.take(pool) };
        let Take::Got(claim) = taken else { panic!("the good sink gets {taken:?}") };
        assert_eq!((claim.slot(), claim.sequence()), (slot, frame.sequence()));
        assert!(claim.is_whole(&self.pool));
        claim.release(&self.good_words);
    }

    fn give_up_drawing(&mut self, intact: bool) {
        let blank = self.slots.acquire(&mut self.seats).expect("the renderer is starved");
        self.slots.abandon(blank, intact);
    }

    /// What the renderer looks at every now and then, and what it tells of the sinks.
    fn check(&mut self) {
        for seat in &mut self.seats {
            seat.is_blocking(self.now_ns);
            seat.check_lease(self.now_ns);
            let stats = seat.stats(self.now_ns, 0, Totals::default());
            let done = stats.delivered + stats.given_back + stats.dropped_oldest + stats.dropped_newest;
            assert_eq!(done + stats.in_flight, stats.pushed, "{stats:?}");
            assert!(stats.pending <= stats.capacity && stats.high_water <= stats.capacity, "{stats:?}");
        }
        assert!(self.slots.free(&mut self.seats) >= 1, "no slot is free");
    }
}
