//! What each command of `casedd` does: one file a command that has more to it than one question to the supervisor.

pub mod attach;
pub mod bench;
pub mod passed_on;
pub mod snapshot;
pub mod status;
pub mod summary;
pub mod up;
pub mod validate;

use std::io::{self, Write};

use casedd_common::exit::Failure;
use casedd_common::runtime_dir::RuntimeDir;
use casedd_common::shell::Args;

use crate::control::client::Client;

/// The supervisor of the runtime directory that the flags and the environment name.
fn connect(args: &Args) -> Result<Client, Failure> {
    Client::connect(&RuntimeDir::locate_here(args.runtime_dir.as_deref()))
}

/// Prints to standard output; a reader that has had enough (`| head`) is no error.
fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| Failure::from(error).while_doing("writing to standard output")),
    }
}

/// `casedd reload`.
pub mod reload {
    use super::{Args, Failure, connect};
    use crate::control::Command;

    /// Has the configuration read again.
    pub fn run(args: &Args) -> Result<(), Failure> {
        connect(args)?.ask(Command::Reload).map(|_| ())
    }
}

/// `casedd stop`.
pub mod stop {
    use std::time::Duration;

    use casedd_common::exit::Exit;

    use super::{Args, Failure, connect};
    use crate::control::Command;

    /// Twice what a group may take.
    const GONE_WITHIN: Duration = Duration::from_secs(6);

    /// Ends the group and waits until nothing of it is left.
    pub fn run(args: &Args) -> Result<(), Failure> {
        let mut client = connect(args)?;
        client.ask(Command::Stop)?;
        if client.wait_for_end(GONE_WITHIN) {
            return Ok(());
        }
        Err(Exit::TempFail.because(format!("casedd is still there after {} s", GONE_WITHIN.as_secs())))
    }
}

/// `casedd detach`.
pub mod detach {
    use std::time::{Duration, Instant};

    use casedd_common::exit::Exit;

    use super::{Args, Failure, connect};
    use crate::control::Command;

    /// Longer than any sink may take to leave.
    const GONE_WITHIN: Duration = Duration::from_secs(5);

    /// Ends one sink and waits until it is gone.
    pub fn run(args: &Args, name: &str) -> Result<(), Failure> {
        let mut client = connect(args)?;
        client.ask(Command::Detach { name: name.to_owned() })?;
        let deadline = Instant::now() + GONE_WITHIN;
        while client.status()?.processes.iter().any(|process| process.name == name) {
            if Instant::now() >= deadline {
                return Err(Exit::TempFail.because(format!("{name} is still there")));
            }
            std::thread::sleep(super::LOOK_EVERY);
        }
        Ok(())
    }
}

/// How often a command that waits for something asks again.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_millis(20);
