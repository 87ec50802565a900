//! Exit codes (sysexits) and the one way a process of ours ends with an error.
//!
//! Decides no code for anybody: each error type says which one it stands for where it is turned into a [`Failure`].

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

/// What the exit code of a process of ours says; the numbers are those of `sysexits.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// It did what it was asked to.
    Ok = 0,
    /// The command line is wrong. The supervisor waits for a change instead of starting it again.
    Usage = 64,
    /// An input file is missing or unreadable.
    NoInput = 66,
    /// Something it needs is not there: a device, a port, another process.
    Unavailable = 69,
    /// A fault of ours.
    Software = 70,
    /// The operating system refused something that ought to work.
    OsError = 71,
    /// A file, folder or segment could not be created.
    CantCreate = 73,
    /// Reading or writing failed.
    Io = 74,
    /// It may work the next time.
    TempFail = 75,
    /// Permission is missing.
    NoPermission = 77,
    /// The configuration, a template or a font is wrong. The supervisor waits for a change.
    Config = 78,
}

impl Exit {
    /// The number the process ends with.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The meaning of an exit status, when it is one of ours.
    pub fn from_code(code: i32) -> Option<Exit> {
        const ALL: [Exit; 11] = [
            Exit::Ok,
            Exit::Usage,
            Exit::NoInput,
            Exit::Unavailable,
            Exit::Software,
            Exit::OsError,
            Exit::CantCreate,
            Exit::Io,
            Exit::TempFail,
            Exit::NoPermission,
            Exit::Config,
        ];
        ALL.into_iter().find(|exit| i32::from(exit.code()) == code)
    }

    /// A failure with this code.
    pub fn because(self, message: impl Display) -> Failure {
        Failure { exit: self, message: message.to_string() }
    }

    /// The code that fits an error of the operating system, when nothing more is known about it.
    pub fn of_io(error: &io::Error) -> Exit {
        match error.kind() {
            ErrorKind::PermissionDenied => Exit::NoPermission,
            ErrorKind::NotFound => Exit::NoInput,
            ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable | ErrorKind::ConnectionRefused => {
                Exit::Unavailable
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Exit::CantCreate,
            _ => Exit::Io,
        }
    }
}

/// Why a process ends, in one line for a person and one number for a program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What the process returns.
    pub exit: Exit,
    /// What it prints: lower case, naming the thing, the value and the remedy.
    pub message: String,
}

impl Failure {
    /// The same failure, with what was being done put before it.
    pub fn while_doing(self, what: impl Display) -> Failure {
        Failure { exit: self.exit, message: format!("{what}: {}", self.message) }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Exit::of_io(&error).because(error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Exit::Software.because(format!("{error:#}"))
    }
}

/// Ends a process: prints what failed as `casedd-x: message` on stderr and gives the code to return.
pub fn main(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody may be reading stderr any more; the code still says it.
            let _ = writeln!(io::stderr(), "{}: {}", program(), failure.message);
            ExitCode::from(failure.exit.code())
        }
    }
}

/// The file name of the running program.
fn program() -> String {
    let path = std::env::args_os().next().unwrap_or_default();
    match std::path::Path::new(&path).file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => "casedd".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_again_by_its_number() {
        for exit in [Exit::Ok, Exit::Usage, Exit::Unavailable, Exit::Config] {
            assert_eq!(Exit::from_code(i32::from(exit.code())), Some(exit));
        }
        assert_eq!(Exit::from_code(1), None);
    }

    #[test]
    fn an_os_error_keeps_its_kind_in_the_code() {
        let failure = Failure::from(io::Error::from(ErrorKind::PermissionDenied));
        assert_eq!(failure.exit, Exit::NoPermission);
        assert_eq!(Failure::from(io::Error::from(ErrorKind::AddrInUse)).exit, Exit::Unavailable);
    }

    #[test]
    fn a_failure_names_what_was_being_done() {
        let failure = Exit::Io.because("disk gone").while_doing("writing /tmp/x");
        assert_eq!(failure.to_string(), "writing /tmp/x: disk gone");
    }
}
