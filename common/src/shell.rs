//! The shell round every process: command line, logs, stop signal, runtime directory, configuration, notifier.
//!
//! Knows nothing of what a process does; a work loop asks [`Stop`] and calls [`Notifier::heartbeat`].

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::config::{Config, ConfigError};
use crate::exit::{Exit, Failure};
use crate::logging::{self, LevelError, LogFormat, SUPERVISOR_PID_VAR};
use crate::notify::Notifier;
use crate::runtime_dir::{RuntimeDir, RuntimeDirError};

/// How long a process may take to leave once its supervisor is gone.
const ORPHAN_LEAVES_MS: u64 = 700;

/// The flags that every process takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Args {
    /// Configuration file; without one the built-in defaults hold
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// Folder of sockets and lock [default: /run/casedd, $XDG_RUNTIME_DIR/casedd or /tmp/casedd-UID]
    #[arg(long, value_name = "DIR", global = true)]
    pub runtime_dir: Option<PathBuf>,

    /// How much is logged: error, warn, info, debug, trace, or a list like info,casedd_renderer=debug
    #[arg(long, value_name = "LEVEL", env = "CASEDD_LOG", global = true)]
    pub log: Option<String>,

    /// How a log line looks
    #[arg(
        long,
        value_name = "FORMAT",
        env = "CASEDD_LOG_FORMAT",
        default_value = "text",
        value_enum,
        global = true
    )]
    pub log_format: Option<LogFormat>,
}

/// What a process has once its shell stands.
#[derive(Debug)]
pub struct Shell {
    /// The settings, read once.
    pub config: Config,
    /// Where sockets, lock and the board's name are.
    pub runtime: RuntimeDir,
    /// Whether the process is asked to leave.
    pub stop: Stop,
    /// Where it says that it is ready and alive.
    pub notify: Notifier,
}

