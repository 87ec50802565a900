//! Outputs that show other templates by their policy, by an override, or because a file was saved.
//! Leaves out when each is to happen: see the tests of `director`.

use std::fs;
use std::time::{Duration, Instant};

use casedd_common::config::Config;
use casedd_common::metrics::{NO_SERIES, Reading, Value};
use casedd_common::transport::link::Link;
use casedd_common::transport::observe::{ViewStats, observe};
use casedd_renderer::service::Directions;

use crate::stage::{PATIENCE, Renderer, comes, connect, next, pixels, snapshot, want};

const RED: u32 = 0xff_ff_00_00;
const BLUE: u32 = 0xff_00_00_ff;
const GREEN: u32 = 0xff_00_ff_00;

/// A template that is one colour.
fn plain(color: &str) -> String {
    format!("background: {color}\nwidgets: {{ a: {{ type: text, content: '', card: no }} }}\n")
}

fn directed_by(outputs: &str) -> Renderer {
    let text = format!("trigger_border_color: '#0f0'\noutputs: {outputs}");
    let config = Config::from_text("casedd.yaml".as_ref(), &text, |_| None).expect("it is right");
    let renderer = Renderer::directed_by(Directions::of(&config));
    for color in ["red", "blue"] {
        fs::write(renderer.dir.path().join(format!("{color}.casedd")), plain(color)).expect("written");
    }
    renderer
}

/// What the renderer says of its views, once `is_so` of the first.
fn views(renderer: &Renderer, is_so: impl Fn(&ViewStats) -> bool) -> Vec<ViewStats> {
    let start = Instant::now();
    loop {
        let views = observe(&renderer.socket(), PATIENCE).expect("statistics").views;
        if views.first().is_some_and(&is_so) {
            return views;
        }
        assert!(start.elapsed() < PATIENCE, "{views:?}");
        std::thread::yield_now();
    }
}

#[test]
fn a_trigger_changes_the_template_within_one_connection_and_draws_a_border() {
    let trigger = "{source: cpu.percent, value: 90, template: red}";
    let renderer =
        directed_by(&format!("{{one: {{type: websocket, template: blue, template_triggers: [{trigger}]}}}}"));
    let mut board = renderer.writer();
    let mut link = connect(&renderer.socket(), &want("one", "blue"));
    let first = next(&mut link);
    assert!(pixels(&first).iter().all(|pixel| *pixel == BLUE));
    let sequence = first.meta().sequence;
    drop(first);
    board.heartbeat();
    board.publish(&snapshot(1, 95.0)).expect("published");
    let hot = next(&mut link);
    assert_eq!(hot.meta().sequence, sequence + 1, "one frame, in the same connection");
    assert_eq!((hot.damage().bounds().width, hot.damage().bounds().height), (200, 100), "all of it is new");
    let seen = pixels(&hot);
    assert_eq!((seen[0], seen[199], seen[99 * 200], seen[50 * 200 + 100]), (GREEN, GREEN, GREEN, RED));
    drop(hot);
    assert_eq!(views(&renderer, |_| true)[0].shows, "red (trigger)");
    board.heartbeat();
    board.publish(&snapshot(2, 10.0)).expect("published");
    assert!(pixels(&next(&mut link)).iter().all(|pixel| *pixel == BLUE), "no border stays behind");
    assert_eq!(views(&renderer, |_| true)[0].shows, "blue");
}

#[test]
fn a_slow_output_changes_its_template_without_waiting_for_its_next_frame() {
    let trigger = "{source: cpu.percent, value: 90, template: red}";
    let renderer =
        directed_by(&format!("{{one: {{type: websocket, template: blue, template_triggers: [{trigger}]}}}}"));
    let mut board = renderer.writer();
    let slow = casedd_common::transport::Want { rate_millihz: 10, ..want("one", "blue") };
    let mut link = connect(&renderer.socket(), &slow);
    next(&mut link);
    board.publish(&snapshot(1, 95.0)).expect("published");
    let start = Instant::now();
    assert_eq!(pixels(&next(&mut link))[50 * 200 + 100], RED);
    assert!(start.elapsed().as_secs() < 20, "the period of its frames is 100 s");
}

