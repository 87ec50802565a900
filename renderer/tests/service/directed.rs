//! Outputs that show other templates by their policy, by an override, or because a file was saved.
//! Leaves out when each is to happen: see the tests of `director`.

use std::fs;
use std::time::Instant;

use casedd_common::config::Config;
use casedd_common::metrics::{NO_SERIES, Reading, Value};
use casedd_common::transport::link::Link;
use casedd_common::transport::observe::{ViewStats, observe};
use casedd_renderer::service::Directions;

use crate::stage::{PATIENCE, Renderer, connect, next, pixels, snapshot, want};

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
fn an_override_holds_for_one_output_of_a_shared_view_and_ends_with_its_key() {
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
    let mut forced = snapshot(2, 1.0);
    let key = String::from("casedd.template.force.one");
    let reading = Reading { key, value: Value::Text("red".into()), at_ns: 0, ttl_ms: 0, series: NO_SERIES };
    forced.readings.insert(0, reading);
    board.publish(&forced).expect("published");
    // Both are parted, as they would be by a restarted renderer, and connect again.
    while one.wait(PATIENCE, &[]).is_ok() {}
    while other.wait(PATIENCE, &[]).is_ok() {}
    let (mut one, mut other) = (
        connect(&renderer.socket(), &want("one", "blue")),
        connect(&renderer.socket(), &want("other", "blue")),
    );
    assert_eq!((pixels(&next(&mut one))[0], pixels(&next(&mut other))[0]), (RED, BLUE));
    board.heartbeat();
    board.publish(&snapshot(3, 1.0)).expect("published");
    assert_eq!(pixels(&next(&mut one))[0], BLUE);
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
