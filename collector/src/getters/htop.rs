//! The processes that work most, with their share of a processor and their memory; how many processes there are.
//!
//! Knows no single thread and no container: those are one process or several.

use std::cmp::Reverse;
use std::collections::HashMap;

use casedd_common::metrics::Value;
use nix::unistd::{SysconfVar, sysconf};

use super::processes::{Process, Stats, parse_passwd, parse_program, parse_uid, pids};
use super::{Context, Getter, MIB, memory, percent};
use crate::batch::{Batch, Key};
use crate::error::GetterError;
use crate::file::HeldFile;
use crate::roots::Roots;

/// How many processes are given.
const ROWS: usize = 20;
/// Two looks closer than this give no share: the kernel counts in ticks of 10 ms.
const ELAPSED_NS_MIN: u64 = 10_000_000;
/// How often /etc/passwd is read for a user that is not known.
const USERS_NS: u64 = 60_000_000_000;
/// How often a process's user is asked for: servers start as root and give that up soon after.
const ASKS: u8 = 3;
/// Most processes whose name and user are remembered.
const KNOWN_MAX: usize = 256;
/// The kernel keeps so much of a program's name.
const NAME_BYTES: usize = 15;

/// Names of one row's cells, made once.
struct RowKeys {
    name: Key,
    user: Key,
    pid: Key,
    cpu_percent: Key,
    memory_mb: Key,
    memory_percent: Key,
}

impl RowKeys {
    fn new(row: usize) -> RowKeys {
        let key = |field: &str| Key::from(format!("htop.{row}.{field}"));
        RowKeys {
            name: key("name"),
            user: key("user"),
            pid: key("pid"),
            cpu_percent: key("cpu_percent"),
            memory_mb: key("memory_mb"),
            memory_percent: key("memory_percent"),
        }
    }
}

/// A process with what it did since the last look.
struct Busy {
    process: Process,
    ticks: u64,
}

/// What is known of a process that was given before.
struct Known {
    started: u64,
    /// The kernel's name for it, which changes when it becomes another program.
    kernel_name: String,
    asks: u8,
    name: String,
    user: Option<String>,
}

/// The getter.
pub struct Htop {
    roots: Roots,
    stats: Stats,
    meminfo: HeldFile,
    /// Start and ticks of every process at the last look.
    before: HashMap<u32, (u64, u64)>,
    looked_at_ns: Option<u64>,
    known: HashMap<u32, Known>,
    users: HashMap<u32, String>,
    users_at_ns: Option<u64>,
    keys: Vec<RowKeys>,
    ticks_per_s: f64,
    page_bytes: f64,
}

impl Htop {
    /// Opens nothing yet.
    pub fn new(context: &Context) -> Htop {
        let asked = |what, usual: f64| sysconf(what).ok().flatten().map_or(usual, |number| number as f64);
        Htop {
            roots: context.roots.clone(),
            stats: Stats::default(),
            meminfo: HeldFile::new(context.roots.proc("meminfo")),
            before: HashMap::new(),
            looked_at_ns: None,
            known: HashMap::new(),
            users: HashMap::new(),
            users_at_ns: None,
            keys: (0..ROWS).map(RowKeys::new).collect(),
            ticks_per_s: asked(SysconfVar::CLK_TCK, 100.0),
            page_bytes: asked(SysconfVar::PAGE_SIZE, 4096.0),
        }
    }

    /// Looks at every process; gives those that can be compared with the last look, the busiest first.
    fn look(&mut self, batch: &mut Batch) -> Result<Vec<Busy>, GetterError> {
        let pids = pids(&self.roots)?;
        let (mut processes, mut threads, mut running) = (0u32, 0u64, 0u32);
        let mut all: Vec<Busy> = Vec::with_capacity(pids.len());
        for pid in &pids {
            let read = self.stats.read(&self.roots, *pid);
            let path = || self.roots.proc(&format!("{pid}/stat"));
            let read = read.map_err(|source| GetterError::Malformed { path: path(), source })?;
            let Some(process) = read else { continue };
            processes += 1;
            threads = threads.saturating_add(process.threads);
            running += u32::from(process.state == 'R');
            // One that is new has done all it did since the last look.
            let ticks = match self.before.get(pid) {
                Some((started, ticks)) if *started == process.started => process.ticks.saturating_sub(*ticks),
                Some(_) | None => process.ticks,
            };
            all.push(Busy { process, ticks });
        }
        self.stats.keep(&pids);
        self.before =
            all.iter().map(|busy| (busy.process.pid, (busy.process.started, busy.process.ticks))).collect();
        batch.number("htop.total", f64::from(processes));
        batch.number("htop.threads", threads as f64);
        batch.number("htop.running", f64::from(running));
        let order = |busy: &Busy| (Reverse(busy.ticks), Reverse(busy.process.pages), busy.process.pid);
        if all.len() > ROWS {
            all.select_nth_unstable_by_key(ROWS, order);
            all.truncate(ROWS);
        }
        all.sort_by_key(order);
        Ok(all)
    }