#[test]
fn an_override_holds_for_one_output_of_a_shared_view_and_the_other_sees_nothing_of_it() {
    let renderer = directed_by("{}");
    let mut board = renderer.writer();
    board.publish(&snapshot(1, 1.0)).expect("published");
    let (mut one, mut other) = (
        connect(&renderer.socket(), &want("one", "blue")),
        connect(&renderer.socket(), &want("other", "blue")),
    );
    next(&mut one);
    next(&mut other);
    assert_eq!(views(&renderer, |_| true).len(), 1);
    board.publish(&forced(2, "one", "red")).expect("published");
    // One is parted, as it would be by a restarted renderer, and connects again.
    while one.wait(PATIENCE, &[]).is_ok() {}
    let mut one = connect(&renderer.socket(), &want("one", "blue"));
    assert_eq!(pixels(&next(&mut one))[0], RED);
    let like_one = want("look", "blue;like=one");
    assert_eq!(pixels(&next(&mut connect(&renderer.socket(), &like_one)))[0], RED, "as for a snapshot");
    assert!(!comes(&mut other, Duration::from_millis(200)), "nothing changed for the other");
    assert!(views(&renderer, |_| true).iter().any(|view| view.shows == "blue"));
    board.heartbeat();
    board.publish(&snapshot(3, 1.0)).expect("published");
    assert_eq!(pixels(&next(&mut one))[0], BLUE);
}

#[test]
fn an_output_that_shares_with_nobody_keeps_its_connection_under_an_override() {
    let renderer = directed_by("{}");
    let mut board = renderer.writer();
    board.publish(&snapshot(1, 1.0)).expect("published");
    let mut one = connect(&renderer.socket(), &want("one", "blue"));
    let sequence = next(&mut one).meta().sequence;
    board.publish(&forced(2, "one", "red")).expect("published");
    let frame = next(&mut one);
    assert_eq!((pixels(&frame)[0], frame.meta().sequence), (RED, sequence + 1));
}

/// Values with an override among them.
fn forced(tick: u64, output: &str, template: &str) -> casedd_common::metrics::Snapshot {
    let mut forced = snapshot(tick, 1.0);
    let (key, value) = (format!("casedd.template.force.{output}"), Value::Text(template.into()));
    forced.readings.insert(0, Reading { key, value, at_ns: 0, ttl_ms: 0, series: NO_SERIES });
    forced
}

#[test]
fn a_policy_goes_on_while_nobody_looks() {
    let trigger = "{source: cpu.percent, value: 90, template: red, duration: 0.5, hold_for: 3600}";
    let renderer =
        directed_by(&format!("{{one: {{type: websocket, template: blue, template_triggers: [{trigger}]}}}}"));
    let mut board = renderer.writer();
    board.publish(&snapshot(1, 95.0)).expect("published");
    let look = want("look", "blue;like=one");
    let mut seen = 0;
    // Each time, whoever looks is gone again at once: it is not their looking that lets the duration pass.
    let start = Instant::now();
    while seen != RED && start.elapsed() < PATIENCE {
        std::thread::park_timeout(Duration::from_millis(200));
        seen = pixels(&next(&mut connect(&renderer.socket(), &look)))[50 * 200 + 100];
    }
    assert_eq!(seen, RED);
    board.publish(&snapshot(2, 5.0)).expect("published");
    let held = pixels(&next(&mut connect(&renderer.socket(), &want("one", "blue"))));
    assert_eq!(held[50 * 200 + 100], RED, "a sink that comes later sees it held");
}

