//! Waiting for a condition, with a limit; the tests never sleep for a guessed time.

use std::thread;
use std::time::{Duration, Instant};

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Looks until `look` answers, and returns its answer with the time that it took.
///
/// # Panics
/// When `limit` passes first; the message names `what`.
pub fn timed<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Option<T>) -> (T, Duration) {
    let start = Instant::now();
    loop {
        if let Some(answer) = look() {
            return (answer, start.elapsed());
        }
        assert!(start.elapsed() < limit, "waited {limit:?} in vain for {what}");
        thread::park_timeout(LOOK_EVERY);
    }
}

/// Looks until `look` answers, and returns its answer.
///
/// # Panics
/// When `limit` passes first; the message names `what`.
pub fn until<T>(what: &str, limit: Duration, look: impl FnMut() -> Option<T>) -> T {
    timed(what, limit, look).0
}

/// Waits until `holds` is true.
///
/// # Panics
/// When `limit` passes first; the message names `what`.
pub fn until_true(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    until(what, limit, || holds().then_some(()));
}

/// Sees that what was timed came within `limit`, but for one in twenty: a machine has its hiccups, what is slow by itself
/// is slow more often.
///
/// # Panics
/// When more were late; the message has them, and what `more` says.
pub fn mostly_within<T: std::fmt::Debug>(
    limit: Duration,
    times: &[(T, Duration)],
    more: impl FnOnce() -> String,
) {
    let late: Vec<_> = times.iter().filter(|(_, took)| *took > limit).collect();
    assert!(
        late.len() <= times.len() / 20,
        "{} of {} later than {limit:?}: {late:?}; {}",
        late.len(),
        times.len(),
        more()
    );
}

/// Looks at up to `spans` spans until nothing is wrong in one: a machine has its hiccups, what is wrong by itself is wrong
/// in each.
///
/// # Panics
/// When something was wrong in each; the message has what.
pub fn until_clean<T: std::fmt::Debug>(spans: usize, mut wrong: impl FnMut() -> Option<T>) {
    let mut seen = Vec::new();
    for _ in 0..spans {
        match wrong() {
            Some(what) => seen.push(what),
            None => return,
        }
    }
    panic!("wrong in each of {spans} spans: {seen:?}");
}

/// Looks for all of `span` and returns the first thing that `look` found wrong.
pub fn watch<T>(span: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    while start.elapsed() < span {
        if let Some(wrong) = look() {
            return Some(wrong);
        }
        thread::park_timeout(LOOK_EVERY);
    }
    None
}
