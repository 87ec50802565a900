//! The group: starts the processes in order, keeps them running, ends them in the opposite order.
//!
//! Only ever touches its own children. Waits for nothing: the loop calls [`Group::tick`] and gets back when to call next.

use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

use crate::log::Log;
use crate::notify_receiver::Message;
use crate::plan::{Spec, Stage};
use crate::process::{Afterwards, Phase, Process};
use crate::restart::RestartLimits;

/// A stage that is not ready by then no longer keeps the next one from starting: dashes beat no picture.
const STAGE_PATIENCE: Duration = Duration::from_secs(5);
/// More processes than this are refused.
pub const PROCESSES_MAX: usize = 64;
/// How long one sink may take to leave when only it is detached or changed.
const DETACH_GRACE: Duration = Duration::from_secs(2);

/// How long the processes of a stage may take to leave when everything ends: under 3 s in all.
const fn stop_grace(stage: Stage) -> Duration {
    match stage {
        Stage::Sink => Duration::from_millis(1200),
        Stage::Renderer | Stage::Collector => Duration::from_millis(600),
    }
}

/// All supervised processes.
#[derive(Debug)]
pub struct Group {
    processes: Vec<Process>,
    limits: RestartLimits,
    lock: File,
    log: Log,
    is_stopping: bool,
}

impl Group {
    /// An empty group. Children inherit `lock`.
    pub fn new(limits: RestartLimits, lock: File, log: Log) -> Group {
        Group { processes: Vec::new(), limits, lock, log, is_stopping: false }
    }

    /// The processes, in the order in which they were added.
    pub fn processes(&self) -> &[Process] {
        &self.processes
    }

    /// The process of that name.
    pub fn find(&self, name: &str) -> Option<&Process> {
        self.processes.iter().find(|process| &*process.spec.name == name)
    }

    fn find_mut(&mut self, name: &str) -> Option<&mut Process> {
        self.processes.iter_mut().find(|process| &*process.spec.name == name)
    }

    /// Adds a process; it starts when its stage's turn has come.
    pub fn add(&mut self, spec: Spec, now: Instant) {
        self.processes.push(Process::new(spec, self.limits, now));
    }

    /// Takes a message to the process that sent it.
    pub fn heard(&mut self, now: Instant, message: &Message) {
        let is_sender =
            |process: &&mut Process| process.child().is_some_and(|child| child.pid() == message.pid);
        if let Some(process) = self.processes.iter_mut().find(is_sender) {
            process.heard(now, message);
        }
    }

    /// Reads what the processes printed.
    pub fn pump(&mut self) {
        self.processes.iter_mut().for_each(|process| process.pump(&self.log));
    }

    /// Silence counts from now on, for everybody: the supervisor itself had not been looking.
    pub fn grant_everybody(&mut self, now: Instant) {
        self.processes.iter_mut().for_each(|process| process.grant(now));
    }

    /// Does everything that is due, and says when something is due next.
    pub fn tick(&mut self, now: Instant) -> Option<Instant> {
        for process in &mut self.processes {
            process.reap(now, &self.log, chance());
            if self.is_stopping && process.child().is_none() {
                process.end(now, Duration::ZERO, Afterwards::Stay);
            }
            process.tick(now, &self.lock);
        }
        // Whoever has ended was detached, dropped from the configuration, or ends with the group.
        self.processes.retain(|process| process.phase != Phase::Ended);
        if self.is_stopping {
            self.end_next_stage(now);
        } else {
            self.start_next_stage(now);
        }
        self.processes.iter().filter_map(Process::due).min()
    }

    fn start_next_stage(&mut self, now: Instant) {
        for stage in Stage::ALL {
            for process in self.processes.iter_mut().filter(|process| process.spec.stage == stage) {
                if process.phase == Phase::Idle {
                    process.start(now, &self.lock);
                }
            }
            if !self.is_settled(stage, now) {
                return;
            }
        }
    }

