//! What disks read and write, per device and in all, from /proc/diskstats.
//!
//! Counts whole devices only: partitions, and arrays over disks that are counted already, are left out of the sum.

use std::collections::BTreeMap;

use super::{Context, Getter, MIB, number};
use crate::batch::{Batch, Key, key_part};
use crate::error::{GetterError, ParseError};
use crate::file::{HeldFile, read_line};
use crate::rate::Counter;
use crate::roots::Roots;

/// The kernel counts in these, whatever the device has.
const SECTOR_BYTES: f64 = 512.0;
/// Most devices that get keys.
const DEVICES_MAX: usize = 128;

/// Counters of one block device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Its name, as `sda`.
    pub name: String,
    /// Sectors read.
    pub read_sectors: u64,
    /// Sectors written.
    pub written_sectors: u64,
    /// Milliseconds in which something was under way.
    pub busy_ms: u64,
}

/// Reads /proc/diskstats.
pub fn parse_diskstats(text: &str) -> Result<Vec<Usage>, ParseError> {
    text.split_inclusive('\n').map(parse_line).collect()
}

fn parse_line(line: &str) -> Result<Usage, ParseError> {
    let line = line.strip_suffix('\n').ok_or_else(|| ParseError::new("the text ends within a line"))?;
    let mut fields = line.split_ascii_whitespace().skip(2);
    let name = fields.next().ok_or_else(|| ParseError::new("a line without a device"))?.to_owned();
    let mut skip_then = |skip: usize, what: &str| number::<u64>(fields.nth(skip), what);
    let read_sectors = skip_then(2, "sectors read")?;
    let written_sectors = skip_then(3, "sectors written")?;
    let busy_ms = skip_then(2, "time of activity")?;
    Ok(Usage { name, read_sectors, written_sectors, busy_ms })
}

/// What a name in /proc/diskstats stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// A disk: has keys and counts in the sum.
    Disk,
    /// Made of other disks: has keys under this name.
    Made(String),
    /// A partition, a loop, a RAM disk: nothing.
    Ignored,
}

fn kind_of(roots: &Roots, name: &str) -> Kind {
    const NO_DISK: [&str; 6] = ["loop", "ram", "zram", "fd", "sr", "nbd"];
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    if starts(&NO_DISK) {
        return Kind::Ignored;
    }
    // Names with a slash (`cciss/c0d0`) have a `!` in /sys.
    let folder = roots.sys("block").join(name.replace('/', "!"));
    if !roots.sys("block").is_dir() {
        return if looks_like_partition(name) { Kind::Ignored } else { Kind::Disk };
    }
    if folder.join("device").exists() {
        // A path of a multipath disk is counted with its head.
        return if folder.join("hidden").exists() && read_line(folder.join("hidden")).as_deref() == Some("1") {
            Kind::Ignored
        } else {
            Kind::Disk
        };
    }
    match folder.exists() {
        true => Kind::Made(read_line(folder.join("dm/name")).unwrap_or_else(|| name.to_owned())),
        false => Kind::Ignored,
    }
}

/// Only for machines without /sys: `sda1`, `nvme0n1p2`, `mmcblk0p1`, `dm-0`, `md0`.
fn looks_like_partition(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_numbered = stem.len() < name.len();
    let numbered_disk = name.starts_with("nvme") || name.starts_with("mmcblk");
    is_numbered && (!numbered_disk || (stem.ends_with('p') && stem.len() > 1))
}

/// One device that has keys.
struct Device {
    counts: bool,
    read: Counter,
    written: Counter,
    busy: Counter,
    keys: [Key; 5],
}

impl Device {
    fn new(name: &str, counts: bool) -> Device {
        let key = |end: &str| Key::from(format!("disk.{}.{end}", key_part(name)));
        let ends = ["read_mb_s", "read_mbps", "write_mb_s", "write_mbps", "busy_percent"];
        Device {
            counts,
            read: Counter::default(),
            written: Counter::default(),
            busy: Counter::default(),
            keys: ends.map(key),
        }
    }
}

