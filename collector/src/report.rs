//! A snapshot for people and for programs, as `--once` prints it.
//!
//! Reads nothing.

use std::io::{ErrorKind, Write};

use casedd_common::exit::Failure;
use casedd_common::metrics::{GetterState, Snapshot, Value};
use serde_json::{Map, json};

/// Every key with its value, and how each getter fares.
pub fn json(snapshot: &Snapshot) -> serde_json::Value {
    let value = |value: &Value| match value {
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Flag(flag) => json!(flag),
    };
    let values = snapshot.readings.iter().map(|reading| (reading.key.clone(), value(&reading.value)));
    let getter = |state: &GetterState| {
        let about = json!({
            "ok": state.is_ok(),
            "error": (!state.error.is_empty()).then_some(&state.error),
            "duration_us": state.duration_ns as f64 / 1000.0,
            "interval_ms": state.interval_ms,
        });
        (state.name.clone(), about)
    };
    json!({
        "taken_unix_ms": snapshot.taken_unix_ms,
        "values": values.collect::<Map<_, _>>(),
        "getters": snapshot.getters.iter().map(getter).collect::<Map<_, _>>(),
    })
}

/// The same as two columns; texts of several lines are indented.
pub fn text(snapshot: &Snapshot) -> String {
    let width = snapshot.readings.iter().map(|reading| reading.key.chars().count()).max().unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    for reading in &snapshot.readings {
        let value = match &reading.value {
            Value::Number(number) if number.fract() == 0.0 => format!("{number:.0}"),
            Value::Number(number) => format!("{number:.3}"),
            Value::Text(text) => text.replace('\n', &format!("\n{:width$}  ", "")),
            Value::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        };
        lines.push(format!("{:<width$}  {value}", reading.key));
    }
    lines.push(String::new());
    for state in &snapshot.getters {
        let micros = state.duration_ns / 1000;
        let outcome = match (state.error.as_str(), state.last_success_ns) {
            ("", 0) => "has not answered yet".to_owned(),
            ("", _) => format!("ok, {micros} us"),
            (error, _) => error.to_owned(),
        };
        lines.push(format!("getter {:<12} {outcome}", state.name));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Prints to stdout; a reader that has seen enough (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casedd_common::metrics::{NO_SERIES, Reading};

    #[test]
    fn values_are_plain_json_and_plain_lines() {
        let reading = |key: &str, value: Value| Reading {
            key: key.into(),
            value,
            at_ns: 1,
            ttl_ms: 1,
            series: NO_SERIES,
        };
        let snapshot = Snapshot {
            readings: vec![
                reading("cpu.percent", Value::Number(12.5)),
                reading("disk.rows", Value::Text("/|1\n/a|2".into())),
                reading("net.eth0.up", Value::Flag(true)),
            ],
            ..Snapshot::default()
        };
        assert_eq!(json(&snapshot)["values"]["cpu.percent"], 12.5);
        assert_eq!(json(&snapshot)["values"]["net.eth0.up"], true);
        let expected = "cpu.percent  12.500\ndisk.rows    /|1\n             /a|2\nnet.eth0.up  yes\n\n";
        assert_eq!(text(&snapshot), expected);
    }
}
