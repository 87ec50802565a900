//! A getter in a thread of its own, for what may be slow or never answer.
//!
//! The thread is not joined at the end: one that hangs in the kernel would keep the process.

use std::io;
use std::time::{Duration, Instant};

use casedd_common::transport::clock::now_ns;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::runner::{Outcome, Runner};

/// A getter that is silent for so long hangs, however short its interval is.
const SILENCE_NS_MIN: u64 = 5_000_000_000;

/// The second run comes soon after the first, so that what is made from two readings is there from the start.
const SECOND_RUN: Duration = Duration::from_millis(500);

/// The collector's end of one thread.
pub struct Worker {
    outcomes: Receiver<Outcome>,
    /// Dropped to end the thread.
    _stop: Sender<()>,
    /// The getter's place in the registry.
    pub getter: usize,
    every: Duration,
    heard_at_ns: u64,
}

impl Worker {
    /// Starts the thread; its first run is at once.
    pub fn start(getter: usize, runner: Runner, every: Duration) -> io::Result<Worker> {
        let (outcome_sender, outcomes) = bounded(1);
        let (stop, stopped) = bounded(0);
        let thread = std::thread::Builder::new().name(runner.name().to_owned());
        thread.spawn(move || run(runner, every, &outcome_sender, &stopped))?;
        Ok(Worker { outcomes, _stop: stop, getter, every, heard_at_ns: now_ns() })
    }

    /// What it found since the last call.
    pub fn take(&mut self) -> Option<Outcome> {
        let outcome = self.outcomes.try_recv().ok()?;
        self.heard_at_ns = now_ns();
        Some(outcome)
    }

    /// Waits for what it finds next, until `deadline`.
    pub fn take_until(&mut self, deadline: Instant) -> Option<Outcome> {
        let outcome = self.outcomes.recv_deadline(deadline).ok()?;
        self.heard_at_ns = now_ns();
        Some(outcome)
    }

    /// Why it is silent, when it should long have been heard of.
    pub fn silence(&self, now_ns: u64) -> Option<String> {
        let limit_ns = (self.every.as_nanos() as u64).saturating_mul(3).max(SILENCE_NS_MIN);
        let is_silent = now_ns.saturating_sub(self.heard_at_ns) > limit_ns;
        is_silent.then(|| {
            format!("no answer for more than {} s: a device or file system hangs", limit_ns / 1_000_000_000)
        })
    }
}

fn run(mut runner: Runner, every: Duration, outcomes: &Sender<Outcome>, stopped: &Receiver<()>) {
    let mut pause = every.min(SECOND_RUN);
    loop {
        let next = Instant::now() + std::mem::replace(&mut pause, every);
        if outcomes.send(runner.run()).is_err() {
            return;
        }
        if stopped.recv_deadline(next) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::error::GetterError;
    use crate::getters::{Context, Getter};
    use crate::registry::{Pace, Row};

    struct Hangs;

    impl Getter for Hangs {
        fn poll(&mut self, _batch: &mut Batch) -> Result<(), GetterError> {
            loop {
                std::thread::park();
            }
        }
    }

    const HANGS: Row = Row {
        name: "hangs",
        about: "",
        interval: "cpu",
        interval_ms_min: 100,
        pace: Pace::Own,
        make: |_| Box::new(Hangs),
    };

    #[test]
    fn a_getter_that_hangs_is_told_of_and_keeps_nobody() {
        let runner = Runner::new(0, &HANGS, &Context::default());
        let mut worker = Worker::start(0, runner, Duration::from_secs(4)).expect("started");
        assert!(worker.take().is_none());
        assert!(worker.take_until(Instant::now() + Duration::from_millis(5)).is_none());
        let now_ns = now_ns();
        assert_eq!(worker.silence(now_ns + 11_000_000_000), None);
        let words = worker.silence(now_ns + 12_100_000_000).expect("three intervals are over");
        assert!(words.contains("12 s"), "{words}");
    }
}
