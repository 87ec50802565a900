//! The account of one sink's frames, from what the renderer counts and what the sink says.
//! The sink may lie: the sum holds whatever it says, because only the renderer counts what was pushed.

use crate::layout::rx;
use crate::observe::Totals;
use crate::ring::Port;
use crate::words::PeerWords;

/// Looks at the words of a sink that passes frame after frame meanwhile.
const LOOKS_MAX: usize = 8;

/// Where every frame that was offered to one sink is.
/// Invariant: `pushed == delivered + given_back + dropped_oldest + dropped_newest + pending + held`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Frames offered.
    pub pushed: u64,
    /// Shown.
    pub delivered: u64,
    /// Taken and given back unshown.
    pub given_back: u64,
    /// Queued, and dropped or skipped before they were taken.
    pub dropped_oldest: u64,
    /// Never queued.
    pub dropped_newest: u64,
    /// Waiting in the queue.
    pub pending: u64,
    /// In the sink's hands.
    pub held: u64,
}

/// What the sink says of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said {
    /// Queued frames that it got.
    pub taken: u64,
    /// Queued frames that it passed over.
    pub lost: u64,
    /// Of those it got: shown.
    pub delivered: u64,
    /// Of those it got: given back unshown.
    pub given_back: u64,
}

impl Account {
    /// The account of a port now.
    pub fn of(port: &Port) -> Account {
        let words = port.rx();
        // The parts before the whole: a frame is taken before it is delivered, so that `held` is never negative.
        let (delivered, given_back) = (words.load(rx::DELIVERED), words.load(rx::GIVEN_BACK));
        let (passed, lost) = passed_and_lost(words);
        let said = Said { taken: passed.saturating_sub(lost), lost, delivered, given_back };
        // A sink whose tail was believed, and which does not say what it did with the frames before it, lost them.
        let first = port.floor().max(port.tail_seen());
        Account::from_parts(port.head(), first, port.dropped_newest(), said)
    }

    /// Makes the sum hold: each number is cut to what is left of the frames that really were queued. `first` is the
    /// first of them that may still wait.
    pub fn from_parts(head: u64, first: u64, dropped_newest: u64, said: Said) -> Account {
        let taken = said.taken.min(head);
        let lost = said.lost.min(head - taken);
        let passed = taken + lost;
        let unseen = first.min(head).saturating_sub(passed);
        let delivered = said.delivered.min(taken);
        let given_back = said.given_back.min(taken - delivered);
        Account {
            pushed: head + dropped_newest,
            delivered,
            given_back,
            dropped_oldest: lost + unseen,
            dropped_newest,
            pending: head - passed - unseen,
            held: taken - delivered - given_back,
        }
    }

    /// Queued or in the sink's hands.
    pub fn in_flight(&self) -> u64 {
        self.pending + self.held
    }

    /// Dropped frames of each frame pushed.
    pub fn drop_rate(&self) -> f64 {
        (self.dropped_oldest + self.dropped_newest) as f64 / self.pushed.max(1) as f64
    }

    /// Adds an ended connection to the totals of its name; what was in flight is lost.
    pub fn close(&self, totals: &mut Totals) {
        totals.connections += 1;
        totals.pushed += self.pushed;
        totals.delivered += self.delivered;
        totals.given_back += self.given_back;
        totals.dropped_oldest += self.dropped_oldest;
        totals.dropped_newest += self.dropped_newest;
        totals.lost += self.in_flight();
    }
}

/// Frames that the sink has passed, and those of them that it did not take, as of one moment.
fn passed_and_lost<const KNOWN: usize>(words: &PeerWords<KNOWN>) -> (u64, u64) {
    let mut lost = words.load(rx::LOST);
    for _ in 0..LOOKS_MAX {
        let passed = words.load(rx::TAIL);
        let again = words.load(rx::LOST);
        if again == lost {
            return (passed, lost);
        }
        lost = again;
    }
    (words.load(rx::TAIL), lost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_honest_sink_is_counted_as_it_says() {
        let said = Said { taken: 5, lost: 2, delivered: 3, given_back: 1 };
        let account = Account::from_parts(10, 8, 4, said);
        assert_eq!((account.pushed, account.dropped_oldest, account.pending, account.held), (14, 3, 2, 1));
    }

    proptest! {
        #[test]
        fn the_sum_holds_whatever_the_sink_says(
            head in 0u64..1 << 40, dropped in 0u64..1 << 40, floor: u64,
            taken: u64, lost: u64, delivered: u64, given_back: u64,
        ) {
            let said = Said { taken, lost, delivered, given_back };
            let account = Account::from_parts(head, floor, dropped, said);
            let sum = account.delivered + account.given_back + account.dropped_oldest
                + account.dropped_newest + account.in_flight();
            prop_assert_eq!(sum, account.pushed);
            prop_assert_eq!(account.pushed, head + dropped);
        }
    }
}
