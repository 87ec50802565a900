//! Triggers, schedule and rotation: read and checked.

use super::*;
use crate::config::{Condition, Operand, Operator, RotationEntry, ScheduleEntry, TemplatePolicy, Trigger};

fn policy(keys: &str) -> TemplatePolicy {
    good(&format!("outputs: {{a: {{type: websocket, {keys}}}}}")).outputs[0].template_policy.clone()
}

fn condition(source: &str, operator: Operator, value: Operand) -> Condition {
    Condition { source: source.to_owned(), operator, value }
}

#[test]
fn every_key_of_a_trigger_is_read() {
    let short = "template_triggers: [{source: cpu.percent, value: 90, template: hot}]";
    let hot = Trigger {
        condition: condition("cpu.percent", Operator::Gte, Operand::Number(90.0)),
        template: "hot".to_owned(),
        duration_s: 0.0,
        hold_for_s: 0.0,
        clear: None,
        cooldown_s: 0.0,
        priority: 100,
        disabled: false,
    };
    assert_eq!(policy(short).triggers, [hot]);
    let long = "template_triggers: [{source: ups.status, operator: eq, value: onbatt, template: ups, duration: 5, hold_for: 60, \
                clear_operator: neq, clear_value: onbatt, cooldown: 30.5, priority: 0, disabled: yes, notify: x, notify_url: y}]";
    let ups = Trigger {
        condition: condition("ups.status", Operator::Eq, Operand::Text("onbatt".to_owned())),
        template: "ups".to_owned(),
        duration_s: 5.0,
        hold_for_s: 60.0,
        clear: Some((Operator::Neq, Operand::Text("onbatt".to_owned()))),
        cooldown_s: 30.5,
        priority: 0,
        disabled: true,
    };
    assert_eq!(policy(long).triggers, [ups]);
}

#[test]
fn times_of_day_are_texts_or_the_minutes_that_yaml_1_1_made_of_them() {
    let times = |start: &str, end: &str| {
        let entry = policy(&format!("template_schedule: [{{template: night, start: {start}, end: {end}}}]"));
        (entry.schedule[0].start_minute, entry.schedule[0].end_minute)
    };
    for start in ["23:00", "'23:00'", "\"23:00\"", "1380"] {
        assert_eq!(times(start, "7:05"), (1380, 425), "{start}");
    }
    assert_eq!(times("0", "00:00"), (0, 0));
}

#[test]
fn days_are_all_days_unless_given() {
    let schedule = policy("template_schedule: [{template: x, start: 8:00, end: 9:00, days: [0, 4]}, {template: y, start: 1:00, end: 2:00}]").schedule;
    let entry = |template: &str, start_minute, end_minute, days: &[u8]| ScheduleEntry {
        template: template.to_owned(),
        start_minute,
        end_minute,
        days: days.to_vec(),
    };
    assert_eq!(schedule, [entry("x", 480, 540, &[0, 4]), entry("y", 60, 120, &[0, 1, 2, 3, 4, 5, 6])]);
}

#[test]
fn a_rotation_is_a_list_of_names_or_of_maps() {
    let rotation = policy(
        "template_rotation_interval: 10, template_rotation: [a.casedd, {template: b, seconds: 5, \
         skip_if: [{source: ups.present, operator: neq, value: yes}]}, {template: c}]",
    )
    .rotation;
    let entry =
        |template: &str, seconds, skip_if| RotationEntry { template: template.to_owned(), seconds, skip_if };
    let absent = condition("ups.present", Operator::Neq, Operand::Number(1.0));
    assert_eq!(rotation, [entry("a", 10.0, vec![]), entry("b", 5.0, vec![absent]), entry("c", 10.0, vec![])]);
    assert_eq!(policy("template_rotation: [a]").rotation, [entry("a", 30.0, vec![])]);
    assert_eq!(policy("template_rotation_enabled: no, template_rotation: [a]").rotation, []);
}

#[test]
fn the_policy_of_the_top_level_holds_for_outputs_without_one() {
    let config = good(
        "template_rotation: [x]\noutputs: {a: {type: websocket}, b: {type: hdmi, template_rotation: [y]}}",
    );
    let names: Vec<_> =
        config.outputs.iter().map(|output| output.template_policy.rotation[0].template.as_str()).collect();
    assert_eq!(names, ["x", "y"]);
}

#[test]
fn every_fault_of_a_policy_is_told_at_its_place() {
    let cases = [
        ("template_triggers: x", "casedd.yaml:1:20: template_triggers is \"x\"; give a list"),
        ("template_triggers: [{value: 1, template: x}]", "casedd.yaml:1:21: a trigger has no source; add it"),
        ("template_triggers: [{source: a, template: x}]", "casedd.yaml:1:21: a trigger has no value; add it"),
        ("template_triggers: [{source: a, value: 1}]", "casedd.yaml:1:21: a trigger has no template; add it"),
        (
            "template_triggers: [{source: a, value: hot, template: x}]",
            "casedd.yaml:1:40: value is \"hot\"; give a number (only eq and neq compare texts)",
        ),
        (
            "template_triggers: [{source: a, value: 1, template: x, operator: more}]",
            "casedd.yaml:1:66: operator is \"more\"; known are: gt, gte, lt, lte, eq, neq",
        ),
        (
            "template_triggers: [{source: a, value: 1, template: x, clear_value: 2}]",
            "casedd.yaml:1:69: clear_value stands alone; add clear_operator",
        ),
        (
            "template_triggers: [{source: a, value: 1, template: x, priority: 1001}]",
            "casedd.yaml:1:66: priority is 1001; give a whole number from 0 to 1000",
        ),
        (
            "template_schedule: [{template: x, start: 24:00, end: 9:00}]",
            "casedd.yaml:1:42: start is \"24:00\"; give a time of day as HH:MM",
        ),
        (
            "template_schedule: [{template: x, start: 8:00}]",
            "casedd.yaml:1:21: a schedule entry has no end; add it",
        ),
        (
            "template_schedule: [{template: x, start: 8:00, end: 9:00, days: [7]}]",
            "casedd.yaml:1:65: days is a list; give a list of numbers from 0 (Monday) to 6 (Sunday)",
        ),
        ("template_rotation: [{seconds: 5}]", "casedd.yaml:1:21: a rotation entry has no template; add it"),
        (
            "template_rotation: [{template: x, skip_if: [{source: a}]}]",
            "casedd.yaml:1:45: a condition has no value; add it",
        ),
    ];
    told(cases.map(|(text, expected)| (text.to_owned(), expected)));
}
