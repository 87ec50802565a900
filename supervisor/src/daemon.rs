//! The loop of `casedd up`: waits on every descriptor at once and never on one of them.
//!
//! Brings the parts together and decides nothing that one of them could decide: processes belong to `group`, deaths to
//! `restart`, words to `control`.

use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use casedd_common::config::Config;
use casedd_common::exit::{Exit, Failure};
use casedd_common::notify::Notifier;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::control::server::ControlServer;
use crate::control::{Command, Outcome};
use crate::delivery::Deliveries;
use crate::group::{Group, PROCESSES_MAX};
use crate::notify_receiver::NotifyReceiver;
use crate::observer::Observer;
use crate::plan::{LeftOut, Stage, Surroundings};
use crate::signals::Signals;
use crate::status::{GroupStatus, ProcessStatus, SupervisorStatus, ms};
use crate::watch::{Change, Watch};

/// The loop turns at least so often: heartbeats are looked at, and our own one is sent.
const TURN: Duration = Duration::from_millis(250);
/// After the last process is ready, it may still say a word about itself; then the start is announced.
const LAST_WORDS: Duration = Duration::from_millis(100);
/// A turn that took this much longer than it should: we were stopped, or the machine slept, and nobody is to blame.
const OWN_STALL: Duration = Duration::from_millis(750);

/// Everything the loop works on.
#[derive(Debug)]
pub struct Daemon {
    /// The processes.
    pub group: Group,
    /// Where they say how they are.
    pub notify: NotifyReceiver,
    /// Where people ask.
    pub control: ControlServer,
    /// What the system tells us.
    pub signals: Signals,
    /// Asks the renderer for its counts.
    pub observer: Observer,
    /// Which sinks show what they are offered.
    pub deliveries: Deliveries,
    /// Notices new configurations.
    pub watch: Watch,
    /// The configuration in force.
    pub config: Config,
    /// What every process is started with.
    pub surroundings: Surroundings,
    /// Outputs that were not started.
    pub left_out: Vec<LeftOut>,
    /// Whoever started us, if it wants to know.
    pub own_notifier: Notifier,
    /// When we began.
    pub started_at: Instant,
}

impl Daemon {
    /// Runs until nothing is left. `started` is called once, when every process is ready or will not be soon.
    pub fn run(&mut self, mut started: impl FnMut(&GroupStatus)) -> Result<(), Failure> {
        let mut is_announced = false;
        let mut settled_at = None;
        let mut due = self.group.tick(Instant::now());
        let mut last_turn = Instant::now();
        loop {
            let timeout = due.map_or(TURN, |due| due.saturating_duration_since(Instant::now()).min(TURN));
            self.wait(timeout)?;
            let now = Instant::now();
            let gap = now.saturating_duration_since(std::mem::replace(&mut last_turn, now));
            if gap > TURN + OWN_STALL {
                tracing::warn!("not running for {} ms; everybody gets a fresh period", ms(gap));
                self.group.grant_everybody(now);
                self.deliveries.forget();
            }
            self.turn(now);
            due = self.group.tick(Instant::now());
            if self.group.is_stopping() && self.group.is_gone() {
                return Ok(());
            }
            if !is_announced && !self.group.is_stopping() && self.group.is_started(now) {
                let announce_at = *settled_at.get_or_insert(now) + LAST_WORDS;
                is_announced = now >= announce_at;
                if is_announced {
                    self.own_notifier.ready();
                    started(&self.status(now));
                } else {
                    due = Some(due.map_or(announce_at, |due| due.min(announce_at)));
                }
            }
        }
    }

    /// Takes in everything that has happened.
    fn turn(&mut self, now: Instant) {
        self.own_notifier.heartbeat();
        for message in self.notify.receive() {
            self.group.heard(now, &message);
        }
        self.group.pump();
        self.obey_signals();
        self.look_at_deliveries(now);
        if !self.group.is_stopping() {
            match self.watch.look(now) {
                Some(Change::Configuration) => self.reload(now),
                Some(Change::Templates) => self.group.configuration_changed(now),
                None => {}
            }
        }
        // An answer needs all of `self`, so the questions are collected first.
        let mut asked = Vec::new();
        self.control.receive(now, |client, question| asked.push((client, question)));
        for (client, question) in asked {
            let answer = question.and_then(|command| self.answer(command, now));
            let outcome = answer.unwrap_or_else(Outcome::from);
            self.control.reply(client, outcome);
        }
        self.control.send(now);
    }

    /// Ends sinks that live but show nothing.
    fn look_at_deliveries(&mut self, now: Instant) {
        match self.observer.news() {
            Some(Some(stats)) => {
                for pid in self.deliveries.stuck(&stats, now) {
                    self.group.end_stuck(pid, now);
                }
            }
            Some(None) => self.deliveries.forget(),
            None => {}
        }
    }

    fn obey_signals(&mut self) {
        let signalled = self.signals.take();
        if signalled.reload {
            self.reload(Instant::now());
        }
        if signalled.ends > 0 {
            if self.group.is_stopping() {
                tracing::warn!("asked a second time: ending everybody at once");
                self.group.kill();
            } else {
                self.stop();
                if signalled.ends > 1 {
                    self.group.kill();
                }
            }
        }
    }

    fn stop(&mut self) {
        tracing::info!("stopping");
        self.own_notifier.stopping();
        self.group.stop();
    }

