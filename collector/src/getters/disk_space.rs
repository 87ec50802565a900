//! How full each mounted disk is, by statvfs; once for the disks of this machine, once for what may never answer.
//!
//! Runs in threads of its own: a file system that hangs (a dead server, a failing disk) stalls nobody else, and the
//! local disks not even the remote ones.

use std::collections::BTreeMap;

use nix::sys::statvfs::statvfs;

use super::mounts::{Mount, Place, parse_mountinfo};
use super::{Context, GIB, Getter, percent};
use crate::batch::{Batch, Key, key_part};
use crate::error::GetterError;
use crate::file::HeldFile;
use crate::roots::Roots;

/// Most mounts asked of each place.
const MOUNTS_MAX: usize = 64;

/// The keys of one mount, made once.
struct Keys {
    percent: Key,
    used_gb: Key,
    total_gb: Key,
    free_gb: Key,
    filesystem: Key,
}

impl Keys {
    fn new(path: &str) -> Keys {
        let key = |name: &str| Key::from(format!("disk.{}.{name}", key_part(path)));
        Keys {
            percent: key("percent"),
            used_gb: key("used_gb"),
            total_gb: key("total_gb"),
            free_gb: key("free_gb"),
            filesystem: key("filesystem"),
        }
    }
}

/// The getter.
pub struct DiskSpace {
    mountinfo: HeldFile,
    roots: Roots,
    place: Place,
    keys: BTreeMap<String, Keys>,
}

impl DiskSpace {
    /// The disks of this machine.
    pub fn local(context: &Context) -> DiskSpace {
        DiskSpace::of(context, Place::Local)
    }

    /// Shares of other machines, and file systems behind programs.
    pub fn remote(context: &Context) -> DiskSpace {
        DiskSpace::of(context, Place::Remote)
    }

    fn of(context: &Context, place: Place) -> DiskSpace {
        let mountinfo = HeldFile::new(context.roots.proc_view("mountinfo"));
        DiskSpace { mountinfo, roots: context.roots.clone(), place, keys: BTreeMap::new() }
    }

    /// Asks one file system; gives its line for the table.
    fn ask(&mut self, mount: &Mount, batch: &mut Batch) -> Result<Option<String>, GetterError> {
        let path = self.roots.file(&mount.path);
        let answer = statvfs(&path).map_err(|error| GetterError::Mount { path, source: error.into() })?;
        let unit_bytes = answer.fragment_size() as f64;
        let total = answer.blocks() as f64 * unit_bytes;
        if total == 0.0 {
            // A file system that has no size (a portal, an empty pool) is not 0 % full.
            return Ok(None);
        }
        let free = answer.blocks_available() as f64 * unit_bytes;
        let used = answer.blocks().saturating_sub(answer.blocks_free()) as f64 * unit_bytes;
        // As df has it: what only root may fill counts neither as used nor as free.
        let share = percent(used, used + free);
        let keys = self.keys.entry(mount.path.clone()).or_insert_with(|| Keys::new(&mount.path));
        let amounts = [
            (&keys.percent, "disk.percent", share.unwrap_or(f64::NAN)),
            (&keys.used_gb, "disk.used_gb", used / GIB),
            (&keys.total_gb, "disk.total_gb", total / GIB),
            (&keys.free_gb, "disk.free_gb", free / GIB),
        ];
        for (key, short, amount) in amounts {
            let added = batch.number(key, amount);
            if mount.path == "/" {
                added.alias(short);
            }
        }
        batch.text(&keys.filesystem, mount.kind.as_str());
        Ok(share.map(|share| format!("{}|{share:.0} % of {}", mount.path, amount_text(total))))
    }
}

/// An amount of bytes for people, in powers of 1024.
fn amount_text(bytes: f64) -> String {
    const UNITS: [&str; 4] = ["MiB", "GiB", "TiB", "PiB"];
    let mut amount = bytes / (1024.0 * 1024.0);
    let mut unit = 0;
    while amount >= 1000.0 && unit + 1 < UNITS.len() {
        amount /= 1024.0;
        unit += 1;
    }
    format!("{amount:.*} {}", usize::from(amount < 10.0), UNITS[unit])
}

impl Getter for DiskSpace {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        let mut mounts = self.mountinfo.parse(parse_mountinfo)?;
        mounts.retain(|mount| mount.place == self.place);
        mounts.truncate(MOUNTS_MAX);
        self.keys.retain(|path, _| mounts.iter().any(|mount| mount.path == *path));
        let mut rows = Vec::new();
        let mut outcome = Ok(());
        for mount in &mounts {
            match self.ask(mount, batch) {
                Ok(row) => rows.extend(row),
                Err(error) => outcome = outcome.and(Err(error)),
            }
        }
        if !rows.is_empty() {
            let key = if self.place == Place::Local { "disk.rows" } else { "disk.remote_rows" };
            batch.text(key, rows.join("\n"));
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casedd_common::metrics::Value;

    #[test]
    fn amounts_are_short() {
        let gib = 1024.0 * 1024.0 * 1024.0;
        let texts = [0.5 * gib, 9.5 * gib, 931.0 * gib, 1000.0 * gib, 7300.0 * gib].map(amount_text);
        assert_eq!(texts, ["512 MiB", "9.5 GiB", "931 GiB", "1.0 TiB", "7.1 TiB"]);
    }

    #[test]
    fn one_mount_that_fails_leaves_the_others() {
        let top = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir_all(top.path().join("self")).expect("made");
        let text = "1 0 8:1 / /gone rw - ext4 /dev/sda1 rw\n2 0 8:2 / / rw - ext4 /dev/sda2 rw\n";
        std::fs::write(top.path().join("self/mountinfo"), text).expect("written");
        let files = top.path().to_owned();
        let roots = Roots { proc: files.clone(), files: files.clone(), ..Roots::default() };
        let mut batch = Batch::new(1);
        let outcome = DiskSpace::local(&Context { roots, interfaces: Vec::new() }).poll(&mut batch);
        assert!(outcome.expect_err("one is gone").to_string().contains("/gone"));
        let value = |key: &str| {
            batch.entries().iter().find(|entry| &*entry.key == key).map(|entry| entry.value.clone())
        };
        let answer = statvfs(&files).expect("answers");
        let total_gb = answer.blocks() as f64 * answer.fragment_size() as f64 / GIB;
        assert_eq!(value("disk.total_gb"), Some(Value::Number(total_gb)));
        assert_eq!(value("disk./.total_gb"), Some(Value::Number(total_gb)));
        assert!(value("disk./gone.percent").is_none());
    }
}
