//! The bytes of a snapshot on the board: version, checksum, bincode; the only module that names bincode for it.
//!
//! Does no shared memory. Whatever bytes come in, the outcome is a snapshot that holds all its promises or an error.

use bincode::config::{Configuration, Fixint, Limit, LittleEndian};

use super::BoardError;
use crate::history::SERIES_MAX;
use crate::metrics::{Snapshot, Value};

/// Most bytes that an encoded snapshot may have: some 8000 readings.
pub const SNAPSHOT_BYTES_MAX: usize = 512 * 1024;
/// Grows when [`Snapshot`] changes: another version is refused, and a restarted collector starts afresh.
const VERSION: u32 = 1;
/// Version, padding, checksum.
const HEAD_BYTES: usize = 16;

const FORMAT: Configuration<LittleEndian, Fixint, Limit<SNAPSHOT_BYTES_MAX>> =
    bincode::config::standard().with_fixed_int_encoding().with_limit::<SNAPSHOT_BYTES_MAX>();

/// Encodes `snapshot` into `into`, which is emptied first.
pub fn encode(snapshot: &Snapshot, into: &mut Vec<u8>) -> Result<(), BoardError> {
    into.clear();
    into.resize(HEAD_BYTES, 0);
    bincode::serde::encode_into_std_write(snapshot, into, FORMAT)
        .map_err(|error| BoardError::Encode(error.to_string()))?;
    if into.len() > SNAPSHOT_BYTES_MAX {
        return Err(BoardError::TooLarge { bytes: into.len(), readings: snapshot.readings.len() });
    }
    let checksum = checksum(&into[HEAD_BYTES..]);
    into[..4].copy_from_slice(&VERSION.to_le_bytes());
    into[8..HEAD_BYTES].copy_from_slice(&checksum.to_le_bytes());
    Ok(())
}

/// Decodes what [`encode`] made; anything else is an error.
pub fn decode(bytes: &[u8]) -> Result<Snapshot, BoardError> {
    let (head, body) = bytes.split_at_checked(HEAD_BYTES).ok_or(BoardError::Corrupt("it is too short"))?;
    let (version, sum) = head.split_at(8);
    if version != u64::from(VERSION).to_le_bytes() {
        return Err(BoardError::Corrupt("it is of another version; restart all of casedd"));
    }
    if sum != checksum(body).to_le_bytes() {
        return Err(BoardError::Corrupt("its checksum is wrong"));
    }
    let (snapshot, used): (Snapshot, usize) = bincode::serde::decode_from_slice(body, FORMAT)
        .map_err(|_| BoardError::Corrupt("it does not decode"))?;
    if used != body.len() {
        return Err(BoardError::Corrupt("it has bytes left over"));
    }
    check(&snapshot)?;
    Ok(snapshot)
}

/// What every reader relies on: sorted keys, finite numbers, series that exist.
fn check(snapshot: &Snapshot) -> Result<(), BoardError> {
    let readings = &snapshot.readings;
    if !readings.windows(2).all(|pair| pair[0].key < pair[1].key) {
        return Err(BoardError::Corrupt("its keys are not in order"));
    }
    if readings.iter().any(|reading| matches!(reading.value, Value::Number(number) if !number.is_finite())) {
        return Err(BoardError::Corrupt("it holds a number that is none"));
    }
    if snapshot.series().any(|series| series >= SERIES_MAX) {
        return Err(BoardError::Corrupt("it names a series that does not exist"));
    }
    Ok(())
}

