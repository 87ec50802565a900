//! Where the machine's files are seen: /proc, /sys and /, or a container's view of its host, or a test's tree.
//!
//! Opens nothing.

use std::path::{Path, PathBuf};

/// The three roots that every path of a getter starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots {
    /// Where procfs is mounted.
    pub proc: PathBuf,
    /// Where sysfs is mounted.
    pub sys: PathBuf,
    /// What stands before a mount point to reach it from here.
    pub files: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Roots { proc: "/proc".into(), sys: "/sys".into(), files: "/".into() }
    }
}

impl Roots {
    /// A file below /proc.
    pub fn proc(&self, path: &str) -> PathBuf {
        self.proc.join(path)
    }

    /// A file or folder below /sys.
    pub fn sys(&self, path: &str) -> PathBuf {
        self.sys.join(path)
    }

    /// An absolute path of the machine as it is reached from here.
    pub fn file(&self, path: &str) -> PathBuf {
        self.files.join(path.trim_start_matches('/'))
    }

    /// A file that /proc keeps for each process (mounts, network): our own here, the first process's when /proc is
    /// somebody else's, whose `self` is not us.
    pub fn proc_view(&self, path: &str) -> PathBuf {
        let first = self.proc.join("1").join(path);
        if self.proc != Path::new("/proc") && first.exists() {
            return first;
        }
        self.proc.join("self").join(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_point_is_reached_below_the_root() {
        let roots = Roots { files: "/host".into(), ..Roots::default() };
        assert_eq!(roots.file("/mnt/tank"), Path::new("/host/mnt/tank"));
        assert_eq!(roots.file("/"), Path::new("/host/"));
        assert_eq!(Roots::default().file("/"), Path::new("/"));
    }

    #[test]
    fn another_machines_proc_is_seen_through_its_first_process() {
        let top = tempfile::tempdir().expect("a temporary folder");
        let roots = Roots { proc: top.path().into(), ..Roots::default() };
        assert_eq!(roots.proc_view("mountinfo"), top.path().join("self/mountinfo"));
        std::fs::create_dir(top.path().join("1")).expect("made");
        std::fs::write(top.path().join("1/mountinfo"), "").expect("written");
        assert_eq!(roots.proc_view("mountinfo"), top.path().join("1/mountinfo"));
        assert_eq!(Roots::default().proc_view("mountinfo"), Path::new("/proc/self/mountinfo"));
    }
}