/// The getter.
pub struct DiskIo {
    diskstats: HeldFile,
    roots: Roots,
    /// What each name stands for; `None` for those without keys.
    devices: BTreeMap<String, Option<Device>>,
}

impl DiskIo {
    /// Opens nothing yet.
    pub fn new(context: &Context) -> DiskIo {
        let diskstats = HeldFile::new(context.roots.proc("diskstats"));
        DiskIo { diskstats, roots: context.roots.clone(), devices: BTreeMap::new() }
    }

    fn add_device(&mut self, name: &str) {
        let keyed = self.devices.values().flatten().count();
        let device = match kind_of(&self.roots, name) {
            Kind::Disk if keyed < DEVICES_MAX => Some(Device::new(name, true)),
            Kind::Made(name) if keyed < DEVICES_MAX => Some(Device::new(&name, false)),
            Kind::Disk | Kind::Made(_) | Kind::Ignored => None,
        };
        self.devices.insert(name.to_owned(), device);
    }
}

impl Getter for DiskIo {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        let usages = self.diskstats.parse(parse_diskstats)?;
        // A name that goes may come back for another device.
        self.devices.retain(|name, _| usages.iter().any(|usage| usage.name == *name));
        let (mut sum_read, mut sum_written) = (None, None);
        for usage in &usages {
            if !self.devices.contains_key(&usage.name) {
                self.add_device(&usage.name);
            }
            let Some(Some(device)) = self.devices.get_mut(&usage.name) else { continue };
            let mib_s = |sectors_s: f64| sectors_s * SECTOR_BYTES / MIB;
            let read = device.read.rate(usage.read_sectors, batch.at_ns).map(mib_s);
            let written = device.written.rate(usage.written_sectors, batch.at_ns).map(mib_s);
            let busy = device.busy.rate(usage.busy_ms, batch.at_ns).map(|ms_s| (ms_s / 10.0).min(100.0));
            let [read_key, read_alias, write_key, write_alias, busy_key] = &device.keys;
            batch.maybe(read_key, read).alias(read_alias);
            batch.maybe(write_key, written).alias(write_alias);
            batch.maybe(busy_key, busy);
            if device.counts {
                add(&mut sum_read, read);
                add(&mut sum_written, written);
            }
        }
        batch.maybe("disk.read_mb_s", sum_read).alias("disk.read_mbps");
        batch.maybe("disk.write_mb_s", sum_written).alias("disk.write_mbps");
        Ok(())
    }
}

/// A sum over those that have a rate; none when none has.
fn add(sum: &mut Option<f64>, rate: Option<f64>) {
    if let Some(rate) = rate {
        *sum = Some(sum.unwrap_or(0.0) + rate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISKSTATS: &str = "   8       0 sda 100 5 2048 30 200 6 4096 40 0 500 70 0 0 0 0\n\
                             \x20  8       1 sda1 90 5 2000 30 200 6 4096 40 0 500 70\n";

    #[test]
    fn real_lines_are_read() {
        let usages = parse_diskstats(DISKSTATS).expect("well formed");
        assert_eq!(usages.len(), 2);
        let expected = Usage { name: "sda".into(), read_sectors: 2048, written_sectors: 4096, busy_ms: 500 };
        assert_eq!(usages[0], expected);
    }

    #[test]
    fn a_text_cut_anywhere_is_an_error_or_whole_lines() {
        let first = DISKSTATS.find('\n').expect("two lines") + 1;
        for end in 0..DISKSTATS.len() {
            let parsed = parse_diskstats(&DISKSTATS[..end]);
            assert_eq!(parsed.is_ok(), end == 0 || end == first, "cut at {end}");
        }
        assert!(parse_diskstats("8 0 sda 1 2 many 4 5 6 7 8 9 10\n").is_err());
    }

    #[test]
    fn partitions_are_told_by_their_names_where_there_is_no_sys() {
        for name in ["sda1", "nvme0n1p2", "mmcblk0p1", "md0", "dm-0", "vdb12"] {
            assert!(looks_like_partition(name), "{name}");
        }
        for name in ["sda", "nvme0n1", "mmcblk0", "vdb"] {
            assert!(!looks_like_partition(name), "{name}");
        }
    }
}
