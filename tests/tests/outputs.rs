//! Four outputs from one configuration, each at its own template, size and rate; the machine is read once for all.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use casedd_common::board::BoardReader;
use casedd_common::runtime_dir::RuntimeDir;
use casedd_tests::group::{Group, Setup};
use casedd_tests::viewer::Viewer;
use casedd_tests::{http, pages, picture, ports, wait};
use serde_json::Value;

/// How often frames are counted at most.
const SPANS: usize = 3;

/// How long frames and readings are counted.
const SPAN: Duration = Duration::from_secs(4);

fn group(ports: [u16; 2]) -> Group {
    let config = format!(
        "cpu_interval: 1\noutputs:\n  \
         small: {{type: framebuffer, file: '@DIR@/small.raw', format: rgb565, width: 320, height: 240, refresh_rate: 4, template: one}}\n  \
         large: {{type: framebuffer, file: '@DIR@/large.raw', width: 1024, height: 600, refresh_rate: 1, template: two}}\n  \
         fast: {{type: websocket, port: {}, width: 800, height: 480, refresh_rate: 10, template: one}}\n  \
         slow: {{type: websocket, port: {}, width: 480, height: 320, refresh_rate: 2, template: two}}\n",
        ports[0], ports[1]
    );
    Setup::new()
        .config(&config)
        .file("templates/one.casedd", &pages::busy("one"))
        .file("templates/two.casedd", &pages::busy("two"))
        .start()
}

/// What an output is expected to be: name, template, width, height, frames a second.
const EXPECTED: [(&str, &str, u64, u64, u64); 4] = [
    ("small", "one", 320, 240, 4),
    ("large", "two", 1024, 600, 1),
    ("fast", "one", 800, 480, 10),
    ("slow", "two", 480, 320, 2),
];

fn output<'a>(status: &'a Value, name: &str) -> &'a Value {
    let outputs = status["outputs"].as_array().expect("the status lists outputs");
    outputs.iter().find(|output| output["name"] == name).unwrap_or_else(|| panic!("{name} in {status:#}"))
}

/// The outputs whose frames a second are not what they should be, over one span.
fn wrong_rates(group: &Group, viewers: &mut [Viewer]) -> Vec<String> {
    let before = group.status().expect("a status");
    let start = Instant::now();
    // The viewers must read on, or the server would drop them.
    while start.elapsed() < SPAN {
        for viewer in &mut *viewers {
            let _ = viewer.next_frame(Duration::from_millis(20));
        }
    }
    let (after, seconds) = (group.status().expect("a status"), start.elapsed().as_secs_f64());
    let wrong = |(name, .., rate): (&str, &str, u64, u64, u64)| {
        let delivered = |status: &Value| output(status, name)["delivered"].as_u64().expect("a count");
        let (measured, rate) = ((delivered(&after) - delivered(&before)) as f64 / seconds, rate as f64);
        let is_wrong = !(rate * 0.7..=rate * 1.3).contains(&measured);
        is_wrong.then(|| format!("{name}: {measured:.1} frames a second, not {rate}"))
    };
    EXPECTED.into_iter().filter_map(wrong).collect()
}

#[test]
fn every_output_has_its_own_template_size_and_rate() {
    let ports = [ports::free(), ports::free()];
    let mut group = group(ports);
    let mut viewers = ports.map(|port| Viewer::connect(port).expect("the viewer connects"));
    for (viewer, size) in viewers.iter_mut().zip([(800, 480), (480, 320)]) {
        let frame = viewer.next_frame(Duration::from_secs(5)).expect("a frame");
        assert_eq!(picture::decode(&frame).dimensions(), size);
    }
    for (name, template, width, height, _) in EXPECTED {
        let status = group.status().expect("a status");
        let now = output(&status, name);
        assert_eq!(
            (&now["shows"], &now["width"], &now["height"]),
            (&template.into(), &width.into(), &height.into())
        );
    }
    wait::until_clean(SPANS, || Some(wrong_rates(&group, &mut viewers)).filter(|wrong| !wrong.is_empty()));
    let length = |file: &str| std::fs::metadata(group.file(file)).expect("the panel's file").len();
    assert_eq!((length("small.raw"), length("large.raw")), (320 * 240 * 2, 1024 * 600 * 4));
    assert_eq!(http::get(ports[0], "/healthz").expect("an answer").status, 200);
    assert!(group.stop().success());
}

#[test]
fn four_outputs_read_the_machine_once() {
    let mut group = group([ports::free(), ports::free()]);
    let runtime = RuntimeDir::open(&group.runtime()).expect("the group has a runtime folder");
    let mut board = BoardReader::open(&runtime.board_name()).expect("the group has a board");
    let mut readings = BTreeSet::new();
    let start = Instant::now();
    let wrong = wait::watch(SPAN, || {
        let snapshot = board.read().expect("the board can be read")?;
        let cpu = snapshot.getters.iter().find(|getter| getter.name == "cpu").expect("a state of its own");
        readings.insert(cpu.last_success_ns);
        None::<()>
    });
    assert!(wrong.is_none());
    let polls = readings.len();
    let due = start.elapsed().as_secs() as usize;
    assert!(
        (due - 1..=due + 2).contains(&polls),
        "{polls} readings of the processor in {SPAN:?} at one a second"
    );
    let collectors = group.processes().iter().filter(|process| process.name == "collector").count();
    assert_eq!(collectors, 1);
    assert!(group.stop().success());
}
