//! The battery that takes over when the mains fail: a UPS or the machine's own, from /sys/class/power_supply.
//!
//! Leaves out batteries of mice and keyboards, and UPSs that only a daemon can talk to: those are pushed.

use std::path::{Path, PathBuf};

use super::{Context, Getter};
use crate::batch::Batch;
use crate::error::GetterError;
use crate::file::{names_in, read_line};
use crate::roots::Roots;

/// Below this, in percent, a battery that gives no level of its own is low.
const LOW_PERCENT: f64 = 15.0;
/// Most supplies that are looked at.
const SUPPLIES_MAX: usize = 64;

/// What a supply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Ups,
    Battery,
    Mains,
}

/// The getter.
pub struct Ups {
    roots: Roots,
}

impl Ups {
    /// Opens nothing.
    pub fn new(context: &Context) -> Ups {
        Ups { roots: context.roots.clone() }
    }

    /// The supplies of the machine itself: what it is, and where.
    fn supplies(&self) -> Vec<(Kind, PathBuf)> {
        let folder = self.roots.sys("class/power_supply");
        let supply = |name: &String| {
            let path = folder.join(name);
            let kind = match read_line(path.join("type"))?.as_str() {
                "UPS" => Kind::Ups,
                "Battery" => Kind::Battery,
                "Mains" => Kind::Mains,
                _ => return None,
            };
            (read_line(path.join("scope")).as_deref() != Some("Device")).then_some((kind, path))
        };
        names_in(&folder).iter().take(SUPPLIES_MAX).filter_map(supply).collect()
    }
}

/// A whole number in a file of a supply.
fn whole(path: &Path, name: &str) -> Option<f64> {
    read_line(path.join(name))?.parse::<i64>().ok().map(|number| number as f64)
}

impl Getter for Ups {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        let supplies = self.supplies();
        let mains = supplies.iter().find(|(kind, _)| *kind == Kind::Mains);
        let on_mains = mains.and_then(|(_, path)| whole(path, "online")).map(|online| online != 0.0);
        let battery = supplies.iter().filter(|(kind, _)| *kind != Kind::Mains).min_by_key(|(kind, _)| *kind);
        let Some((_, path)) = battery else { return Ok(()) };
        let word = read_line(path.join("status")).unwrap_or_default();
        let is_known = !word.is_empty() && word != "Unknown";
        let is_discharging = word == "Discharging";
        let on_battery = on_mains.map(|on_mains| !on_mains).or(is_known.then_some(is_discharging));
        let percent = whole(path, "capacity").filter(|percent| (0.0..=100.0).contains(percent));
        if let Some(on_battery) = on_battery {
            batch.flag("ups.on_battery", on_battery);
            batch.flag("ups.online", !on_battery);
            batch.text("ups.status", status(&word, on_battery));
        }
        if is_known {
            batch.flag("ups.charging", word == "Charging");
        }
        batch.maybe("ups.battery_percent", percent);
        let level = read_line(path.join("capacity_level"));
        let is_low = match level.as_deref() {
            Some("Critical" | "Low") => Some(true),
            Some("Normal" | "High" | "Full") => Some(false),
            Some(_) | None => percent.map(|percent| percent < LOW_PERCENT),
        };
        if let Some(is_low) = is_low {
            batch.flag("ups.low_battery", is_low);
        }
        if let Some(present) = whole(path, "present") {
            batch.flag("ups.present", present != 0.0);
        }
        let until_empty_s = whole(path, "time_to_empty_now").or_else(|| whole(path, "time_to_empty_avg"));
        batch.maybe("ups.runtime_minutes", until_empty_s.filter(|s| *s > 0.0).map(|s| s / 60.0));
        // Drivers give either the power or the current, in millionths.
        let volts = whole(path, "voltage_now").map(|micro| micro / 1e6);
        let amperes = whole(path, "current_now").map(|micro| micro.abs() / 1e6);
        let watts = whole(path, "power_now").map(|micro| micro.abs() / 1e6);
        let watts = watts.or_else(|| Some(volts? * amperes?));
        batch.maybe("ups.load_watts", watts.filter(|_| is_discharging));
        batch.maybe("ups.battery_voltage", volts);
        if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            batch.text("ups.name", name);
        }
        Ok(())
    }
}

fn status(word: &str, on_battery: bool) -> &'static str {
    match (on_battery, word) {
        (true, _) => "on battery",
        (false, "Charging") => "charging",
        (false, _) => "online",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mains_decide_on_what_it_runs() {
        assert_eq!(status("Discharging", true), "on battery");
        assert_eq!(status("Charging", false), "charging");
        assert_eq!(status("Full", false), "online");
    }
}
