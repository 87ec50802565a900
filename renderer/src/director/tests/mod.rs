//! The policy played through with literal values at literal times.
//! Leaves out drawing: see `tests/service.rs`.

mod times;
mod triggers;

use super::*;
use crate::data::NoHistory;
use casedd_common::config::{Operand, Operator, RotationEntry, ScheduleEntry, Trigger};
use casedd_common::metrics::{NO_SERIES, Reading, Snapshot};
use jiff::civil::date;
use jiff::tz::TimeZone;

/// Values at a second of the monotonic clock, on a Monday at noon.
fn at(second: f64, values: &[(&str, Value)]) -> Data {
    at_time(second, (0, 12, 0), values)
}

/// The same at a day (0 = Monday), hour and minute.
fn at_time(second: f64, (day, hour, minute): (i8, i8, i8), values: &[(&str, Value)]) -> Data {
    let mut readings: Vec<Reading> = values
        .iter()
        .map(|(key, value)| Reading {
            key: (*key).to_owned(),
            value: value.clone(),
            at_ns: 0,
            ttl_ms: 0,
            series: NO_SERIES,
        })
        .collect();
    readings.sort_by(|a, b| a.key.cmp(&b.key));
    // 2 March 2026 is a Monday.
    let wall =
        date(2026, 3, 2 + day).at(hour, minute, 0, 0).to_zoned(TimeZone::UTC).expect("UTC has no gaps");
    let snapshot = Snapshot { readings, ..Snapshot::default() };
    Data::new(snapshot, Box::new(NoHistory), (second * 1e9) as u64, wall)
}

fn number(value: f64) -> Value {
    Value::Number(value)
}

fn condition(source: &str, operator: Operator, value: f64) -> Condition {
    Condition { source: source.to_owned(), operator, value: Operand::Number(value) }
}

/// Shows `hot` while `t` is at least 80.
fn trigger() -> Trigger {
    Trigger {
        condition: condition("t", Operator::Gte, 80.0),
        template: "hot".to_owned(),
        duration_s: 0.0,
        hold_for_s: 0.0,
        clear: None,
        cooldown_s: 0.0,
        priority: 100,
        disabled: false,
    }
}

fn with_triggers(triggers: Vec<Trigger>) -> Director {
    Director::new("desk", "base", TemplatePolicy { triggers, ..TemplatePolicy::default() })
}

/// What is shown at each second at which `t` has the value; `None`: it is missing.
fn play(director: &mut Director, steps: &[(f64, Option<f64>)]) -> Vec<String> {
    let shown = |(second, t): &(f64, Option<f64>)| {
        let values: Vec<(&str, Value)> = t.iter().map(|t| ("t", number(*t))).collect();
        director.decide(&at(*second, &values), |_| false).template
    };
    steps.iter().map(shown).collect()
}

fn entry(template: &str, start: (u16, u16), end: (u16, u16), days: &[u8]) -> ScheduleEntry {
    ScheduleEntry {
        template: template.to_owned(),
        start_minute: start.0 * 60 + start.1,
        end_minute: end.0 * 60 + end.1,
        days: days.to_vec(),
    }
}

fn turn_of(template: &str, seconds: f64, skip_if: Vec<Condition>) -> RotationEntry {
    RotationEntry { template: template.to_owned(), seconds, skip_if }
}

#[test]
fn each_rank_goes_before_the_next() {
    let policy = TemplatePolicy {
        triggers: vec![trigger()],
        schedule: vec![entry("night", (22, 0), (6, 0), &[0, 1, 2, 3, 4, 5, 6])],
        rotation: vec![turn_of("a", 10.0, vec![]), turn_of("b", 10.0, vec![])],
    };
    let mut director = Director::new("desk", "base", policy);
    let mut shown = |second: f64, hour: i8, values: &[(&str, Value)]| {
        let decision = director.decide(&at_time(second, (0, hour, 0), values), |_| false);
        (decision.template, decision.by)
    };
    let hot = ("t", number(90.0));
    let force = ("casedd.template.force.desk", Value::Text(" mine.casedd ".to_owned()));
    let other = ("casedd.template.force.wall", Value::Text("theirs".to_owned()));
    let ended = ("casedd.template.force.desk", Value::Text(String::new()));
    let said = |template: &str, by| (template.to_owned(), by);
    assert_eq!(shown(0.0, 12, &[]), said("a", By::Rotation));
    assert_eq!(shown(8.0, 23, &[]), said("night", By::Schedule));
    assert_eq!(shown(9.0, 23, std::slice::from_ref(&hot)), said("hot", By::Trigger));
    assert_eq!(shown(10.0, 23, &[force, hot.clone()]), said("mine", By::Force));
    assert_eq!(shown(11.0, 23, &[ended, other, hot]), said("hot", By::Trigger));
    assert_eq!(shown(12.0, 23, &[]), said("night", By::Schedule));
    // The rotation goes on where it was, with all of the template's time.
    assert_eq!(shown(13.0, 12, &[]), said("a", By::Rotation));
    assert_eq!(shown(22.9, 12, &[]), said("a", By::Rotation));
    assert_eq!(shown(23.0, 12, &[]), said("b", By::Rotation));
}

#[test]
fn an_override_is_a_text_for_one_name() {
    let text = |text: &str| Value::Text(text.to_owned());
    let data = at(
        0.0,
        &[
            ("casedd.template.force.desk", text("nas")),
            ("casedd.template.force.wall", text("")),
            ("z", number(1.0)),
        ],
    );
    let seen = ["desk", "wall", "des", "z"].map(|name| forced_template(name, &data).is_some());
    assert_eq!(seen, [true, false, false, false]);
    assert!(forced_template("desk", &at(0.0, &[("casedd.template.force.desk", number(1.0))])).is_none());
}
