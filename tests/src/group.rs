//! A whole casedd group in a folder of its own: started, asked, hurt, and stopped.
//!
//! Leaves nothing behind: what still runs when a [`Group`] is dropped is killed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use casedd_common::runtime_dir::RuntimeDir;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

use crate::{fixture, programs, wait};

/// How long a group may take to be ready on a loaded machine.
const READY_LIMIT: Duration = Duration::from_secs(30);

/// What a group is started with. In every text, `@DIR@` stands for the group's own folder.
#[derive(Debug)]
pub struct Setup {
    folder: TempDir,
    config: bool,
    variables: Vec<(String, String)>,
    arguments: Vec<String>,
}

impl Setup {
    /// A group without any configuration, in a folder of its own.
    ///
    /// # Panics
    /// When no folder can be made.
    #[expect(clippy::new_without_default, reason = "it makes a folder")]
    pub fn new() -> Setup {
        let folder = TempDir::with_prefix("casedd-test-").expect("a temporary folder can be made");
        Setup { folder, config: false, variables: Vec::new(), arguments: Vec::new() }
    }

    fn resolve(&self, text: &str) -> String {
        text.replace("@DIR@", &self.folder.path().display().to_string())
    }

    /// A file in the group's folder, as `templates/still.casedd`.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn file(self, name: &str, text: &str) -> Setup {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::write(path, self.resolve(text)).expect("a file can be written");
        self
    }

    /// A copy of the tree `from` as `name` in the group's folder.
    #[must_use]
    pub fn tree(self, name: &str, from: &Path) -> Setup {
        fixture::copy_tree(from, &self.folder.path().join(name));
        self
    }

    /// The text of its `casedd.yaml`.
    #[must_use]
    pub fn config(mut self, yaml: &str) -> Setup {
        self.config = true;
        self.file("casedd.yaml", yaml)
    }

    /// One variable of its environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Setup {
        let value = self.resolve(value);
        self.variables.push((name.to_owned(), value));
        self
    }

    /// One more argument of `casedd up`.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Setup {
        let argument = self.resolve(argument);
        self.arguments.push(argument);
        self
    }

    /// Starts the group in a folder of its own, and does not wait for it.
    ///
    /// # Panics
    /// When the programs are not built or cannot be started.
    pub fn spawn(self) -> Group {
        let mut group = Group { child: None, setup: self, board: None };
        group.spawn_again();
        group
    }

    /// Starts the group and waits until all its processes are ready.
    ///
    /// # Panics
    /// When it is not ready within half a minute; the message holds its log.
    pub fn start(self) -> Group {
        let mut group = self.spawn();
        group.wait_until_ready();
        group
    }
}

/// A running group.
#[derive(Debug)]
pub struct Group {
    child: Option<Child>,
    setup: Setup,
    board: Option<String>,
}

