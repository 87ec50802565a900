//! A running group in a folder of its own, and what tests want to know of it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use casedd_common::runtime_dir::RuntimeDir;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

/// Two WebSocket outputs.
const CONFIG: &str = "outputs:\n  web: { type: websocket, port: 0 }\n  desk: { type: websocket, port: 0 }\n";

/// A group and its folder; ended when dropped.
pub struct Running {
    pub top: tempfile::TempDir,
    pub supervisor: Child,
}

impl Running {
    /// Starts a group in which the processes behave as `behaviour` says, and waits until it has settled.
    pub fn start(behaviour: &str, flags: &[&str]) -> Running {
        let top = folder();
        let supervisor = up(top.path(), behaviour, flags);
        let running = Running { top, supervisor };
        running.wait_for("the start", 15, |status| status["supervisor"]["is_started"] == true);
        running
    }

    pub fn runtime_dir(&self) -> PathBuf {
        self.top.path().join("run")
    }

    pub fn config(&self) -> PathBuf {
        self.top.path().join("casedd.yaml")
    }

    /// Runs `casedd` with these words against this group.
    pub fn casedd(&self, words: &[&str]) -> Output {
        command(self.top.path()).args(words).output().expect("casedd runs")
    }

    /// The status as JSON, `None` when no supervisor answers.
    pub fn status(&self) -> Option<Value> {
        let output = self.casedd(&["status", "--json"]);
        output.status.success().then(|| serde_json::from_slice(&output.stdout).expect("JSON"))
    }

    /// Waits until the status is as wanted.
    pub fn wait_for(&self, what: &str, limit_s: u64, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut last = None;
        wait(what, limit_s, || {
            last = self.status();
            last.as_ref().is_some_and(&wanted)
        });
        last.expect("looked at least once")
    }

    /// Waits until the log says `word`: it is written a little after what it tells of.
    pub fn wait_for_log(&self, word: &str) {
        wait(word, 10, || self.log().contains(word));
    }

    pub fn signal(&self, signal: Signal) {
        kill(pid_of(self.supervisor.id()), signal).expect("the supervisor is there");
    }

    /// Waits for the supervisor's end, and gives its exit code.
    pub fn wait_for_end(&mut self, limit_s: u64) -> Option<i32> {
        let mut code = None;
        wait("the end of casedd", limit_s, || match self.supervisor.try_wait().expect("a child of ours") {
            Some(status) => {
                code = status.code();
                true
            }
            None => false,
        });
        code
    }

    /// The group's log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.top.path().join("log")).unwrap_or_default()
    }

    pub fn board(&self) -> Option<PathBuf> {
        let name = RuntimeDir::open(&self.runtime_dir()).ok()?.board_name();
        Some(Path::new("/dev/shm").join(name.trim_start_matches('/')))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
        // The children leave with it.
        let _ = self.supervisor.kill();
        let _ = self.supervisor.wait();
    }
}

/// A folder with a configuration and the stand-ins.
pub fn folder() -> tempfile::TempDir {
    let top = tempfile::Builder::new().prefix("casedd").tempdir().expect("a temporary folder");
    fs::write(top.path().join("casedd.yaml"), CONFIG).expect("written");
    let casedd = Path::new(env!("CARGO_BIN_EXE_casedd"));
    let stand_in = casedd.with_file_name("examples").join("stand_in");
    assert!(stand_in.exists(), "{} is missing: cargo build -p casedd --examples", stand_in.display());
    fs::create_dir(top.path().join("bin")).expect("made");
    for name in ["collector", "renderer", "sink-ws", "sink-fb"] {
        symlink(&stand_in, top.path().join("bin").join(format!("casedd-{name}"))).expect("linked");
    }
    top
}

fn command(top: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casedd"));
    command
        .args(["--runtime-dir".as_ref(), top.join("run").as_os_str()])
        .args(["--config".as_ref(), top.join("casedd.yaml").as_os_str()])
        .env("CASEDD_BIN_DIR", top.join("bin"))
        .env_remove("NOTIFY_SOCKET");
    command
}

/// Starts `casedd up` in that folder.
pub fn up(top: &Path, behaviour: &str, flags: &[&str]) -> Child {
    let log = fs::File::options().create(true).append(true).open(top.join("log")).expect("a log file");
    let summary = fs::File::create(top.join("summary")).expect("a file");
    let mut command = command(top);
    command.arg("up").args(flags).env("STAND_IN", behaviour);
    command.stdin(Stdio::null()).stdout(summary).stderr(log).spawn().expect("casedd starts")
}

/// Waits until something holds.
pub fn wait(what: &str, limit_s: u64, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(limit_s);
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not come within {limit_s} s");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// One process of a status.
pub fn process<'a>(status: &'a Value, name: &str) -> &'a Value {
    let processes = status["processes"].as_array().expect("a list");
    processes.iter().find(|process| process["name"] == name).unwrap_or(&Value::Null)
}

/// The pid of one process of a status.
pub fn pid(status: &Value, name: &str) -> Option<Pid> {
    process(status, name)["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok()).map(Pid::from_raw)
}

/// The pids of all processes of a status.
pub fn pids(status: &Value) -> Vec<Pid> {
    let processes = status["processes"].as_array().expect("a list").iter();
    processes.filter_map(|process| pid(status, process["name"].as_str()?)).collect()
}

pub fn is_alive(pid: Pid) -> bool {
    // A zombie that nobody has reaped yet is dead.
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

pub fn is_ready(status: &Value, name: &str) -> bool {
    process(status, name)["state"] == "ready"
}

fn pid_of(id: u32) -> Pid {
    Pid::from_raw(i32::try_from(id).expect("a pid"))
}
