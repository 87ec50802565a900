//! What `casedd up` prints once everything stands: where to look, what was found, how to stop.

use std::fmt::Write as _;
use std::io::IsTerminal;

use casedd_common::config::{AUTO_TEMPLATE, Config};
use casedd_common::metrics::Snapshot;
use casedd_common::runtime_dir::RuntimeDir;

use crate::plan::Stage;
use crate::report::read_board;
use crate::status::{GroupStatus, ProcessStatus, State};
use crate::table::{BOLD, Colours, DIM, GREEN, RED, YELLOW, span};

/// The summary, for a terminal or for a file.
pub fn compose(status: &GroupStatus, config: &Config, runtime: &RuntimeDir) -> String {
    let colours = Colours::when(std::io::stdout().is_terminal());
    let snapshot = read_board(runtime).ok().flatten();
    text(status, config, snapshot.as_ref(), colours)
}

fn text(status: &GroupStatus, config: &Config, snapshot: Option<&Snapshot>, colours: Colours) -> String {
    let is_good = status.processes.iter().all(|process| process.state == State::Ready);
    let title = match is_good {
        true => colours.paint(GREEN, "casedd is up"),
        false => colours.paint(YELLOW, "casedd is up, but not everything is ready"),
    };
    let mut text = format!("\n  {title} after {}\n\n", span(status.supervisor.uptime_ms));
    let mut line = |label: &str, what: &str| {
        let _ = writeln!(text, "  {}  {what}", colours.paint(DIM, &format!("{label:<8}")));
    };
    for process in status.processes.iter().filter(|process| process.stage == Stage::Sink) {
        let (label, what) = sink(process, config, colours);
        line(label, &what);
    }
    for output in &status.left_out {
        line("display", &colours.paint(DIM, &format!("{} left out: {}", output.name, output.why)));
    }
    for process in status.processes.iter().filter(|process| process.stage != Stage::Sink) {
        if process.state != State::Ready {
            line("problem", &trouble(process, colours));
        }
    }
    match snapshot {
        Some(snapshot) => line("sensors", &sensors(snapshot)),
        None => line("sensors", &colours.paint(YELLOW, "nothing read yet")),
    }
    let source = status.supervisor.config.as_deref().unwrap_or("none, built-in defaults");
    line("config", source);
    line("look", "casedd status");
    line("stop", "Ctrl-C, or casedd stop");
    text.push('\n');
    text
}

fn sink(process: &ProcessStatus, config: &Config, colours: Colours) -> (&'static str, String) {
    let url = process.status.split_whitespace().find(|word| word.starts_with("http"));
    let url = url.map(|url| url.trim_end_matches([';', ',']));
    let label = if process.program == "casedd-sink-fb" { "display" } else { "viewer" };
    let what = match (process.state, url) {
        (State::Ready, Some(url)) => colours.paint(BOLD, url),
        (State::Ready, None) if process.status.is_empty() => process.name.clone(),
        (State::Ready, None) => process.status.clone(),
        _ => trouble(process, colours),
    };
    let shows = config.output(&process.name).map_or_else(String::new, |output| {
        let size = match (output.width, output.height) {
            (Some(width), Some(height)) => format!(", {width}x{height}"),
            _ => String::new(),
        };
        let template = match output.template.as_str() {
            AUTO_TEMPLATE => "the template for its size",
            name => name,
        };
        format!("   {} shows {template}{size}, {} Hz", process.name, output.refresh_rate_hz)
    });
    (label, format!("{what}{}", colours.paint(DIM, &shows)))
}

fn trouble(process: &ProcessStatus, colours: Colours) -> String {
    let why = match (process.says(), &process.last_exit) {
        ("", Some(last_exit)) => last_exit,
        ("", None) => "not ready yet",
        (says, _) => says,
    };
    colours.paint(RED, &format!("{} is {}: {why}", process.name, process.state.word()))
}

/// Counts what the snapshot holds, by the names of its keys (`docs/keys.md`).
fn sensors(snapshot: &Snapshot) -> String {
    let number = |key: &str| snapshot.number(key).map_or(0, |number| number.max(0.0) as usize);
    let named = |prefix: &str, suffix: &str| {
        let keys = snapshot.readings.iter().map(|reading| reading.key.as_str());
        let names = keys.filter_map(|key| key.strip_prefix(prefix)?.strip_suffix(suffix));
        // A sensor is there a second time by its place on the bus (`nvme@0000:03:00.0`).
        names.filter(|name| !name.is_empty() && !name.contains('@')).count()
    };
    let counted = [
        count(number("cpu.count"), "core", "cores"),
        count(named("disk.", ".total_gb"), "disk", "disks"),
        count(named("net.", ".bytes_recv"), "network", "networks"),
        count(named("sensors.", ".temperature"), "temperature", "temperatures"),
        count(number("fans.total.count"), "fan", "fans"),
    ];
    format!("{} ({} values)", counted.join(", "), snapshot.readings.len())
}

fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

#[cfg(test)]
mod tests {
    use casedd_common::metrics::{NO_SERIES, Reading, Value};

    use super::*;

    fn snapshot(values: &[(&str, f64)]) -> Snapshot {
        let reading = |&(key, number): &(&str, f64)| Reading {
            key: key.to_owned(),
            value: Value::Number(number),
            at_ns: 1,
            ttl_ms: 0,
            series: NO_SERIES,
        };
        let mut readings: Vec<Reading> = values.iter().map(reading).collect();
        readings.sort_by(|left, right| left.key.cmp(&right.key));
        Snapshot { readings, ..Snapshot::default() }
    }

    #[test]
    fn what_the_machine_has_is_counted_once() {
        let found = [
            ("cpu.count", 4.0),
            ("disk.total_gb", 1.0),
            ("disk./.total_gb", 1.0),
            ("disk./mnt/tank.total_gb", 1.0),
            ("net.bytes_recv", 1.0),
            ("net.eth0.bytes_recv", 1.0),
            ("sensors.nvme.composite.temperature", 40.0),
            ("sensors.nvme@0000:03:00.0.composite.temperature", 40.0),
        ];
        let text = sensors(&snapshot(&found));
        assert_eq!(text, "4 cores, 2 disks, 1 network, 1 temperature, no fans (8 values)");
    }
}
