//! The answering side of the command socket, inside the supervisor's loop: many clients, none of which it waits for.
//!
//! Knows lines and limits only; what a command does is given by the caller.

use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};

use casedd_common::exit::{Exit, Failure};
use nix::poll::PollFlags;

use super::{Command, LINE_BYTES_MAX, Outcome, Reply, VERSION, parse};

/// Most clients at a time; one more gets a refusal.
const CLIENTS_MAX: usize = 32;
/// A client that neither asks nor reads for so long is let go.
const IDLE_MAX: Duration = Duration::from_secs(60);

/// A client, within one turn: from [`ControlServer::receive`] to [`ControlServer::send`].
#[derive(Clone, Copy, Debug)]
pub struct ClientId(usize);

/// What a line asks, or why it asks nothing; either way it gets one answer, in its turn.
pub type Question = Result<Command, Failure>;

/// The command socket and those who are connected to it.
#[derive(Debug)]
pub struct ControlServer {
    listener: UnixListener,
    clients: Vec<Client>,
}

#[derive(Debug)]
struct Client {
    stream: UnixStream,
    input: Vec<u8>,
    output: Vec<u8>,
    active_at: Instant,
    is_closing: bool,
}

impl ControlServer {
    /// Listens at `path`.
    pub fn bind(path: &Path) -> io::Result<ControlServer> {
        let listener = UnixListener::bind(path)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        listener.set_nonblocking(true)?;
        Ok(ControlServer { listener, clients: Vec::new() })
    }

    /// Every descriptor to wait on, and for what.
    pub fn fds(&self) -> impl Iterator<Item = (BorrowedFd<'_>, PollFlags)> {
        let clients = self.clients.iter().map(|client| (client.stream.as_fd(), client.waits_for()));
        std::iter::once((self.listener.as_fd(), PollFlags::POLLIN)).chain(clients)
    }

    /// Takes new clients and reads what everybody asks. Blocks nowhere.
    pub fn receive(&mut self, now: Instant, mut ask: impl FnMut(ClientId, Question)) {
        self.accept(now);
        for (index, client) in self.clients.iter_mut().enumerate() {
            client.read(now);
            while let Some(line) = client.take_line() {
                ask(ClientId(index), parse(&line));
            }
        }
    }

    /// Answers a question of this turn.
    pub fn reply(&mut self, client: ClientId, outcome: Outcome) {
        if let Some(client) = self.clients.get_mut(client.0) {
            client.reply(outcome);
        }
    }

    /// Sends what can be sent, and lets go of whoever is done. Blocks nowhere.
    pub fn send(&mut self, now: Instant) {
        self.clients.iter_mut().for_each(|client| client.write(now));
        self.clients.retain(|client| !client.is_over(now));
    }

    fn accept(&mut self, now: Instant) {
        while let Ok((stream, _)) = self.listener.accept() {
            if stream.set_nonblocking(true).is_err() {
                continue;
            }
            let is_full = self.clients.len() >= CLIENTS_MAX;
            let mut client =
                Client { stream, input: Vec::new(), output: Vec::new(), active_at: now, is_closing: is_full };
            if is_full {
                client.reply(refusal(format!("{CLIENTS_MAX} clients are connected already; try again")));
                client.write(now);
            } else {
                self.clients.push(client);
            }
        }
    }
}

fn refusal(message: String) -> Outcome {
    Outcome::Refused { exit: Exit::TempFail, message }
}

impl Client {
    /// Only what the next turn would act on: anything else would turn the loop at full speed.
    fn waits_for(&self) -> PollFlags {
        let mut flags = PollFlags::empty();
        flags.set(PollFlags::POLLIN, self.can_be_read());
        flags.set(PollFlags::POLLOUT, !self.output.is_empty());
        flags
    }

    fn can_be_read(&self) -> bool {
        !self.is_closing && self.input.len() <= LINE_BYTES_MAX
    }

