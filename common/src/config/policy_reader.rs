//! Reads template policy: `template_triggers`, `template_schedule` and `template_rotation` of an output, a panel or
//! the top level.
//!
//! Checks what is written; the renderer acts on it.

use super::keys;
use super::policy::{Condition, Operand, Operator, RotationEntry, ScheduleEntry, TemplatePolicy, Trigger};
use super::section::{Findings, Section, Unknown, as_number, as_text, describe};
use super::top::template_name;
use super::yaml::{Node, Value};

/// How long a template of a rotation is shown when nothing is said.
const DWELL_S: f64 = 30.0;
/// Longest time that any of these keys takes: a week.
pub(super) const TIME_S: std::ops::RangeInclusive<f64> = 0.0..=604_800.0;
/// Lowest and highest rank of a trigger.
pub(super) const PRIORITY: std::ops::RangeInclusive<u32> = 0..=1000;
/// Rank of a trigger that gives none.
const DEFAULT_PRIORITY: u32 = 100;
/// Shortest and longest time of a template in a rotation.
pub(super) const DWELL_RANGE_S: std::ops::RangeInclusive<f64> = 1.0..=604_800.0;
/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// Reads the policy keys of a section.
pub(super) fn read(section: &mut Section<'_, '_>) -> TemplatePolicy {
    let triggers =
        items(section, "template_triggers").iter().filter_map(|item| trigger(section.findings, item));
    let triggers = triggers.collect();
    let schedule =
        items(section, "template_schedule").iter().filter_map(|item| schedule(section.findings, item));
    let schedule = schedule.collect();
    let dwell_s = section.number("template_rotation_interval", DWELL_RANGE_S).unwrap_or(DWELL_S);
    let is_on = section.flag("template_rotation_enabled").unwrap_or(true);
    let entries = items(section, "template_rotation").iter();
    let rotation: Vec<_> = entries.filter_map(|item| rotation(section.findings, item, dwell_s)).collect();
    TemplatePolicy { triggers, schedule, rotation: if is_on { rotation } else { Vec::new() } }
}

/// The items of a list; anything else is noted, and read as an empty one.
fn items<'a>(section: &mut Section<'a, '_>, key: &'static str) -> &'a [Node] {
    match section.node(key) {
        Some(Node { value: Value::List(items), .. }) => items,
        Some(node) => {
            let place = section.findings.place(node.mark);
            section.findings.problem(place, format!("{key} is {}; give a list", describe(&node.value)));
            &[]
        }
        None => &[],
    }
}

fn trigger(findings: &mut Findings, item: &Node) -> Option<Trigger> {
    let mut section = Section::open(findings, "a trigger", item, keys::TRIGGER);
    section.check_keys_but(Unknown::Ignored, |key| key.starts_with("notify"));
    let condition = condition(&mut section);
    let template = needed_template(&mut section);
    let clear = clear(&mut section);
    Some(Trigger {
        duration_s: section.number("duration", TIME_S).unwrap_or(0.0),
        hold_for_s: section.number("hold_for", TIME_S).unwrap_or(0.0),
        cooldown_s: section.number("cooldown", TIME_S).unwrap_or(0.0),
        priority: section.whole("priority", PRIORITY).unwrap_or(DEFAULT_PRIORITY),
        disabled: section.flag("disabled").unwrap_or(false),
        condition: condition?,
        template: template?,
        clear,
    })
}

/// `clear_operator` and `clear_value`: both or neither.
fn clear(section: &mut Section<'_, '_>) -> Option<(Operator, Operand)> {
    for (one, other) in [("clear_operator", "clear_value"), ("clear_value", "clear_operator")] {
        if let (Some(field), None) = (section.field(one), section.field(other)) {
            section.findings.problem(field.place, format!("{one} stands alone; add {other}"));
            return None;
        }
    }
    let operator: Operator = section.choice("clear_operator")?;
    Some((operator, operand(section, "clear_value", operator)?))
}

