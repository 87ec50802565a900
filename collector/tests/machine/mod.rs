//! A machine copied from a fixture into a temporary folder, whose files a test may change.
//!
//! Starts no process. Files are replaced by renaming, so that a reader sees the old text or the new one.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use casedd_collector::getters::Context;
use casedd_collector::roots::Roots;

/// The names of all fixtures.
pub const FIXTURES: [&str; 4] = ["nas", "pi", "server32", "bare"];

/// A machine of our own.
pub struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    /// A copy of the fixture `name`.
    pub fn of(name: &str) -> Machine {
        let machine = Machine::empty();
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
        copy(&fixture, machine.folder.path());
        machine
    }

    /// A machine without any file.
    pub fn empty() -> Machine {
        Machine { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Where a file of it lies.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// What a file of it holds.
    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("readable")
    }

    /// Gives a file another text.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("made");
        let new = self.path("new-file");
        fs::write(&new, text).expect("written");
        fs::rename(new, path).expect("renamed");
    }

    /// Puts `new` in the place of `old` in a file.
    pub fn replace(&self, path: &str, old: &str, new: &str) {
        let text = self.text(path);
        assert!(text.contains(old), "{path} holds no \"{old}\"");
        self.write(path, &text.replacen(old, new, 1));
    }

    /// Lets `ticks` of work and as many of rest pass on every processor: a load of 50 %.
    pub fn work(&self, ticks: u64) {
        let line = |line: &str| {
            let mut fields: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            for field in [1, 4] {
                fields[field] = (fields[field].parse::<u64>().expect("a number") + ticks).to_string();
            }
            fields.join(" ")
        };
        let text = self.text("proc/stat");
        let lines =
            text.lines().map(|text| if text.starts_with("cpu") { line(text) } else { text.to_owned() });
        self.write("proc/stat", &lines.map(|line| line + "\n").collect::<String>());
    }

    /// Its roots, for getters in this process.
    pub fn context(&self) -> Context {
        let roots = Roots { proc: self.path("proc"), sys: self.path("sys"), files: self.path("root") };
        Context { roots, interfaces: Vec::new() }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("listed") {
        let entry = entry.expect("an entry");
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("a type");
        if kind.is_symlink() {
            symlink(fs::read_link(&source).expect("a link"), &target).expect("linked");
        } else if kind.is_dir() {
            copy(&source, &target);
        } else {
            fs::write(&target, fs::read(&source).expect("read")).expect("written");
        }
    }
}
