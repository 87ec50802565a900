//! The asking side of the command socket.
//!
//! Waits for each answer, but not for ever.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use casedd_common::exit::{Exit, Failure};

use super::{Command, LINE_BYTES_MAX, Outcome, Reply, Request, VERSION};
use crate::status::GroupStatus;

/// A supervisor answers within milliseconds; one that is stopped, never.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// A connection to a running supervisor.
#[derive(Debug)]
pub struct Client {
    reader: BufReader<UnixStream>,
}

impl Client {
    /// Connects to the supervisor of a runtime directory.
    pub fn connect(runtime_dir: &Path) -> Result<Client, Failure> {
        let socket = runtime_dir.join("control.sock");
        let stream = UnixStream::connect(&socket).map_err(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::ConnectionRefused => Exit::Unavailable.because(format!(
                "no casedd is running in {}; start one with: casedd up (or name its directory with --runtime-dir)",
                runtime_dir.display()
            )),
            _ => Failure::from(error).while_doing(format!("connecting to {}", socket.display())),
        })?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        stream.set_write_timeout(Some(ANSWER_WITHIN))?;
        Ok(Client { reader: BufReader::new(stream) })
    }

    /// Asks for something to be done.
    pub fn ask(&mut self, command: Command) -> Result<Outcome, Failure> {
        let mut line = serde_json::to_vec(&Request { version: VERSION, command })
            .map_err(|error| Exit::Software.because(error))?;
        line.push(b'\n');
        let lost = |error: std::io::Error| match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                Exit::TempFail.because(format!("casedd gave no answer within {} s", ANSWER_WITHIN.as_secs()))
            }
            _ => Failure::from(error).while_doing("talking to casedd"),
        };
        self.reader.get_mut().write_all(&line).map_err(lost)?;
        let mut answer = String::new();
        let mut limited = (&mut self.reader).take(LINE_BYTES_MAX as u64 * 4);
        if limited.read_line(&mut answer).map_err(lost)? == 0 {
            return Err(Exit::Unavailable.because("casedd ended before it answered"));
        }
        let reply: Reply = serde_json::from_str(&answer)
            .map_err(|error| Exit::Software.because(format!("answer not understood: {error}")))?;
        match reply.outcome {
            Outcome::Refused { exit, message } => Err(exit.because(message)),
            Outcome::Done | Outcome::Status { .. } => Ok(reply.outcome),
        }
    }

    /// Asks how everybody fares.
    pub fn status(&mut self) -> Result<GroupStatus, Failure> {
        match self.ask(Command::Status)? {
            Outcome::Status { status } => Ok(*status),
            Outcome::Done | Outcome::Refused { .. } => {
                Err(Exit::Software.because("casedd answered something else than its status"))
            }
        }
    }

    /// Waits until the supervisor closes the connection, at most `timeout`; says whether it did.
    pub fn wait_for_end(mut self, timeout: Duration) -> bool {
        if self.reader.get_ref().set_read_timeout(Some(timeout)).is_err() {
            return false;
        }
        let mut rest = Vec::new();
        self.reader.read_to_end(&mut rest).is_ok()
    }
}
