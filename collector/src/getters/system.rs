//! The machine itself: host name, uptime, load, start, kernel, operating system, model.
//!
//! Knows no time zone but the system's own.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Context, Getter, number};
use crate::batch::Batch;
use crate::error::{GetterError, ParseError};
use crate::file::{HeldFile, read_line};
use crate::roots::Roots;

/// Reads the seconds in /proc/uptime.
pub fn parse_uptime(text: &str) -> Result<f64, ParseError> {
    let seconds: f64 = number(text.split_ascii_whitespace().next(), "the uptime")?;
    match seconds.is_finite() && seconds >= 0.0 && text.ends_with('\n') {
        true => Ok(seconds),
        false => Err(ParseError::new(format!("the uptime is \"{}\"", text.trim()))),
    }
}

/// Reads the three averages in /proc/loadavg.
pub fn parse_loadavg(text: &str) -> Result<[f64; 3], ParseError> {
    let mut fields = text.split_ascii_whitespace();
    let mut next = |name| number::<f64>(fields.next(), name);
    let loads =
        [next("the load of 1 minute")?, next("the load of 5 minutes")?, next("the load of 15 minutes")?];
    match fields.next() {
        Some(_) => Ok(loads),
        None => Err(ParseError::new("the text ends after the loads")),
    }
}

/// Finds the start of the machine, as Unix time, in /proc/stat.
pub fn parse_boot_time(text: &str) -> Result<i64, ParseError> {
    let line = text.split_inclusive('\n').find_map(|line| line.strip_suffix('\n')?.strip_prefix("btime "));
    number(line.map(str::trim), "btime line")
}

/// Finds what the system calls itself in os-release.
pub fn parse_os_name(text: &str) -> Option<String> {
    let value = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    let name = value.trim().trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// The uptime as people say it: `3d 4h 12m`.
pub fn uptime_text(seconds: f64) -> String {
    let minutes = (seconds / 60.0) as u64;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes}m"),
        (0, _) => format!("{hours}h {minutes}m"),
        _ => format!("{days}d {hours}h {minutes}m"),
    }
}

/// What the machine is, by its device tree or its firmware.
pub(super) fn model(roots: &Roots) -> Option<String> {
    let product = || {
        let maker = read_line(roots.sys("class/dmi/id/sys_vendor"));
        let product = read_line(roots.sys("class/dmi/id/product_name"))?;
        Some(maker.map_or(product.clone(), |maker| format!("{maker} {product}")))
    };
    read_line(roots.proc("device-tree/model")).or_else(product)
}

/// The getter.
pub struct System {
    uptime: HeldFile,
    loadavg: HeldFile,
    hostname: HeldFile,
    stat: HeldFile,
    roots: Roots,
}

impl System {
    /// Opens nothing yet.
    pub fn new(context: &Context) -> System {
        let roots = context.roots.clone();
        System {
            uptime: HeldFile::new(roots.proc("uptime")),
            loadavg: HeldFile::new(roots.proc("loadavg")),
            hostname: HeldFile::new(roots.proc("sys/kernel/hostname")),
            stat: HeldFile::new(roots.proc("stat")),
            roots,
        }
    }
}

impl Getter for System {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        let optional = [
            ("system.kernel", read_line(self.roots.proc("sys/kernel/osrelease"))),
            ("system.model", model(&self.roots)),
            (
                "system.os",
                ["/etc/os-release", "/usr/lib/os-release"]
                    .iter()
                    .find_map(|path| parse_os_name(&HeldFile::new(self.roots.file(path)).read().ok()?)),
            ),
        ];
        for (key, text) in optional {
            if let Some(text) = text {
                batch.text(key, text);
            }
        }
        // What is read last is what fails alone: each of these stands for itself.
        let hostname = self.hostname.read().map(|text| text.trim().to_owned());
        let uptime = self.uptime.parse(parse_uptime);
        let loads = self.loadavg.parse(parse_loadavg);
        let boot = self.stat.parse(parse_boot_time);
        if let Ok(hostname) = &hostname {
            batch.text("system.hostname", hostname.as_str());
        }
        if let Ok(seconds) = &uptime {
            batch.text("system.uptime", uptime_text(*seconds));
            batch.number("system.uptime_seconds", *seconds);
        }
        if let Ok([one, five, fifteen]) = &loads {
            batch.number("system.load_1", *one);
            batch.number("system.load_5", *five);
            batch.number("system.load_15", *fifteen);
        }
        if let Ok(unix) = &boot {
            batch.number("system.boot_unix", *unix as f64);
            if let Ok(time) = Timestamp::from_second(*unix) {
                let local = time.to_zoned(TimeZone::system());
                batch.text("system.boot_time", local.strftime("%Y-%m-%d %H:%M").to_string());
            }
        }
        hostname.and(uptime).and(loads).and(boot).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uptime_is_told_in_the_units_that_matter() {
        let texts =
            [59.0, 60.0, 3600.0 * 4.0 + 720.0, 86_400.0 * 3.0 + 3600.0 * 4.0 + 720.0].map(uptime_text);
        assert_eq!(texts, ["0m", "1m", "4h 12m", "3d 4h 12m"]);
    }

    #[test]
    fn real_lines_are_read() {
        assert_eq!(parse_uptime("273852.13 540123.90\n"), Ok(273_852.13));
        assert_eq!(parse_loadavg("0.52 0.58 0.59 1/467 12345\n"), Ok([0.52, 0.58, 0.59]));
        assert_eq!(
            parse_boot_time("cpu 1 2 3 4\nctxt 99\nbtime 1763600000\nprocesses 5\n"),
            Ok(1_763_600_000)
        );
        let os = "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n";
        assert_eq!(parse_os_name(os).as_deref(), Some("Debian GNU/Linux 12 (bookworm)"));
    }

    #[test]
    fn cut_and_senseless_texts_are_errors() {
        for text in ["", "\n", "27", "x 1\n", "-1.0 1\n", "inf 1\n"] {
            assert!(parse_uptime(text).is_err(), "{text:?}");
        }
        for text in ["", "0.52", "0.52 0.5", "0.52 0.58 0.5", "a b c d\n"] {
            assert!(parse_loadavg(text).is_err(), "{text:?}");
        }
        for text in ["", "btime 17636", "btime \n", "btime soon\n"] {
            assert!(parse_boot_time(text).is_err(), "{text:?}");
        }
        assert_eq!(parse_os_name("PRETTY_NAME=\"\"\n"), None);
    }
}
