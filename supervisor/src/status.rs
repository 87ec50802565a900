//! How the processes fare, as the supervisor knows it: the part of `casedd status` that comes over the command socket.
//!
//! Knows nothing of frames; those figures come from the renderer and are added by `report`.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::plan::{LeftOut, Stage};
use crate::process::{Phase, Process};

/// The supervisor and everybody it looks after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupStatus {
    /// The supervisor itself.
    pub supervisor: SupervisorStatus,
    /// Collector, renderer and sinks.
    pub processes: Vec<ProcessStatus>,
    /// Outputs that were not started.
    pub left_out: Vec<LeftOut>,
}

/// The supervisor itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupervisorStatus {
    /// Its process id.
    pub pid: u32,
    /// Its version.
    pub version: String,
    /// How long it has been running.
    pub uptime_ms: u64,
    /// The configuration file; none: built-in defaults.
    pub config: Option<String>,
    /// Every process is ready, or will not be soon.
    pub is_started: bool,
    /// It is on its way out.
    pub is_stopping: bool,
}

/// What a process is doing, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for its turn to be started.
    Waiting,
    /// Running, not ready yet.
    Starting,
    /// Doing its work.
    Ready,
    /// Running, but its heartbeats have stopped.
    Suspect,
    /// On its way out.
    Ending,
    /// Died, started again shortly.
    Restarting,
    /// Died too often, tried again rarely.
    Failed,
    /// Cannot work with this configuration.
    NeedsConfig,
    /// Gone.
    Ended,
}

impl State {
    /// The word in tables and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Starting => "starting",
            State::Ready => "ready",
            State::Suspect => "suspect",
            State::Ending => "ending",
            State::Restarting => "restarting",
            State::Failed => "failed",
            State::NeedsConfig => "needs_config",
            State::Ended => "ended",
        }
    }
}

/// One process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProcessStatus {
    /// Its name: `collector`, `renderer` or the output's.
    pub name: String,
    /// Its program's file name.
    pub program: String,
    /// Its place in the order.
    pub stage: Stage,
    /// What it is doing.
    pub state: State,
    /// Its process id, while it runs.
    pub pid: Option<u32>,
    /// How long this life has lasted, while it runs.
    pub uptime_ms: Option<u64>,
    /// How long it has been ready in this life.
    pub ready_ms: Option<u64>,
    /// Times it was started again.
    pub restarts: u64,
    /// When it is started again, if that is planned.
    pub next_start_ms: Option<u64>,
    /// How its last life ended.
    pub last_exit: Option<String>,
    /// The exit code of its last life, if it ended by itself.
    pub last_exit_code: Option<i32>,
    /// What it says of itself.
    pub status: String,
    /// The last line it printed, while it is not ready.
    pub last_line: Option<String>,
    /// Started by `casedd attach`.
    pub is_attached: bool,
}

impl ProcessStatus {
    /// How `process` fares at `now`.
    pub fn of(process: &Process, now: Instant) -> ProcessStatus {
        use crate::restart::Death;
        let state = state_of(process);
        let child = process.child();
        let since = |at: Instant| ms(now.saturating_duration_since(at));
        let next_start_ms = match process.phase {
            Phase::Pausing { until } | Phase::Failed { until } => {
                Some(ms(until.saturating_duration_since(now)))
            }
            _ => None,
        };
        ProcessStatus {
            name: process.spec.name.to_string(),
            program: process.spec.program.clone(),
            stage: process.spec.stage,
            state,
            pid: child.map(crate::child::Child::pid),
            uptime_ms: child.and(process.started_at).map(since),
            ready_ms: process.ready_for(now).map(ms),
            restarts: process.restarts,
            next_start_ms,
            last_exit: process.last_death.map(|death| death.to_string()),
            last_exit_code: match process.last_death {
                Some(Death::Exited(code)) => Some(code),
                Some(Death::Killed(_)) | None => None,
            },
            status: process.status.clone(),
            last_line: (state != State::Ready && !process.last_line.is_empty())
                .then(|| process.last_line.clone()),
            is_attached: process.spec.is_attached,
        }
    }
}

impl ProcessStatus {
    /// What best tells a person how it fares: its own words while it runs, else the last line it printed.
    pub fn says(&self) -> &str {
        match &self.last_line {
            Some(line) if self.pid.is_none() || self.status.is_empty() => message_of(line),
            Some(_) | None => &self.status,
        }
    }
}

/// A log line without its level and target.
fn message_of(line: &str) -> &str {
    let is_level = |word: &str| ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"].contains(&word);
    match line.split_once(' ') {
        Some((level, rest)) if is_level(level) => rest.split_once(": ").map_or(rest, |(_, message)| message),
        Some(_) | None => line,
    }
}

fn state_of(process: &Process) -> State {
    match process.phase {
        Phase::Idle => State::Waiting,
        Phase::Starting | Phase::Ready if process.is_suspect => State::Suspect,
        Phase::Starting => State::Starting,
        Phase::Ready => State::Ready,
        Phase::Ending { .. } => State::Ending,
        Phase::Pausing { .. } => State::Restarting,
        Phase::Failed { .. } => State::Failed,
        Phase::WaitingForChange => State::NeedsConfig,
        Phase::Ended => State::Ended,
    }
}

/// Whole milliseconds.
pub fn ms(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::message_of;

    #[test]
    fn a_log_line_is_cut_down_to_its_message() {
        assert_eq!(message_of("WARN casedd_common::sink::run: no renderer: waiting"), "no renderer: waiting");
        assert_eq!(
            message_of("casedd-sink-ws: port 80: permission denied"),
            "casedd-sink-ws: port 80: permission denied"
        );
        assert_eq!(message_of("thread panicked"), "thread panicked");
    }
}
