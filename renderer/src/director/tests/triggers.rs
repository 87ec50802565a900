//! Triggers: what begins one, what ends it, and which of several wins.
//! Leaves out the other ranks.

use super::*;
use proptest::prelude::*;

#[test]
fn a_trigger_shows_its_template_while_its_condition_holds() {
    let mut director = with_triggers(vec![trigger()]);
    let steps = [(0.0, Some(79.9)), (1.0, Some(80.0)), (2.0, Some(95.0)), (3.0, Some(79.0)), (4.0, None)];
    assert_eq!(play(&mut director, &steps), ["base", "hot", "hot", "base", "base"]);
}

#[test]
fn every_operator_begins_and_ends_a_trigger() {
    for (operator, is_on) in [
        (Operator::Gt, [false, false, true]),
        (Operator::Gte, [false, true, true]),
        (Operator::Lt, [true, false, false]),
        (Operator::Lte, [true, true, false]),
        (Operator::Eq, [false, true, false]),
        (Operator::Neq, [true, false, true]),
    ] {
        let trigger = Trigger { condition: condition("t", operator, 80.0), ..trigger() };
        let mut director = with_triggers(vec![trigger]);
        let seen = play(&mut director, &[(0.0, Some(79.0)), (1.0, Some(80.0)), (2.0, Some(81.0))]);
        let expected = is_on.map(|is_on| if is_on { "hot" } else { "base" });
        assert_eq!(seen, expected, "{operator}");
    }
}

#[test]
fn texts_are_compared_for_equality() {
    let value = Operand::Text("onbatt".to_owned());
    let condition = Condition { source: "ups.status".to_owned(), operator: Operator::Eq, value };
    let mut director = with_triggers(vec![Trigger { condition, ..trigger() }]);
    for (second, status, expected) in
        [(0.0, "online", "base"), (1.0, "onbatt", "hot"), (2.0, "online", "base")]
    {
        let data = at(second, &[("ups.status", Value::Text(status.to_owned()))]);
        assert_eq!(director.decide(&data, |_| false).template, expected, "{status}");
    }
}

#[test]
fn a_condition_must_hold_without_a_break_for_the_duration() {
    let mut director = with_triggers(vec![Trigger { duration_s: 5.0, ..trigger() }]);
    let steps = [
        (0.0, Some(90.0)),
        (4.0, Some(90.0)),
        (4.5, Some(70.0)),
        (5.0, Some(90.0)),
        (9.9, Some(90.0)),
        (10.0, Some(90.0)),
        (10.1, None),
        (10.2, Some(90.0)),
        (15.2, Some(90.0)),
    ];
    let expected = ["base", "base", "base", "base", "base", "hot", "base", "base", "hot"];
    assert_eq!(play(&mut director, &steps), expected);
}

#[test]
fn a_template_stays_for_its_least_time_and_ends_by_the_value_of_then() {
    let mut director = with_triggers(vec![Trigger { hold_for_s: 30.0, ..trigger() }]);
    let steps = [
        (0.0, Some(90.0)),
        (1.0, Some(10.0)),
        (29.9, Some(90.0)),
        (31.0, Some(90.0)),
        (32.0, Some(10.0)),
        (33.0, Some(90.0)),
        (62.9, None),
        (63.0, None),
    ];
    assert_eq!(play(&mut director, &steps), ["hot", "hot", "hot", "hot", "base", "hot", "hot", "base"]);
}

#[test]
fn a_condition_of_its_own_ends_a_trigger() {
    let clear = Some((Operator::Lt, Operand::Number(60.0)));
    let mut director = with_triggers(vec![Trigger { clear, ..trigger() }]);
    let steps = [
        (0.0, Some(70.0)),
        (1.0, Some(80.0)),
        (2.0, Some(70.0)),
        (3.0, Some(60.0)),
        (4.0, Some(59.0)),
        (5.0, Some(70.0)),
        (6.0, Some(80.0)),
        (7.0, None),
    ];
    assert_eq!(play(&mut director, &steps), ["base", "hot", "hot", "hot", "base", "base", "hot", "base"]);
}

#[test]
fn after_its_end_a_trigger_rests() {
    let mut director = with_triggers(vec![Trigger { cooldown_s: 10.0, duration_s: 2.0, ..trigger() }]);
    let steps = [
        (0.0, Some(90.0)),
        (2.0, Some(90.0)),
        (3.0, Some(10.0)),
        (4.0, Some(90.0)),
        (12.9, Some(90.0)),
        (13.0, Some(90.0)),
    ];
    assert_eq!(play(&mut director, &steps), ["base", "hot", "base", "base", "base", "hot"]);
}

#[test]
fn the_lowest_priority_wins_then_the_first_and_each_keeps_its_own_state() {
    let named = |template: &str, limit, priority| Trigger {
        condition: condition("t", Operator::Gte, limit),
        template: template.to_owned(),
        priority,
        ..trigger()
    };
    let off = Trigger { disabled: true, priority: 0, ..trigger() };
    let triggers = vec![
        off,
        named("warm", 50.0, 100),
        named("second", 60.0, 100),
        named("fire", 80.0, 5),
        named("warm", 20.0, 200),
    ];
    let mut director = with_triggers(triggers);
    let steps =
        [(0.0, Some(10.0)), (1.0, Some(25.0)), (2.0, Some(65.0)), (3.0, Some(85.0)), (4.0, Some(55.0))];
    assert_eq!(play(&mut director, &steps), ["base", "warm", "warm", "fire", "warm"]);
}

proptest! {
    /// Whatever happens, a trigger is on no sooner than its duration and its rest allow, and no shorter than it must be.
    #[test]
    fn a_trigger_keeps_its_times(
        (duration, hold_for, cooldown) in (0u32..8, 0u32..8, 0u32..8),
        values in proptest::collection::vec(proptest::option::of(0u32..2), 1..120),
    ) {
        let (duration_s, hold_for_s, cooldown_s) = (f64::from(duration), f64::from(hold_for), f64::from(cooldown));
        let trigger = Trigger { condition: condition("t", Operator::Gte, 1.0), duration_s, hold_for_s, cooldown_s, ..trigger() };
        let mut director = with_triggers(vec![trigger]);
        let steps: Vec<(f64, Option<f64>)> =
            values.iter().enumerate().map(|(second, t)| (second as f64, t.map(f64::from))).collect();
        let is_on: Vec<bool> = play(&mut director, &steps).iter().map(|template| template == "hot").collect();
        let holds: Vec<bool> = values.iter().map(|t| *t == Some(1)).collect();
        let (mut began, mut ended) = (None, None);
        for second in 0..is_on.len() {
            let was_on = second > 0 && is_on[second - 1];
            if is_on[second] && !was_on {
                let since = second.saturating_sub(duration as usize);
                prop_assert!(holds[since..=second].iter().all(|holds| *holds), "it began too early");
                prop_assert!(second - since == duration as usize, "it began before anything was known");
                prop_assert!(ended.is_none_or(|ended| second - ended >= cooldown as usize), "it did not rest");
                began = Some(second);
            }
            if was_on && !is_on[second] {
                let shown = second - began.expect("it was on");
                prop_assert!(shown >= hold_for as usize, "it was shown too short");
                prop_assert!(!holds[second], "it ended while its condition held");
                ended = Some(second);
            }
            if was_on && is_on[second] {
                let shown = second - began.expect("it was on");
                prop_assert!(holds[second] || shown < hold_for as usize, "it stayed without a reason");
            }
        }
    }
}
