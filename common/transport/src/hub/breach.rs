//! What a sink says of itself and cannot be true: it is thrown out for that. Harm it could not do anyway, because
//! everything it says is clamped; but a sink that writes nonsense shows nonsense.
//! Frames held for too long are no breach; they are the lease's business.

use crate::layout::rx;
use crate::ring::{Descriptor, Port};

/// What is wrong with the words of a sink, in a view whose newest frame is `newest`; `None` when they may be true.
///
/// The parts are read before the whole, and the whole only grows. What was lost is told before it counts as passed, so
/// the two are not compared: an honest sink is never found at fault, at whatever instruction this looks at it.
pub fn find(port: &Port, newest: u64) -> Option<String> {
    let words = port.rx();
    let released = words.load(rx::DELIVERED).saturating_add(words.load(rx::GIVEN_BACK));
    let (lost, passed, queued) = (words.load(rx::LOST), words.load(rx::TAIL), port.head());
    if released > passed {
        return Some(format!("it gave {released} frames back, and passed {passed}"));
    }
    let most = passed.max(released.saturating_add(lost));
    if most > queued {
        return Some(format!("it passed {most} frames, and {queued} were queued for it"));
    }
    let forged = |held: &Descriptor| held.slot().is_none() || !(1..=newest).contains(&held.sequence());
    let forged = port.held().filter(|held| *held != Descriptor::NONE).find(forged)?;
    Some(format!("it holds frame {}, and {newest} were published", forged.sequence()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tx;
    use crate::policy::DropPolicy;
    use crate::words::{OwnWords, pair};

    /// A port with three frames queued, of five published, and the words of its sink.
    fn port() -> (Port, OwnWords) {
        let ((tx_own, _), (rx_own, rx_peer)) = (pair(tx::WORDS).unwrap(), pair(rx::WORDS).unwrap());
        let mut port = Port::new(tx_own, rx_peer, DropPolicy::DropOldest, 3, 2);
        for sequence in 3..=5 {
            port.push(Descriptor::new(sequence, 0, 1));
        }
        (port, rx_own)
    }

    #[test]
    fn an_honest_sink_is_never_at_fault() {
        let (port, words) = port();
        assert_eq!(find(&port, 5), None);
        words.store(rx::hold(0), Descriptor::new(3, 0, 1).0);
        // A pool before the present one may have had more slots.
        words.store(rx::hold(1), Descriptor::new(5, 7, 200).0);
        for (at, value) in [(rx::LOST, 1), (rx::TAIL, 3), (rx::DELIVERED, 1), (rx::GIVEN_BACK, 1)] {
            words.store(at, value);
            assert_eq!(find(&port, 5), None);
        }
    }

    #[test]
    fn what_cannot_be_true_is_found() {
        let lies = [
            (rx::TAIL, 4, "it passed 4 frames, and 3 were queued for it"),
            (rx::LOST, 4, "it passed 4 frames, and 3 were queued for it"),
            (rx::LOST, u64::MAX, "it passed 18446744073709551615 frames, and 3 were queued for it"),
            (rx::DELIVERED, 1, "it gave 1 frames back, and passed 0"),
            (rx::GIVEN_BACK, u64::MAX, "it gave 18446744073709551615 frames back, and passed 0"),
            (rx::hold(1), Descriptor::new(6, 0, 1).0, "it holds frame 6, and 5 were published"),
            (rx::hold(0), 5 << 16, "it holds frame 5, and 5 were published"),
            (rx::hold(0), 1, "it holds frame 0, and 5 were published"),
        ];
        for (at, value, what) in lies {
            let (port, words) = port();
            words.store(at, value);
            assert_eq!(find(&port, 5).as_deref(), Some(what));
        }
    }
}
