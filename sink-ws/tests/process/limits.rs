//! Who and what is turned away, and that this costs viewers nothing.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tungstenite::Message;

use super::client::{Sent, Viewer, ask, connect, get, metric, raw};
use super::renderer::Renderer;
use super::sink::{SinkProcess, runtime, wait_for};

#[test]
fn three_hundred_silent_connections_do_not_shut_out_a_viewer() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let mut early = Viewer::connect(&sink);
    early.picture();
    let silent: Vec<TcpStream> = (0..300).map(|_| connect(address)).collect();
    let start = Instant::now();
    let mut late = Viewer::connect(&sink);
    late.picture();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    early.picture();
    assert!(metric(address, "connections") < 20.0);
    drop(silent);
}

#[test]
fn a_head_that_does_not_come_to_its_end_is_not_waited_for() {
    let runtime = runtime();
    let sink = SinkProcess::start(runtime.path());
    let mut slow = connect(sink.address());
    slow.write_all(b"GET / HTTP/1.1\r\nHo").expect("sent");
    let start = Instant::now();
    let mut answer = Vec::new();
    let _ = slow.read_to_end(&mut answer);
    let waited = start.elapsed();
    assert!((4..9).contains(&waited.as_secs()), "closed after {waited:?}");
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let runtime = runtime();
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let large = format!("GET / HTTP/1.1\r\nHost: {address}\r\nX: {}\r\n\r\n", "x".repeat(20_000));
    assert_eq!(raw(address, large.as_bytes()).status, 431);
    let many = format!("GET / HTTP/1.1\r\nHost: {address}\r\n{}\r\n", "X: y\r\n".repeat(100));
    assert_eq!(raw(address, many.as_bytes()).status, 431);
    assert_eq!(get(address, "/").status, 200);
}

#[test]
fn other_methods_and_other_paths_are_refused_in_words() {
    let runtime = runtime();
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let host = format!("Host: {address}\r\n");
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        let answer = ask(address, method, "/image", &host);
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
    for path in ["/nothing", "/ws/", "/../etc/passwd", "/image/x", "//"] {
        let answer = get(address, path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("/image"));
    }
    assert_eq!(get(address, "/ws").status, 426);
}

#[test]
fn strangers_names_and_pages_are_refused() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    for lines in
        ["", "Host: evil.example\r\n", "Host: localhost.evil.example\r\n", "Host: a\r\nHost: localhost\r\n"]
    {
        assert!([400, 421].contains(&ask(address, "GET", "/image", lines).status), "{lines}");
    }
    assert_eq!(ask(address, "GET", "/", &format!("Host: localhost:{}\r\n", address.port())).status, 200);
    let foreign = format!("Host: {address}\r\nOrigin: http://evil.example\r\n");
    assert_eq!(ask(address, "GET", "/image", &foreign).status, 403);
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        let refused = Viewer::try_connect(address, "/ws", &format!("Origin: {origin}"));
        assert!(refused.err().is_some_and(|why| why.contains("403")), "{origin}");
    }
    let mut own =
        Viewer::try_connect(address, "/ws", &format!("Origin: http://{address}")).expect("the page's own");
    own.picture();
    assert!(metric(address, "requests_refused_total") >= 7.0);
}

#[test]
fn a_token_is_asked_for_where_one_is_set() {
    const TOKEN: &str = "0123456789abcdef-token";
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start_with(runtime.path(), &["--port", "0"], Some(TOKEN));
    let address = sink.address();
    let host = format!("Host: {address}\r\n");
    for path in [
        "/",
        "/image",
        "/stream",
        "/metrics",
        "/api/panels",
        "/ws",
        "/?token=",
        "/image?token=0123456789abcdef-tokem",
    ] {
        let answer = get(address, path);
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer")), "{path}");
    }
    for path in ["/viewer.js", "/viewer.css", "/favicon.svg", "/healthz"] {
        assert_ne!(get(address, path).status, 401, "{path} says nothing of this machine");
    }
    assert_eq!(get(address, &format!("/image?format=png&token={TOKEN}")).status, 200);
    assert_eq!(ask(address, "GET", "/", &format!("{host}Authorization: Bearer {TOKEN}\r\n")).status, 200);
    assert!(Viewer::try_connect(address, "/ws", "").err().is_some_and(|why| why.contains("401")));
    Viewer::try_connect(address, &format!("/ws?token={TOKEN}"), "").expect("let in").picture();
    assert!(!sink.log().contains(TOKEN));
}

#[test]
fn a_viewer_that_says_too_much_is_sent_away() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let mut large = Viewer::connect(&sink);
    // The connection may be cut before all of it is written.
    let _ = large.send(Message::text("x".repeat(5000)));
    let mut often = Viewer::connect(&sink);
    (0..100).for_each(|_| drop(often.send(Message::text("x"))));
    for viewer in [&mut large, &mut often] {
        wait_for("the end", || matches!(viewer.next(), Sent::Close(_) | Sent::Gone).then_some(()));
    }
    Viewer::connect(&sink).picture();
}

#[test]
fn the_thirty_third_viewer_is_told_to_come_later() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let mut viewers: Vec<Viewer> = (0..32).map(|_| Viewer::connect(&sink)).collect();
    for viewer in &mut viewers {
        viewer.picture();
    }
    assert!(Viewer::try_connect(address, "/ws", "").err().is_some_and(|why| why.contains("503")));
    assert_eq!(get(address, "/stream").status, 503);
    assert_eq!(get(address, "/image").status, 200, "single pictures need no place");
    viewers.truncate(31);
    wait_for("room", || Viewer::try_connect(address, "/ws", "").ok()).picture();
}
