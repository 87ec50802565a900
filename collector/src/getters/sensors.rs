//! Temperatures: of every hardware monitor and thermal zone, of each drive, and the processor's.
//!
//! Runs in a thread of its own: a sensor on a slow or broken bus may take seconds to answer.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::hwmon::{self, Sensor};
use super::{Context, Getter};
use crate::batch::{Batch, Key, key_part, key_slug};
use crate::error::GetterError;
use crate::file::{HeldFile, names_in, read_line};
use crate::roots::Roots;

/// How often new sensors are looked for: a plugged-in drive shows within so long.
pub const RESCAN: Duration = Duration::from_secs(30);
/// What lies outside is no temperature of a computer but a missing or broken sensor.
const MILLIDEGREES: std::ops::RangeInclusive<i64> = -55_000..=200_000;
/// Most thermal zones read.
const ZONES_MAX: usize = 64;

/// One temperature, with all its keys.
struct Temperature {
    source: Source,
    key: Key,
    aliases: Vec<Key>,
    title: String,
    /// One of many beside its package: left out of the table.
    is_core: bool,
    /// How sure it is that this is the processor's; the surest one that answers is taken.
    processor_rank: Option<u8>,
}

enum Source {
    Monitor(Sensor),
    Zone(HeldFile),
}

impl Source {
    fn degrees(&mut self) -> Option<f64> {
        let millidegrees = match self {
            Source::Monitor(sensor) => sensor.read()?,
            Source::Zone(file) => file.read().ok()?.trim().parse().ok()?,
        };
        MILLIDEGREES.contains(&millidegrees).then(|| millidegrees as f64 / 1000.0)
    }
}

/// Which sensor is the processor's: the package before the cores, the driver made for it before a board's chip.
fn processor_rank(chip: &str, label: &str) -> Option<u8> {
    // Several packages are chips of one driver, counted: `coretemp`, `coretemp_2`.
    let uncounted = chip.rsplit_once('_').filter(|(_, count)| count.parse::<u32>().is_ok());
    match (uncounted.map_or(chip, |(driver, _)| driver), label) {
        ("coretemp", label) if label.starts_with("package") => Some(0),
        ("k10temp" | "zenpower", "tdie") => Some(1),
        ("k10temp" | "zenpower", "tctl") => Some(2),
        ("k10temp" | "zenpower" | "coretemp", _) => Some(3),
        ("cpu_thermal" | "soc_thermal" | "bcm2835_thermal" | "cpu0_thermal", _) => Some(4),
        ("thermal", label) if label.starts_with("x86_pkg_temp") => Some(5),
        ("thermal", label) if label.starts_with("cpu") || label.starts_with("soc") => Some(6),
        (_, label) if label == "cpu" || label.starts_with("cpu_temp") || label == "cputin" => Some(7),
        _ => None,
    }
}

fn from_monitor(sensor: Sensor) -> Temperature {
    let key = |chip: &String| Key::from(format!("sensors.{chip}.{}.temperature", sensor.label));
    let mut aliases: Vec<Key> = sensor.place.iter().map(key).collect();
    let is_drives_own = sensor.label == "composite" || sensor.label == "temp1";
    let drive = sensor.drive.as_deref().filter(|_| is_drives_own);
    aliases.extend(drive.map(|drive| Key::from(format!("disk.{}.temperature", key_part(drive)))));
    Temperature {
        key: key(&sensor.chip),
        aliases,
        title: match drive {
            Some(drive) => drive.to_owned(),
            None => format!("{} {}", sensor.chip, sensor.title),
        },
        is_core: sensor.label.starts_with("core_"),
        processor_rank: processor_rank(&sensor.chip, &sensor.label),
        source: Source::Monitor(sensor),
    }
}

/// Thermal zones that are not hardware monitors too.
fn zones(roots: &Roots) -> Vec<Temperature> {
    let class = roots.sys("class/thermal");
    let mut zones: Vec<(String, PathBuf)> = names_in(&class)
        .into_iter()
        .filter(|name| name.starts_with("thermal_zone"))
        .map(|name| class.join(name))
        .filter(|folder| !names_in(folder).iter().any(|name| name.starts_with("hwmon")))
        .filter_map(|folder| Some((read_line(folder.join("type"))?, folder)))
        .collect();
    zones.sort();
    zones.truncate(ZONES_MAX);
    let types: Vec<String> = zones.iter().map(|zone| key_slug(&zone.0)).collect();
    let zones = zones.into_iter().enumerate().map(|(index, (title, folder))| {
        let kind = &types[index];
        let same = types[..index].iter().filter(|earlier| *earlier == kind).count();
        let label = if same == 0 { kind.clone() } else { format!("{kind}_{}", same + 1) };
        Temperature {
            key: format!("sensors.thermal.{label}.temperature").into(),
            aliases: Vec::new(),
            is_core: false,
            processor_rank: processor_rank("thermal", &label),
            title,
            source: Source::Zone(HeldFile::new(folder.join("temp"))),
        }
    });
    zones.collect()
}

/// The getter.
pub struct Sensors {
    roots: Roots,
    temperatures: Vec<Temperature>,
    found_at: Option<Instant>,
}

impl Sensors {
    /// Looks for sensors at its first run.
    pub fn new(context: &Context) -> Sensors {
        Sensors { roots: context.roots.clone(), temperatures: Vec::new(), found_at: None }
    }

    fn find(&mut self) {
        if self.found_at.is_some_and(|at| at.elapsed() < RESCAN) {
            return;
        }
        self.temperatures = hwmon::find(&self.roots, "temp").into_iter().map(from_monitor).collect();
        self.temperatures.extend(zones(&self.roots));
        self.found_at = Some(Instant::now());
    }
}

impl Getter for Sensors {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        self.find();
        let mut rows = Vec::new();
        let mut processor: Option<(u8, f64)> = None;
        for temperature in &mut self.temperatures {
            let Some(degrees) = temperature.source.degrees() else { continue };
            let mut added = batch.number(&temperature.key, degrees);
            for alias in &temperature.aliases {
                added = added.alias(alias);
            }
            if !temperature.is_core {
                rows.push(format!("{}|{degrees:.0} °C", temperature.title));
            }
            // The hottest of equals: two packages are as hot as the hotter one.
            let is_surer = |rank: u8| match processor {
                None => true,
                Some((known, hottest)) => rank < known || (rank == known && degrees > hottest),
            };
            if let Some(rank) = temperature.processor_rank.filter(|rank| is_surer(*rank)) {
                processor = Some((rank, degrees));
            }
        }
        batch.maybe("cpu.temperature", processor.map(|(_, degrees)| degrees));
        if !rows.is_empty() {
            batch.text("sensors.rows", rows.join("\n"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processors_own_sensor_comes_before_the_boards() {
        let ranks = [
            ("coretemp", "package_id_0"),
            ("k10temp", "tdie"),
            ("k10temp_2", "tctl"),
            ("coretemp", "core_0"),
            ("cpu_thermal", "temp1"),
            ("thermal", "x86_pkg_temp"),
            ("thermal", "cpu_thermal"),
            ("nct6775", "cputin"),
        ]
        .map(|(chip, label)| processor_rank(chip, label));
        assert!(ranks.is_sorted() && ranks[0].is_some(), "{ranks:?}");
        for (chip, label) in
            [("acpitz", "temp1"), ("thermal", "acpitz"), ("nvme", "composite"), ("iwlwifi_1", "temp1")]
        {
            assert_eq!(processor_rank(chip, label), None, "{chip} {label}");
        }
    }
}
