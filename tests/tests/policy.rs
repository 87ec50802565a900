//! Outputs that change their template: by a trigger over real values, by hand, and because a file was saved.

use std::time::Duration;

use casedd_tests::group::{Group, Setup};
use casedd_tests::viewer::Viewer;
use casedd_tests::{fixture, http, picture, ports, wait};
use image::{Rgb, RgbImage};
use serde_json::Value;

/// How long a change may take to reach the glass.
const LIMIT: Duration = Duration::from_secs(15);

const SIZE: (u32, u32) = (320, 240);
const NAVY: Rgb<u8> = Rgb([0, 0, 128]);
const MAROON: Rgb<u8> = Rgb([128, 0, 0]);
const BORDER: Rgb<u8> = Rgb([0, 255, 0]);

/// A template that is one colour.
fn plain(color: &str) -> String {
    format!("background: {color}\nwidgets: {{a: {{type: text, content: '', card: no}}}}\n")
}

fn group(port: u16) -> Group {
    let config = format!(
        "refresh_rate: 10\nmemory_interval: 0.5\ntemplate: calm\ntrigger_border_color: '#0f0'\noutputs:\n  \
         panel:\n    type: framebuffer\n    file: '@DIR@/panel.raw'\n    width: {}\n    height: {}\n    \
         template_triggers:\n    - {{source: memory.percent, operator: gt, value: 80, template: alarm, clear_operator: lt, clear_value: 50}}\n  \
         web: {{type: websocket, port: {port}, width: {}, height: {}}}\n",
        SIZE.0, SIZE.1, SIZE.0, SIZE.1
    );
    Setup::new()
        .config(&config)
        .file("templates/calm.casedd", &plain("navy"))
        .file("templates/alarm.casedd", &plain("maroon"))
        .tree("fixture", &fixture::repository().join("collector/fixtures/server32"))
        .variable("CASEDD_PROCFS_PATH", "@DIR@/fixture/proc")
        .variable("CASEDD_SYSFS_PATH", "@DIR@/fixture/sys")
        .start()
}

/// Sets how much of the fixture's memory (263842080 kB) is available.
fn set_available(group: &Group, kb: u64) {
    let path = group.file("fixture/proc/meminfo");
    let text = std::fs::read_to_string(&path).expect("the fixture is there");
    let lines = text.lines().map(|line| match line.split_once(':') {
        Some(("MemAvailable", _)) => format!("MemAvailable: {kb} kB\n"),
        _ => format!("{line}\n"),
    });
    fixture::replace(&path, &lines.collect::<String>());
}

fn panel(group: &Group) -> Option<RgbImage> {
    let bytes = std::fs::read(group.file("panel.raw")).ok()?;
    let is_whole = bytes.len() == SIZE.0 as usize * SIZE.1 as usize * 4;
    is_whole.then(|| picture::from_xrgb(&bytes, SIZE.0, SIZE.1, SIZE.0 as usize * 4))
}

/// Waits until the panel's corner and middle have these colours.
fn until_panel_shows(group: &Group, what: &str, corner: Rgb<u8>, middle: Rgb<u8>) {
    wait::until_true(what, LIMIT, || {
        panel(group).is_some_and(|now| {
            *now.get_pixel(0, 0) == corner && *now.get_pixel(SIZE.0 / 2, SIZE.1 / 2) == middle
        })
    });
}

fn output(status: &Value, name: &str) -> Value {
    let outputs = status["outputs"].as_array().cloned().unwrap_or_default();
    outputs.into_iter().find(|output| output["name"] == name).unwrap_or_default()
}

