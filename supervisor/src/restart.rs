//! When a process that died is started again: at once, after a growing delay, rarely, or only after a change.
//!
//! Pure: the time is a parameter, and nothing is started here. One [`Restart`] a process; none knows of another, so
//! one that keeps dying never takes the group with it.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use casedd_common::exit::Exit;

/// The figures of the policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RestartLimits {
    /// First delay; also the pause after a death that followed readiness, so that a crash loop cannot fill a core.
    pub delay_min: Duration,
    /// The doubling of delays ends here.
    pub delay_max: Duration,
    /// A process that was ready so long is started again at once.
    pub steady_after: Duration,
    /// The span in which restarts are counted.
    pub window: Duration,
    /// More restarts than this in one window: the process has failed.
    pub restarts_max: usize,
    /// How often a failed process is tried again.
    pub failed_retry: Duration,
    /// How much of a delay is chance, so that processes that died together do not return together.
    pub jitter: f64,
}

impl Default for RestartLimits {
    fn default() -> Self {
        RestartLimits {
            delay_min: Duration::from_millis(100),
            delay_max: Duration::from_secs(30),
            steady_after: Duration::from_secs(10),
            window: Duration::from_secs(60),
            restarts_max: 10,
            failed_retry: Duration::from_secs(60),
            jitter: 0.2,
        }
    }
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal.
    Killed(i32),
}

impl Death {
    /// The documented meaning of the status, when it has one.
    pub fn exit(self) -> Option<Exit> {
        match self {
            Death::Exited(code) => Exit::from_code(code),
            Death::Killed(_) => None,
        }
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Death::Exited(code) => {
                let meaning = match self.exit() {
                    Some(Exit::Ok) => " (ended without being asked)",
                    Some(Exit::Usage) => " (usage)",
                    Some(Exit::NoInput) => " (input missing)",
                    Some(Exit::Unavailable) => " (device or port not available)",
                    Some(Exit::Software) => " (fault of ours)",
                    Some(Exit::OsError) => " (system error)",
                    Some(Exit::CantCreate) => " (cannot create)",
                    Some(Exit::Io) => " (read or write failed)",
                    Some(Exit::TempFail) => " (may work later)",
                    Some(Exit::NoPermission) => " (no permission)",
                    Some(Exit::Config) => " (configuration)",
                    None => "",
                };
                write!(f, "exit {code}{meaning}")
            }
            Death::Killed(number) => match nix::sys::signal::Signal::try_from(number) {
                Ok(signal) => write!(f, "killed by {}", signal.as_str()),
                Err(_) => write!(f, "killed by signal {number}"),
            },
        }
    }
}

/// What is done about a death.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Start it again after this long.
    Restart(Duration),
    /// It died too often: try it again after this long.
    Failed(Duration),
    /// Starting it again would give the same error: wait until the configuration changes.
    WaitForChange,
}

/// What one process's past says about its next start.
#[derive(Debug)]
pub struct Restart {
    limits: RestartLimits,
    /// Deaths before readiness, one after the other.
    early_deaths: u32,
    restarts: VecDeque<Instant>,
    failed: bool,
}

impl Restart {
    /// A process without a past.
    pub fn new(limits: RestartLimits) -> Self {
        Restart { limits, early_deaths: 0, restarts: VecDeque::new(), failed: false }
    }

    /// Judges a death at `now` of a process that had been ready for `ready_for` (`None`: never). `chance` is in -1..1.
    pub fn died(&mut self, now: Instant, death: Death, ready_for: Option<Duration>, chance: f64) -> Verdict {
        let exit = death.exit();
        if matches!(exit, Some(Exit::Usage | Exit::Config)) {
            self.forget();
            return Verdict::WaitForChange;
        }
        if ready_for.is_some() {
            self.early_deaths = 0;
        }
        if exit == Some(Exit::Unavailable) {
            // The device is absent: nobody's fault, and it may be plugged in at any time.
            return Verdict::Restart(self.growing_delay(chance));
        }
        let steady = ready_for.is_some_and(|span| span >= self.limits.steady_after);
        self.failed &= !steady;
        if self.failed || self.is_one_too_many(now) {
            self.failed = true;
            return Verdict::Failed(self.limits.failed_retry);
        }
        self.restarts.push_back(now);
        Verdict::Restart(match ready_for {
            Some(_) if steady => Duration::ZERO,
            Some(_) => self.vary(self.limits.delay_min, chance),
            None => self.growing_delay(chance),
        })
    }

    /// Forgets every death: the configuration changed, or a person asked for a start.
    pub fn forget(&mut self) {
        self.early_deaths = 0;
        self.restarts.clear();
        self.failed = false;
    }

