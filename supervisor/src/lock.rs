//! The right to run a group in a runtime directory, and the clean slate that comes with it.
//!
//! The lock is held by the supervisor *and* by every child (it is their standard input), so whoever gets it knows that
//! nobody of an earlier group is left. Ends no process: what it finds running belongs to somebody else.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use casedd_common::exit::{Exit, Failure};
use casedd_common::runtime_dir::RuntimeDir;
use serde::{Deserialize, Serialize};

/// The children of a supervisor that was killed leave within 1 s; somebody else's renderer may take as long.
const LEAVING_WITHIN: Duration = Duration::from_secs(3);
/// A supervisor that was killed a moment ago may still have its sockets for so long.
const DYING_WITHIN: Duration = Duration::from_millis(500);
/// How often it is looked whether they have left.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What the lock file says.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Holder {
    pid: u32,
    /// The runtime directory was made by this run or by one before it that crashed: it goes at the end.
    #[serde(default)]
    made_directory: bool,
}

/// The lock, held.
#[derive(Debug)]
pub struct Lock {
    file: File,
    runtime: RuntimeDir,
    made_directory: bool,
}

impl Lock {
    /// Gets the lock, and removes what a run that crashed has left.
    pub fn take(runtime: &RuntimeDir) -> Result<Lock, Failure> {
        let path = runtime.lock_file();
        let start = Instant::now();
        let deadline = start + LEAVING_WITHIN;
        let mut unserved_at = start;
        let mut file = loop {
            if let Some(file) = try_take(&path).map_err(|error| describe(&path, error))? {
                break file;
            }
            let now = Instant::now();
            if !is_served(&runtime.control_socket()) {
                unserved_at = now;
            }
            match () {
                () if now >= unserved_at + DYING_WITHIN => return Err(already_running(runtime)),
                () if now >= deadline => return Err(left_over(&path)),
                () => std::thread::sleep(LOOK_EVERY),
            }
        };
        let before = read_holder(&mut file);
        let made_directory = runtime.was_created() || before.made_directory;
        let holder = Holder { pid: std::process::id(), made_directory };
        write_holder(&mut file, &holder).map_err(|error| describe(&path, error))?;
        let lock = Lock { file, runtime: runtime.clone(), made_directory };
        lock.clear_sockets(deadline)?;
        remove_board(runtime);
        Ok(lock)
    }

    /// The open lock, for children to inherit.
    pub fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Removes everything this run has put anywhere, and gives the lock back.
    pub fn release(self) {
        for socket in sockets(&self.runtime) {
            remove(&socket);
        }
        remove_board(&self.runtime);
        remove(&self.runtime.lock_file());
        if self.made_directory {
            // Not empty: somebody else keeps something there, and so it stays.
            let _ = fs::remove_dir(self.runtime.path());
        }
    }

    fn clear_sockets(&self, deadline: Instant) -> Result<(), Failure> {
        for socket in sockets(&self.runtime) {
            while is_served(&socket) {
                if Instant::now() >= deadline {
                    return Err(Exit::Unavailable.because(format!(
                        "{} is served by a process that this casedd has not started; end it, or choose another \
                         directory with --runtime-dir",
                        socket.display()
                    )));
                }
                std::thread::sleep(LOOK_EVERY);
            }
            remove(&socket);
        }
        Ok(())
    }
}

fn sockets(runtime: &RuntimeDir) -> [PathBuf; 3] {
    [runtime.renderer_socket(), runtime.control_socket(), runtime.notify_socket()]
}

/// The lock file, locked; `None` while somebody else holds it.
fn try_take(path: &Path) -> io::Result<Option<File>> {
    let flags = nix::fcntl::OFlag::O_NOFOLLOW.bits();
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(flags)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // The holder before us removes the file when it leaves: a lock on a removed file protects nothing.
    let is_same = fs::symlink_metadata(path).is_ok_and(|named| {
        file.metadata().is_ok_and(|opened| (named.dev(), named.ino()) == (opened.dev(), opened.ino()))
    });
    Ok(is_same.then_some(file))
}

fn read_holder(file: &mut File) -> Holder {
    let mut text = String::new();
    // Whatever cannot be read was written by a run that died in the middle of it.
    let _ = file.take(4096).read_to_string(&mut text);
    serde_json::from_str(&text).unwrap_or_default()
}

fn write_holder(file: &mut File, holder: &Holder) -> io::Result<()> {
    file.rewind()?;
    file.set_len(0)?;
    serde_json::to_writer(&mut *file, holder)?;
    file.write_all(b"\n")
}