    /// Name and user of a process; files are read for those that are new to the list only.
    fn name_and_user(&mut self, process: &Process, now_ns: u64) -> (String, Option<String>) {
        let known = self.known.get(&process.pid);
        let known =
            known.filter(|known| known.started == process.started && known.kernel_name == process.name);
        if let Some(known) = known.filter(|known| known.asks >= ASKS) {
            return (known.name.clone(), known.user.clone());
        }
        let asks = known.map_or(0, |known| known.asks) + 1;
        let (name, user) = (self.name(process), self.user(process.pid, now_ns));
        if self.known.len() >= KNOWN_MAX {
            self.known.clear();
        }
        let (kernel_name, started) = (process.name.clone(), process.started);
        self.known.insert(
            process.pid,
            Known { started, kernel_name, asks, name: name.clone(), user: user.clone() },
        );
        (name, user)
    }

    /// Whose a process is: a name, or the number where no name is known.
    fn user(&mut self, pid: u32, now_ns: u64) -> Option<String> {
        let status =
            HeldFile::new(self.roots.proc(&format!("{pid}/status"))).read().map(|text| parse_uid(&text));
        let uid = status.ok().flatten()?;
        let is_due = self.users_at_ns.is_none_or(|at_ns| now_ns.saturating_sub(at_ns) >= USERS_NS);
        if !self.users.contains_key(&uid) && is_due {
            self.users_at_ns = Some(now_ns);
            let text = HeldFile::new(self.roots.file("/etc/passwd")).read().map(|text| parse_passwd(&text));
            self.users = text.unwrap_or_default();
        }
        Some(self.users.get(&uid).cloned().unwrap_or_else(|| uid.to_string()))
    }

    /// The program's name, whole where the kernel cut it.
    fn name(&self, process: &Process) -> String {
        if process.name.len() < NAME_BYTES {
            return process.name.clone();
        }
        let cmdline = HeldFile::new(self.roots.proc(&format!("{}/cmdline", process.pid)))
            .read()
            .map(|text| parse_program(&text, &process.name));
        cmdline.ok().flatten().unwrap_or_else(|| process.name.clone())
    }
}

impl Getter for Htop {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        let now_ns = batch.at_ns;
        let elapsed_ns = self.looked_at_ns.map(|at_ns| now_ns.saturating_sub(at_ns));
        if elapsed_ns.is_some_and(|elapsed_ns| elapsed_ns < ELAPSED_NS_MIN) {
            return Ok(());
        }
        let busiest = self.look(batch)?;
        self.looked_at_ns = Some(now_ns);
        // What a process did before the first look was not now.
        let Some(elapsed_ns) = elapsed_ns else { return Ok(()) };
        let ticks = self.ticks_per_s * elapsed_ns as f64 / 1e9;
        let total_bytes = self.meminfo.parse(memory::parse_meminfo).ok().map(|memory| memory.total);
        let mut lines = String::new();
        for (row, busy) in busiest.iter().enumerate() {
            let (name, user) = self.name_and_user(&busy.process, now_ns);
            let cpu_percent = busy.ticks as f64 / ticks * 100.0;
            let bytes = busy.process.pages as f64 * self.page_bytes;
            let keys = &self.keys[row];
            lines +=
                &format!("{}|{cpu_percent:.1} %|{:.0} MiB\n", name.replace(['|', '\n'], " "), bytes / MIB);
            batch.cell(&keys.name, Value::Text(name));
            if let Some(user) = user {
                batch.cell(&keys.user, Value::Text(user));
            }
            batch.cell(&keys.pid, Value::Number(f64::from(busy.process.pid)));
            batch.cell(&keys.cpu_percent, Value::Number(cpu_percent));
            batch.cell(&keys.memory_mb, Value::Number(bytes / MIB));
            if let Some(share) = total_bytes.and_then(|total| percent(bytes, total)) {
                batch.cell(&keys.memory_percent, Value::Number(share));
            }
        }
        batch.text("htop.rows", lines.trim_end());
        Ok(())
    }
}
