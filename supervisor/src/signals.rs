//! The signals a supervisor lives by: end (SIGTERM, SIGINT) and reload (SIGHUP), as bytes in a socket.
//!
//! Deaths of children do not come this way: each has a descriptor of its own.

use std::io::{self, IsTerminal, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// What has been signalled since the last look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signalled {
    /// How often the end was asked for.
    pub ends: usize,
    /// Whether a reload was asked for.
    pub reload: bool,
}

/// The receiving end of our signals.
#[derive(Debug)]
pub struct Signals {
    end: UnixStream,
    reload: UnixStream,
    began_on_terminal: bool,
}

impl Signals {
    /// Takes the signals from here on.
    pub fn catch() -> io::Result<Signals> {
        let end = caught(&[SIGTERM, SIGINT])?;
        let reload = caught(&[SIGHUP])?;
        Ok(Signals { end, reload, began_on_terminal: io::stdin().is_terminal() })
    }

    /// The descriptors that become readable when something is signalled.
    pub fn fds(&self) -> [BorrowedFd<'_>; 2] {
        [self.end.as_fd(), self.reload.as_fd()]
    }

    /// What has been signalled since the last look.
    pub fn take(&mut self) -> Signalled {
        let ends = drain(&mut self.end);
        let hung_up = drain(&mut self.reload) > 0;
        if hung_up && self.began_on_terminal && !io::stdin().is_terminal() {
            // The terminal we were started on is gone, and with it whoever could press Ctrl-C.
            return Signalled { ends: ends + 1, reload: false };
        }
        Signalled { ends, reload: hung_up }
    }
}

fn caught(signals: &[i32]) -> io::Result<UnixStream> {
    let (reader, writer) = UnixStream::pair()?;
    reader.set_nonblocking(true)?;
    for &signal in signals {
        signal_hook::low_level::pipe::register(signal, OwnedFd::from(writer.try_clone()?))?;
    }
    Ok(reader)
}

fn drain(stream: &mut UnixStream) -> usize {
    stream.read(&mut [0; 64]).unwrap_or(0)
}