/// Why a shell could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The log level is none.
    #[error(transparent)]
    Level(#[from] LevelError),
    /// The runtime directory cannot be used.
    #[error(transparent)]
    RuntimeDir(#[from] RuntimeDirError),
    /// The system refused a signal handler or a socket.
    #[error("signal handlers and notify socket: {0}")]
    Os(#[from] io::Error),
}

impl From<ShellError> for Failure {
    fn from(error: ShellError) -> Failure {
        match error {
            ShellError::Config(error) => match &error {
                ConfigError::Unreadable { .. } => Exit::NoInput.because(error),
                ConfigError::Invalid { .. } => Exit::Config.because(error),
            },
            ShellError::Level(error) => Exit::Usage.because(error),
            ShellError::RuntimeDir(error) => error.into(),
            ShellError::Os(_) => Exit::OsError.because(error),
        }
    }
}

/// Reads the command line; a wrong one ends the process with the code for usage, which clap itself does not.
pub fn parse<T: clap::Parser>() -> T {
    T::try_parse().unwrap_or_else(|error| {
        let code = if error.use_stderr() { Exit::Usage } else { Exit::Ok };
        // A closed terminal is no reason for another code.
        let _ = error.print();
        std::process::exit(i32::from(code.code()))
    })
}

/// Sets a process up. `name` is what it is called in its first log line.
pub fn start(name: &'static str, args: &Args) -> Result<Shell, ShellError> {
    let stop = Stop::on_signals()?;
    leave_with_the_supervisor(&stop)?;
    let config = Config::load(args.config.as_deref(), |key| std::env::var(key).ok())?;
    let level = args.log.clone().unwrap_or_else(|| config.log_level.to_string());
    logging::start(&level, args.log_format.unwrap_or_default())?;
    if std::env::var_os(SUPERVISOR_PID_VAR).is_none() {
        // A group has one configuration: its supervisor says this once for all.
        config.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    }
    let runtime = RuntimeDir::open(&RuntimeDir::locate_here(args.runtime_dir.as_deref()))?;
    let notify = Notifier::from_env()?;
    tracing::debug!(
        process = name,
        version = env!("CARGO_PKG_VERSION"),
        runtime_dir = %runtime.path().display(),
        config = %args.config.as_deref().unwrap_or(Path::new("(defaults)")).display(),
        "started"
    );
    Ok(Shell { config, runtime, stop, notify })
}

/// Under a supervisor: the kernel sends us SIGTERM when it dies, and a work loop that hangs does not keep us.
fn leave_with_the_supervisor(stop: &Stop) -> io::Result<()> {
    let Some(supervisor) = std::env::var(SUPERVISOR_PID_VAR).ok().and_then(|pid| pid.parse::<i32>().ok())
    else {
        return Ok(());
    };
    nix::sys::prctl::set_pdeathsig(Signal::SIGTERM)?;
    let is_orphan = move || nix::unistd::getppid().as_raw() != supervisor;
    if is_orphan() {
        // It died between our start and the line above.
        std::process::exit(i32::from(Exit::TempFail.code()));
    }
    let stop = stop.clone();
    std::thread::Builder::new().name("orphan-guard".to_owned()).spawn(move || {
        stop.wait(Duration::MAX);
        if is_orphan() {
            std::thread::sleep(Duration::from_millis(ORPHAN_LEAVES_MS));
            std::process::exit(i32::from(Exit::TempFail.code()));
        }
    })?;
    Ok(())
}

/// The wish that this process leaves: a flag to ask, and a descriptor to wait on. Clones share both.
#[derive(Clone, Debug)]
pub struct Stop {
    requested: Arc<AtomicBool>,
    reader: Arc<UnixStream>,
    writer: Arc<UnixStream>,
}

impl Stop {
    /// Raised by SIGTERM and SIGINT from here on. (SIGPIPE is ignored by Rust's runtime already.)
    pub fn on_signals() -> io::Result<Stop> {
        let stop = Stop::by_hand()?;
        for signal in [SIGTERM, SIGINT] {
            // The flag first: whoever sees the descriptor readable finds it set.
            signal_hook::flag::register(signal, Arc::clone(&stop.requested))?;
            signal_hook::low_level::pipe::register(signal, OwnedFd::from(stop.writer.try_clone()?))?;
        }
        Ok(stop)
    }

    /// Raised only by [`Stop::request`].
    pub fn by_hand() -> io::Result<Stop> {
        let (reader, writer) = UnixStream::pair()?;
        writer.set_nonblocking(true)?;
        let requested = Arc::new(AtomicBool::new(false));
        Ok(Stop { requested, reader: Arc::new(reader), writer: Arc::new(writer) })
    }

    /// Asks the process to leave.
    pub fn request(&self) {
        self.requested.store(true, Ordering::SeqCst);
        // A full pipe is readable already, which is all that is wanted.
        let _ = io::Write::write(&mut &*self.writer, &[1]);
    }

    /// Whether the process is asked to leave.
    pub fn requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }

    /// Readable, for ever, once the process is asked to leave.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.reader.as_fd()
    }

    /// Waits until the process is asked to leave, at most `timeout`; says whether it is.
    pub fn wait(&self, timeout: Duration) -> bool {
        let deadline = Instant::now().checked_add(timeout);
        while !self.requested() {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let poll_timeout = match left {
                Some(Duration::ZERO) => return false,
                // Rounded up, or the last millisecond would be a busy loop.
                Some(left) => PollTimeout::try_from(left.as_millis() + 1).unwrap_or(PollTimeout::MAX),
                None => PollTimeout::NONE,
            };
            let mut fds = [PollFd::new(self.fd(), PollFlags::POLLIN)];
            // An interruption by a signal only means: look again.
            let _ = poll(&mut fds, poll_timeout);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(clap::Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn a_stop_wakes_whoever_waits_and_stays() {
        let stop = Stop::by_hand().expect("made");
        assert!(!stop.wait(Duration::from_millis(1)));
        let waiter = std::thread::spawn({
            let stop = stop.clone();
            move || stop.wait(Duration::MAX)
        });
        stop.request();
        assert!(waiter.join().expect("no panic"));
        assert!(stop.requested() && stop.wait(Duration::ZERO));
    }

    #[test]
    fn a_signal_raises_the_stop() {
        let stop = Stop::on_signals().expect("registered");
        nix::sys::signal::raise(Signal::SIGTERM).expect("raised");
        assert!(stop.wait(Duration::from_secs(5)));
        let mut fds = [PollFd::new(stop.fd(), PollFlags::POLLIN)];
        assert_eq!(poll(&mut fds, PollTimeout::ZERO), Ok(1));
    }

    #[test]
    fn the_common_flags_are_read() {
        let cli = <Cli as clap::Parser>::try_parse_from([
            "casedd-x",
            "--config",
            "a.yaml",
            "--runtime-dir",
            "/r",
            "--log",
            "debug",
            "--log-format",
            "json",
        ])
        .expect("parsed");
        assert_eq!(cli.args.config.as_deref(), Some(Path::new("a.yaml")));
        assert_eq!(cli.args.log.as_deref(), Some("debug"));
        assert_eq!(cli.args.log_format, Some(LogFormat::Json));
    }

    #[test]
    fn a_shell_stands_in_a_fresh_directory_without_a_config_file() {
        let top = tempfile::tempdir().expect("a temporary folder");
        let args = Args { runtime_dir: Some(top.path().join("run")), ..Args::default() };
        let shell = start("casedd-test", &args).expect("started");
        assert!(shell.runtime.was_created() && !shell.config.outputs.is_empty());
    }
}