    fn is_one_too_many(&mut self, now: Instant) -> bool {
        while self.restarts.front().is_some_and(|&at| now.duration_since(at) > self.limits.window) {
            self.restarts.pop_front();
        }
        self.restarts.len() >= self.limits.restarts_max
    }

    fn growing_delay(&mut self, chance: f64) -> Duration {
        let doublings = self.early_deaths.min(16);
        self.early_deaths += 1;
        self.vary((self.limits.delay_min * (1 << doublings)).min(self.limits.delay_max), chance)
    }

    fn vary(&self, delay: Duration, chance: f64) -> Duration {
        delay.mul_f64(1.0 + self.limits.jitter * chance.clamp(-1.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KILLED: Death = Death::Killed(9);

    fn restart() -> (Restart, Instant) {
        (Restart::new(RestartLimits::default()), Instant::now())
    }

    fn after_ms(verdict: Verdict) -> u128 {
        match verdict {
            Verdict::Restart(delay) => delay.as_millis(),
            other => panic!("no restart but {other:?}"),
        }
    }

    #[test]
    fn deaths_before_readiness_double_the_delay_up_to_its_limit() {
        let (mut restart, start) = restart();
        let expected_ms = [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000];
        let mut now = start;
        for expected_ms in expected_ms {
            now += Duration::from_secs(61); // never two in one window
            assert_eq!(after_ms(restart.died(now, Death::Exited(1), None, 0.0)), expected_ms);
        }
    }

    #[test]
    fn chance_moves_a_delay_by_a_fifth_at_most() {
        for (chance, expected_ms) in [(-1.0, 80), (1.0, 120), (7.0, 120), (0.5, 110)] {
            let (mut restart, now) = restart();
            assert_eq!(after_ms(restart.died(now, KILLED, None, chance)), expected_ms);
        }
    }

    #[test]
    fn what_was_ready_comes_back_fast_every_time() {
        let (mut restart, now) = restart();
        for (ready_s, expected_ms) in [(0, 100), (9, 100), (10, 0), (61, 0), (1, 100)] {
            let verdict = restart.died(now, KILLED, Some(Duration::from_secs(ready_s)), 0.0);
            assert_eq!(after_ms(verdict), expected_ms, "ready for {ready_s} s");
        }
    }

    #[test]
    fn readiness_ends_a_row_of_early_deaths() {
        let (mut restart, now) = restart();
        restart.died(now, KILLED, None, 0.0);
        restart.died(now, KILLED, None, 0.0);
        restart.died(now, KILLED, Some(Duration::from_secs(1)), 0.0);
        assert_eq!(after_ms(restart.died(now, KILLED, None, 0.0)), 100);
    }

    #[test]
    fn more_restarts_than_allowed_in_a_window_fail_the_process_until_it_is_steady() {
        let (mut restart, start) = restart();
        let second = Duration::from_secs(1);
        for index in 0..10 {
            after_ms(restart.died(start + second * index, KILLED, Some(second), 0.0));
        }
        let failed = Verdict::Failed(Duration::from_secs(60));
        assert_eq!(restart.died(start + second * 11, KILLED, Some(second), 0.0), failed);
        // Tried again once a minute: one more early death is enough, although the window is empty by then.
        assert_eq!(restart.died(start + second * 100, KILLED, Some(second), 0.0), failed);
        let steady = restart.died(start + second * 200, KILLED, Some(second * 10), 0.0);
        assert_eq!(steady, Verdict::Restart(Duration::ZERO));
    }

    #[test]
    fn restarts_spread_over_more_than_a_window_never_fail() {
        let (mut restart, start) = restart();
        for index in 0..100 {
            let now = start + Duration::from_millis(6100) * index;
            after_ms(restart.died(now, KILLED, Some(Duration::from_secs(5)), 0.0));
        }
    }

    #[test]
    fn a_wrong_configuration_waits_for_a_change() {
        for code in [64, 78] {
            let (mut restart, now) = restart();
            let verdict = restart.died(now, Death::Exited(code), None, 0.0);
            assert_eq!(verdict, Verdict::WaitForChange);
        }
    }

    #[test]
    fn an_absent_device_backs_off_and_is_never_counted() {
        let (mut restart, now) = restart();
        let delays_ms: Vec<u128> =
            (0..50).map(|_| after_ms(restart.died(now, Death::Exited(69), None, 0.0))).collect();
        assert_eq!(delays_ms[..3], [100, 200, 400]);
        assert_eq!(delays_ms[49], 30_000);
    }

    #[test]
    fn a_death_says_what_it_means() {
        assert_eq!(Death::Exited(78).to_string(), "exit 78 (configuration)");
        assert_eq!(Death::Exited(3).to_string(), "exit 3");
        assert_eq!(Death::Killed(9).to_string(), "killed by SIGKILL");
    }
}
