//! Fans: every one by chip and label, and by what it cools (processor, graphics card, the rest).
//!
//! Runs in a thread of its own, as the temperatures do. Takes a fan for the processor's only when its label says so.

use std::time::Instant;

use super::hwmon::{self, Sensor};
use super::sensors::RESCAN;
use super::{Context, Getter};
use crate::batch::{Batch, Key};
use crate::error::GetterError;
use crate::roots::Roots;

/// No fan turns faster; chips give 65535 and more for a header without one.
const RPM_MAX: i64 = 60_000;

/// What a fan cools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cools {
    Cpu,
    System,
    Gpu,
}

/// Each group with the names of its own keys.
const GROUPS: [(Cools, &str); 3] = [(Cools::Cpu, "cpu"), (Cools::System, "system"), (Cools::Gpu, "gpu")];

fn what_it_cools(chip: &str, label: &str) -> Cools {
    let is_in = |words: &[&str], name: &str| words.iter().any(|word| name.contains(word));
    if is_in(&["amdgpu", "radeon", "nouveau", "nvidia"], chip) || is_in(&["gpu", "video", "vga"], label) {
        return Cools::Gpu;
    }
    match is_in(&["cpu", "processor"], label) {
        true => Cools::Cpu,
        false => Cools::System,
    }
}

struct Fan {
    sensor: Sensor,
    cools: Cools,
    key: Key,
    aliases: Vec<Key>,
}

impl Fan {
    /// `earlier` are the fans found before it: its number is counted among those that cool the same.
    fn new(sensor: Sensor, earlier: &[Fan]) -> Fan {
        let cools = what_it_cools(&sensor.chip, &sensor.label);
        let number = earlier.iter().filter(|fan| fan.cools == cools).count();
        let alias = |chip: &String| Key::from(format!("sensors.{chip}.{}.rpm", sensor.label));
        let mut aliases: Vec<Key> = std::iter::once(&sensor.chip).chain(&sensor.place).map(alias).collect();
        if cools == Cools::Cpu && number == 0 {
            aliases.push("cpu.fan_rpm".into());
        }
        let key = format!("fans.{}.{number}.rpm", GROUPS[cools as usize].1).into();
        Fan { cools, key, aliases, sensor }
    }

    fn rpm(&mut self) -> Option<f64> {
        self.sensor.read().filter(|rpm| (0..=RPM_MAX).contains(rpm)).map(|rpm| rpm as f64)
    }
}

/// The getter.
pub struct Fans {
    roots: Roots,
    fans: Vec<Fan>,
    found_at: Option<Instant>,
}

impl Fans {
    /// Looks for fans at its first run.
    pub fn new(context: &Context) -> Fans {
        Fans { roots: context.roots.clone(), fans: Vec::new(), found_at: None }
    }

    fn find(&mut self) {
        if self.found_at.is_none_or(|at| at.elapsed() >= RESCAN) {
            self.fans.clear();
            for sensor in hwmon::find(&self.roots, "fan") {
                let fan = Fan::new(sensor, &self.fans);
                self.fans.push(fan);
            }
            self.found_at = Some(Instant::now());
        }
    }
}

impl Getter for Fans {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        self.find();
        if self.fans.is_empty() && !self.roots.sys("class/hwmon").is_dir() {
            // A machine that cannot say how many fans it has.
            return Ok(());
        }
        let mut rows = Vec::new();
        let mut groups = GROUPS.map(|_| Vec::new());
        for fan in &mut self.fans {
            let Some(rpm) = fan.rpm() else { continue };
            let mut added = batch.number(&fan.key, rpm);
            for alias in &fan.aliases {
                added = added.alias(alias);
            }
            groups[fan.cools as usize].push(rpm);
            rows.push(format!("{} {}|{rpm:.0} rpm", fan.sensor.chip, fan.sensor.title));
        }
        batch.number("fans.total.count", groups.iter().map(Vec::len).sum::<usize>() as f64);
        for ((_, name), rpms) in GROUPS.iter().zip(&groups) {
            add_group(name, rpms, batch);
        }
        if !rows.is_empty() {
            batch.text("fans.rows", rows.join("\n"));
        }
        Ok(())
    }
}

/// The average is over those that turn: headers without a fan read 0 and would halve it.
fn add_group(name: &str, rpms: &[f64], batch: &mut Batch) {
    batch.number(format!("fans.{name}.count"), rpms.len() as f64);
    let Some(max_rpm) = rpms.iter().copied().reduce(f64::max) else { return };
    let turning: Vec<f64> = rpms.iter().copied().filter(|rpm| *rpm > 0.0).collect();
    let average = turning.iter().sum::<f64>() / turning.len().max(1) as f64;
    batch.number(format!("fans.{name}.avg_rpm"), average);
    batch.number(format!("fans.{name}.max_rpm"), max_rpm);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fan_is_the_processors_only_when_its_label_says_so() {
        assert_eq!(what_it_cools("asusec", "cpu_opt"), Cools::Cpu);
        assert_eq!(what_it_cools("dell_smm", "processor_fan"), Cools::Cpu);
        assert_eq!(what_it_cools("amdgpu", "fan1"), Cools::Gpu);
        assert_eq!(what_it_cools("dell_smm", "video_fan"), Cools::Gpu);
        assert_eq!(what_it_cools("nct6775", "fan2"), Cools::System);
        assert_eq!(what_it_cools("pwmfan", "fan1"), Cools::System);
    }

    #[test]
    fn the_average_leaves_out_what_stands_still_and_the_count_does_not() {
        let mut batch = Batch::new(1);
        add_group("system", &[0.0, 1200.0, 800.0], &mut batch);
        add_group("cpu", &[], &mut batch);
        let numbers: Vec<(&str, Option<f64>)> =
            batch.entries().iter().map(|entry| (&*entry.key, entry.value.as_number())).collect();
        let expected = [
            ("fans.system.count", Some(3.0)),
            ("fans.system.avg_rpm", Some(1000.0)),
            ("fans.system.max_rpm", Some(1200.0)),
            ("fans.cpu.count", Some(0.0)),
        ];
        assert_eq!(numbers, expected);
    }
}
