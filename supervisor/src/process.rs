//! One supervised process through all its lives: started, ready, suspect, hung, dead, waiting to be started again.
//!
//! Knows nothing of the others; the order in which processes start and end is the group's business.

use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::child::Child;
use crate::heartbeat::{Heartbeat, Pulse};
use crate::log::Log;
use crate::log_line::Lines;
use crate::notify_receiver::Message;
use crate::plan::Spec;
use crate::restart::{Death, Restart, RestartLimits, Verdict};

/// A hung process has so long to leave its core dump.
const ABORT_GRACE: Duration = Duration::from_secs(2);
/// Bytes of output read in one turn, so that a chatty process cannot keep the loop from the others.
const OUTPUT_BYTES_MAX: usize = 64 * 1024;

/// Where a process is in its life.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// Its turn to be started has not come.
    Idle,
    /// Running, not ready yet.
    Starting,
    /// Running and doing its work.
    Ready,
    /// Asked to leave, or aborted; killed at that time.
    Ending {
        /// When patience ends.
        kill_at: Instant,
    },
    /// Died; started again at that time.
    Pausing {
        /// When it is started.
        until: Instant,
    },
    /// Died too often; tried again at that time.
    Failed {
        /// When it is tried.
        until: Instant,
    },
    /// Cannot work with this configuration.
    WaitingForChange,
    /// Gone, as it was asked.
    Ended,
}

/// What becomes of a process that was asked to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// It stays away.
    Stay,
    /// It is started again with its (perhaps new) specification.
    StartAgain,
}

/// A supervised process.
#[derive(Debug)]
pub struct Process {
    /// What it is.
    pub spec: Spec,
    /// Where it is in its life.
    pub phase: Phase,
    /// Times it was started again.
    pub restarts: u64,
    /// How its last life ended.
    pub last_death: Option<Death>,
    /// The last thing it printed.
    pub last_line: String,
    /// What it says of itself.
    pub status: String,
    /// Its heartbeats have stopped.
    pub is_suspect: bool,
    /// When the present (or last) life began.
    pub started_at: Option<Instant>,
    ready_at: Option<Instant>,
    child: Option<Child>,
    lines: Lines,
    restart: Restart,
    heartbeat: Heartbeat,
    afterwards: Option<Afterwards>,
}

impl Process {
    /// A process that has not been started.
    pub fn new(spec: Spec, limits: RestartLimits, now: Instant) -> Process {
        Process {
            spec,
            phase: Phase::Idle,
            restarts: 0,
            last_death: None,
            last_line: String::new(),
            status: String::new(),
            is_suspect: false,
            started_at: None,
            ready_at: None,
            child: None,
            lines: Lines::default(),
            restart: Restart::new(limits),
            heartbeat: Heartbeat::started(now),
            afterwards: None,
        }
    }

    /// The running child.
    pub fn child(&self) -> Option<&Child> {
        self.child.as_ref()
    }

    /// How long it has been ready in this life.
    pub fn ready_for(&self, now: Instant) -> Option<Duration> {
        self.ready_at.map(|at| now.saturating_duration_since(at))
    }

    /// Starts it.
    pub fn start(&mut self, now: Instant, lock: &File) {
        if self.started_at.is_some() {
            self.restarts += 1;
        }
        self.started_at = Some(now);
        self.ready_at = None;
        self.is_suspect = false;
        self.status.clear();
        match Child::start(&self.spec.launch, lock) {
            Ok(child) => {
                tracing::debug!("{} started as pid {}", self.spec.name, child.pid());
                self.child = Some(child);
                self.heartbeat = Heartbeat::started(now);
                self.phase = Phase::Starting;
            }
            Err(error) => {
                let program = self.spec.launch.program.display();
                self.last_line = format!("cannot start {program}: {error}");
                tracing::error!("{}: {}; is everything built and installed?", self.spec.name, self.last_line);
                let until = now + RestartLimits::default().failed_retry;
                self.phase = Phase::Failed { until };
            }
        }
    }

    /// Takes what it says of itself.
    pub fn heard(&mut self, now: Instant, message: &Message) {
        if let Some(status) = &message.status {
            self.status.clone_from(status);
        }
        if message.is_ready || message.is_alive {
            self.heartbeat.beat(now);
            if std::mem::take(&mut self.is_suspect) {
                tracing::info!("{} answers again", self.spec.name);
            }
        }
        if message.is_ready && self.phase == Phase::Starting {
            self.phase = Phase::Ready;
            self.ready_at = Some(now);
            let took = self.started_at.map_or(0, |at| now.saturating_duration_since(at).as_millis());
            tracing::info!("{} ready after {took} ms{}", self.spec.name, self.times_restarted());
        }
    }

    fn times_restarted(&self) -> String {
        match self.restarts {
            0 => String::new(),
            restarts => format!(" (restart {restarts})"),
        }
    }

    /// Takes what it printed into the log.
    pub fn pump(&mut self, log: &Log) {
        let Some(child) = &mut self.child else { return };
        let mut bytes = [0; 8 * 1024];
        let mut left = OUTPUT_BYTES_MAX;
        while left > 0 {
            let length = child.read_output(&mut bytes);
            if length == 0 {
                return;
            }
            left = left.saturating_sub(length);
            self.lines.feed(&bytes[..length], keep(&mut self.last_line, &self.spec.name, log));
        }
    }