#[test]
fn a_trigger_over_real_values_changes_one_output_and_nothing_else() {
    let port = ports::free();
    let mut group = group(port);
    let renderer = group.process("renderer").pid;
    until_panel_shows(&group, "the output's own template", NAVY, NAVY);
    set_available(&group, 20_000_000);
    until_panel_shows(&group, "the trigger's template with its border", BORDER, MAROON);
    let status = group.status().expect("a status");
    let panel = output(&status, "panel");
    assert_eq!((&panel["shows"], &panel["topic"]), (&"alarm (trigger)".into(), &"calm".into()));
    assert_eq!(panel["earlier"]["connections"], 0, "it kept its connection: {panel}");
    assert!(String::from_utf8_lossy(&group.casedd(&["status"]).stdout).contains("alarm (trigger)"));
    let image = http::get(port, "/image?format=png").expect("an answer");
    assert_eq!(*picture::decode(&image.body).get_pixel(160, 120), NAVY, "the page has no policy");

    // Between the two values it stays.
    set_available(&group, 90_000_000);
    let left = wait::watch(Duration::from_secs(2), || {
        self::panel(&group).filter(|now| *now.get_pixel(160, 120) != MAROON)
    });
    assert!(left.is_none(), "it ended before its own condition held");
    set_available(&group, 200_000_000);
    until_panel_shows(&group, "the output's own template again", NAVY, NAVY);
    assert_eq!(group.process("renderer").pid, renderer);
    assert!(group.stop().success());
}

#[test]
fn a_changed_policy_is_acted_on_without_a_start_of_the_sinks() {
    let port = ports::free();
    let mut group = group(port);
    until_panel_shows(&group, "the output's own template", NAVY, NAVY);
    let sink = group.process("web").pid;
    let config = std::fs::read_to_string(group.file("casedd.yaml")).expect("the configuration");
    let config = config.replace("template_triggers:", "template_rotation: [alarm]\n    template_triggers:");
    fixture::replace(&group.file("casedd.yaml"), &config);
    until_panel_shows(&group, "the rotation's template", MAROON, MAROON);
    assert_eq!(group.process("web").pid, sink, "the page was started again");
    assert!(group.stop().success());
}

#[test]
fn a_saved_template_is_shown_and_a_wrong_one_is_told_on_the_display_and_in_the_status() {
    let port = ports::free();
    let mut group = group(port);
    let mut viewer = Viewer::connect(port).expect("the viewer connects");
    viewer.next_frame(LIMIT).expect("a frame");
    let file = group.file("templates/calm.casedd");
    std::fs::write(&file, plain("maroon")).expect("written in place");
    until_panel_shows(&group, "the saved template", MAROON, MAROON);

    std::fs::write(&file, "widgets: {a: {type: txt}}\n").expect("written in place");
    wait::until_true("a badge in the corner, over the last good picture", LIMIT, || {
        panel(&group).is_some_and(|now| {
            let badge = now.enumerate_pixels().filter(|(_, y, pixel)| *y > 120 && **pixel != MAROON).count();
            badge > 500 && *now.get_pixel(0, 0) == MAROON
        })
    });
    let words = "calm.casedd:1:21: found the type \"txt\", expected a widget type; did you mean \"text\"?";
    let status = wait::until("the status to tell", LIMIT, || {
        group.status().filter(|status| !output(status, "web")["template_error"].is_null())
    });
    let told = |value: &Value| value.as_str().is_some_and(|text| text.contains(words));
    assert!(told(&output(&status, "panel")["template_error"]), "{status:#}");
    let table = String::from_utf8_lossy(&group.casedd(&["status"]).stdout).into_owned();
    assert!(table.contains(words), "{table}");
    assert!(group.processes().iter().all(|process| process.state == "ready" && process.restarts == 0));

    fixture::replace(&file, &plain("navy"));
    until_panel_shows(&group, "the mended template", NAVY, NAVY);
    let is_clean = |now: &RgbImage| now.pixels().all(|pixel| *pixel == NAVY);
    wait::until_true("the badge to go", LIMIT, || panel(&group).as_ref().is_some_and(is_clean));
    assert!(output(&group.status().expect("a status"), "panel")["template_error"].is_null());
    assert!(group.stop().success());
}
