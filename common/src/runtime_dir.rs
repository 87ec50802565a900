//! The runtime directory: where it is, that it is ours alone, and the names of what lies in it.
//!
//! Binds no socket and removes nothing; whoever makes a file here removes it.

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure};

/// A Unix socket's address holds 108 bytes; the longest name we put below the folder is `/renderer.sock`.
const PATH_BYTES_MAX: usize = 107 - "/renderer.sock".len();

/// Why a runtime directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeDirError {
    /// It could not be made or looked at.
    #[error("runtime directory {path}: {source}; choose another with --runtime-dir")]
    Io {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something else is in its place: a link or a file could lead our sockets to somebody else's folder.
    #[error(
        "runtime directory {0} is no directory but a link or a file; remove it or choose another with --runtime-dir"
    )]
    NotADirectory(PathBuf),
    /// It belongs to somebody else.
    #[error(
        "runtime directory {path} belongs to user {owner}, this is user {user}; choose another with --runtime-dir"
    )]
    OtherOwner {
        /// The directory.
        path: PathBuf,
        /// Who owns it.
        owner: u32,
        /// Who we are.
        user: u32,
    },
    /// Others may put files into it.
    #[error("runtime directory {path} can be written by others (mode {mode:o}); run: chmod 700 {path}")]
    Writable {
        /// The directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Sockets in it would have names that the system refuses.
    #[error(
        "runtime directory {path} is {} bytes long, a socket in it allows {PATH_BYTES_MAX}; choose another with --runtime-dir",
        path.as_os_str().len()
    )]
    TooLong {
        /// The directory.
        path: PathBuf,
    },
}

impl From<RuntimeDirError> for Failure {
    fn from(error: RuntimeDirError) -> Failure {
        let exit = match &error {
            RuntimeDirError::Io { source, .. } if source.kind() == ErrorKind::PermissionDenied => {
                Exit::NoPermission
            }
            RuntimeDirError::OtherOwner { .. } | RuntimeDirError::Writable { .. } => Exit::NoPermission,
            RuntimeDirError::Io { .. }
            | RuntimeDirError::NotADirectory(_)
            | RuntimeDirError::TooLong { .. } => Exit::CantCreate,
        };
        exit.because(error)
    }
}

/// A runtime directory that exists, is ours, and can be written by nobody else.
#[derive(Clone, Debug)]
pub struct RuntimeDir {
    path: PathBuf,
    created: bool,
}

impl RuntimeDir {
    /// Where the directory is: the flag, else what the environment says, else the user's own place.
    pub fn locate(flag: Option<&Path>, env: impl Fn(&str) -> Option<OsString>, user: u32) -> PathBuf {
        let var = |name: &str| env(name).filter(|value| !value.is_empty());
        if let Some(path) = flag {
            return path.to_owned();
        }
        if let Some(path) = var("CASEDD_RUNTIME_DIR") {
            return path.into();
        }
        if let Some(paths) = var("RUNTIME_DIRECTORY") {
            // systemd lists several with colons between; the first one is the unit's own.
            let first = paths.as_bytes().split(|&byte| byte == b':').next().unwrap_or_default();
            return PathBuf::from(std::ffi::OsStr::from_bytes(first));
        }
        match var("XDG_RUNTIME_DIR") {
            _ if user == 0 => PathBuf::from("/run/casedd"),
            Some(path) => Path::new(&path).join("casedd"),
            None => PathBuf::from(format!("/tmp/casedd-{user}")),
        }
    }

    /// Where the directory of this process is.
    pub fn locate_here(flag: Option<&Path>) -> PathBuf {
        RuntimeDir::locate(flag, |name| std::env::var_os(name), nix::unistd::geteuid().as_raw())
    }

