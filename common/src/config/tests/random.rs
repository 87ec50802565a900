//! Whatever the text, reading it ends with a configuration or with messages, never with a panic.

use super::*;
use crate::config::keys;
use proptest::prelude::*;

/// Any key that is known, or a word that is not.
fn key() -> impl Strategy<Value = String> {
    let tables = [keys::TOP, keys::OUTPUT, keys::PANEL, keys::TRIGGER, keys::SCHEDULE, keys::ROTATION];
    let known: Vec<String> = tables.concat().into_iter().map(str::to_owned).collect();
    prop_oneof![8 => prop::sample::select(known), 1 => "[a-z_<*&]{0,8}"]
}

/// A value in flow style, up to four levels deep.
fn value() -> impl Strategy<Value = String> {
    let words = [
        "yes",
        "no",
        "~",
        "23:00",
        "auto",
        "websocket",
        "framebuffer",
        "hdmi",
        "eq",
        "''",
        "*x",
        "&x 1",
        "!!str 1",
        "#",
    ];
    let leaf = prop_oneof![
        any::<f64>().prop_map(|number| number.to_string()),
        (-1i64..70_000).prop_map(|number| number.to_string()),
        prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        "[ -~äß]{0,12}".prop_map(|text| format!("{text:?}")),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec((key(), inner), 0..6).prop_map(|entries| {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{{}}}", entries.join(", "))
            }),
        ]
    })
}

/// Reads it; when it is refused, every message must have a place and words.
fn check(text: &str) {
    match read(text) {
        Ok(config) => assert!(config.outputs.len() <= 64),
        Err(ConfigError::Unreadable { .. }) => panic!("nothing was to be read"),
        Err(ConfigError::Invalid { problems }) => {
            assert!(!problems.is_empty(), "refused without a word: {text}");
            for problem in problems {
                assert!(problem.to_string().starts_with("casedd.yaml:") && !problem.message.is_empty());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn characters_never_panic(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn punctuation_never_panics(text in "[-:{}\\[\\]#&*!|>'\"%@ \\n\\ta-c0-9,?<]{0,80}") {
        check(&text);
    }

    #[test]
    fn known_keys_with_any_values_never_panic(entries in prop::collection::vec((key(), value()), 0..8)) {
        let lines: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        check(&lines.join("\n"));
    }

    #[test]
    fn outputs_with_any_values_never_panic(entries in prop::collection::vec((key(), value()), 0..8), kind in 0usize..3) {
        let kind = ["websocket", "framebuffer", "hdmi"][kind];
        let keys: String = entries.iter().map(|(key, value)| format!("    {key}: {value}\n")).collect();
        check(&format!("outputs:\n  a:\n    type: {kind}\n{keys}\n"));
    }
}