    fn read(&mut self, now: Instant) {
        let mut bytes = [0; 4096];
        // One client's flood waits: at most one full line is taken in a turn.
        while self.can_be_read() {
            match self.stream.read(&mut bytes) {
                Ok(0) => self.is_closing = true,
                Ok(length) => {
                    self.active_at = now;
                    self.input.extend_from_slice(&bytes[..length]);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => self.is_closing = true,
            }
        }
    }

    fn take_line(&mut self) -> Option<String> {
        let end = self.input.iter().position(|&byte| byte == b'\n');
        if end.is_none() && self.input.len() > LINE_BYTES_MAX {
            self.input.clear();
            self.is_closing = true;
            self.reply(refusal(format!("a line may have {LINE_BYTES_MAX} bytes at most")));
        }
        // An answer that is not fetched keeps further questions waiting, so that the output stays bounded.
        if self.output.len() > LINE_BYTES_MAX {
            return None;
        }
        let line: Vec<u8> = self.input.drain(..=end?).collect();
        Some(String::from_utf8_lossy(&line).trim().to_owned())
    }

    fn reply(&mut self, outcome: Outcome) {
        match serde_json::to_vec(&Reply { version: VERSION, outcome }) {
            Ok(line) => {
                self.output.extend_from_slice(&line);
                self.output.push(b'\n');
            }
            Err(error) => {
                tracing::error!("an answer could not be written as JSON: {error}");
                self.is_closing = true;
            }
        }
    }

    fn write(&mut self, now: Instant) {
        while !self.output.is_empty() {
            match self.stream.write(&self.output) {
                Ok(length) => {
                    self.active_at = now;
                    self.output.drain(..length);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => {
                    self.output.clear();
                    self.is_closing = true;
                }
            }
        }
    }

    fn is_over(&self, now: Instant) -> bool {
        let is_idle = now.saturating_duration_since(self.active_at) > IDLE_MAX;
        is_idle || (self.is_closing && self.output.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};

    use super::*;

    fn server() -> (tempfile::TempDir, ControlServer, std::path::PathBuf) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("control.sock");
        let server = ControlServer::bind(&path).expect("bound");
        (dir, server, path)
    }

    /// One turn of the loop, in which everything asked is done.
    fn turn(server: &mut ControlServer, now: Instant) -> Vec<Command> {
        let mut asked = Vec::new();
        server.receive(now, |client, command| asked.push((client, command)));
        asked
            .into_iter()
            .filter_map(|(client, question)| {
                server.reply(
                    client,
                    question.as_ref().map_or_else(|_| refusal(String::new()), |_| Outcome::Done),
                );
                question.ok()
            })
            .collect()
    }

    fn line(stream: &UnixStream) -> String {
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("set");
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).expect("a line");
        line
    }

    #[test]
    fn questions_are_answered_in_turn_even_when_they_come_in_pieces() {
        let (_dir, mut server, path) = server();
        let mut client = UnixStream::connect(path).expect("connected");
        client.write_all(b"{\"version\":1,\"comm").expect("sent");
        assert_eq!(turn(&mut server, Instant::now()), []);
        server.send(Instant::now());
        client.write_all(b"and\":\"reload\"}\nnonsense\n").expect("sent");
        assert_eq!(turn(&mut server, Instant::now()), [Command::Reload]);
        server.send(Instant::now());
        assert_eq!(line(&client), "{\"version\":1,\"outcome\":\"done\"}\n");
    }

    #[test]
    fn a_line_without_an_end_is_refused_and_its_client_let_go() {
        let (_dir, mut server, path) = server();
        let client = UnixStream::connect(path).expect("connected");
        client.set_nonblocking(true).expect("set");
        let piece = [b'x'; 4096];
        for _ in 0..LINE_BYTES_MAX / 4096 + 2 {
            // What does not fit into the socket now is sent after the next turn.
            let _ = (&client).write(&piece);
            assert_eq!(turn(&mut server, Instant::now()), []);
            server.send(Instant::now());
        }
        assert_eq!(server.clients.len(), 0);
        client.set_nonblocking(false).expect("set");
        assert!(line(&client).contains("bytes at most"));
    }

    #[test]
    fn clients_are_counted_and_the_idle_leave() {
        let (_dir, mut server, path) = server();
        let now = Instant::now();
        let clients: Vec<UnixStream> =
            (0..=CLIENTS_MAX).map(|_| UnixStream::connect(&path).expect("connected")).collect();
        turn(&mut server, now);
        server.send(now);
        assert_eq!(server.clients.len(), CLIENTS_MAX);
        assert!(line(&clients[CLIENTS_MAX]).contains("connected already"));
        turn(&mut server, now + IDLE_MAX * 2);
        server.send(now + IDLE_MAX * 2);
        assert_eq!(server.clients.len(), 0);
    }
}