    /// Makes the directory if there is none, and checks that it is ours alone.
    pub fn open(path: &Path) -> Result<RuntimeDir, RuntimeDirError> {
        let io = |source| RuntimeDirError::Io { path: path.to_owned(), source };
        let absolute = std::path::absolute(path).map_err(io)?;
        if absolute.as_os_str().len() > PATH_BYTES_MAX {
            return Err(RuntimeDirError::TooLong { path: absolute });
        }
        let created = match DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
            Err(error) => return Err(io(error)),
        };
        let metadata = fs::symlink_metadata(path).map_err(io)?;
        let user = nix::unistd::geteuid().as_raw();
        if !metadata.is_dir() {
            return Err(RuntimeDirError::NotADirectory(path.to_owned()));
        }
        if metadata.uid() != user {
            return Err(RuntimeDirError::OtherOwner { path: path.to_owned(), owner: metadata.uid(), user });
        }
        if metadata.mode() & 0o022 != 0 {
            let mode = metadata.mode() & 0o7777;
            return Err(RuntimeDirError::Writable { path: path.to_owned(), mode });
        }
        let path = fs::canonicalize(path).map_err(io)?;
        if path.as_os_str().len() > PATH_BYTES_MAX {
            return Err(RuntimeDirError::TooLong { path });
        }
        Ok(RuntimeDir { path, created })
    }

    /// The directory itself, as an absolute path without links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether [`RuntimeDir::open`] made it.
    pub fn was_created(&self) -> bool {
        self.created
    }

    /// The renderer's control socket.
    pub fn renderer_socket(&self) -> PathBuf {
        self.path.join("renderer.sock")
    }

    /// The supervisor's command socket.
    pub fn control_socket(&self) -> PathBuf {
        self.path.join("control.sock")
    }

    /// Where the supervisor's children say that they are ready and alive.
    pub fn notify_socket(&self) -> PathBuf {
        self.path.join("notify.sock")
    }

    /// The file that a running `casedd up` holds locked.
    pub fn lock_file(&self) -> PathBuf {
        self.path.join("casedd.lock")
    }

    /// The shared-memory name of this directory's board: the same for everybody who uses this directory.
    pub fn board_name(&self) -> String {
        format!("/casedd-{:016x}", fnv1a_64(self.path.as_os_str().as_bytes()))
    }
}

/// FNV-1a: short, and the same in every release, which the standard hasher does not promise.
fn fnv1a_64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn locate(vars: &[(&str, &str)], user: u32) -> PathBuf {
        RuntimeDir::locate(
            None,
            |name| vars.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into()),
            user,
        )
    }

    #[test]
    fn the_first_place_that_is_named_wins() {
        let all = [("CASEDD_RUNTIME_DIR", "/a"), ("RUNTIME_DIRECTORY", "/b:/c"), ("XDG_RUNTIME_DIR", "/d")];
        assert_eq!(locate(&all, 1000), Path::new("/a"));
        assert_eq!(locate(&all[1..], 1000), Path::new("/b"));
        assert_eq!(locate(&all[2..], 1000), Path::new("/d/casedd"));
        assert_eq!(locate(&all[2..], 0), Path::new("/run/casedd"));
        assert_eq!(locate(&[("XDG_RUNTIME_DIR", "")], 1000), Path::new("/tmp/casedd-1000"));
        let flag = RuntimeDir::locate(Some(Path::new("/flag")), |_| Some("/env".into()), 0);
        assert_eq!(flag, Path::new("/flag"));
    }

    #[test]
    fn a_new_directory_is_for_its_owner_only() {
        let top = tempfile::tempdir().expect("a temporary folder");
        let path = top.path().join("run");
        let dir = RuntimeDir::open(&path).expect("made");
        assert!(dir.was_created());
        assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o700);
        assert!(!RuntimeDir::open(&path).expect("opened again").was_created());
    }

    #[test]
    fn a_link_in_place_of_the_directory_is_refused() {
        let top = tempfile::tempdir().expect("a temporary folder");
        let link = top.path().join("link");
        symlink(top.path(), &link).expect("linked");
        let error = RuntimeDir::open(&link).expect_err("refused");
        assert!(matches!(error, RuntimeDirError::NotADirectory(_)), "{error}");
        assert_eq!(Failure::from(error).exit, Exit::CantCreate);
    }

    #[test]
    fn a_directory_that_others_may_write_is_refused_with_the_remedy() {
        let top = tempfile::tempdir().expect("a temporary folder");
        fs::set_permissions(top.path(), fs::Permissions::from_mode(0o777)).expect("opened up");
        let error = RuntimeDir::open(top.path()).expect_err("refused").to_string();
        assert!(error.contains("777") && error.contains("chmod 700"), "{error}");
    }

    #[test]
    fn a_path_too_long_for_a_socket_is_refused() {
        let top = tempfile::tempdir().expect("a temporary folder");
        let error = RuntimeDir::open(&top.path().join("x".repeat(100))).expect_err("refused");
        assert!(matches!(error, RuntimeDirError::TooLong { .. }), "{error}");
    }

    #[test]
    fn the_board_name_follows_the_directory_and_not_its_spelling() {
        let top = tempfile::tempdir().expect("a temporary folder");
        let one = RuntimeDir::open(top.path()).expect("opened");
        let two = RuntimeDir::open(&top.path().join(".")).expect("opened");
        assert_eq!(one.board_name(), two.board_name());
        assert_eq!(one.board_name().len(), "/casedd-".len() + 16);
        assert_eq!(fnv1a_64(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a_64(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
