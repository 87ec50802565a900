//! Breaks the transport on purpose, one fault at a time, and sees that the test which should notice does.
//!
//! `./x mutants [PART OF A NAME]` builds and runs it, on a copy under `target/mutants`: the sources are not touched. The
//! faults are exact pieces of text in `common/transport/mutants/mutants.txt`; one whose text is gone is an error of its own.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

const LIST: &str = "common/transport/mutants/mutants.txt";
const COPY: &str = "target/mutants/src";
const LOG: &str = "target/mutants/log";
/// What no copy needs.
const NOT_COPIED: [&str; 2] = ["target", ".git"];

const BUILD_S_MAX: u64 = 900;
/// A test that is this slow on whole sources says nothing when it is slow on broken ones.
const WHOLE_S_MAX: u64 = 120;
/// A test that hangs has noticed, too.
const BROKEN_S_MAX: u64 = 2 * WHOLE_S_MAX;

/// One fault, and the test that must notice it.
struct Mutant {
    name: String,
    file: String,
    test: Test,
    find: String,
    put: String,
}

/// Which test: `loom NAME` and `lib NAME` are unit tests, the first under the model checker; any other first word is an
/// integration test of the transport.
#[derive(Clone, PartialEq, Eq)]
struct Test {
    target: String,
    name: String,
}

enum Outcome {
    Passed,
    Failed,
    TimedOut,
}

impl Test {
    fn cargo(&self, root: &Path, run: bool) -> Command {
        let mut command = Command::new("cargo");
        command.current_dir(root.join(COPY)).args(["test", "-q", "-p", "casedd-transport"]);
        if self.target == "loom" {
            // As in `./x loom`: models are built often and run shortly.
            command.arg("--release").env("RUSTFLAGS", "--cfg loom");
            command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        }
        // Of its own: cargo tells the copy's crates from the real ones by their times only, and would mix them up.
        let kind = if self.target == "loom" { "loom" } else { "plain" };
        command.env("CARGO_TARGET_DIR", root.join("target/mutants").join(kind));
        match self.target.as_str() {
            "loom" | "lib" => command.arg("--lib"),
            name => command.args(["--test", name]),
        };
        if run {
            command.arg(&self.name)
        } else {
            command.arg("--no-run")
        };
        command
    }
}

fn main() -> ExitCode {
    let part = std::env::args().nth(1).unwrap_or_default();
    match run(Path::new("."), &part) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(root: &Path, part: &str) -> io::Result<bool> {
    let root = root.canonicalize()?;
    let mutants = parse(&fs::read_to_string(root.join(LIST))?).map_err(io::Error::other)?;
    let mutants: Vec<Mutant> = mutants.into_iter().filter(|mutant| mutant.name.contains(part)).collect();
    copy(&root, &root.join(COPY))?;
    println!("{} faults; first the tests on whole sources", mutants.len());
    for (index, Mutant { test, .. }) in mutants.iter().enumerate() {
        if mutants[..index].iter().all(|earlier| earlier.test != *test) {
            see_it_pass(&root, test)?;
        }
    }
    let (mut killed, mut survived) = (0, 0);
    for mutant in &mutants {
        let start = Instant::now();
        let verdict = verdict(&root, mutant)?;
        if verdict.starts_with("killed") {
            killed += 1
        } else {
            survived += 1
        };
        println!("{verdict:18} {} ({:.0} s)", mutant.name, start.elapsed().as_secs_f64());
    }
    println!("{killed} killed, {survived} survived");
    Ok(survived == 0 && killed > 0)
}

/// Builds one fault in, and runs its test.
fn verdict(root: &Path, mutant: &Mutant) -> io::Result<&'static str> {
    let path = root.join(COPY).join(&mutant.file);
    let whole = fs::read_to_string(&path)?;
    if whole.matches(&mutant.find).count() != 1 {
        return Ok("STALE (text gone)");
    }
    fs::write(&path, whole.replacen(&mutant.find, &mutant.put, 1))?;
    let built = finish(mutant.test.cargo(root, false), root, BUILD_S_MAX)?;
    let verdict = match built {
        Outcome::Failed | Outcome::TimedOut => "BROKEN (no build)",
        Outcome::Passed => match finish(mutant.test.cargo(root, true), root, BROKEN_S_MAX)? {
            Outcome::Passed => "SURVIVED",
            Outcome::Failed => "killed",
            Outcome::TimedOut => "killed (it hangs)",
        },
    };
    fs::write(&path, whole)?;
    Ok(verdict)
}