/// Eight bytes a step; finds torn and damaged payloads, keeps out nobody who means harm.
fn checksum(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |sum: u64, word: u64| (sum.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(bytes.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let sum = mix(sum, u64::from_le_bytes(last));
    sum ^ sum >> 32
}

/// Lets bytes be what lies on the board, for the fuzzer: an even first byte puts version and checksum before the rest,
/// which chance would never find. What decodes keeps every promise, and encodes to the same again.
#[doc(hidden)]
#[cfg(any(test, fuzzing))]
pub fn hostile_bytes(bytes: &[u8]) {
    let Some((first, body)) = bytes.split_first() else { return };
    let mut whole = Vec::new();
    if first & 1 == 0 {
        whole.extend_from_slice(&u64::from(VERSION).to_le_bytes());
        whole.extend_from_slice(&checksum(body).to_le_bytes());
    }
    whole.extend_from_slice(body);
    if let Ok(snapshot) = decode(&whole) {
        let mut again = Vec::new();
        encode(&snapshot, &mut again).expect("what was decoded is not too large");
        assert_eq!(decode(&again).expect("it is whole"), snapshot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{DormantSeries, GetterState, NO_SERIES, Reading};
    use proptest::prelude::*;

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            (-1e12..1e12_f64).prop_map(Value::Number),
            ".{0,40}".prop_map(Value::Text),
            any::<bool>().prop_map(Value::Flag),
        ]
    }

    fn any_snapshot() -> impl Strategy<Value = Snapshot> {
        let reading = (any_value(), any::<u64>(), any::<u32>(), 0..SERIES_MAX);
        let readings = proptest::collection::btree_map("[a-z0-9./]{1,30}", reading, 0..60);
        let dormant = proptest::collection::vec(("[a-z.]{1,20}", 0..SERIES_MAX, any::<u64>()), 0..5);
        (any::<u64>(), readings, dormant).prop_map(|(tick, readings, dormant)| Snapshot {
            tick,
            taken_at_ns: tick / 2,
            taken_unix_ms: 1_700_000_000_000,
            readings: readings
                .into_iter()
                .map(|(key, (value, at_ns, ttl_ms, series))| Reading { key, value, at_ns, ttl_ms, series })
                .collect(),
            getters: vec![GetterState {
                name: "cpu".into(),
                error: "no".into(),
                last_success_ns: 1,
                duration_ns: 2,
                interval_ms: 3,
            }],
            dormant: dormant
                .into_iter()
                .map(|(key, series, since_ns)| DormantSeries { key, series, since_ns })
                .collect(),
        })
    }

    fn encoded(snapshot: &Snapshot) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode(snapshot, &mut bytes).expect("it is small");
        bytes
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_the_same(snapshot in any_snapshot()) {
            prop_assert_eq!(decode(&encoded(&snapshot)).expect("it is whole"), snapshot);
        }

        #[test]
        fn a_payload_torn_between_two_snapshots_is_refused(old in any_snapshot(), new in any_snapshot(), at in 0.0..1.0_f64) {
            let (old, new) = (encoded(&old), encoded(&new));
            let cut = (new.len() as f64 * at) as usize;
            let mut torn = new[..cut].to_vec();
            torn.extend_from_slice(old.get(cut..).unwrap_or_default());
            prop_assert!(torn == old || torn == new || decode(&torn).is_err());
        }

        #[test]
        fn one_flipped_bit_is_refused(snapshot in any_snapshot(), at in any::<usize>(), bit in 0..8_u32) {
            let mut bytes = encoded(&snapshot);
            let index = at % bytes.len();
            bytes[index] ^= 1 << bit;
            prop_assert!(decode(&bytes).is_err());
        }

        #[test]
        fn garbage_is_an_error_and_never_a_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..600), sealed in any::<bool>()) {
            if sealed && bytes.len() >= HEAD_BYTES {
                let sum = checksum(&bytes[HEAD_BYTES..]);
                bytes[..8].copy_from_slice(&u64::from(VERSION).to_le_bytes());
                bytes[8..HEAD_BYTES].copy_from_slice(&sum.to_le_bytes());
            }
            if let Ok(snapshot) = decode(&bytes) {
                prop_assert!(check(&snapshot).is_ok());
            }
        }
    }

    /// The corpus of the fuzzer, each entry as it is and with one byte changed.
    #[test]
    fn whatever_lies_on_the_board_is_a_snapshot_or_an_error() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/snapshot");
        let mut entries = 0;
        for entry in std::fs::read_dir(folder).expect("the corpus") {
            let mut bytes = std::fs::read(entry.expect("an entry").path()).expect("its bytes");
            hostile_bytes(&bytes);
            for at in 0..bytes.len() {
                for value in [0, 1, 0x7f, 0xff] {
                    let known = std::mem::replace(&mut bytes[at], value);
                    hostile_bytes(&bytes);
                    bytes[at] = known;
                }
            }
            entries += 1;
        }
        assert!(entries > 0, "no corpus");
    }

    #[test]
    fn a_snapshot_that_breaks_a_promise_is_refused() {
        let reading = |key: &str, number: f64, series: u32| Reading {
            key: key.into(),
            value: Value::Number(number),
            at_ns: 1,
            ttl_ms: 1,
            series,
        };
        let broken = [
            vec![reading("b", 1.0, 0), reading("a", 1.0, 1)],
            vec![reading("a", 1.0, 0), reading("a", 1.0, 1)],
            vec![reading("a", f64::NAN, 0)],
            vec![reading("a", 1.0, SERIES_MAX)],
        ];
        for readings in broken {
            let snapshot = Snapshot { readings, ..Snapshot::default() };
            assert!(matches!(decode(&encoded(&snapshot)), Err(BoardError::Corrupt(_))), "{snapshot:?}");
        }
    }

    #[test]
    fn a_snapshot_over_the_limit_is_refused_with_its_size() {
        let text = "x".repeat(SNAPSHOT_BYTES_MAX);
        let reading =
            Reading { key: "a".into(), value: Value::Text(text), at_ns: 1, ttl_ms: 1, series: NO_SERIES };
        let snapshot = Snapshot { readings: vec![reading], ..Snapshot::default() };
        let error = encode(&snapshot, &mut Vec::new()).expect_err("it is too large");
        assert!(error.to_string().contains("1 readings"), "{error}");
    }
}
#[cfg(test)]
mod seeds_tmp {
    use super::*;
    use crate::metrics::*;
    #[test]
    fn seeds_of_snapshots() {
        let w = |n: &str, s: &Snapshot| {
            let mut b = Vec::new();
            encode(s, &mut b).unwrap();
            let mut v = vec![0u8];
            v.extend_from_slice(&b[HEAD_BYTES..]);
            std::fs::write(format!("{}/fuzz/corpus/snapshot/{n}", env!("CARGO_MANIFEST_DIR")), v).unwrap();
        };
        let r = |key: &str, value: Value, series: u32| Reading {
            key: key.into(),
            value,
            at_ns: 5,
            ttl_ms: 1000,
            series,
        };
        w("empty", &Snapshot::default());
        let s = Snapshot {
            tick: 3,
            taken_at_ns: 9,
            taken_unix_ms: 1_700_000_000_000,
            readings: vec![
                r("cpu.percent", Value::Number(12.5), 0),
                r("system.hostname", Value::Text("box".into()), NO_SERIES),
                r("ups.online", Value::Flag(true), 2),
            ],
            getters: vec![GetterState {
                name: "cpu".into(),
                error: "no".into(),
                last_success_ns: 1,
                duration_ns: 2,
                interval_ms: 3,
            }],
            dormant: vec![DormantSeries { key: "disk.sdb".into(), series: 4, since_ns: 6 }],
        };
        w("three_readings", &s);
        w(
            "keys_out_of_order",
            &Snapshot {
                readings: vec![r("b", Value::Flag(true), 0), r("a", Value::Flag(true), 1)],
                ..Snapshot::default()
            },
        );
        w(
            "no_number",
            &Snapshot { readings: vec![r("a", Value::Number(f64::NAN), 0)], ..Snapshot::default() },
        );
        w(
            "a_series_that_does_not_exist",
            &Snapshot { readings: vec![r("a", Value::Number(1.0), SERIES_MAX)], ..Snapshot::default() },
        );
        std::fs::write(
            format!("{}/fuzz/corpus/snapshot/without_head", env!("CARGO_MANIFEST_DIR")),
            [1u8, 1, 0, 0, 0, 0, 0, 0, 0, 9, 9],
        )
        .unwrap();
    }
}