/// Whether a living process listens there.
fn is_served(socket: &Path) -> bool {
    use nix::sys::socket::{AddressFamily, SockFlag, SockType, UnixAddr, connect, socket as open};
    if UnixStream::connect(socket).is_ok() {
        return true;
    }
    if UnixDatagram::unbound().is_ok_and(|datagram| datagram.connect(socket).is_ok()) {
        return true;
    }
    let Ok(address) = UnixAddr::new(socket) else { return false };
    let packet = open(AddressFamily::Unix, SockType::SeqPacket, SockFlag::SOCK_CLOEXEC, None);
    packet.is_ok_and(|packet| connect(std::os::fd::AsRawFd::as_raw_fd(&packet), &address).is_ok())
}

fn already_running(runtime: &RuntimeDir) -> Failure {
    let holder = File::open(runtime.lock_file()).map(|mut file| read_holder(&mut file)).unwrap_or_default();
    let dir = runtime.path().display();
    Exit::Unavailable.because(format!(
        "casedd is already running as pid {} in {dir}; stop it with: casedd stop, or run another one with --runtime-dir",
        holder.pid
    ))
}

fn left_over(path: &Path) -> Failure {
    let pids: Vec<String> = holders(path).iter().map(u32::to_string).collect();
    Exit::Unavailable.because(format!(
        "processes of a casedd that was killed are still there (pid {}); end them with: kill -9 {}",
        pids.join(", "),
        pids.join(" ")
    ))
}

/// The processes that have the lock file as their standard input.
fn holders(path: &Path) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &u32| fs::read_link(format!("/proc/{pid}/fd/0")).is_ok_and(|target| target == path))
        .collect()
}

fn describe(path: &Path, error: io::Error) -> Failure {
    let exit = match error.kind() {
        ErrorKind::PermissionDenied => Exit::NoPermission,
        _ => Exit::CantCreate,
    };
    exit.because(format!("lock file {}: {error}", path.display()))
}

fn remove(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!("cannot remove {}: {error}", path.display());
        }
        Ok(()) | Err(_) => {}
    }
}

/// The board outlives its collector on purpose, so the group's end (or next start) removes it.
fn remove_board(runtime: &RuntimeDir) {
    remove(&Path::new("/dev/shm").join(runtime.board_name().trim_start_matches('/')));
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    fn runtime() -> (tempfile::TempDir, RuntimeDir) {
        let top = tempfile::tempdir().expect("a temporary folder");
        let runtime = RuntimeDir::open(&top.path().join("run")).expect("made");
        (top, runtime)
    }

    #[test]
    fn a_lock_given_back_leaves_nothing() {
        let (_top, runtime) = runtime();
        let lock = Lock::take(&runtime).expect("free");
        drop(UnixListener::bind(runtime.control_socket()).expect("bound"));
        lock.release();
        assert!(!runtime.path().exists());
    }

    #[test]
    fn a_directory_that_was_there_before_stays() {
        let (_top, runtime) = runtime();
        let opened_again = RuntimeDir::open(runtime.path()).expect("opened");
        Lock::take(&opened_again).expect("free").release();
        assert_eq!(fs::read_dir(runtime.path()).expect("there").count(), 0);
    }

    #[test]
    fn what_a_crashed_run_left_is_cleared_and_its_directory_goes_at_the_end() {
        let (_top, runtime) = runtime();
        fs::write(runtime.lock_file(), r#"{"pid":1,"made_directory":true}"#).expect("written");
        drop(UnixListener::bind(runtime.renderer_socket()).expect("bound"));
        drop(UnixDatagram::bind(runtime.notify_socket()).expect("bound"));
        let board = Path::new("/dev/shm").join(&runtime.board_name()[1..]);
        fs::write(&board, "stale").expect("written");
        let opened_again = RuntimeDir::open(runtime.path()).expect("opened");
        let lock = Lock::take(&opened_again).expect("free");
        assert!(!runtime.renderer_socket().exists() && !runtime.notify_socket().exists() && !board.exists());
        lock.release();
        assert!(!runtime.path().exists());
    }

    #[test]
    fn a_second_group_is_told_the_pid_of_the_first() {
        let (_top, runtime) = runtime();
        let _lock = Lock::take(&runtime).expect("free");
        let _control = UnixListener::bind(runtime.control_socket()).expect("bound");
        let failure = Lock::take(&runtime).expect_err("taken");
        assert_eq!(failure.exit, Exit::Unavailable);
        assert!(failure.message.contains(&format!("pid {}", std::process::id())), "{failure}");
    }
}