    /// Whether nothing more is to be expected of a stage at its start.
    fn is_settled(&self, stage: Stage, now: Instant) -> bool {
        let mut of_stage = self.processes.iter().filter(|process| process.spec.stage == stage);
        of_stage.all(|process| match process.phase {
            Phase::Idle => false,
            Phase::Starting => {
                let waited = process.started_at.map(|at| now.saturating_duration_since(at));
                process.restarts > 0 || waited.is_some_and(|waited| waited >= STAGE_PATIENCE)
            }
            Phase::Ready
            | Phase::Ending { .. }
            | Phase::Pausing { .. }
            | Phase::Failed { .. }
            | Phase::WaitingForChange
            | Phase::Ended => true,
        })
    }

    /// Whether every process is ready, or will not be soon.
    pub fn is_started(&self, now: Instant) -> bool {
        Stage::ALL.into_iter().all(|stage| self.is_settled(stage, now))
    }

    /// Begins to end everything: sinks, then the renderer, then the collector.
    pub fn stop(&mut self) {
        self.is_stopping = true;
    }

    /// Whether everything that is left is to end.
    pub fn is_stopping(&self) -> bool {
        self.is_stopping
    }

    /// Whether nothing is left.
    pub fn is_gone(&self) -> bool {
        self.processes.is_empty()
    }

    /// Ends every process at once.
    pub fn kill(&mut self) {
        self.processes.iter().for_each(Process::kill);
    }

    fn end_next_stage(&mut self, now: Instant) {
        let Some(last) = self.processes.iter().map(|process| process.spec.stage).max() else { return };
        for process in self.processes.iter_mut().filter(|process| process.spec.stage == last) {
            if !matches!(process.phase, Phase::Ending { .. }) {
                process.end(now, stop_grace(last), Afterwards::Stay);
            }
        }
        self.processes.retain(|process| process.phase != Phase::Ended);
    }

    /// Ends one process for good; false when there is none of that name.
    pub fn detach(&mut self, name: &str, now: Instant) -> bool {
        match self.find_mut(name) {
            Some(process) => {
                process.end(now, DETACH_GRACE, Afterwards::Stay);
                true
            }
            None => false,
        }
    }

    /// Ends one process and starts it again.
    pub fn restart(&mut self, name: &str, now: Instant) {
        if let Some(process) = self.find_mut(name) {
            process.end(now, DETACH_GRACE, Afterwards::StartAgain);
        }
    }

    /// Makes the configured sinks those of `specs`: new ones start, missing ones end, changed ones start again.
    pub fn apply(&mut self, specs: Vec<Spec>, now: Instant) {
        let configured = |process: &&mut Process| process.spec.output.is_some();
        for process in self.processes.iter_mut().filter(configured) {
            if !specs.iter().any(|spec| spec.name == process.spec.name) {
                tracing::info!("{} is no longer configured", process.spec.name);
                process.end(now, DETACH_GRACE, Afterwards::Stay);
            }
        }
        for spec in specs {
            match self.find_mut(&spec.name) {
                Some(process) if process.spec.output == spec.output => {}
                Some(process) => {
                    tracing::info!("{} has changed", spec.name);
                    process.spec = spec;
                    process.end(now, DETACH_GRACE, Afterwards::StartAgain);
                }
                None => self.add(spec, now),
            }
        }
    }

    /// Ends the sink with that pid, which shows nothing of what it is offered; it is started again.
    pub fn end_stuck(&mut self, pid: u32, now: Instant) {
        let is_stuck = |process: &&mut Process| process.child().is_some_and(|child| child.pid() == pid);
        if let Some(process) = self.processes.iter_mut().find(is_stuck)
            && process.phase == Phase::Ready
        {
            process.end_hung(now, "is offered frames and shows none");
        }
    }

    /// What waited for another configuration gets a new start.
    pub fn configuration_changed(&mut self, now: Instant) {
        self.processes.iter_mut().for_each(|process| process.configuration_changed(now));
    }
}

/// A number in -1..1, different each time; nothing secret hangs on it.
fn chance() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    (random >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

#[cfg(test)]
mod tests {
    #[test]
    fn chance_stays_in_its_range() {
        assert!((0..1000).map(|_| super::chance()).all(|chance| (-1.0..=1.0).contains(&chance)));
    }
}
