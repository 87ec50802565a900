//! The getters: one file each, listed in the registry.
//!
//! A getter reads one part of the machine into a batch. It keeps no time, decides no interval, publishes nothing.

use crate::batch::Batch;
use crate::error::{GetterError, ParseError};
use crate::roots::Roots;

pub mod addresses;
pub mod cpu;
pub mod disk_io;
pub mod disk_space;
pub mod fans;
pub mod htop;
pub mod hwmon;
pub mod memory;
pub mod mounts;
pub mod net_ports;
pub mod network;
pub mod owners;
pub mod processes;
pub mod sensors;
pub mod sock_diag;
pub mod sysinfo;
pub mod system;
pub mod ups;

/// Reads one part of the machine.
pub trait Getter: Send {
    /// Adds what there is to `batch`. What was added before an error counts; what is not there is left out.
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError>;
}

/// What getters are made from.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Where the machine's files are.
    pub roots: Roots,
    /// Interfaces whose sum is the machine's traffic; empty: those that are not virtual.
    pub interfaces: Vec<String>,
}

/// Bytes of a gibibyte.
const GIB: f64 = 1024.0 * 1024.0 * 1024.0;
/// Bytes of a mebibyte.
const MIB: f64 = 1024.0 * 1024.0;

/// `part` of `whole` in percent; none of nothing.
fn percent(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| (part / whole * 100.0).clamp(0.0, 100.0))
}

/// The number in a field, or an error that names it.
fn number<T: std::str::FromStr>(field: Option<&str>, name: &str) -> Result<T, ParseError> {
    let field = field.ok_or_else(|| ParseError::new(format!("no {name}; the text ends early")))?;
    field.parse().map_err(|_| ParseError::new(format!("{name} is \"{field}\" and no number")))
}
