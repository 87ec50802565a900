//! Everything that one run of the bench found, as it is printed with `--json`.
//! Leaves out tables.

use std::fs;

use serde::Serialize;

use crate::case::Drawn;
use crate::encode::Encoded;
use crate::process::Took;
use crate::rivals::{Pillow, Shapes};

/// The findings.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The processor's name and the number of its cores.
    pub machine: String,
    /// When.
    pub date: String,
    /// Of casedd.
    pub version: &'static str,
    /// Drawing.
    pub drawn: Vec<Drawn>,
    /// Encoding.
    pub encoded: Vec<Encoded>,
    /// Renderer processes.
    pub processes: Vec<Took>,
    /// The rasteriser beside vello_cpu.
    pub shapes: Vec<Shapes>,
    /// Pillow.
    pub pillow: Vec<Pillow>,
}

impl Report {
    /// An empty report of this machine and hour.
    pub fn here() -> Report {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        let model = model.map_or("unknown processor", |(_, name)| name.trim());
        Report {
            machine: format!("{model}, {cores} cores"),
            date: jiff::Zoned::now().strftime("%Y-%m-%d %H:%M %Z").to_string(),
            version: env!("CARGO_PKG_VERSION"),
            drawn: Vec::new(),
            encoded: Vec::new(),
            processes: Vec::new(),
            shapes: Vec::new(),
            pillow: Vec::new(),
        }
    }
}
