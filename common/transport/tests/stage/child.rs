//! Processes for tests: the test binary starts itself again in a role, and kills what it started.
//! What a role does stands with the test that needs it.

use casedd_transport::board::{BoardReader, BoardWriter};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::Ordering::Relaxed;

/// The test that becomes a role when it is asked to; else it does nothing.
pub const ENTRY: &str = "a_child_plays_its_role";

/// A child in a role; killed when it is dropped.
pub struct Role {
    pub child: Child,
    phase: String,
}

/// Starts this test binary again, in a role.
pub fn start(role: &str, socket: &Path) -> Role {
    static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let phase = format!("/casedd-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Relaxed));
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", ENTRY, "--nocapture", "--test-threads=1"])
        .env("CASEDD_TEST_ROLE", role)
        .env("CASEDD_TEST_SOCKET", socket)
        .env("CASEDD_TEST_PHASE", &phase)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    Role { child, phase }
}

impl Role {
    /// Kills it, and says what it was doing: the last phase that it marked.
    pub fn kill(&mut self) -> (ExitStatus, u64) {
        self.child.kill().unwrap();
        let status = self.child.wait().unwrap();
        let phase = BoardReader::open(&self.phase).map_or(0, |reader| reader.words().load(0));
        (status, phase)
    }

    /// True when its own checks made it end, instead of a kill.
    pub fn failed(status: ExitStatus) -> bool {
        status.signal() != Some(9)
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = BoardWriter::unlink(&self.phase);
    }
}

/// What a child knows of its part.
pub struct Part {
    pub role: String,
    pub socket: std::path::PathBuf,
    board: BoardWriter,
}

/// The part of this process, if it is a child. It dies with its parent.
pub fn part() -> Option<Part> {
    let role = std::env::var("CASEDD_TEST_ROLE").ok()?;
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL)).unwrap();
    let socket = std::env::var_os("CASEDD_TEST_SOCKET").unwrap().into();
    let name = std::env::var("CASEDD_TEST_PHASE").unwrap();
    let board = BoardWriter::create_or_adopt(&name, 0o600, 8, 1).unwrap();
    board.ensure_words(0..1).unwrap();
    Some(Part { role, socket, board })
}

impl Part {
    /// Marks what is being done, for whoever looks after the kill.
    pub fn mark(&self, phase: u64) {
        self.board.words()[0].store(phase, Relaxed);
    }
}
