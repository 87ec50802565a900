//! Which sensors the kernel's hardware monitors offer, under names that stay the same from boot to boot.
//!
//! Finds them and reads single ones; what their numbers mean is for the getters of sensors and fans.
//!
//! `hwmonN` counts drivers in the order they loaded, which changes. A chip is therefore named by its driver
//! (`coretemp`), several of one kind in the order of their places on the buses (`nvme`, `nvme_2`), and each also by
//! that place itself (`nvme@0000:01:00.0`), which does not move when another one is plugged in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::batch::key_slug;
use crate::file::{HeldFile, names_in, read_line};
use crate::roots::Roots;

/// Most sensors of one kind that are read.
const SENSORS_MAX: usize = 256;

/// One input of a chip.
#[derive(Debug)]
pub struct Sensor {
    /// Name of its chip, counted where there are several: `nvme_2`.
    pub chip: String,
    /// Name of its chip by its place: `nvme@0000:01:00.0`.
    pub place: Option<String>,
    /// Its label as a part of a key: `package_id_0`.
    pub label: String,
    /// Its label as the driver has it: `Package id 0`.
    pub title: String,
    /// The block device that it sits in: `sda`.
    pub drive: Option<String>,
    file: HeldFile,
}

impl Sensor {
    /// Its raw number now; nothing when it is gone, asleep or broken.
    pub fn read(&mut self) -> Option<i64> {
        self.file.read().ok()?.trim().parse().ok()
    }
}

/// One hardware monitor.
struct Chip {
    folder: PathBuf,
    driver: String,
    device: Option<PathBuf>,
}

/// All inputs of one kind (`temp`, `fan`), chips in the order of their names.
pub fn find(roots: &Roots, kind: &str) -> Vec<Sensor> {
    let class = roots.sys("class/hwmon");
    let mut chips: Vec<Chip> = names_in(&class).iter().filter_map(|name| chip(&class.join(name))).collect();
    chips.sort_by(|a, b| (&a.driver, &a.device, &a.folder).cmp(&(&b.driver, &b.device, &b.folder)));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut sensors = Vec::new();
    for chip in chips {
        let count = counts.entry(chip.driver.clone()).or_default();
        *count += 1;
        let name = if *count == 1 { chip.driver.clone() } else { format!("{}_{count}", chip.driver) };
        add_inputs(&chip, &name, kind, &mut sensors);
    }
    sensors.truncate(SENSORS_MAX);
    sensors
}

fn chip(folder: &Path) -> Option<Chip> {
    let driver = key_slug(&read_line(folder.join("name"))?);
    let device = std::fs::canonicalize(folder.join("device")).ok();
    (!driver.is_empty()).then(|| Chip { folder: folder.to_owned(), driver, device })
}

fn add_inputs(chip: &Chip, name: &str, kind: &str, sensors: &mut Vec<Sensor>) {
    let place = chip.device.as_deref().and_then(place_of).map(|place| format!("{}@{place}", chip.driver));
    let drive = chip.device.as_deref().and_then(drive_of);
    let mut numbers: Vec<u32> = names_in(&chip.folder)
        .iter()
        .filter_map(|file| file.strip_prefix(kind)?.strip_suffix("_input")?.parse().ok())
        .collect();
    numbers.sort_unstable();
    let mut labels: BTreeMap<String, usize> = BTreeMap::new();
    for number in numbers {
        let unlabelled = format!("{kind}{number}");
        let title = read_line(chip.folder.join(format!("{unlabelled}_label"))).unwrap_or(unlabelled.clone());
        let mut label = Some(key_slug(&title)).filter(|label| !label.is_empty()).unwrap_or(unlabelled);
        let count = labels.entry(label.clone()).or_default();
        *count += 1;
        if *count > 1 {
            label = format!("{label}_{count}");
        }
        sensors.push(Sensor {
            chip: name.to_owned(),
            place: place.clone(),
            label,
            title,
            drive: drive.clone(),
            file: HeldFile::new(chip.folder.join(format!("{kind}{number}_input"))),
        });
    }
}

/// The place of a device on its bus: the last part of its path that looks like an address (`0000:01:00.0`,
/// `coretemp.0`, `0-0050`); class devices on the way (`nvme0`) are counted by the kernel and change.
fn place_of(device: &Path) -> Option<String> {
    let names = device.iter().rev().filter_map(|name| name.to_str());
    let mut addresses = names.take_while(|name| *name != "devices");
    addresses
        .find(|name| name.contains([':', '.', '-']) && name.contains(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
}

/// The block device that belongs to the device of a drive's monitor.
fn drive_of(device: &Path) -> Option<String> {
    if let Some(disk) = names_in(device.join("block")).into_iter().next() {
        return Some(disk);
    }
    let is_namespace = |name: &String| {
        name.strip_prefix("nvme").is_some_and(|rest| rest.contains('n') && !rest.contains(['p', 'g', '-']))
    };
    // `nvme0c1n1` is one path to `nvme0n1`.
    names_in(device).into_iter().find(is_namespace).map(|name| match name.split_once('c') {
        Some((controller, rest)) => {
            format!("{controller}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bus_addresses_and_not_counted_names() {
        let place = |path: &str| place_of(Path::new(path));
        let nvme = "/sys/devices/pci0000:00/0000:00:1d.0/0000:03:00.0/nvme/nvme0";
        assert_eq!(place(nvme).as_deref(), Some("0000:03:00.0"));
        assert_eq!(place("/sys/devices/platform/coretemp.0").as_deref(), Some("coretemp.0"));
        assert_eq!(place("/sys/devices/pci0000:00/0000:00:1f.4/i2c-0/0-0018").as_deref(), Some("0-0018"));
        assert_eq!(place("/sys/devices/virtual/thermal/thermal_zone0"), None);
    }

    #[test]
    fn a_drive_is_found_by_its_monitor() {
        let top = tempfile::tempdir().expect("a temporary folder");
        let make = |path: &str| std::fs::create_dir_all(top.path().join(path)).expect("made");
        make("scsi/block/sdb");
        make("nvme1/nvme1c1n1");
        make("nvme1/hwmon3");
        make("nvme2/nvme2n1");
        let drive = |path: &str| drive_of(&top.path().join(path));
        assert_eq!(drive("scsi").as_deref(), Some("sdb"));
        assert_eq!(drive("nvme1").as_deref(), Some("nvme1n1"));
        assert_eq!(drive("nvme2").as_deref(), Some("nvme2n1"));
        assert_eq!(drive("none"), None);
    }
}
