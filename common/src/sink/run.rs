//! The loop of every sink process: connect, wait, show, beat; connect again when the renderer is gone.
//!
//! Leaves out what a frame is shown on, and who restarts a sink that ends.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tracing::{info, warn};

use super::{Backoff, LinkState, Sink, SinkError};
use crate::exit::{Exit, Failure};
use crate::shell::Shell;
use crate::transport::link::Link;
use crate::transport::{DropPolicy, LinkError, Refusal};

/// The longest wait of the loop: each wake-up beats the heart and calls [`Sink::tick`].
const BEAT: Duration = Duration::from_millis(250);
/// A renderer that beats each loop and is silent for so long is stopped or stuck.
const STALE_MS: u64 = 1500;
/// Waits between attempts to reach the renderer: a restarted one is found within its own start-up time.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(1));
/// Waits between attempts to open a lost device: a re-plugged panel takes seconds to come up.
const REOPEN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How long one attempt may wait for the renderer's answer; no heart beats and no signal is heeded meanwhile.
const ANSWER: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(2));
/// A connection that held for so long was good: the next one is tried at once again.
const HELD: Duration = Duration::from_secs(1);

/// Drives `sink` until SIGTERM or a failure that waiting would not mend.
///
/// While the renderer is away the sink keeps what it shows; while the device is away the renderer does nothing
/// for it. Both are tried again for ever: how often a process may fail is its supervisor's business.
pub fn run(shell: Shell, sink: impl Sink) -> Result<(), Failure> {
    let mut runner = Runner {
        socket: shell.runtime.renderer_socket(),
        shell,
        sink,
        reconnect: Backoff::new(RECONNECT.0, RECONNECT.1),
        reopen: Backoff::new(REOPEN.0, REOPEN.1),
        answer: ANSWER.0,
        is_ready: false,
        state: LinkState::Lost { reason: String::new() },
        is_device_lost: false,
    };
    let result = runner.drive();
    runner.shell.notify.stopping();
    runner.sink.close();
    result
}

/// Why one stretch of work ended.
enum End {
    Stopped,
    LinkLost(String),
    NoAnswer,
    DeviceLost(String),
    Failed(Failure),
}

impl From<SinkError> for End {
    fn from(error: SinkError) -> Self {
        match error {
            SinkError::Reopen(reason) => End::DeviceLost(reason),
            SinkError::Fatal(failure) => End::Failed(failure),
        }
    }
}

impl From<LinkError> for End {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Refused { code, message } => refused(code, message),
            LinkError::TimedOut { .. } => End::NoAnswer,
            LinkError::Want(error) => End::Failed(Exit::Config.because(error)),
            other => End::LinkLost(other.to_string()),
        }
    }
}

struct Runner<S> {
    shell: Shell,
    sink: S,
    socket: PathBuf,
    reconnect: Backoff,
    reopen: Backoff,
    answer: Duration,
    is_ready: bool,
    state: LinkState,
    is_device_lost: bool,
}

impl<S: Sink> Runner<S> {
    fn drive(&mut self) -> Result<(), Failure> {
        loop {
            let Err(end) = self.stretch();
            let pause = match end {
                End::Stopped => return Ok(()),
                End::Failed(failure) => return Err(failure),
                End::LinkLost(reason) => {
                    self.change(LinkState::Lost { reason });
                    self.reconnect.wait()
                }
                End::NoAnswer => {
                    self.answer = (self.answer * 2).min(ANSWER.1);
                    self.change(LinkState::Lost { reason: "the renderer does not answer".into() });
                    self.reconnect.wait()
                }
                End::DeviceLost(reason) => {
                    self.lose_device(&reason);
                    self.reopen.wait()
                }
            };
            match self.pause(pause) {
                Ok(()) => {}
                Err(End::Stopped) => return Ok(()),
                Err(End::Failed(failure)) => return Err(failure),
                // The next `want` meets the same trouble, and says so.
                Err(End::DeviceLost(_) | End::LinkLost(_) | End::NoAnswer) => {}
            }
        }
    }

    /// One stretch of work: device, connection, frames, until something ends it.
    fn stretch(&mut self) -> Result<Infallible, End> {
        self.beat()?;
        let want = self.sink.want()?;
        if self.is_device_lost {
            info!("the device is back");
            self.is_device_lost = false;
        }
        let mut link = Link::connect(&self.socket, &want, self.answer)?;
        self.answer = ANSWER.0;
        let since = Instant::now();
        let end = self.serve(&mut link, want.policy);
        if since.elapsed() >= HELD {
            self.reconnect.reset();
        }
        end
    }