/// A test that fails on whole sources proves nothing.
fn see_it_pass(root: &Path, test: &Test) -> io::Result<()> {
    let built = finish(test.cargo(root, false), root, BUILD_S_MAX)?;
    let passed = finish(test.cargo(root, true), root, WHOLE_S_MAX)?;
    if matches!((built, passed), (Outcome::Passed, Outcome::Passed)) && !ran_none(root)? {
        return Ok(());
    }
    let Test { target, name } = test;
    Err(io::Error::other(format!("{target} {name} does not pass on whole sources; see {LOG}")))
}

/// Whether the test's name matched nothing, by what the last run said.
fn ran_none(root: &Path) -> io::Result<bool> {
    Ok(fs::read_to_string(root.join(LOG))?.contains("running 0 tests"))
}

/// Runs a command to its end, or to the limit: then it and all its children are killed.
fn finish(mut command: Command, root: &Path, limit_s: u64) -> io::Result<Outcome> {
    let log = File::create(root.join(LOG))?;
    let errors = log.try_clone()?;
    let mut child = command.stdin(Stdio::null()).stdout(log).stderr(errors).process_group(0).spawn()?;
    let group = Pid::from_raw(child.id().cast_signed());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait()));
    match receiver.recv_timeout(Duration::from_secs(limit_s)) {
        Ok(status) => Ok(if status?.success() { Outcome::Passed } else { Outcome::Failed }),
        Err(_) => {
            killpg(group, Signal::SIGKILL)?;
            Ok(Outcome::TimedOut)
        }
    }
}

/// A fresh copy of the workspace, without what was built.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, target): (_, PathBuf) = (entry.file_name(), to.join(entry.file_name()));
        if NOT_COPIED.iter().any(|skipped| name == *skipped) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if entry.file_type()?.is_file() {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Reads the list: `== NAME`, `in FILE`, `by TEST`, and lines as in a patch.
fn parse(text: &str) -> Result<Vec<Mutant>, String> {
    let mut mutants: Vec<Mutant> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let wrong = |what: &str| format!("{LIST}:{}: {what}: {line:?}", index + 1);
        if let Some(name) = line.strip_prefix("== ") {
            let (file, find, put) = (String::new(), String::new(), String::new());
            let test = Test { target: String::new(), name: String::new() };
            mutants.push(Mutant { name: name.to_owned(), file, test, find, put });
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some(mutant) = mutants.last_mut() else { return Err(wrong("no == NAME before it")) };
        if let Some(file) = line.strip_prefix("in ") {
            file.clone_into(&mut mutant.file);
        } else if let Some(test) = line.strip_prefix("by ") {
            let (target, name) = test.split_once(' ').ok_or_else(|| wrong("no test"))?;
            mutant.test = Test { target: target.to_owned(), name: name.to_owned() };
        } else {
            let (sign, text) = line.split_at_checked(1).ok_or_else(|| wrong("not one of ours"))?;
            let (found, put) = match sign {
                " " => (true, true),
                "-" => (true, false),
                "+" => (false, true),
                _ => return Err(wrong("a line starts with ==, in, by, a space, - or +")),
            };
            let line = format!("{text}\n");
            mutant.find.extend(found.then_some(line.as_str()));
            mutant.put.extend(put.then_some(line.as_str()));
        }
    }
    Ok(mutants)
}
