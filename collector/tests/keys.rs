//! Every key that the fixtures' machines give is documented with its type, and every documented key is given by one.

mod machine;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use casedd_collector::batch::Batch;
use casedd_collector::registry::GETTERS;
use casedd_common::metrics::Value;
use casedd_common::transport::clock::now_ns;
use machine::{FIXTURES, Machine};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/keys.md");

/// One documented key.
struct Documented {
    pattern: String,
    kind: String,
}

fn documented() -> Vec<Documented> {
    let text = std::fs::read_to_string(DOCUMENT).expect("docs/keys.md is there");
    let of_getters = text.split("\n## Keys of scripts\n").next().unwrap_or_default();
    let rows = of_getters.lines().filter(|line| line.starts_with("| `"));
    let keys = rows.flat_map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{row}");
        let kind = cells[2].to_owned();
        cells[0]
            .split('`')
            .skip(1)
            .step_by(2)
            .map(move |pattern| Documented { pattern: pattern.to_owned(), kind: kind.clone() })
            .collect::<Vec<_>>()
    });
    keys.collect()
}

/// Whether `key` is `pattern` with something in the place of each `<...>`.
fn fits(pattern: &str, key: &str) -> bool {
    let Some((before, rest)) = pattern.split_once('<') else { return pattern == key };
    let (name, after) = rest.split_once('>').expect("a closed placeholder");
    let Some(key) = key.strip_prefix(before) else { return false };
    let is_name = |part: &str| match name {
        "n" => part.bytes().all(|byte| byte.is_ascii_digit()),
        "mount" => part.starts_with('/'),
        "device" => !part.starts_with('/'),
        _ => true,
    };
    (1..=key.len()).any(|end| key.is_char_boundary(end) && is_name(&key[..end]) && fits(after, &key[end..]))
}

/// Everything that one machine gives in two runs of every getter.
fn given(machine: &Machine) -> Vec<(String, Value)> {
    let context = machine.context();
    let mut getters: Vec<_> = GETTERS.iter().map(|row| (row.make)(&context)).collect();
    let mut run = || {
        let mut batch = Batch::new(now_ns());
        for (getter, row) in getters.iter_mut().zip(&GETTERS) {
            getter.poll(&mut batch).unwrap_or_else(|error| panic!("{}: {error}", row.name));
        }
        batch
    };
    run();
    machine.work(50);
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let batch = run();
        if batch.entries().iter().any(|entry| &*entry.key == "net.recv_mbps") {
            return batch
                .into_entries()
                .into_iter()
                .map(|entry| (entry.key.to_string(), entry.value))
                .collect();
        }
        machine.work(50);
        assert!(Instant::now() < deadline, "no rates");
    }
}

#[test]
fn the_document_and_the_getters_name_the_same_keys() {
    let documented = documented();
    assert!(documented.len() > 80, "only {} keys are documented", documented.len());
    let mut unused: BTreeSet<&str> = documented.iter().map(|key| key.pattern.as_str()).collect();
    for fixture in FIXTURES {
        for (key, value) in given(&Machine::of(fixture)) {
            let kind = match value {
                Value::Number(_) => "number",
                Value::Text(_) => "text",
                Value::Flag(_) => "flag",
            };
            let fitting: Vec<&Documented> =
                documented.iter().filter(|known| fits(&known.pattern, &key)).collect();
            assert!(!fitting.is_empty(), "{fixture}: {key} is not documented");
            assert!(fitting.iter().any(|known| known.kind == kind), "{fixture}: {key} is a {kind}");
            for known in fitting {
                unused.remove(known.pattern.as_str());
            }
        }
    }
    assert!(unused.is_empty(), "documented, but no fixture has them: {unused:?}");
}

#[test]
fn one_run_names_no_key_twice() {
    for fixture in FIXTURES {
        let mut seen = BTreeSet::new();
        for (key, _) in given(&Machine::of(fixture)) {
            assert!(seen.insert(key.clone()), "{fixture}: {key} is given twice");
        }
    }
}

#[test]
fn a_machine_without_files_gives_errors_and_no_invented_value() {
    let context = Machine::empty().context();
    let mut batch = Batch::new(now_ns());
    let failed: Vec<&str> = GETTERS
        .iter()
        .filter(|row| (row.make)(&context).poll(&mut batch).is_err())
        .map(|row| row.name)
        .collect();
    assert_eq!(
        failed,
        ["cpu", "memory", "disk_io", "disk_space", "disk_remote", "network", "system", "htop"]
    );
    assert!(batch.entries().is_empty(), "{:?}", batch.entries());
}