    fn answer(&mut self, command: Command, now: Instant) -> Result<Outcome, Failure> {
        match command {
            Command::Status => return Ok(Outcome::Status { status: Box::new(self.status(now)) }),
            Command::Attach { kind, name, args } => self.attach(&kind, &name, &args, now)?,
            Command::Detach { name } => self.detach(&name, now)?,
            Command::Reload => self.reload(now),
            Command::Stop => self.stop(),
        }
        Ok(Outcome::Done)
    }

    fn attach(&mut self, kind: &str, name: &str, args: &[String], now: Instant) -> Result<(), Failure> {
        if self.group.is_stopping() {
            return Err(Exit::TempFail.because("casedd is stopping"));
        }
        if self.group.find(name).is_some() {
            return Err(
                Exit::Usage.because(format!("there is a process named \"{name}\" already; use --name"))
            );
        }
        if self.group.processes().len() >= PROCESSES_MAX {
            return Err(
                Exit::TempFail.because(format!("{PROCESSES_MAX} processes are enough; detach one first"))
            );
        }
        let spec = self.surroundings.attached(kind, name, args)?;
        tracing::info!("attaching {name}");
        self.group.add(spec, now);
        Ok(())
    }

    fn detach(&mut self, name: &str, now: Instant) -> Result<(), Failure> {
        let sinks = || self.group.processes().iter().filter(|process| process.spec.stage == Stage::Sink);
        if !sinks().any(|process| &*process.spec.name == name) {
            let names: Vec<&str> = sinks().map(|process| &*process.spec.name).collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(Exit::Usage.because(format!("no sink is named \"{name}\"; running: {names}")));
        }
        tracing::info!("detaching {name}");
        self.group.detach(name, now);
        Ok(())
    }

    /// Reads the configuration again and applies what is different; a wrong one changes nothing.
    fn reload(&mut self, now: Instant) {
        if self.group.is_stopping() {
            return;
        }
        let path = self.surroundings.config_file.clone();
        let loaded = Config::load(path.as_deref(), |key| std::env::var(key).ok());
        let planned = loaded.map_err(|error| error.to_string()).and_then(|config| {
            match self.surroundings.sinks(&config) {
                Ok((specs, left_out)) => Ok((config, specs, left_out)),
                Err(failure) => Err(failure.message),
            }
        });
        let (config, specs, left_out) = match planned {
            Ok(planned) => planned,
            Err(problems) => {
                problems.lines().for_each(|problem| tracing::error!("{problem}"));
                tracing::error!("the configuration is not reloaded; the last good one stays in force");
                return;
            }
        };
        tracing::info!("configuration reloaded");
        config.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
        if core_differs(&self.config, &config) {
            for spec in self.surroundings.core() {
                self.group.restart(&spec.name, now);
            }
        }
        left_out.iter().for_each(|output| tracing::info!("{} is left out: {}", output.name, output.why));
        self.group.apply(specs, now);
        self.group.configuration_changed(now);
        self.left_out = left_out;
        self.config = config;
    }

    /// How everybody fares.
    pub fn status(&self, now: Instant) -> GroupStatus {
        let processes = self.group.processes().iter();
        GroupStatus {
            supervisor: SupervisorStatus {
                pid: std::process::id(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                uptime_ms: ms(now.saturating_duration_since(self.started_at)),
                config: self.surroundings.config_file.as_ref().map(|path| path.display().to_string()),
                is_started: self.group.is_started(now),
                is_stopping: self.group.is_stopping(),
            },
            processes: processes.map(|process| ProcessStatus::of(process, now)).collect(),
            left_out: self.left_out.clone(),
        }
    }

    /// Waits until something happens, at most `timeout`.
    fn wait(&self, timeout: Duration) -> Result<(), Failure> {
        let mut fds = vec![readable(self.notify.as_fd())];
        fds.extend(self.signals.fds().map(readable));
        for child in self.group.processes().iter().filter_map(|process| process.child()) {
            fds.extend([Some(child.pidfd()), child.output_fd()].into_iter().flatten().map(readable));
        }
        fds.extend(self.control.fds().map(|(fd, flags)| PollFd::new(fd, flags)));
        // Rounded up: a timeout of 0 before something is due would turn the loop at full speed.
        let timeout = PollTimeout::try_from(timeout.as_micros().div_ceil(1000)).unwrap_or(PollTimeout::ZERO);
        match poll(&mut fds, timeout) {
            Ok(_) | Err(nix::errno::Errno::EINTR) => Ok(()),
            Err(error) => Err(Exit::OsError.because(format!("poll: {error}"))),
        }
    }
}

fn readable(fd: BorrowedFd<'_>) -> PollFd<'_> {
    PollFd::new(fd, PollFlags::POLLIN)
}

/// Whether the collector and the renderer have to be started again for a new configuration.
fn core_differs(old: &Config, new: &Config) -> bool {
    let core = |config: &Config| Config { outputs: Vec::new(), warnings: Vec::new(), ..config.clone() };
    // The renderer is what acts on an output's policy.
    let directions = |config: &Config| -> Vec<_> {
        let outputs = config.outputs.iter().filter(|output| !output.template_policy.is_empty());
        outputs
            .map(|output| (output.name.clone(), output.panel.clone(), output.template_policy.clone()))
            .collect()
    };
    core(old) != core(new) || directions(old) != directions(new)
}
