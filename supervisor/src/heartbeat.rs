//! Whether a process's work loop still turns, judged by the heartbeats it sends.
//!
//! Pure: the time is a parameter. Says nothing of frames; a sink that turns but delivers nothing shows in its statistics.

use std::time::{Duration, Instant};

/// Four heartbeats missed: said in the log and in `casedd status`, nothing else happens.
pub const SUSPECT_AFTER: Duration = Duration::from_secs(1);
/// The process is taken for hung and is ended.
pub const DEAD_AFTER: Duration = Duration::from_secs(5);
/// A process that has given no sign at all yet may still be loading fonts on a slow machine.
pub const FIRST_SIGN_WITHIN: Duration = Duration::from_secs(30);

/// How a work loop seems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulse {
    /// It turns.
    Fine,
    /// It has been silent for [`SUSPECT_AFTER`].
    Suspect,
    /// It has been silent for [`DEAD_AFTER`], or never gave a sign within [`FIRST_SIGN_WITHIN`].
    Dead,
}

/// The heartbeats of one run of one process.
#[derive(Clone, Copy, Debug)]
pub struct Heartbeat {
    last: Instant,
    gave_sign: bool,
}

impl Heartbeat {
    /// A process started at `now`.
    pub fn started(now: Instant) -> Self {
        Heartbeat { last: now, gave_sign: false }
    }

    /// It said that it is ready or alive.
    pub fn beat(&mut self, now: Instant) {
        *self = Heartbeat { last: now, gave_sign: true };
    }

    /// The observer was not looking (it was stopped itself): silence counts from now on.
    pub fn grant(&mut self, now: Instant) {
        self.last = now;
    }

    /// How the work loop seems at `now`.
    pub fn pulse(&self, now: Instant) -> Pulse {
        let silent = now.saturating_duration_since(self.last);
        match self.gave_sign {
            true if silent >= DEAD_AFTER => Pulse::Dead,
            true if silent >= SUSPECT_AFTER => Pulse::Suspect,
            false if silent >= FIRST_SIGN_WITHIN => Pulse::Dead,
            true | false => Pulse::Fine,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_ms(heartbeat: &Heartbeat, start: Instant, ms: u64) -> Pulse {
        heartbeat.pulse(start + Duration::from_millis(ms))
    }

    #[test]
    fn silence_makes_suspect_and_then_dead() {
        let start = Instant::now();
        let mut heartbeat = Heartbeat::started(start);
        heartbeat.beat(start);
        let seen: Vec<Pulse> =
            [0, 999, 1000, 4999, 5000].iter().map(|&ms| after_ms(&heartbeat, start, ms)).collect();
        assert_eq!(seen, [Pulse::Fine, Pulse::Fine, Pulse::Suspect, Pulse::Suspect, Pulse::Dead]);
    }

    #[test]
    fn a_slow_start_has_more_time() {
        let start = Instant::now();
        let heartbeat = Heartbeat::started(start);
        assert_eq!(after_ms(&heartbeat, start, 29_999), Pulse::Fine);
        assert_eq!(after_ms(&heartbeat, start, 30_000), Pulse::Dead);
    }

    #[test]
    fn a_granted_period_starts_anew() {
        let start = Instant::now();
        let mut heartbeat = Heartbeat::started(start);
        heartbeat.beat(start);
        heartbeat.grant(start + Duration::from_secs(60));
        assert_eq!(after_ms(&heartbeat, start, 60_900), Pulse::Fine);
        assert_eq!(after_ms(&heartbeat, start, 65_000), Pulse::Dead);
    }
}
