//! How often each getter runs.
//!
//! Holds the one table of getters with an interval and its default; which getters exist is the collector's matter.

use std::time::Duration;

/// How often each getter runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intervals {
    /// One for each row of [`DEFAULTS`], in its order.
    every: [Duration; DEFAULTS.len()],
}

/// Getter name (its key is `<name>_interval`) and default in seconds.
pub const DEFAULTS: [(&str, u64); 12] = [
    ("cpu", 2),
    ("memory", 2),
    ("disk", 2),
    ("network", 2),
    ("sensors", 2),
    ("gpu", 5),
    ("fans", 3),
    ("system", 10),
    ("net_ports", 5),
    ("sysinfo", 30),
    ("htop", 5),
    ("ups", 10),
];

impl Default for Intervals {
    fn default() -> Self {
        Intervals { every: DEFAULTS.map(|(_, seconds)| Duration::from_secs(seconds)) }
    }
}

impl Intervals {
    /// The interval of a getter of the table (`net` means `network`).
    pub fn of(&self, getter: &str) -> Option<Duration> {
        Some(self.every[row(getter)?])
    }

    /// Changes one; `false` when the table has no such getter.
    pub fn set(&mut self, getter: &str, every: Duration) -> bool {
        row(getter).map(|row| self.every[row] = every).is_some()
    }
}

fn row(getter: &str) -> Option<usize> {
    let name = if getter == "net" { "network" } else { getter };
    DEFAULTS.iter().position(|(known, _)| *known == name)
}
