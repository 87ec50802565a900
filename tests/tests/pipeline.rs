//! Known numbers in, the right numbers on the board, the right picture out of every sink.

use std::path::Path;
use std::time::Duration;

use casedd_common::board::BoardReader;
use casedd_common::metrics::{Snapshot, Value};
use casedd_common::runtime_dir::RuntimeDir;
use casedd_tests::group::{Group, Setup};
use casedd_tests::viewer::Viewer;
use casedd_tests::{fixture, http, picture, ports, wait};
use image::RgbImage;

/// The picture's size.
const SIZE: (u32, u32) = (480, 320);

/// How long a number may take from the file to the board, or to the glass.
const LIMIT: Duration = Duration::from_secs(10);

/// Only what the fixture tells, and nothing that moves by itself.
const FACTS: &str = "\
name: facts
grid:
  template_areas: |
    host host load
    memory memory temperature
    used used used
  columns: 1fr 1fr 1fr
  rows: 1fr 2fr 1fr
widgets:
  host: {type: text, source: system.hostname, label: Host}
  load: {type: value, source: system.load_1, label: Load, precision: 2}
  memory: {type: gauge, source: memory.percent, label: Memory, unit: '%', color_stops: [[0, '#34d399'], [80, '#f87171']]}
  temperature: {type: value, source: cpu.temperature, label: CPU, unit: '°C', precision: 0}
  used: {type: bar, source: memory.used_gb, label: Memory used, min: 0, max: 252, unit: GiB}
";

fn group(port: u16) -> Group {
    let output = format!("width: {}, height: {}, template: facts", SIZE.0, SIZE.1);
    let config = format!(
        "refresh_rate: 10\ncpu_interval: 0.5\nmemory_interval: 0.5\noutputs:\n  \
         panel: {{type: framebuffer, file: '@DIR@/panel.raw', {output}}}\n  \
         web: {{type: websocket, port: {port}, quality: 95, {output}}}\n"
    );
    Setup::new()
        .config(&config)
        .file("templates/facts.casedd", FACTS)
        .tree("fixture", &fixture::repository().join("collector/fixtures/server32"))
        .variable("CASEDD_PROCFS_PATH", "@DIR@/fixture/proc")
        .variable("CASEDD_SYSFS_PATH", "@DIR@/fixture/sys")
        .start()
}

fn board_of(group: &Group) -> BoardReader {
    let runtime = RuntimeDir::open(&group.runtime()).expect("the group has a runtime folder");
    BoardReader::open(&runtime.board_name()).expect("the group has a board")
}

fn snapshot(board: &mut BoardReader) -> Option<Snapshot> {
    board.read().expect("the board can be read")
}

fn near(snapshot: &Snapshot, key: &str, expected: f64) -> bool {
    snapshot.number(key).is_some_and(|number| (number - expected).abs() < 0.01)
}

fn panel_picture(path: &Path) -> Option<RgbImage> {
    let bytes = std::fs::read(path).ok()?;
    Some(picture::from_xrgb(&bytes, SIZE.0, SIZE.1, SIZE.0 as usize * 4))
}

/// Replaces the number of the field `name` in a copied `/proc/meminfo`.
fn set_memory(group: &Group, name: &str, kb: u64) {
    let path = group.file("fixture/proc/meminfo");
    let text = std::fs::read_to_string(&path).expect("the fixture is there");
    let lines = text.lines().map(|line| match line.split_once(':') {
        Some((field, _)) if field == name => format!("{name}: {kb} kB\n"),
        _ => format!("{line}\n"),
    });
    fixture::replace(&path, &lines.collect::<String>());
}

/// Lets the processors of a copied `/proc/stat` work: `busy` ticks of user time, `idle` ticks of none.
fn work(group: &Group, busy: u64, idle: u64) {
    let path = group.file("fixture/proc/stat");
    let text = std::fs::read_to_string(&path).expect("the fixture is there");
    let advanced = text.lines().map(|line| {
        let mut fields: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        if fields.first().is_some_and(|name| name == "cpu") {
            let add =
                |field: &str, ticks: u64| (field.parse::<u64>().expect("a counter") + ticks).to_string();
            (fields[1], fields[4]) = (add(&fields[1], busy), add(&fields[4], idle));
        }
        fields.join(" ") + "\n"
    });
    fixture::replace(&path, &advanced.collect::<String>());
}

#[test]
fn known_numbers_reach_the_board_and_every_glass() {
    let port = ports::free();
    let mut group = group(port);
    let mut board = board_of(&group);
    let first = wait::until("the fixture's numbers on the board", LIMIT, || {
        snapshot(&mut board).filter(|snapshot| near(snapshot, "memory.percent", 23.797))
    });
    assert!(near(&first, "memory.total_gb", 251.619), "{:?}", first.get("memory.total_gb"));
    assert!(near(&first, "system.load_1", 12.52), "{:?}", first.get("system.load_1"));
    assert!(near(&first, "cpu.temperature", 65.0), "{:?}", first.get("cpu.temperature"));
    assert_eq!(
        first.get("system.hostname").map(|reading| &reading.value),
        Some(&Value::Text("rack-17".into()))
    );
    assert_eq!(first.get("cpu.percent"), None, "a load without two readings is invented");

    // One quarter of the processors' time was busy since the last reading.
    work(&group, 1_000, 3_000);
    wait::until_true("a load of 25 %", LIMIT, || {
        snapshot(&mut board).is_some_and(|snapshot| near(&snapshot, "cpu.percent", 25.0))
    });

    let before = wait::until("the first picture", LIMIT, || panel_picture(&group.file("panel.raw")));
    picture::assert_golden(&before, &golden("facts-before.png"));
    assert_same_everywhere(&before, port);

    set_memory(&group, "MemAvailable", 26_384_208);
    wait::until_true("the new number on the board", LIMIT, || {
        snapshot(&mut board).is_some_and(|snapshot| near(&snapshot, "memory.percent", 90.0))
    });
    let after = wait::until("the new picture", LIMIT, || {
        panel_picture(&group.file("panel.raw")).filter(|now| picture::distance(now, &before).max > 0)
    });
    picture::assert_golden(&after, &golden("facts-after.png"));
    assert_same_everywhere(&after, port);
    assert!(group.stop().success());
}

fn golden(name: &str) -> std::path::PathBuf {
    fixture::repository().join("tests/goldens").join(name)
}

/// The browser's two ways show what the panel shows: to the pixel as PNG, nearly so as JPEG.
fn assert_same_everywhere(panel: &RgbImage, port: u16) {
    wait::until_true("the same picture as PNG", LIMIT, || {
        let answer = http::get(port, "/image?format=png").expect("an answer");
        answer.status == 200 && picture::distance(&picture::decode(&answer.body), panel).max == 0
    });
    let still = http::get(port, "/image").expect("an answer");
    assert_eq!(still.status, 200);
    assert_alike(&still.body, panel, "/image");
    let mut viewer = Viewer::connect(port).expect("the viewer connects");
    assert_alike(&viewer.next_frame(LIMIT).expect("a frame"), panel, "/ws");
}

fn assert_alike(jpeg: &[u8], panel: &RgbImage, where_from: &str) {
    let distance = picture::distance(&picture::decode(jpeg), panel);
    assert!(distance.mean < 1.5 && distance.max < 100, "{where_from}: {distance:?}");
}
