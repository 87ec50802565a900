//! Processor: load in all and per core, kinds of load, clock frequency, count; from /proc/stat and cpufreq.
//!
//! Leaves temperature and fan to the getters of sensors and fans: those may hang.

use std::collections::BTreeMap;

use super::{Context, Getter, number, percent};
use crate::batch::{Batch, Key};
use crate::error::{GetterError, ParseError};
use crate::file::{HeldFile, names_in, read_line};

/// Most cores read; a kernel has no more.
const CORES_MAX: usize = 8192;

/// Ticks that one processor (or all together) spent since the start of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticks {
    /// In programs, of any priority; guests included.
    pub user: u64,
    /// In the kernel, interrupts included.
    pub system: u64,
    /// With nothing to do.
    pub idle: u64,
    /// With nothing to do while a disk was waited for.
    pub iowait: u64,
    /// Ready to run while the host ran somebody else.
    pub steal: u64,
}

/// Shares of the time between two readings, in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    busy: f64,
    user: f64,
    system: f64,
    iowait: f64,
    steal: f64,
}

impl Ticks {
    /// What happened since `before`; none when a counter of work went backwards or no time passed.
    pub fn load_since(&self, before: &Ticks) -> Option<Load> {
        // As floating point: damaged counters may add up to more than there are integers.
        let grown = |now: u64, before: u64| now.checked_sub(before).map(|ticks| ticks as f64);
        let user = grown(self.user, before.user)?;
        let system = grown(self.system, before.system)?;
        let steal = grown(self.steal, before.steal)?;
        // The kernel itself lets these two step back by a few ticks.
        let idle = self.idle.saturating_sub(before.idle) as f64;
        let iowait = self.iowait.saturating_sub(before.iowait) as f64;
        let total = user + system + steal + idle + iowait;
        Some(Load {
            busy: percent(user + system + steal, total)?,
            user: percent(user, total)?,
            system: percent(system, total)?,
            iowait: percent(iowait, total)?,
            steal: percent(steal, total)?,
        })
    }
}

/// All of /proc/stat that is used here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// All processors together.
    pub all: Ticks,
    /// Each processor that is switched on, by its number.
    pub cores: Vec<(u32, Ticks)>,
}

/// Reads the `cpu` lines of /proc/stat.
pub fn parse_stat(text: &str) -> Result<Stat, ParseError> {
    let mut all = None;
    let mut cores = Vec::new();
    // Without its last line end the text was cut, and so may the last number be.
    for line in text.split_inclusive('\n').take_while(|line| line.starts_with("cpu")).take(CORES_MAX) {
        let line =
            line.strip_suffix('\n').ok_or_else(|| ParseError::new("the text ends within a cpu line"))?;
        let mut fields = line.split_ascii_whitespace();
        let name = fields.next().unwrap_or_default().trim_start_matches("cpu");
        let ticks = parse_ticks(fields)?;
        match name {
            "" => all = Some(ticks),
            core => cores.push((number(Some(core), "the processor's number")?, ticks)),
        }
    }
    let all = all.ok_or_else(|| ParseError::new("no cpu line at its start"))?;
    Ok(Stat { all, cores })
}

fn parse_ticks<'a>(fields: impl Iterator<Item = &'a str>) -> Result<Ticks, ParseError> {
    const NAMES: [&str; 8] = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];
    /// Kernels before 2.6.11 end earlier than `steal`; none ends before `idle`.
    const NAMES_MIN: usize = 4;
    let mut ticks = [0; NAMES.len()];
    let mut count = 0;
    for ((field, name), ticks) in fields.zip(NAMES).zip(&mut ticks) {
        *ticks = number::<u64>(Some(field), name)?;
        count += 1;
    }
    if count < NAMES_MIN {
        return Err(ParseError::new(format!("a cpu line has {count} numbers, not {NAMES_MIN} or more")));
    }
    let [user, nice, system, idle, iowait, interrupts, softirq, steal] = ticks;
    let sum = |parts: &[u64]| parts.iter().fold(0, |sum: u64, part| sum.saturating_add(*part));
    Ok(Ticks { user: sum(&[user, nice]), system: sum(&[system, interrupts, softirq]), idle, iowait, steal })
}

