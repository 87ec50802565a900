//! The receiving side of `sd_notify`: who says that it is ready, alive or stopping.
//!
//! The kernel names the sender, so nobody can speak for another process. Which process a pid belongs to, and what
//! follows from a message, is decided elsewhere.

use std::fs::Permissions;
use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::Path;

use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, setsockopt, sockopt};

/// Messages read in one go; more wait for the next turn of the loop.
const MESSAGES_MAX: usize = 64;
/// Longest message understood.
const MESSAGE_BYTES_MAX: usize = 2048;

/// What a process said of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Who said it, according to the kernel.
    pub pid: u32,
    /// It does its work now.
    pub is_ready: bool,
    /// Its work loop turns.
    pub is_alive: bool,
    /// It leaves by its own will.
    pub is_stopping: bool,
    /// A line for people.
    pub status: Option<String>,
}

/// The notify socket.
#[derive(Debug)]
pub struct NotifyReceiver {
    socket: UnixDatagram,
}

impl NotifyReceiver {
    /// Listens at `path`.
    pub fn bind(path: &Path) -> io::Result<NotifyReceiver> {
        let socket = UnixDatagram::bind(path)?;
        std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
        socket.set_nonblocking(true)?;
        setsockopt(&socket, sockopt::PassCred, &true)?;
        Ok(NotifyReceiver { socket })
    }

    /// Everything that has arrived, up to a limit.
    pub fn receive(&self) -> Vec<Message> {
        std::iter::from_fn(|| self.receive_one()).take(MESSAGES_MAX).flatten().collect()
    }

    /// `None`: nothing there; `Some(None)`: something without a sender.
    fn receive_one(&self) -> Option<Option<Message>> {
        let mut bytes = [0; MESSAGE_BYTES_MAX];
        let mut slices = [IoSliceMut::new(&mut bytes)];
        let mut control = nix::cmsg_space!(nix::sys::socket::UnixCredentials);
        let received = recvmsg::<()>(
            self.socket.as_raw_fd(),
            &mut slices,
            Some(&mut control),
            MsgFlags::MSG_CMSG_CLOEXEC,
        )
        .ok()?;
        let length = received.bytes;
        let pid = received.cmsgs().ok()?.find_map(|message| match message {
            ControlMessageOwned::ScmCredentials(credentials) => u32::try_from(credentials.pid()).ok(),
            _ => None,
        });
        Some(pid.map(|pid| parse(pid, &String::from_utf8_lossy(&bytes[..length]))))
    }
}

impl AsFd for NotifyReceiver {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// Reads one message: lines of `NAME=value`; unknown names are none of our business.
fn parse(pid: u32, text: &str) -> Message {
    let mut message = Message { pid, ..Message::default() };
    for line in text.lines() {
        match line.split_once('=') {
            Some(("READY", "1")) => message.is_ready = true,
            Some(("WATCHDOG", "1")) => message.is_alive = true,
            Some(("STOPPING", "1")) => message.is_stopping = true,
            Some(("STATUS", status)) => message.status = Some(status.to_owned()),
            Some(_) | None => {}
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use casedd_common::notify::Notifier;

    use super::*;

    #[test]
    fn what_a_notifier_sends_is_understood_and_carries_the_senders_pid() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("notify.sock");
        let receiver = NotifyReceiver::bind(&path).expect("bound");
        let notifier = Notifier::to(path.as_os_str()).expect("a notifier");
        notifier.ready();
        notifier.status("serving http://127.0.0.1:8080/");
        notifier.heartbeat();
        notifier.stopping();
        let pid = std::process::id();
        let expected = [
            Message { pid, is_ready: true, ..Message::default() },
            Message { pid, status: Some("serving http://127.0.0.1:8080/".to_owned()), ..Message::default() },
            Message { pid, is_alive: true, ..Message::default() },
            Message { pid, is_stopping: true, ..Message::default() },
        ];
        assert_eq!(receiver.receive(), expected);
        assert_eq!(receiver.receive(), []);
    }

    #[test]
    fn several_lines_in_one_message_and_unknown_names_are_fine() {
        let message = parse(7, "READY=1\nSTATUS=a=b\nMAINPID=4\nnonsense\nWATCHDOG=trigger");
        let expected =
            Message { pid: 7, is_ready: true, status: Some("a=b".to_owned()), ..Message::default() };
        assert_eq!(message, expected);
    }
}