/// `source`, `operator`, `value`.
fn condition(section: &mut Section<'_, '_>) -> Option<Condition> {
    let operator = section.choice("operator").unwrap_or_default();
    let source = if section.has("source") { section.text("source") } else { None };
    let value = if section.has("value") { operand(section, "value", operator) } else { None };
    Some(Condition { source: source?, operator, value: value? })
}

fn operand(section: &mut Section<'_, '_>, key: &'static str, operator: Operator) -> Option<Operand> {
    let field = section.field(key)?;
    let is_equality = matches!(operator, Operator::Eq | Operator::Neq);
    let number = as_number(&field.value).map(Operand::Number);
    let flag = match &*field.value {
        Value::Flag(flag, _) => Some(Operand::Number(f64::from(u8::from(*flag)))),
        _ => None,
    };
    let text = as_text(&field.value).filter(|_| is_equality).map(|text| Operand::Text(text.to_owned()));
    let operand = number.or(flag).or(text);
    if operand.is_none() {
        let want =
            if is_equality { "a number or a text" } else { "a number (only eq and neq compare texts)" };
        section.refuse(key, &field, want);
    }
    operand
}

fn schedule(findings: &mut Findings, item: &Node) -> Option<ScheduleEntry> {
    let mut section = Section::open(findings, "a schedule entry", item, keys::SCHEDULE);
    section.check_keys(Unknown::Ignored);
    let template = needed_template(&mut section);
    let start_minute = minute(&mut section, "start");
    let end_minute = minute(&mut section, "end");
    let days = days(&mut section);
    Some(ScheduleEntry {
        template: template?,
        start_minute: start_minute?,
        end_minute: end_minute?,
        days: days?,
    })
}

/// A time of day: `HH:MM`, or the minutes that YAML 1.1 made of it.
fn minute(section: &mut Section<'_, '_>, key: &'static str) -> Option<u16> {
    if !section.has(key) {
        return None;
    }
    let field = section.field(key)?;
    let minute = match &*field.value {
        Value::Number(number, _)
            if number.fract() == 0.0 && (0.0..f64::from(DAY_MINUTES)).contains(number) =>
        {
            Some(*number as u16)
        }
        Value::Text(text) => clock(text),
        _ => None,
    };
    if minute.is_none() {
        section.refuse(key, &field, "a time of day as HH:MM");
    }
    minute
}

fn clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let is_number =
        |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// `days`: numbers from 0 (Monday) to 6; every day when left out.
fn days(section: &mut Section<'_, '_>) -> Option<Vec<u8>> {
    let Some(field) = section.field("days") else { return Some((0..7).collect()) };
    let day = |item: &Node| match item.value {
        Value::Number(day, _) if day.fract() == 0.0 && (0.0..7.0).contains(&day) => Some(day as u8),
        _ => None,
    };
    let days: Option<Vec<u8>> = match &*field.value {
        Value::List(items) if !items.is_empty() => items.iter().map(day).collect(),
        _ => None,
    };
    if days.is_none() {
        section.refuse("days", &field, "a list of numbers from 0 (Monday) to 6 (Sunday)");
    }
    days
}

fn rotation(findings: &mut Findings, item: &Node, dwell_s: f64) -> Option<RotationEntry> {
    if let Some(name) = as_text(&item.value) {
        let template = name.strip_suffix(".casedd").unwrap_or(name).to_owned();
        return Some(RotationEntry { template, seconds: dwell_s, skip_if: Vec::new() });
    }
    let mut section = Section::open(findings, "a rotation entry", item, keys::ROTATION);
    section.check_keys(Unknown::Ignored);
    let template = needed_template(&mut section);
    let seconds = section.number("seconds", DWELL_RANGE_S).unwrap_or(dwell_s);
    let conditions = items(&mut section, "skip_if").iter().filter_map(|item| {
        let mut section = Section::open(&mut *section.findings, "a condition", item, keys::CONDITION);
        section.check_keys(Unknown::Ignored);
        condition(&mut section)
    });
    let skip_if = conditions.collect();
    Some(RotationEntry { template: template?, seconds, skip_if })
}

fn needed_template(section: &mut Section<'_, '_>) -> Option<String> {
    if section.has("template") { template_name(section) } else { None }
}