/// The mean of the `cpu MHz` lines of /proc/cpuinfo.
pub fn parse_cpuinfo_mhz(text: &str) -> Option<f64> {
    let values = text.lines().filter(|line| line.starts_with("cpu MHz"));
    let values = values.filter_map(|line| line.split_once(':')?.1.trim().parse::<f64>().ok());
    let (sum, count) = values.fold((0.0, 0), |(sum, count), mhz| (sum + mhz, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

/// One group of processors that share a clock.
struct Clock {
    file: HeldFile,
    processors: f64,
}

/// The getter.
pub struct Cpu {
    stat: HeldFile,
    cpuinfo: HeldFile,
    clocks: Vec<Clock>,
    last: Stat,
    core_keys: BTreeMap<u32, Key>,
}

impl Cpu {
    /// Looks once which clocks there are.
    pub fn new(context: &Context) -> Cpu {
        let policies = context.roots.sys("devices/system/cpu/cpufreq");
        let clocks = names_in(&policies).into_iter().filter(|name| name.starts_with("policy")).map(|name| {
            let folder = policies.join(name);
            let processors = read_line(folder.join("affected_cpus")).unwrap_or_default();
            Clock {
                file: HeldFile::new(folder.join("scaling_cur_freq")),
                processors: processors.split_whitespace().count().max(1) as f64,
            }
        });
        Cpu {
            stat: HeldFile::new(context.roots.proc("stat")),
            cpuinfo: HeldFile::new(context.roots.proc("cpuinfo")),
            clocks: clocks.collect(),
            last: Stat::default(),
            core_keys: BTreeMap::new(),
        }
    }

    /// The mean over all processors; machines without cpufreq (most virtual ones) only tell it in cpuinfo.
    fn frequency_mhz(&mut self) -> Option<f64> {
        let mut sum_mhz = 0.0;
        let mut processors = 0.0;
        for clock in &mut self.clocks {
            let khz = clock.file.read().ok().and_then(|text| text.trim().parse::<f64>().ok());
            if let Some(khz) = khz {
                sum_mhz += khz / 1000.0 * clock.processors;
                processors += clock.processors;
            }
        }
        if processors > 0.0 {
            return Some(sum_mhz / processors);
        }
        parse_cpuinfo_mhz(&self.cpuinfo.read().ok()?)
    }
}

impl Getter for Cpu {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        let stat = self.stat.parse(parse_stat)?;
        batch.number("cpu.count", stat.cores.len() as f64);
        if let Some(load) = stat.all.load_since(&self.last.all).filter(|_| self.last.all != Ticks::default())
        {
            batch.number("cpu.percent", load.busy).alias("cpu.usage_percent");
            batch.number("cpu.user_percent", load.user);
            batch.number("cpu.system_percent", load.system);
            batch.number("cpu.iowait_percent", load.iowait);
            batch.number("cpu.steal_percent", load.steal);
        }
        let last: BTreeMap<u32, Ticks> = self.last.cores.iter().copied().collect();
        for (core, ticks) in &stat.cores {
            if let Some(load) = last.get(core).and_then(|last| ticks.load_since(last)) {
                let key = self.core_keys.entry(*core).or_insert_with(|| format!("cpu.{core}.percent").into());
                batch.number(&*key, load.busy);
            }
        }
        self.last = stat;
        let frequency_mhz = self.frequency_mhz();
        batch.maybe("cpu.frequency_mhz", frequency_mhz);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "cpu  100 20 30 1000 50 5 5 10 7 0\n\
                        cpu0 60 10 20 500 25 3 2 5 7 0\n\
                        cpu3 40 10 10 500 25 2 3 5 0 0\n\
                        intr 12345 0 0\nbtime 1700000000\n";

    #[test]
    fn real_lines_are_read_with_gaps_in_the_numbers() {
        let stat = parse_stat(STAT).expect("well formed");
        assert_eq!(stat.all, Ticks { user: 120, system: 40, idle: 1000, iowait: 50, steal: 10 });
        assert_eq!(stat.cores.iter().map(|core| core.0).collect::<Vec<_>>(), [0, 3]);
    }

    #[test]
    fn an_old_kernels_short_lines_are_read() {
        let stat = parse_stat("cpu 1 2 3 4\n").expect("well formed");
        assert_eq!(stat.all, Ticks { user: 3, system: 3, idle: 4, iowait: 0, steal: 0 });
    }

    #[test]
    fn a_text_cut_anywhere_is_an_error_or_whole_lines() {
        for end in 0..STAT.len() {
            if let Ok(stat) = parse_stat(&STAT[..end]) {
                assert_eq!(stat.all.idle, 1000, "cut at {end}");
                assert!(stat.cores.iter().all(|core| core.1.idle == 500), "cut at {end}");
            }
        }
    }

    #[test]
    fn nonsense_is_an_error_that_says_what_is_wrong() {
        assert!(parse_stat("").expect_err("empty").to_string().contains("no cpu line"));
        assert!(parse_stat("cpu 1 x 3 4\n").expect_err("no number").to_string().contains("nice is \"x\""));
        assert!(parse_stat("cpu 1 2 3 4 5 6 -7\n").is_err());
    }

    #[test]
    fn load_is_the_share_of_work_and_waiting_is_no_work() {
        let before = Ticks::default();
        let after = Ticks { user: 30, system: 10, idle: 40, iowait: 10, steal: 10 };
        let load = after.load_since(&before).expect("time passed");
        assert_eq!((load.busy, load.iowait, load.steal), (50.0, 10.0, 10.0));
        assert_eq!(after.load_since(&after), None, "no time passed");
        assert_eq!(before.load_since(&after), None, "it went backwards");
        let most = Ticks { user: u64::MAX, system: u64::MAX, idle: u64::MAX, iowait: 0, steal: 0 };
        assert!(most.load_since(&before).is_some_and(|load| (60.0..70.0).contains(&load.busy)));
    }

    #[test]
    fn idle_ticks_that_step_back_a_little_are_no_reset() {
        let before = Ticks { user: 10, idle: 1000, iowait: 500, ..Ticks::default() };
        let after = Ticks { user: 20, idle: 1090, iowait: 497, ..Ticks::default() };
        assert_eq!(after.load_since(&before).map(|load| load.busy), Some(10.0));
    }

    #[test]
    fn the_clock_is_the_mean_of_cpuinfo_without_cpufreq() {
        let text = "processor\t: 0\ncpu MHz\t\t: 2000.000\n\nprocessor\t: 1\ncpu MHz\t\t: 3000.000\n";
        assert_eq!(parse_cpuinfo_mhz(text), Some(2500.0));
        assert_eq!(parse_cpuinfo_mhz("processor\t: 0\nBogoMIPS\t: 108.00\n"), None);
    }
}
