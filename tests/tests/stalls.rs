//! A stopped sink and a stalled viewer change nothing for the others.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use casedd_tests::group::{Group, Setup};
use casedd_tests::viewer::Viewer;
use casedd_tests::{pages, ports, wait};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Frames a second of every output here.
const RATE_HZ: u32 = 10;

/// The longest gap that a viewer may see: two periods and 50 ms.
const GAP_LIMIT: Duration = Duration::from_millis(2 * 1000 / RATE_HZ as u64 + 50);

fn group(port: u16) -> Group {
    let output = "width: 320, height: 240, template: busy";
    let config = format!(
        "refresh_rate: {RATE_HZ}\noutputs:\n  \
         panel: {{type: framebuffer, file: '@DIR@/panel.raw', {output}}}\n  \
         web: {{type: websocket, port: {port}, {output}}}\n"
    );
    Setup::new().config(&config).file("templates/busy.casedd", &pages::busy("busy")).start()
}

/// The longest gap between two frames, over `span`.
fn longest_gap(viewer: &mut Viewer, span: Duration) -> Duration {
    assert!(viewer.next_frame(Duration::from_secs(5)).is_some(), "a first frame");
    let start = Instant::now();
    let (mut last, mut longest) = (start, Duration::ZERO);
    while start.elapsed() < span {
        assert!(viewer.next_frame(Duration::from_secs(5)).is_some(), "the frames stopped");
        longest = longest.max(last.elapsed());
        last = Instant::now();
    }
    longest
}

fn output_of<'a>(status: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
    let outputs = status["outputs"].as_array().expect("the status lists outputs");
    outputs.iter().find(|output| output["name"] == name).expect("the output is listed")
}

/// Spans that are watched until one is clean: what disturbs the others disturbs them in each, a busy machine now and then.
const SPANS: usize = 5;

/// Watches spans until in one of them no gap is too long and no frame of the browser's is lost.
///
/// Panics when each was disturbed, with what was seen.
fn a_clean_span(group: &Group, viewer: &mut Viewer, span: Duration) {
    let losses = || {
        let status = group.status().expect("a status");
        output_of(&status, "web")["dropped_oldest"].as_u64().expect("a count")
    };
    wait::until_clean(SPANS, || {
        let before = losses();
        let longest = longest_gap(viewer, span);
        let lost = losses() - before;
        let is_clean = longest <= GAP_LIMIT && lost == 0;
        (!is_clean).then(|| format!("a gap of {longest:?}, limit {GAP_LIMIT:?}, {lost} frames lost"))
    });
}

#[test]
fn a_stopped_sink_changes_nothing_for_the_others_and_its_loss_is_counted() {
    let port = ports::free();
    let mut group = group(port);
    let mut viewer = Viewer::connect(port).expect("the viewer connects");
    let panel = Pid::from_raw(group.process("panel").pid);
    kill(panel, Signal::SIGSTOP).expect("the sink runs");
    a_clean_span(&group, &mut viewer, Duration::from_secs(3));
    let status = group.status().expect("a status");
    kill(panel, Signal::SIGCONT).expect("the sink runs");
    let lost = output_of(&status, "panel")["dropped_oldest"].as_u64().expect("a count");
    assert!(
        lost >= 15,
        "only {lost} frames counted as dropped for a sink that was stopped for 3 s: {status:#}"
    );
    assert!(group.stop().success());
}

#[test]
fn a_stalled_viewer_changes_nothing_for_the_others() {
    let port = ports::free();
    let mut group = group(port);
    let mut viewer = Viewer::connect(port).expect("the viewer connects");
    // Three that ask for frames and never read one.
    let stalled: Vec<TcpStream> = (0..3)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
            let key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
            let upgrade = "Connection: Upgrade\r\nUpgrade: websocket";
            write!(stream, "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{upgrade}\r\n{key}\r\n\r\n")
                .expect("a request");
            stream
        })
        .collect();
    a_clean_span(&group, &mut viewer, Duration::from_secs(6));
    drop(stalled);
    assert!(group.stop().success());
}
