//! One running child: started, signalled by descriptor, reaped; with the pipe that carries what it prints.
//!
//! Decides nothing: when to start and what a death means is the business of `process` and `restart`. Children are
//! started from the main thread only, because the parent-death signal follows the thread that started them.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, PipeReader, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{self, Command};

use rustix::process::{PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::restart::Death;

/// What a child may print before it has to wait for a supervisor that is stopped.
const PIPE_BYTES: usize = 256 * 1024;

/// How a child is started.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// What is added to our own environment.
    pub env: Vec<(&'static str, OsString)>,
}

/// Variables of our own surroundings that must not reach a child: they speak of us to whoever started us.
const NOT_INHERITED: [&str; 5] =
    ["WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"];

/// A child that was started and not yet reaped.
#[derive(Debug)]
pub struct Child {
    child: process::Child,
    pidfd: OwnedFd,
    /// `None` once the child has closed its end: waiting on it would never wait again.
    output: Option<PipeReader>,
}

impl Child {
    /// Starts a child. It inherits `lock` as its standard input, so that the group's lock is free only once
    /// the supervisor and every child are gone.
    pub fn start(launch: &Launch, lock: &File) -> io::Result<Child> {
        let (output, input) = io::pipe()?;
        rustix::io::ioctl_fionbio(&output, true)?;
        // Only a smaller reserve when the system allows no more.
        let _ = rustix::pipe::fcntl_setpipe_size(&output, PIPE_BYTES);
        let mut command = Command::new(&launch.program);
        command
            .args(&launch.args)
            .envs(launch.env.iter().map(|(name, value)| (name, value)))
            .stdin(lock.try_clone()?)
            .stdout(input.try_clone()?)
            .stderr(input)
            // A group of its own: Ctrl-C in a terminal reaches only the supervisor, which keeps the order of leaving.
            .process_group(0);
        for name in NOT_INHERITED {
            command.env_remove(name);
        }
        let mut child = command.spawn()?;
        let pid = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
        // Not reaped yet, so the number cannot mean another process.
        let pidfd = pid.ok_or(rustix::io::Errno::SRCH).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()));
        match pidfd {
            Ok(pidfd) => Ok(Child { child, pidfd, output: Some(output) }),
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(error.into())
            }
        }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Readable once it is dead.
    pub fn pidfd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }

    /// Reads what it prints, without blocking; 0 when there is nothing now, or never again.
    pub fn read_output(&mut self, bytes: &mut [u8]) -> usize {
        let Some(output) = &mut self.output else { return 0 };
        match output.read(bytes) {
            Ok(0) => {
                self.output = None;
                0
            }
            Ok(length) => length,
            Err(_) => 0,
        }
    }

    /// The descriptor of what it prints, while it may print.
    pub fn output_fd(&self) -> Option<BorrowedFd<'_>> {
        self.output.as_ref().map(AsFd::as_fd)
    }

    /// Asks it to leave; a stopped one is woken for it.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
        self.signal(Signal::CONT);
    }

    /// Makes it leave a core dump; a stopped one is woken for it.
    pub fn abort(&self) {
        self.signal(Signal::ABORT);
        self.signal(Signal::CONT);
    }

    /// Ends it.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        // The only error left is that it is dead already.
        let _ = pidfd_send_signal(&self.pidfd, signal);
    }

    /// How it died, once it has.
    pub fn reap(&mut self) -> Option<Death> {
        // An error would mean that somebody else reaped it: it is gone all the same.
        let status = match self.child.try_wait() {
            Ok(None) => return None,
            Ok(Some(status)) => status,
            Err(_) => return Some(Death::Exited(-1)),
        };
        Some(match (status.code(), status.signal()) {
            (Some(code), _) => Death::Exited(code),
            (None, Some(signal)) => Death::Killed(signal),
            (None, None) => Death::Exited(-1),
        })
    }
}