#[test]
fn a_template_s_own_rate_holds_unless_the_output_says_one_and_follows_the_file() {
    let renderer = directed_by("{}");
    let file = renderer.dir.path().join("red.casedd");
    fs::write(&file, format!("refresh_rate_hz: 5\n{}", plain("red"))).expect("written");
    let mut own = connect(&renderer.socket(), &want("own", "red"));
    let mut fixed = connect(&renderer.socket(), &want("fixed", "red;rate=fixed"));
    next(&mut own);
    next(&mut fixed);
    let rates = |renderer: &Renderer| {
        let mut rates: Vec<u32> = views(renderer, |_| true).iter().map(|view| view.rate_millihz).collect();
        rates.sort_unstable();
        rates
    };
    assert_eq!(rates(&renderer), [5_000, 50_000]);
    fs::write(&file, format!("refresh_rate: 90\n{}", plain("lime"))).expect("written");
    assert_eq!(pixels(&next(&mut own))[0], GREEN);
    assert_eq!(pixels(&next(&mut fixed))[0], GREEN);
    assert_eq!(rates(&renderer), [50_000, 60_000], "no more than any output can have");
}

#[test]
fn a_template_that_is_wrong_from_the_start_has_another_in_its_place_until_it_is_mended() {
    let renderer = directed_by("{}");
    let file = renderer.dir.path().join("red.casedd");
    fs::write(&file, "widgets: { a: { type: txt } }\n").expect("written");
    let mut link = connect(&renderer.socket(), &want("one", "red"));
    let stand_in = pixels(&next(&mut link));
    let view = views(&renderer, |view| !view.trouble.is_empty())[0].clone();
    assert_eq!(view.shows, "wall in place of red");
    assert!(view.trouble.contains("red.casedd:1:23: found the type \"txt\""), "{}", view.trouble);
    let wall = pixels(&next(&mut connect(&renderer.socket(), &want("two", "wall"))));
    assert!(stand_in != wall, "the mistake is told in a corner");
    fs::write(&file, plain("red")).expect("written");
    assert!(pixels(&next(&mut link)).iter().all(|pixel| *pixel == RED));
    let view = views(&renderer, |view| view.trouble.is_empty())[0].clone();
    assert_eq!(view.shows, "red");
}

#[test]
fn a_saved_template_is_shown_at_once_and_a_wrong_one_leaves_the_last_good_picture_with_a_badge() {
    let renderer = directed_by("{}");
    let file = renderer.dir.path().join("red.casedd");
    let mut link = connect(&renderer.socket(), &want("one", "red"));
    assert_eq!(pixels(&next(&mut link))[0], RED);
    fs::write(&file, plain("lime")).expect("written in place");
    assert!(pixels(&next(&mut link)).iter().all(|pixel| *pixel == GREEN));

    fs::write(&file, "widgets: { a: { type: txt } }\n").expect("written in place");
    let badged = pixels(&next(&mut link));
    let changed = badged.iter().filter(|pixel| **pixel != GREEN).count();
    assert!(changed > 200 && badged[0] == GREEN && badged[199] == GREEN, "{changed} pixels");
    let trouble = views(&renderer, |view| !view.trouble.is_empty())[0].trouble.clone();
    let expected = "red.casedd:1:23: found the type \"txt\", expected a widget type; did you mean \"text\"?";
    assert!(trouble.ends_with(expected), "{trouble}");

    let saved = renderer.dir.path().join(".red.casedd.swp");
    fs::write(&saved, plain("blue")).expect("written beside");
    fs::rename(&saved, &file).expect("renamed over");
    assert!(pixels(&next(&mut link)).iter().all(|pixel| *pixel == BLUE), "the badge is gone");
    assert_eq!(views(&renderer, |_| true)[0].trouble, "");
}

#[test]
fn an_output_is_drawn_in_its_theme_and_an_unknown_one_is_refused() {
    let renderer = directed_by("{}");
    let seen = |topic: &str| pixels(&next(&mut connect(&renderer.socket(), &want("one", topic))));
    let brightness = |pixels: Vec<u32>| pixels.iter().map(|pixel| u64::from(pixel & 0xff)).sum::<u64>();
    let (dark, light) = (brightness(seen("compact")), brightness(seen("compact;theme=light")));
    assert!(light > dark * 2, "{light} is not much brighter than {dark}");
    let refused = Link::connect(&renderer.socket(), &want("one", "compact;theme=pink"), PATIENCE);
    let error = refused.map(|_| ()).expect_err("no such theme").to_string();
    assert!(error.contains("\"pink\" is none of: dark, light, high-contrast, night-red"), "{error}");
}