impl Group {
    /// Starts the supervisor again in the same folder, after it ended.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn spawn_again(&mut self) {
        let mut command = Command::new(programs::path("casedd"));
        command.arg("up").arg("--runtime-dir").arg(self.runtime());
        if self.setup.config {
            command.arg("--config").arg(self.file("casedd.yaml"));
        }
        command.args(&self.setup.arguments);
        for (name, value) in &self.setup.variables {
            command.env(name, value);
        }
        let log = File::options().create(true).append(true).open(self.log_path()).expect("a log can be made");
        let out = File::create(self.file("stdout")).expect("a file can be made");
        self.child =
            Some(command.stdin(Stdio::null()).stdout(out).stderr(log).spawn().expect("casedd starts"));
    }

    /// Waits until every process of the group is ready.
    ///
    /// # Panics
    /// When that takes half a minute; the message holds the log.
    pub fn wait_until_ready(&mut self) {
        let start = std::time::Instant::now();
        wait::until_true("the group", READY_LIMIT + Duration::from_secs(1), || {
            assert!(start.elapsed() < READY_LIMIT, "the group is not ready; its log:\n{}", self.log());
            self.status().is_some_and(|status| {
                let processes = processes(&status);
                !processes.is_empty() && processes.iter().all(|process| process.state == "ready")
            })
        });
        let runtime = RuntimeDir::open(&self.runtime()).expect("a ready group has a runtime folder");
        self.board = Some(runtime.board_name().trim_start_matches('/').to_owned());
    }

    /// The folder that the group may use; `casedd.yaml` is in it.
    pub fn folder(&self) -> &Path {
        self.setup.folder.path()
    }

    /// A path in the group's folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.setup.folder.path().join(name)
    }

    /// The group's runtime folder.
    pub fn runtime(&self) -> PathBuf {
        self.file("run")
    }

    fn log_path(&self) -> PathBuf {
        self.file("log")
    }

    /// Everything that the group logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// What `casedd up` printed so far.
    pub fn printed(&self) -> String {
        fs::read_to_string(self.file("stdout")).unwrap_or_default()
    }

    /// Runs `casedd` with `arguments` against this group, to its end.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn casedd(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(programs::path("casedd"));
        command.args(arguments).arg("--runtime-dir").arg(self.runtime());
        command.stdin(Stdio::null()).output().expect("casedd starts")
    }

    /// `casedd status --json`, or `None` while nobody answers.
    pub fn status(&self) -> Option<Value> {
        let output = self.casedd(&["status", "--json"]);
        output.status.success().then(|| serde_json::from_slice(&output.stdout).ok()).flatten()
    }

    /// The processes that the status tells of.
    pub fn processes(&self) -> Vec<Process> {
        self.status().as_ref().map(processes).unwrap_or_default()
    }

    /// The process `name`, which must be there.
    ///
    /// # Panics
    /// When the status does not tell of it.
    pub fn process(&self, name: &str) -> Process {
        let all = self.processes();
        all.iter().find(|process| process.name == name).cloned().unwrap_or_else(|| {
            panic!("no process {name} among {all:?}; the log:\n{}", self.log());
        })
    }

    /// The supervisor's own pid.
    ///
    /// # Panics
    /// When it was waited for already.
    pub fn supervisor(&self) -> Pid {
        let child = self.child.as_ref().expect("the supervisor was started");
        Pid::from_raw(i32::try_from(child.id()).expect("a pid fits"))
    }

    /// Sends `signal` to the supervisor.
    pub fn signal(&self, signal: Signal) {
        let _ = kill(self.supervisor(), signal);
    }

    /// Waits for the supervisor's end.
    ///
    /// # Panics
    /// When it has not ended after `limit`; the message holds the log.
    pub fn wait_for_end(&mut self, limit: Duration) -> ExitStatus {
        let mut child = self.child.take().expect("the supervisor was started");
        let ended = wait::watch(limit, || child.try_wait().expect("a child can be waited for"));
        ended.unwrap_or_else(|| {
            let log = self.log();
            self.child = Some(child);
            panic!("the supervisor has not ended after {limit:?}; its log:\n{log}");
        })
    }

    /// Ends the group by SIGTERM and waits for its end.
    pub fn stop(&mut self) -> ExitStatus {
        self.signal(Signal::SIGTERM);
        self.wait_for_end(Duration::from_secs(15))
    }

    /// The group's segments in /dev/shm, by the names that it used since it was ready.
    pub fn segments(&self) -> Vec<String> {
        let exists = |board: &&String| Path::new("/dev/shm").join(board).exists();
        self.board.iter().filter(exists).cloned().collect()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let pids: Vec<i32> = self.processes().iter().map(|process| process.pid).collect();
        let _ = child.kill();
        let _ = child.wait();
        for pid in pids.into_iter().filter(|pid| *pid > 0) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        for board in self.segments() {
            let _ = fs::remove_file(Path::new("/dev/shm").join(board));
        }
    }
}

/// One process of a group, as the status tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// Its name: `collector`, `renderer`, or the output's.
    pub name: String,
    /// Its state, `ready` when all is well.
    pub state: String,
    /// Its pid, 0 when there is none.
    pub pid: i32,
    /// How often it was started again.
    pub restarts: u64,
}

fn processes(status: &Value) -> Vec<Process> {
    let list = status["processes"].as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|entry| Process {
            name: entry["name"].as_str().unwrap_or_default().to_owned(),
            state: entry["state"].as_str().unwrap_or_default().to_owned(),
            pid: entry["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok()).unwrap_or(0),
            restarts: entry["restarts"].as_u64().unwrap_or(0),
        })
        .collect()
}