    /// Looks whether it died, and decides what follows; says whether it did.
    pub fn reap(&mut self, now: Instant, log: &Log, chance: f64) -> bool {
        let Some(death) = self.child.as_mut().and_then(Child::reap) else { return false };
        self.pump(log);
        self.lines.finish(keep(&mut self.last_line, &self.spec.name, log));
        let ready_for = self.ready_for(now);
        self.child = None;
        self.ready_at = None;
        self.is_suspect = false;
        self.last_death = Some(death);
        self.phase = match self.afterwards.take() {
            Some(Afterwards::Stay) => Phase::Ended,
            Some(Afterwards::StartAgain) => {
                self.restart.forget();
                Phase::Pausing { until: now }
            }
            None => self.judge(now, death, ready_for, chance),
        };
        true
    }

    fn judge(&mut self, now: Instant, death: Death, ready_for: Option<Duration>, chance: f64) -> Phase {
        let name = &self.spec.name;
        match self.restart.died(now, death, ready_for, chance) {
            Verdict::Restart(after) => {
                tracing::warn!("{name} died: {death}; starting it again in {} ms", after.as_millis());
                Phase::Pausing { until: now + after }
            }
            Verdict::Failed(after) => {
                tracing::error!(
                    "{name} died too often: {death}; failed, trying again in {} s; the others go on",
                    after.as_secs()
                );
                Phase::Failed { until: now + after }
            }
            Verdict::WaitForChange => {
                tracing::error!("{name}: {death}; waiting until the configuration changes (or SIGHUP)");
                Phase::WaitingForChange
            }
        }
    }

    /// Does what time demands: starts what is due, ends what hangs or does not leave.
    pub fn tick(&mut self, now: Instant, lock: &File) {
        match self.phase {
            Phase::Pausing { until } | Phase::Failed { until } if now >= until => self.start(now, lock),
            Phase::Starting | Phase::Ready => self.take_pulse(now),
            Phase::Ending { kill_at } if now >= kill_at => {
                self.kill();
                // Reaped within moments; looked at again only if the kernel takes its time.
                self.phase = Phase::Ending { kill_at: now + ABORT_GRACE };
            }
            Phase::Ending { .. }
            | Phase::Pausing { .. }
            | Phase::Failed { .. }
            | Phase::Idle
            | Phase::WaitingForChange
            | Phase::Ended => {}
        }
    }

    fn take_pulse(&mut self, now: Instant) {
        match self.heartbeat.pulse(now) {
            Pulse::Fine => {}
            Pulse::Suspect if self.is_suspect => {}
            Pulse::Suspect => {
                self.is_suspect = true;
                tracing::warn!("{} gives no sign of life", self.spec.name);
            }
            Pulse::Dead => self.end_hung(now, "hangs"),
        }
    }

    /// Ends a run that does no good any more; what follows is judged like any other death.
    pub fn end_hung(&mut self, now: Instant, why: &str) {
        tracing::error!("{} {why}; ending it", self.spec.name);
        if let Some(child) = &self.child {
            child.abort();
        }
        self.phase = Phase::Ending { kill_at: now + ABORT_GRACE };
    }

    /// When [`Process::tick`] has something to do at the latest; heartbeats are looked at on every turn of the loop.
    pub fn due(&self) -> Option<Instant> {
        match self.phase {
            Phase::Pausing { until } | Phase::Failed { until } => Some(until),
            Phase::Ending { kill_at } => Some(kill_at),
            Phase::Idle | Phase::Starting | Phase::Ready | Phase::WaitingForChange | Phase::Ended => None,
        }
    }

    /// Silence counts from now on.
    pub fn grant(&mut self, now: Instant) {
        self.heartbeat.grant(now);
    }

    /// Asks it to leave within `grace`.
    pub fn end(&mut self, now: Instant, grace: Duration, afterwards: Afterwards) {
        self.afterwards = Some(afterwards);
        match &self.child {
            Some(child) => {
                child.terminate();
                self.phase = Phase::Ending { kill_at: now + grace };
            }
            None => {
                self.afterwards = None;
                self.phase = match afterwards {
                    Afterwards::Stay => Phase::Ended,
                    Afterwards::StartAgain => Phase::Pausing { until: now },
                };
            }
        }
    }

    /// Ends it now.
    pub fn kill(&self) {
        if let Some(child) = &self.child {
            child.kill();
        }
    }

    /// The configuration changed: what waited for that, or had failed, gets a new start.
    pub fn configuration_changed(&mut self, now: Instant) {
        if matches!(self.phase, Phase::WaitingForChange | Phase::Failed { .. }) {
            self.restart.forget();
            self.phase = Phase::Pausing { until: now };
        }
    }
}

/// Puts a line into the log and remembers it.
fn keep<'a>(last: &'a mut String, name: &'a Arc<str>, log: &'a Log) -> impl FnMut(String) {
    move |line: String| {
        if !line.is_empty() {
            last.clone_from(&line);
            log.line(name, line);
        }
    }
}
