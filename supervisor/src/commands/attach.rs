//! `casedd attach`: one more sink at runtime, reported on until it is ready or cannot be.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use casedd_common::exit::{Exit, Failure};
use casedd_common::shell::Args;

use super::{LOOK_EVERY, connect, print};
use crate::cli::AttachOptions;
use crate::control::Command;
use crate::control::client::Client;
use crate::status::{GroupStatus, ProcessStatus, State};

/// A sink that is not ready by then is left to become it later.
const READY_WITHIN: Duration = Duration::from_secs(10);

/// Attaches a sink; waits for it unless told not to.
pub fn run(args: &Args, options: AttachOptions) -> Result<(), Failure> {
    let AttachOptions { no_wait, kind, mut flags } = options;
    // Everything behind the kind belongs to the sink, but this one flag is meant for us.
    let runtime_dir = take_value(&mut flags, "--runtime-dir").map(PathBuf::from);
    let args = Args { runtime_dir: runtime_dir.or_else(|| args.runtime_dir.clone()), ..args.clone() };
    let mut client = connect(&args)?;
    let name = match value_of(&flags, "--name").or_else(|| value_of(&flags, "--output")) {
        Some(name) => name.to_owned(),
        None => {
            let name = free_name(&client.status()?, &kind);
            flags.extend(["--name".to_owned(), name.clone()]);
            name
        }
    };
    client.ask(Command::Attach { kind, name: name.clone(), args: flags })?;
    if no_wait {
        return print(&format!("{name} attached\n"));
    }
    let process = wait(&mut client, &name)?;
    let status = if process.status.is_empty() { String::new() } else { format!(", {}", process.status) };
    match process.state {
        State::Ready => print(&format!("{name} is ready{status}; end it with: casedd detach {name}\n")),
        state => print(&format!("{name} is {}{status}; look again with: casedd status\n", state.word())),
    }
}

/// Waits until the sink is ready; one that died first is taken away again, with its own words as the error.
fn wait(client: &mut Client, name: &str) -> Result<ProcessStatus, Failure> {
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        let status = client.status()?;
        let process = status.processes.into_iter().find(|process| process.name == name);
        let process = process.ok_or_else(|| Exit::Unavailable.because(format!("{name} is gone already")))?;
        match process.state {
            State::Ready => return Ok(process),
            State::NeedsConfig | State::Restarting | State::Failed => {
                client.ask(Command::Detach { name: name.to_owned() })?;
                let exit = process.last_exit_code.and_then(Exit::from_code).unwrap_or(Exit::Unavailable);
                let words = process.last_line.or(process.last_exit).unwrap_or_default();
                return Err(exit.because(format!("{name} could not start: {words}")));
            }
            State::Waiting | State::Starting | State::Suspect | State::Ending | State::Ended => {}
        }
        if Instant::now() >= deadline {
            return Ok(process);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// A name that nobody has yet.
fn free_name(status: &GroupStatus, kind: &str) -> String {
    let is_free = |name: &String| status.processes.iter().all(|process| process.name != *name);
    let mut names = (1..).map(|number: u32| format!("{kind}-{number}"));
    names.find(is_free).unwrap_or_default()
}

/// What stands behind a flag, as `--flag value` or `--flag=value`.
fn value_of<'a>(flags: &'a [String], flag: &str) -> Option<&'a str> {
    flags.iter().enumerate().find_map(|(index, word)| match word.strip_prefix(flag)? {
        "" => flags.get(index + 1).map(String::as_str),
        rest => rest.strip_prefix('='),
    })
}

/// The same, and takes the flag out.
fn take_value(flags: &mut Vec<String>, flag: &str) -> Option<String> {
    let value = value_of(flags, flag)?.to_owned();
    let index = flags.iter().position(|word| word == flag || *word == format!("{flag}={value}"))?;
    let words = if flags[index] == flag { 2 } else { 1 };
    flags.drain(index..(index + words).min(flags.len()));
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_flags_value_is_found_in_both_spellings() {
        assert_eq!(value_of(&words("--rate 5 --name desk"), "--name"), Some("desk"));
        assert_eq!(value_of(&words("--name=desk"), "--name"), Some("desk"));
        assert_eq!(value_of(&words("--names desk --name"), "--name"), None);
    }

    #[test]
    fn our_own_flag_is_taken_out_of_the_sinks() {
        for line in ["--port 0 --runtime-dir /r --rate 5", "--port 0 --runtime-dir=/r --rate 5"] {
            let mut flags = words(line);
            assert_eq!(take_value(&mut flags, "--runtime-dir").as_deref(), Some("/r"));
            assert_eq!(flags, words("--port 0 --rate 5"));
        }
    }
}
