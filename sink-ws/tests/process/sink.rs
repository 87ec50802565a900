//! A `casedd-sink-ws` under test: started, listened to, ended.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// Waiting for longer means that it never comes.
pub const LIMIT: Duration = Duration::from_secs(20);

/// Waits until `condition` holds and gives what it found.
#[track_caller]
pub fn wait_for<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "waited {LIMIT:?} in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// A folder for the sockets of one group.
pub fn runtime() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A running sink, with what it says to its supervisor and on stderr.
pub struct SinkProcess {
    child: Child,
    notified: Arc<Mutex<Vec<String>>>,
    log: PathBuf,
}

impl SinkProcess {
    /// On any free port, with pictures of the size that the tests' renderer draws.
    pub fn start(runtime: &Path) -> SinkProcess {
        SinkProcess::start_with(runtime, &["--port", "0"], None)
    }

    pub fn start_with(runtime: &Path, arguments: &[&str], token: Option<&str>) -> SinkProcess {
        let socket_path = runtime.join(format!("notify-{}.sock", unique()));
        let socket = UnixDatagram::bind(&socket_path).expect("bound");
        let log = runtime.join(format!("sink-{}.log", unique()));
        let child = Command::new(env!("CARGO_BIN_EXE_casedd-sink-ws"))
            .arg("--runtime-dir")
            .arg(runtime)
            .args(["--size", "320x192", "--rate", "50", "--template", "test"])
            .args(arguments)
            .env("NOTIFY_SOCKET", &socket_path)
            .env("CASEDD_WS_TOKEN", token.unwrap_or_default())
            .stderr(fs::File::create(&log).expect("a log"))
            .stdout(Stdio::null())
            .spawn()
            .expect("started");
        let notified = Arc::new(Mutex::new(Vec::new()));
        std::thread::spawn({
            let notified = Arc::clone(&notified);
            move || {
                let mut buffer = [0; 2048];
                while let Ok(length) = socket.recv(&mut buffer) {
                    let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
                    notified.lock().expect("no panic").push(text);
                }
            }
        });
        SinkProcess { child, notified, log }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where it serves, as it tells its supervisor.
    #[track_caller]
    pub fn address(&self) -> SocketAddr {
        wait_for("an address in STATUS", || {
            let status = self.messages().into_iter().rev().find(|message| message.contains("http://"))?;
            status.split("http://").nth(1)?.split('/').next()?.parse().ok()
        })
    }

    /// Waits until it has said something that begins with `start`.
    #[track_caller]
    pub fn wait_for_message(&self, start: &str) -> String {
        wait_for(start, || self.messages().into_iter().rev().find(|message| message.starts_with(start)))
    }

    pub fn messages(&self) -> Vec<String> {
        self.notified.lock().expect("no panic").clone()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("a log")
    }

    /// Memory in RAM, in bytes.
    pub fn memory_bytes(&self) -> u64 {
        let statm = fs::read_to_string(format!("/proc/{}/statm", self.pid())).expect("it runs");
        let pages: u64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number");
        pages * 4096
    }

    /// Waits for its end.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        wait_for("the sink ends", || self.child.try_wait().expect("a child"))
    }

    /// Asks it to leave, and tells how long it took.
    #[track_caller]
    pub fn terminate(&mut self) -> (ExitStatus, Duration) {
        let start = Instant::now();
        kill(Pid::from_raw(self.pid() as i32), Signal::SIGTERM).expect("it runs");
        (self.wait(), start.elapsed())
    }
}

impl Drop for SinkProcess {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- log of the sink\n{}", self.log());
        }
    }
}

fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
