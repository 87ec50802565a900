//! Values from a JSON file, in place of a machine's: `{"cpu": {"percent": 43}, "history": {"cpu.percent": [40, 43]}}`.
//! Leaves out what is drawn with them.

use std::collections::BTreeMap;
use std::path::Path;

use casedd_common::exit::{Exit, Failure};
use casedd_common::metrics::{NO_SERIES, Reading, Snapshot, Value};
use jiff::Zoned;
use serde_json::{Map, Value as Json};

use crate::data::{Data, MemoryHistory, Sample};

/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 8 << 20;
/// Most keys, and most samples of one.
const KEYS_MAX: usize = 20_000;
/// How far apart samples are.
const SAMPLE_MS: u64 = 2_000;
/// The present, on the clock of histories: later than any of them begins.
const NOW_MS: u64 = 1_000_000_000;
/// The key under which histories stand.
const HISTORY: &str = "history";
/// The key under which a pushed message has its values.
const UPDATE: &str = "update";

/// The values of a file, as they would be at `wall`.
pub fn read(path: &Path, wall: Zoned) -> Result<Data, Failure> {
    let name = path.display();
    let metadata = std::fs::metadata(path)
        .map_err(|error| Failure::from(error).while_doing(format!("reading {name}")))?;
    if metadata.len() > FILE_BYTES_MAX {
        return Err(Exit::Usage
            .because(format!("{name}: {} bytes; at most {FILE_BYTES_MAX} are read", metadata.len())));
    }
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::from(error).while_doing(format!("reading {name}")))?;
    parse(&text, wall).map_err(|message| Exit::Usage.because(format!("{name}{message}")))
}

/// The same from a text; an error begins with its place after the file's name.
fn parse(text: &str, wall: Zoned) -> Result<Data, String> {
    let json: Json = serde_json::from_str(text).map_err(|error| {
        let what = error.to_string();
        let what = what.split(" at line ").next().unwrap_or_default().to_owned();
        format!(":{}:{}: no JSON ({what})", error.line(), error.column())
    })?;
    let Json::Object(mut top) = json else {
        return Err(": found no object; give {\"key\": value, ...}".into());
    };
    let histories = top.remove(HISTORY).map(histories).transpose()?.unwrap_or_default();
    let mut values = BTreeMap::new();
    if let Some(update) = top.remove(UPDATE) {
        flatten("", update, &mut values)?;
    }
    flatten("", Json::Object(top), &mut values)?;
    for (key, samples) in &histories {
        if let Some(last) = samples.last() {
            values.entry(key.clone()).or_insert_with(|| Value::Number(f64::from(last.value)));
        }
    }
    let now_ns = NOW_MS * 1_000_000;
    let readings = values.into_iter().map(|(key, value)| {
        // A key without samples has no history, whatever its series.
        Reading { key, value, at_ns: now_ns, ttl_ms: 0, series: NO_SERIES }
    });
    let snapshot =
        Snapshot { tick: 1, taken_at_ns: now_ns, readings: readings.collect(), ..Snapshot::default() };
    Ok(Data::new(snapshot, Box::new(MemoryHistory(histories)), now_ns, wall))
}

/// Nested objects become dotted keys; nothing stays nothing.
fn flatten(prefix: &str, json: Json, into: &mut BTreeMap<String, Value>) -> Result<(), String> {
    let value = match json {
        Json::Object(fields) => {
            for (name, json) in fields {
                let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
                flatten(&key, json, into)?;
            }
            return Ok(());
        }
        Json::Null => return Ok(()),
        Json::Array(_) => {
            return Err(format!(": \"{prefix}\" is a list; give a value, and its past under \"{HISTORY}\""));
        }
        Json::Bool(flag) => Value::Flag(flag),
        Json::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::MAX)),
        Json::String(text) => Value::Text(text),
    };
    if into.len() >= KEYS_MAX {
        return Err(format!(": more than {KEYS_MAX} keys"));
    }
    into.insert(prefix.to_owned(), value);
    Ok(())
}

