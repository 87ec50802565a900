//! The table of all getters. A new getter is a file in `getters/` and a row here.
//!
//! Runs none of them.

use std::time::Duration;

use casedd_common::config::Intervals;

use crate::getters::cpu::Cpu;
use crate::getters::disk_io::DiskIo;
use crate::getters::disk_space::DiskSpace;
use crate::getters::fans::Fans;
use crate::getters::htop::Htop;
use crate::getters::memory::MemoryGetter;
use crate::getters::net_ports::NetPorts;
use crate::getters::network::Network;
use crate::getters::sensors::Sensors;
use crate::getters::sysinfo::Sysinfo;
use crate::getters::system::System;
use crate::getters::ups::Ups;
use crate::getters::{Context, Getter};

/// Where a getter runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// In the collector's tick: it reads what the kernel has at hand, in microseconds.
    Tick,
    /// In a thread of its own: what it asks may be slow, or never answer.
    Own,
}

/// One getter.
pub struct Row {
    /// Its name in states and logs.
    pub name: &'static str,
    /// What it reads, for people.
    pub about: &'static str,
    /// Whose interval of the configuration it keeps.
    pub interval: &'static str,
    /// It never runs more often, whatever the configuration says.
    pub interval_ms_min: u64,
    /// Where it runs.
    pub pace: Pace,
    /// Makes it.
    pub make: fn(&Context) -> Box<dyn Getter>,
}

/// Less than this would measure the collector itself.
const TICK_MS_MIN: u64 = 100;

/// All getters, in the order of their states in a snapshot.
pub const GETTERS: [Row; 13] = [
    Row {
        name: "cpu",
        about: "processor load in all and per core, frequency, count",
        interval: "cpu",
        interval_ms_min: TICK_MS_MIN,
        pace: Pace::Tick,
        make: |context| Box::new(Cpu::new(context)),
    },
    Row {
        name: "memory",
        about: "memory and swap",
        interval: "memory",
        interval_ms_min: TICK_MS_MIN,
        pace: Pace::Tick,
        make: |context| Box::new(MemoryGetter::new(context)),
    },
    Row {
        name: "disk_io",
        about: "what disks read and write",
        interval: "disk",
        interval_ms_min: TICK_MS_MIN,
        pace: Pace::Tick,
        make: |context| Box::new(DiskIo::new(context)),
    },
    Row {
        name: "disk_space",
        about: "how full the mounted disks of this machine are",
        interval: "disk",
        interval_ms_min: 1000,
        pace: Pace::Own,
        make: |context| Box::new(DiskSpace::local(context)),
    },
    Row {
        name: "disk_remote",
        about: "how full mounted shares of other machines are",
        interval: "disk",
        interval_ms_min: 10_000,
        pace: Pace::Own,
        make: |context| Box::new(DiskSpace::remote(context)),
    },
    Row {
        name: "network",
        about: "traffic per interface and in all",
        interval: "network",
        interval_ms_min: TICK_MS_MIN,
        pace: Pace::Tick,
        make: |context| Box::new(Network::new(context)),
    },
    Row {
        name: "system",
        about: "host name, uptime, load, start, kernel, operating system, model",
        interval: "system",
        interval_ms_min: TICK_MS_MIN,
        pace: Pace::Tick,
        make: |context| Box::new(System::new(context)),
    },
    Row {
        name: "sensors",
        about: "temperatures of chips, zones and drives",
        interval: "sensors",
        interval_ms_min: 500,
        pace: Pace::Own,
        make: |context| Box::new(Sensors::new(context)),
    },
    Row {
        name: "fans",
        about: "fans by chip and by what they cool",
        interval: "fans",
        interval_ms_min: 500,
        pace: Pace::Own,
        make: |context| Box::new(Fans::new(context)),
    },
    Row {
        name: "htop",
        about: "the processes that work most, and how many there are",
        interval: "htop",
        interval_ms_min: 1000,
        pace: Pace::Own,
        make: |context| Box::new(Htop::new(context)),
    },
    Row {
        name: "net_ports",
        about: "ports that somebody listens on, and who",
        interval: "net_ports",
        interval_ms_min: 1000,
        pace: Pace::Own,
        make: |context| Box::new(NetPorts::new(context)),
    },
    Row {
        name: "sysinfo",
        about: "what the machine is: system, processor, board, addresses",
        interval: "sysinfo",
        interval_ms_min: 1000,
        pace: Pace::Own,
        make: |context| Box::new(Sysinfo::new(context)),
    },
    Row {
        name: "ups",
        about: "the battery that takes over when the mains fail",
        interval: "ups",
        interval_ms_min: 1000,
        pace: Pace::Own,
        make: |context| Box::new(Ups::new(context)),
    },
];

impl Row {
    /// How often it runs.
    pub fn every(&self, intervals: &Intervals) -> Duration {
        let asked = intervals.of(self.interval).unwrap_or(Duration::from_secs(2));
        asked.max(Duration::from_millis(self.interval_ms_min))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_getter_has_a_name_of_its_own_and_an_interval_in_the_configuration() {
        for (index, row) in GETTERS.iter().enumerate() {
            assert!(GETTERS[..index].iter().all(|earlier| earlier.name != row.name), "{}", row.name);
            assert!(Intervals::default().of(row.interval).is_some(), "{}", row.name);
        }
    }

    #[test]
    fn an_interval_of_nothing_is_raised_to_the_least() {
        let mut intervals = Intervals::default();
        intervals.set("cpu", Duration::ZERO);
        assert_eq!(GETTERS[0].every(&intervals), Duration::from_millis(TICK_MS_MIN));
    }
}
