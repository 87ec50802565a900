//! A sink process under test: started, listened to, ended.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Waiting for longer means that it never comes.
const LIMIT: Duration = Duration::from_secs(20);

/// Waits until `condition` holds and gives what it found.
#[track_caller]
pub fn wait_for<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "waited {LIMIT:?} in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn signal(pid: u32, signal: Signal) {
    kill(Pid::from_raw(pid as i32), signal).expect("the process is there");
}

/// A running `casedd-sink-fb`, with what it says to its supervisor and on stderr.
pub struct SinkProcess {
    child: Child,
    notified: Arc<Mutex<Vec<String>>>,
    log: PathBuf,
}

impl SinkProcess {
    pub fn start(runtime: &Path, arguments: &[&str]) -> SinkProcess {
        let socket_path = runtime.join(format!("notify-{}.sock", unique()));
        let socket = UnixDatagram::bind(&socket_path).expect("bound");
        let log = runtime.join(format!("sink-{}.log", unique()));
        let child = Command::new(env!("CARGO_BIN_EXE_casedd-sink-fb"))
            .arg("--runtime-dir")
            .arg(runtime)
            .args(arguments)
            .env("NOTIFY_SOCKET", &socket_path)
            .stderr(fs::File::create(&log).expect("a log"))
            .stdout(Stdio::null())
            .spawn()
            .expect("started");
        let notified = Arc::new(Mutex::new(Vec::new()));
        std::thread::spawn({
            let notified = Arc::clone(&notified);
            move || {
                let mut buffer = [0; 2048];
                while let Ok(len) = socket.recv(&mut buffer) {
                    let text = String::from_utf8_lossy(&buffer[..len]).into_owned();
                    notified.lock().expect("no panic").push(text);
                }
            }
        });
        SinkProcess { child, notified, log }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has said something that begins with `start`.
    #[track_caller]
    pub fn wait_for_message(&self, start: &str) -> String {
        wait_for(start, || self.messages().into_iter().rev().find(|message| message.starts_with(start)))
    }

    /// Waits until its newest status line has `part` in it.
    #[track_caller]
    pub fn wait_for_status(&self, part: &str) -> String {
        wait_for(part, || {
            let messages = self.messages();
            let status = messages.iter().rev().find(|message| message.starts_with("STATUS="))?;
            status.contains(part).then(|| status.clone())
        })
    }

    pub fn messages(&self) -> Vec<String> {
        self.notified.lock().expect("no panic").clone()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("a log")
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_none()
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
        signal(self.pid(), Signal::SIGTERM);
        (self.wait(), start.elapsed())
    }
}

impl Drop for SinkProcess {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