/// Lists of numbers by key, also nested; the last of each is the present.
fn histories(json: Json) -> Result<BTreeMap<String, Vec<Sample>>, String> {
    let Json::Object(fields) = json else {
        return Err(format!(": \"{HISTORY}\" is no object; give {{\"key\": [numbers], ...}}"));
    };
    let mut histories = BTreeMap::new();
    add_histories("", fields, &mut histories)?;
    Ok(histories)
}

fn add_histories(
    prefix: &str,
    fields: Map<String, Json>,
    into: &mut BTreeMap<String, Vec<Sample>>,
) -> Result<(), String> {
    for (name, json) in fields {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match json {
            Json::Object(fields) => add_histories(&key, fields, into)?,
            Json::Array(numbers) if numbers.len() <= KEYS_MAX => {
                let samples = samples(&numbers).ok_or_else(|| not_numbers(&key))?;
                into.insert(key, samples);
            }
            _ => return Err(not_numbers(&key)),
        }
    }
    Ok(())
}

fn not_numbers(key: &str) -> String {
    format!(": the history of \"{key}\" is no list of at most {KEYS_MAX} numbers (null: a gap)")
}

/// Numbers, the last of them now, two seconds apart; `null` is a gap.
fn samples(numbers: &[Json]) -> Option<Vec<Sample>> {
    let count = numbers.len() as u64;
    let at_ms = |index: u64| NOW_MS - (count - 1 - index) * SAMPLE_MS;
    let sample = |(index, json): (usize, &Json)| match json {
        Json::Null => Some(None),
        json => Some(Some(Sample { at_ms: at_ms(index as u64), value: json.as_f64()? as f32 })),
    };
    let samples: Option<Vec<Option<Sample>>> = numbers.iter().enumerate().map(sample).collect();
    Some(samples?.into_iter().flatten().filter(|sample| sample.value.is_finite()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall() -> Zoned {
        jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC)
    }

    #[test]
    fn nested_and_dotted_keys_are_the_same_and_histories_end_now() {
        let text = r#"{"cpu": {"percent": 43.5, "0": {"percent": 7}}, "system.hostname": "nas", "ups": {"online": true, "x": null},
            "history": {"cpu.percent": [1, null, 3], "net": {"recv_mbps": [5]}}}"#;
        let data = parse(text, wall()).expect("it is right");
        assert_eq!(data.number("cpu.percent"), Some(43.5));
        assert_eq!(data.number("cpu.0.percent"), Some(7.0));
        assert_eq!(data.text("system.hostname", &bumpalo::Bump::new()), Some("nas"));
        assert_eq!((data.flag("ups.online"), data.value("ups.x")), (Some(true), None));
        assert_eq!(data.number("net.recv_mbps"), Some(5.0), "the newest of its history");
        let mut samples = Vec::new();
        data.history("cpu.percent", 60_000, &mut samples);
        let seen: Vec<(u64, f32)> =
            samples.iter().map(|sample| (NOW_MS - sample.at_ms, sample.value)).collect();
        assert_eq!(seen, [(4_000, 1.0), (0, 3.0)]);
    }

    #[test]
    fn a_pushed_message_is_data_too() {
        let data = parse(r#"{"update": {"outside_temp_f": 72.0}}"#, wall()).expect("it is right");
        assert_eq!(data.number("outside_temp_f"), Some(72.0));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_or_key() {
        for (text, expected) in [
            ("{\"a\": 1,\n  b}", ":2:3: no JSON (key must be a string)"),
            ("[1]", ": found no object; give {\"key\": value, ...}"),
            (r#"{"a": {"b": [1]}}"#, ": \"a.b\" is a list; give a value, and its past under \"history\""),
            (
                r#"{"history": {"a": [1, "x"]}}"#,
                ": the history of \"a\" is no list of at most 20000 numbers (null: a gap)",
            ),
            (r#"{"history": 3}"#, ": \"history\" is no object; give {\"key\": [numbers], ...}"),
        ] {
            assert_eq!(parse(text, wall()).err().as_deref(), Some(expected), "{text}");
        }
    }
}
