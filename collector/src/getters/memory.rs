//! Memory and swap, from /proc/meminfo.
//!
//! Counts as used what programs cannot have: total less available, so that the percentage and the amount agree.

use super::{Context, GIB, Getter, percent};
use crate::batch::Batch;
use crate::error::{GetterError, ParseError};
use crate::file::HeldFile;

/// What /proc/meminfo says, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// All of it.
    pub(super) total: f64,
    available: f64,
    free: f64,
    cached: f64,
    buffers: f64,
    swap_total: f64,
    swap_free: f64,
}

/// Reads /proc/meminfo.
pub fn parse_meminfo(text: &str) -> Result<Memory, ParseError> {
    let bytes = |name: &str| {
        let line = text.split_inclusive('\n').find(|line| {
            // A line that is cut would give a smaller number.
            line.ends_with('\n') && line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':'))
        })?;
        let kib = line[name.len() + 1..].trim().trim_end_matches("kB").trim_end().parse::<u64>().ok()?;
        Some(kib as f64 * 1024.0)
    };
    let needed = |name: &str| bytes(name).ok_or_else(|| ParseError::new(format!("no {name} in kB")));
    let (free, cached, buffers) = (needed("MemFree")?, needed("Cached")?, needed("Buffers")?);
    Ok(Memory {
        total: needed("MemTotal")?,
        // Kernels before 3.14 do not say what is available.
        available: bytes("MemAvailable").unwrap_or(free + cached + buffers),
        free,
        cached,
        buffers,
        swap_total: needed("SwapTotal")?,
        swap_free: needed("SwapFree")?,
    })
}

/// The getter.
pub struct MemoryGetter {
    meminfo: HeldFile,
}

impl MemoryGetter {
    /// Opens nothing yet.
    pub fn new(context: &Context) -> MemoryGetter {
        MemoryGetter { meminfo: HeldFile::new(context.roots.proc("meminfo")) }
    }
}

impl Getter for MemoryGetter {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        let memory = self.meminfo.parse(parse_meminfo)?;
        let used = (memory.total - memory.available).max(0.0);
        batch.maybe("memory.percent", percent(used, memory.total));
        batch.number("memory.used_gb", used / GIB);
        batch.number("memory.total_gb", memory.total / GIB);
        batch.number("memory.available_gb", memory.available / GIB);
        batch.number("memory.free_gb", memory.free / GIB);
        batch.number("memory.cached_gb", memory.cached / GIB);
        batch.number("memory.buffers_gb", memory.buffers / GIB);
        let swap_used = (memory.swap_total - memory.swap_free).max(0.0);
        // A machine without swap has no share of it in use.
        batch.maybe("swap.percent", percent(swap_used, memory.swap_total));
        batch.number("swap.used_gb", swap_used / GIB);
        batch.number("swap.total_gb", memory.swap_total / GIB);
        batch.number("swap.free_gb", memory.swap_free / GIB);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMINFO: &str = "MemTotal:        8000000 kB\nMemFree:         1000000 kB\n\
        MemAvailable:    6000000 kB\nBuffers:          200000 kB\nCached:          3000000 kB\n\
        SwapCached:            4 kB\nSwapTotal:       2000000 kB\nSwapFree:        1500000 kB\n";

    #[test]
    fn amounts_are_read_and_cached_is_not_swap_cached() {
        let memory = parse_meminfo(MEMINFO).expect("well formed");
        assert_eq!(memory.total, 8_000_000.0 * 1024.0);
        assert_eq!(memory.available, 6_000_000.0 * 1024.0);
        assert_eq!(memory.cached, 3_000_000.0 * 1024.0);
        assert_eq!(memory.swap_free, 1_500_000.0 * 1024.0);
    }

    #[test]
    fn an_old_kernel_without_available_is_estimated_from_what_can_be_freed() {
        let text = MEMINFO.replace("MemAvailable", "MemSomething");
        assert_eq!(parse_meminfo(&text).expect("well formed").available, 4_200_000.0 * 1024.0);
    }

    #[test]
    fn a_text_cut_anywhere_is_an_error_and_never_a_smaller_number() {
        for end in 0..MEMINFO.len() {
            assert!(parse_meminfo(&MEMINFO[..end]).is_err(), "cut at {end}");
        }
        assert!(parse_meminfo("MemTotal: lots\n").is_err());
    }
}
