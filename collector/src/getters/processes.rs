//! Processes as /proc lists them: which there are, what each used, whose it is.
//!
//! Decides nothing about which are of interest.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use nix::sys::statfs::{PROC_SUPER_MAGIC, fstatfs};

use super::number;
use crate::error::{GetterError, ParseError};
use crate::roots::Roots;

/// Most processes that are looked at.
const PROCESSES_MAX: usize = 8192;
/// Most descriptors kept open: a quarter of what a process usually may have.
const HELD_MAX: usize = 256;
/// Longest `/proc/<n>/stat`: a name of 64 bytes and 52 numbers.
const STAT_BYTES_MAX: usize = 2048;

/// What `/proc/<n>/stat` says of one process.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// The name that the kernel keeps, at most 15 bytes of a program's.
    pub name: String,
    /// One letter: `R` runs, `S` sleeps, `D` waits for a device, `Z` has ended.
    pub state: char,
    /// Clock ticks it worked, in programs and in the kernel.
    pub ticks: u64,
    /// Clock ticks after the machine's start when it began: tells it from an earlier one of the same number.
    pub started: u64,
    /// How many threads it has.
    pub threads: u64,
    /// Pages of memory that it holds.
    pub pages: u64,
}

/// Reads `/proc/<n>/stat`. The name may hold anything, brackets and blanks included.
pub fn parse_stat(text: &str) -> Result<Process, ParseError> {
    let (pid, rest) = text.split_once(" (").ok_or_else(|| ParseError::new("no name in brackets"))?;
    let (name, rest) = rest.rsplit_once(") ").ok_or_else(|| ParseError::new("the name does not end"))?;
    // A text that is cut would give smaller numbers.
    let rest = rest.strip_suffix('\n').ok_or_else(|| ParseError::new("the text ends early"))?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let state = fields.first().and_then(|state| state.chars().next());
    let field = |place: usize, name| number::<u64>(fields.get(place - 3).copied(), name);
    Ok(Process {
        pid: number(Some(pid), "the number of the process")?,
        name: name.to_owned(),
        state: state.ok_or_else(|| ParseError::new("no state"))?,
        ticks: field(14, "utime")?.saturating_add(field(15, "stime")?),
        threads: field(20, "num_threads")?,
        started: field(22, "starttime")?,
        pages: field(24, "rss")?,
    })
}

/// Finds the user in `/proc/<n>/status`.
pub fn parse_uid(text: &str) -> Option<u32> {
    let line = text.split_inclusive('\n').find_map(|line| line.strip_suffix('\n')?.strip_prefix("Uid:"))?;
    // The second number is the one that rights are checked by.
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}

/// The program's whole name in `/proc/<n>/cmdline`, when it is the one that `name` is the cut beginning of.
pub fn parse_program(cmdline: &str, name: &str) -> Option<String> {
    let path = cmdline.split(['\0', ' ']).next()?;
    let program = path.rsplit('/').next()?.trim_start_matches('-').trim_end_matches(':');
    (program.len() > name.len() && program.starts_with(name)).then(|| program.to_owned())
}

/// Users by number, from /etc/passwd.
pub fn parse_passwd(text: &str) -> HashMap<u32, String> {
    let user = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        Some((fields.nth(1)?.parse().ok()?, name.to_owned()))
    };
    text.lines().filter_map(user).collect()
}

/// The numbers of all processes, rising.
pub fn pids(roots: &Roots) -> Result<Vec<u32>, GetterError> {
    let unreadable = |source| GetterError::Unreadable { path: roots.proc.clone(), source };
    let entries = std::fs::read_dir(&roots.proc).map_err(unreadable)?;
    let numbers = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let mut pids: Vec<u32> = numbers.take(PROCESSES_MAX).collect();
    pids.sort_unstable();
    Ok(pids)
}

/// The files of processes, a part of them kept open: reading again costs half of opening anew.
#[derive(Debug, Default)]
pub struct Stats {
    /// Only of procfs: elsewhere a file may be replaced under its name.
    held: HashMap<u32, File>,
    is_procfs: Option<bool>,
    buffer: Vec<u8>,
}

impl Stats {
    /// What one process is about now; none when it has gone meanwhile.
    pub fn read(&mut self, roots: &Roots, pid: u32) -> Result<Option<Process>, ParseError> {
        self.buffer.resize(STAT_BYTES_MAX, 0);
        let length = match self.fill(roots, pid) {
            Ok(length) => length,
            // ESRCH, ENOENT, or the rights of another user: not to be seen.
            Err(_) => return Ok(None),
        };
        parse_stat(&String::from_utf8_lossy(&self.buffer[..length])).map(Some)
    }

    /// Closes the files of processes that have gone; `pids` is rising.
    pub fn keep(&mut self, pids: &[u32]) {
        self.held.retain(|pid, _| pids.binary_search(pid).is_ok());
    }

    fn fill(&mut self, roots: &Roots, pid: u32) -> io::Result<usize> {
        if let Some(file) = self.held.get(&pid) {
            match file.read_at(&mut self.buffer, 0) {
                Ok(length) if length > 0 => return Ok(length),
                // The process has gone; another may have its number.
                Ok(_) | Err(_) => self.held.remove(&pid),
            };
        }
        let file = File::open(roots.proc(&format!("{pid}/stat")))?;
        let length = file.read_at(&mut self.buffer, 0)?;
        let is_procfs = self.is_procfs.get_or_insert_with(|| {
            fstatfs(&file).is_ok_and(|system| system.filesystem_type() == PROC_SUPER_MAGIC)
        });
        if *is_procfs && self.held.len() < HELD_MAX {
            self.held.insert(pid, file);
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "1843 (tmux: (server) x) S 1 1843 1843 0 -1 4194560 9 0 0 0 731 256 0 0 20 0 3 0 8211 \
                        12582912 1024 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 2 0 0 0 0 0\n";

    #[test]
    fn a_name_may_hold_brackets_and_blanks() {
        let process = parse_stat(STAT).expect("sound");
        let expected = Process {
            pid: 1843,
            name: "tmux: (server) x".into(),
            state: 'S',
            ticks: 987,
            started: 8211,
            threads: 3,
            pages: 1024,
        };
        assert_eq!(process, expected);
    }

    #[test]
    fn a_text_that_is_cut_anywhere_is_refused() {
        for end in 0..STAT.len() {
            assert!(parse_stat(&STAT[..end]).is_err(), "{}", &STAT[..end]);
        }
        assert_eq!(parse_uid("Name:\tx\nUid:\t0\t33\t0\t0\n"), Some(33));
        assert_eq!(parse_uid("Name:\tx\nUid:\t0\t33"), None);
    }

    #[test]
    fn a_cut_name_is_made_whole_by_the_command_line_only_when_it_is_the_same_program() {
        assert_eq!(
            parse_program("/lib/systemd/systemd-journald\0", "systemd-journal"),
            Some("systemd-journald".into())
        );
        assert_eq!(parse_program("nginx: worker process\0", "nginx"), None);
        assert_eq!(parse_program("/usr/bin/python3\0app.py\0", "app"), None);
        assert_eq!(parse_program("", "kworker/0:1"), None);
    }

    #[test]
    fn users_are_found_by_their_number() {
        let users = parse_passwd("root:x:0:0::/root:/bin/sh\nbroken\n:x:7:7\nwww:x:33:33:a:b:c\n");
        assert_eq!(users.get(&33).map(String::as_str), Some("www"));
        assert_eq!(users.len(), 2);
    }
}
