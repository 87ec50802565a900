//! What a process tells whoever started it: ready, status, alive, stopping (the `sd_notify` protocol).
//!
//! Only sends; the supervisor's receiving side is its own. Never blocks: a supervisor that is stopped must not stop
//! the picture, so a full queue drops the message (the next heartbeat follows in 250 ms).

use std::env;
use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// How often a work loop says that it is alive; the supervisor suspects it after four missed ones.
pub const HEARTBEAT_MS: u64 = 250;

/// Longest status line sent; a longer one is cut.
const STATUS_BYTES_MAX: usize = 512;

/// A handle on the notify socket; every call does nothing when there is none.
#[derive(Clone, Debug, Default)]
pub struct Notifier {
    inner: Option<Arc<Inner>>,
}

#[derive(Debug)]
struct Inner {
    socket: UnixDatagram,
    address: SocketAddr,
    started: Instant,
    /// When the next heartbeat is due, in milliseconds since `started`.
    heartbeat_due_ms: AtomicU64,
}

impl Notifier {
    /// A notifier for the socket that `NOTIFY_SOCKET` names, or one that does nothing.
    pub fn from_env() -> io::Result<Notifier> {
        match env::var_os("NOTIFY_SOCKET") {
            Some(path) if !path.is_empty() => Notifier::to(&path),
            _ => Ok(Notifier::default()),
        }
    }

    /// A notifier for the socket at `path`; a leading `@` names an abstract socket.
    pub fn to(path: &OsStr) -> io::Result<Notifier> {
        let address = match path.as_bytes() {
            [b'@', name @ ..] => SocketAddr::from_abstract_name(name)?,
            _ => SocketAddr::from_pathname(path)?,
        };
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        let inner = Inner { socket, address, started: Instant::now(), heartbeat_due_ms: AtomicU64::new(0) };
        Ok(Notifier { inner: Some(Arc::new(inner)) })
    }

    /// The process does its work: first snapshot, socket listening, or first frame delivered.
    pub fn ready(&self) {
        self.send("READY=1");
    }

    /// One line for people about what the process is doing.
    pub fn status(&self, line: &str) {
        if self.inner.is_none() {
            return;
        }
        let mut end = line.len().min(STATUS_BYTES_MAX);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        self.send(&format!("STATUS={}", line[..end].replace(['\n', '\r'], " ")));
    }

    /// The work loop went round once more; sends at most one message each [`HEARTBEAT_MS`].
    pub fn heartbeat(&self) {
        let Some(inner) = &self.inner else { return };
        let now_ms = inner.started.elapsed().as_millis() as u64;
        if now_ms >= inner.heartbeat_due_ms.load(Ordering::Relaxed) {
            inner.heartbeat_due_ms.store(now_ms + HEARTBEAT_MS, Ordering::Relaxed);
            self.send("WATCHDOG=1");
        }
    }

    /// The process is on its way out by its own will.
    pub fn stopping(&self) {
        self.send("STOPPING=1");
    }

    fn send(&self, message: &str) {
        if let Some(inner) = &self.inner {
            // A supervisor that is gone or overrun is no reason to disturb the work.
            let _ = inner.socket.send_to_addr(message.as_bytes(), &inner.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (tempfile::TempDir, UnixDatagram, Notifier) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("notify.sock");
        let receiver = UnixDatagram::bind(&path).expect("bound");
        receiver.set_nonblocking(true).expect("non-blocking");
        let notifier = Notifier::to(path.as_os_str()).expect("a notifier");
        (dir, receiver, notifier)
    }

    fn messages(receiver: &UnixDatagram) -> Vec<String> {
        let mut buffer = [0; 1024];
        std::iter::from_fn(|| {
            receiver.recv(&mut buffer).ok().map(|n| String::from_utf8_lossy(&buffer[..n]).into())
        })
        .collect()
    }

    #[test]
    fn messages_arrive_in_the_words_of_the_protocol() {
        let (_dir, receiver, notifier) = pair();
        notifier.ready();
        notifier.status("serving http://127.0.0.1:8080/\nsecond line");
        notifier.stopping();
        let expected = ["READY=1", "STATUS=serving http://127.0.0.1:8080/ second line", "STOPPING=1"];
        assert_eq!(messages(&receiver), expected);
    }

    #[test]
    fn heartbeats_in_a_row_are_sent_once() {
        let (_dir, receiver, notifier) = pair();
        for _ in 0..100 {
            notifier.heartbeat();
        }
        assert_eq!(messages(&receiver), ["WATCHDOG=1"]);
    }

    #[test]
    fn a_receiver_that_reads_nothing_never_blocks_the_sender() {
        let (_dir, receiver, notifier) = pair();
        for _ in 0..10_000 {
            notifier.status(&"x".repeat(600));
        }
        let first = messages(&receiver).remove(0);
        assert_eq!(first.len(), "STATUS=".len() + STATUS_BYTES_MAX);
    }

    #[test]
    fn without_a_socket_nothing_happens() {
        let notifier = Notifier::default();
        notifier.ready();
        notifier.heartbeat();
    }
}
