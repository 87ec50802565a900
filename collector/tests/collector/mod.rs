//! A real collector process on a machine of ours, and the board that it publishes on.
//!
//! Changes no file of the machine. Whatever happens, process and board are gone at the end of the test.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use casedd_common::board::{BoardReader, BoardWriter};
use casedd_common::metrics::{Reading, Snapshot};
use casedd_common::runtime_dir::RuntimeDir;

use crate::machine::Machine;

/// Longest wait for anything; a busy machine needs far less.
pub const LIMIT: Duration = Duration::from_secs(20);

/// Waits until `look` finds something.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// Where a collector of a test lives: its runtime directory, and thereby its board.
pub struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    /// A new one.
    pub fn new() -> Home {
        Home { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// The runtime directory.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    /// The board's name.
    pub fn board(&self) -> String {
        RuntimeDir::open(&self.path()).expect("a runtime directory").board_name()
    }

    /// The board's file.
    pub fn board_file(&self) -> PathBuf {
        PathBuf::from(format!("/dev/shm{}", self.board()))
    }

    /// How a collector is started here, on `machine`, at ten polls a second.
    pub fn command(&self, machine: &Machine) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casedd-collector"));
        let paths = [("PROCFS_PATH", "proc"), ("SYSFS_PATH", "sys"), ("ROOTFS_PATH", "root")];
        command.env_clear().env("TZ", "UTC").arg("--runtime-dir").arg(self.path());
        command.envs(paths.map(|(name, path)| (format!("CASEDD_{name}"), machine.path(path))));
        let getters = ["CPU", "MEMORY", "DISK", "NETWORK", "SYSTEM", "SENSORS", "FANS"];
        command.envs(getters.map(|getter| (format!("CASEDD_{getter}_INTERVAL"), "0.1")));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A collector that a supervisor would have started: it leaves the board behind.
    pub fn start(&self, machine: &Machine) -> Collector {
        let mut command = self.command(machine);
        command.env("CASEDD_SUPERVISOR_PID", std::process::id().to_string());
        Collector { child: command.spawn().expect("started") }
    }

    /// Opens the board once it is there.
    pub fn reader(&self) -> BoardReader {
        let name = self.board();
        wait_for("the board", || BoardReader::open(&name).ok())
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = BoardWriter::unlink(&self.board());
    }
}

/// A running collector.
pub struct Collector {
    /// The process.
    pub child: Child,
}

impl Collector {
    /// Ends it at once, wherever it is.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("waited for");
    }

    /// Asks it to leave, and waits until it has.
    pub fn terminate(&mut self) -> ExitStatus {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).expect("a pid"));
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).expect("signalled");
        wait_for("the collector's end", || self.child.try_wait().expect("waited for"))
    }

    /// What it wrote to stderr, after its end.
    pub fn errors(&mut self) -> String {
        let mut text = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut text).expect("readable");
        text
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first snapshot that `fits`.
pub fn snapshot_with(reader: &mut BoardReader, what: &str, fits: impl Fn(&Snapshot) -> bool) -> Snapshot {
    wait_for(what, || reader.read().expect("a good board").filter(&fits))
}

/// A key's reading, which must be there.
pub fn reading<'a>(snapshot: &'a Snapshot, key: &str) -> &'a Reading {
    snapshot.get(key).unwrap_or_else(|| panic!("{key} is not in the snapshot"))
}