    fn serve(&mut self, link: &mut Link, policy: DropPolicy) -> Result<Infallible, End> {
        self.change(LinkState::Connected { generation: link.generation() });
        if self.sink.ready_without_frames() {
            self.ready();
        }
        let mut watched = true;
        self.show_latest(link)?;
        loop {
            self.beat()?;
            self.sink.tick()?;
            let wanted = self.sink.watched();
            if wanted != watched {
                link.set_watched(wanted)?;
                watched = wanted;
                if watched {
                    // What came while nobody looked was not shown, and may be the newest there is.
                    self.show_latest(link)?;
                }
            }
            self.look_at_age(link);
            if !self.show_next(link, policy)? {
                let mut extra = self.sink.fds();
                extra.push(self.shell.stop.fd());
                link.wait(BEAT, &extra)?;
            }
        }
    }

    /// A late joiner, or one whose device is new, starts with the newest picture there is.
    fn show_latest(&mut self, link: &mut Link) -> Result<(), End> {
        if let Some(frame) = link.latest()? {
            self.sink.show(frame)?;
            self.shown();
        }
        Ok(())
    }

    /// Shows the frame whose turn it is; false when there is none.
    fn show_next(&mut self, link: &mut Link, policy: DropPolicy) -> Result<bool, End> {
        let frame = match policy {
            DropPolicy::DropOldest => link.take_newest()?,
            // Who asks for every frame, or for the first ones, gets them in their order.
            DropPolicy::Block | DropPolicy::DropNewest => link.take()?,
        };
        let Some(frame) = frame else { return Ok(false) };
        self.sink.show(frame)?;
        self.shown();
        Ok(true)
    }

    fn shown(&mut self) {
        self.reopen.reset();
        self.ready();
    }

    fn ready(&mut self) {
        if !self.is_ready {
            self.is_ready = true;
            self.shell.notify.ready();
        }
    }

    /// Beats the heart and heeds the signal.
    fn beat(&mut self) -> Result<(), End> {
        self.shell.notify.heartbeat();
        if self.shell.stop.requested() { Err(End::Stopped) } else { Ok(()) }
    }

    /// Waits between two attempts, with the heart beating.
    fn pause(&mut self, duration: Duration) -> Result<(), End> {
        let until = Instant::now() + duration;
        loop {
            self.beat()?;
            self.sink.tick()?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            self.shell.stop.wait(left.min(BEAT));
        }
    }

    fn look_at_age(&mut self, link: &Link) {
        let age_ms = link.renderer_age_ms();
        match self.state {
            LinkState::Connected { .. } if age_ms > STALE_MS => self.change(LinkState::Stale { age_ms }),
            LinkState::Stale { .. } if age_ms <= STALE_MS => {
                self.change(LinkState::Connected { generation: link.generation() });
            }
            LinkState::Connected { .. } | LinkState::Stale { .. } | LinkState::Lost { .. } => {}
        }
    }

    /// Tells sink, log and supervisor of a new state; the same one again is no news.
    fn change(&mut self, state: LinkState) {
        if self.state == state {
            return;
        }
        let output = self.sink.describe();
        match &state {
            LinkState::Connected { .. } => {
                info!("connected to the renderer: {output}");
                self.shell.notify.status(&output);
            }
            LinkState::Stale { age_ms } => {
                warn!("the renderer has been silent for {age_ms} ms: the last picture stays");
                self.shell.notify.status(&format!("{output}; stale: the renderer is silent"));
            }
            LinkState::Lost { reason } => {
                warn!("no renderer ({reason}): the last picture stays, trying again");
                self.shell.notify.status(&format!("{output}; no renderer: {reason}"));
            }
        }
        self.sink.link_changed(state.clone());
        self.state = state;
    }

    fn lose_device(&mut self, reason: &str) {
        self.state = LinkState::Lost { reason: "the device is away".into() };
        self.sink.link_changed(self.state.clone());
        if !self.is_device_lost {
            self.is_device_lost = true;
            warn!("{reason}; trying again until it is back");
        }
        self.shell.notify.status(&format!("{reason}; trying again until it is back"));
    }
}

/// A refusal that may pass is waited for; any other one ends the process.
fn refused(code: Refusal, message: String) -> End {
    let exit = match code {
        Refusal::Unavailable => return End::LinkLost(message),
        Refusal::Topic | Refusal::Geometry | Refusal::Invalid => Exit::Config,
        Refusal::Limit | Refusal::Memory => Exit::Unavailable,
        Refusal::Forbidden => Exit::NoPermission,
        // The two programs are of different versions: only installing helps.
        Refusal::Protocol | Refusal::Layout => Exit::Software,
    };
    End::Failed(exit.because(format!("the renderer refused: {message}")))
}
