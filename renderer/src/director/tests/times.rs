//! The schedule and the rotation: whose time it is.
//! Leaves out triggers.

use super::*;
use proptest::prelude::*;

fn scheduled(entries: &[ScheduleEntry], time: (i8, i8, i8)) -> String {
    let policy = TemplatePolicy { schedule: entries.to_vec(), ..TemplatePolicy::default() };
    Director::new("desk", "base", policy).decide(&at_time(0.0, time, &[]), |_| false).template
}

#[test]
fn an_entry_of_the_schedule_is_meant_from_its_start_to_before_its_end() {
    let entries =
        [entry("work", (8, 30), (17, 0), &[0, 1, 2, 3, 4]), entry("late", (16, 0), (18, 0), &[0, 5])];
    for (time, expected) in [
        ((0, 8, 29), "base"),
        ((0, 8, 30), "work"),
        ((0, 16, 59), "work"),
        ((0, 17, 0), "late"),
        ((0, 18, 0), "base"),
        ((4, 12, 0), "work"),
        ((5, 12, 0), "base"),
        ((5, 16, 0), "late"),
    ] {
        assert_eq!(scheduled(&entries, time), expected, "{time:?}");
    }
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_begins() {
    let entries = [entry("night", (23, 0), (7, 0), &[4, 6])];
    for (time, expected) in [
        ((4, 6, 0), "base"),
        ((4, 22, 59), "base"),
        ((4, 23, 0), "night"),
        ((5, 6, 59), "night"),
        ((5, 7, 0), "base"),
        ((5, 23, 30), "base"),
        ((6, 23, 30), "night"),
        ((0, 3, 0), "night"),
    ] {
        assert_eq!(scheduled(&entries, time), expected, "{time:?}");
    }
}

#[test]
fn the_same_start_and_end_mean_all_day() {
    let entries = [entry("sunday", (9, 0), (9, 0), &[6])];
    let seen = [(6, 0, 0), (6, 9, 0), (6, 23, 59), (0, 9, 0)].map(|time| scheduled(&entries, time));
    assert_eq!(seen, ["sunday", "sunday", "sunday", "base"]);
}

fn with_rotation(rotation: Vec<RotationEntry>) -> Director {
    Director::new("desk", "base", TemplatePolicy { rotation, ..TemplatePolicy::default() })
}

#[test]
fn templates_take_turns_each_for_its_time() {
    let mut director = with_rotation(vec![turn_of("a", 10.0, vec![]), turn_of("b", 5.0, vec![])]);
    let steps = [0.0, 9.9, 10.0, 14.9, 15.0, 24.9, 25.5, 30.4, 30.5].map(|second| (second, None));
    assert_eq!(play(&mut director, &steps), ["a", "a", "b", "b", "a", "a", "b", "b", "a"]);
}

#[test]
fn an_entry_is_left_out_while_all_its_conditions_hold_and_a_missing_value_holds_nothing() {
    let quiet = vec![condition("t", Operator::Lt, 1.0), condition("t", Operator::Gte, 0.0)];
    let mut director = with_rotation(vec![turn_of("a", 10.0, vec![]), turn_of("net", 10.0, quiet)]);
    let steps = [
        (0.0, Some(0.5)),
        (10.0, Some(0.5)),
        (20.0, Some(5.0)),
        // In the middle of its time there is nothing to see any more: the next one comes at once.
        (21.0, Some(0.5)),
        (31.0, None),
    ];
    assert_eq!(play(&mut director, &steps), ["a", "a", "net", "a", "net"]);
}

#[test]
fn a_template_leaves_itself_out_and_for_it_a_missing_value_counts() {
    let own = [condition("ups.present", Operator::Eq, 0.0), condition("t", Operator::Gte, 5.0)];
    let skips = |values: &[(&str, Value)]| skips_itself(&own, &at(0.0, values));
    assert!(skips(&[]));
    assert!(skips(&[("t", number(9.0))]));
    assert!(skips(&[("ups.present", number(0.0)), ("t", number(9.0))]));
    assert!(!skips(&[("ups.present", number(1.0))]));
    assert!(!skips_itself(&[], &at(0.0, &[])));
    let mut director = with_rotation(vec![turn_of("ups", 5.0, vec![]), turn_of("a", 5.0, vec![])]);
    let seen =
        [0.0, 5.0, 10.0].map(|second| director.decide(&at(second, &[]), |name| name == "ups").template);
    assert_eq!(seen, ["a", "a", "a"]);
}

#[test]
fn when_all_are_left_out_the_present_one_stays_and_before_there_is_one_the_base() {
    let mut director = with_rotation(vec![turn_of("a", 5.0, vec![]), turn_of("b", 5.0, vec![])]);
    let mut shown = |second, all: bool| director.decide(&at(second, &[]), |_| all).template;
    assert_eq!(shown(0.0, true), "base");
    assert_eq!(shown(1.0, false), "a");
    assert_eq!(shown(6.0, true), "a");
    assert_eq!(shown(20.0, true), "a");
    assert_eq!(shown(21.0, false), "b");
}

proptest! {
    /// A rotation never shows what it is to leave out, unless it has nothing else, and never keeps one beyond its time.
    #[test]
    fn a_rotation_shows_what_may_be_shown(
        skips in proptest::collection::vec(0u8..16, 1..80),
        seconds in proptest::collection::vec(1u32..6, 4),
    ) {
        let names = ["a", "b", "c", "d"];
        let entries = names.iter().zip(&seconds).map(|(name, seconds)| turn_of(name, f64::from(*seconds), vec![]));
        let mut director = with_rotation(entries.collect());
        let mut present: Option<(usize, usize)> = None;
        for (second, skip) in skips.iter().enumerate() {
            let is_left_out = |name: &str| names.iter().position(|known| *known == name).is_some_and(|at| skip >> at & 1 == 1);
            let shown = director.decide(&at(second as f64, &[]), is_left_out).template;
            let Some(place) = names.iter().position(|name| *name == shown) else {
                prop_assert!(present.is_none() && *skip == 15, "the base only before anything could be shown");
                continue;
            };
            prop_assert!(*skip == 15 || !is_left_out(&shown), "{shown} is left out");
            present = match present {
                Some((at, since)) if at == place => {
                    let others = (0..4).any(|other| other != at && skip >> other & 1 == 0);
                    prop_assert!(!others || second - since < seconds[at] as usize, "{shown} stays too long");
                    // Alone it begins its time anew again and again.
                    Some((at, if second - since >= seconds[at] as usize && *skip != 15 { second } else { since }))
                }
                _ => Some((place, second)),
            };
        }
    }
}
