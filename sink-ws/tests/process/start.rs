//! How the process starts and ends.

use std::net::TcpListener;
use std::time::Duration;

use super::client::{Sent, Viewer, get};
use super::renderer::Renderer;
use super::sink::{SinkProcess, runtime, wait_for};

#[test]
fn the_page_is_there_before_the_renderer_and_readiness_is_not() {
    let runtime = runtime();
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    assert_eq!(get(address, "/").status, 200);
    let image = get(address, "/image");
    assert_eq!((image.status, image.header("retry-after")), (503, Some("2")));
    let mut viewer = Viewer::connect(&sink);
    viewer.link("lost");
    sink.wait_for_message("WATCHDOG=1");
    assert!(!sink.messages().iter().any(|message| message.contains("READY=1")));
    let _renderer = Renderer::start(runtime.path());
    viewer.picture();
    sink.wait_for_message("READY=1");
}

#[test]
fn a_taken_port_ends_it_with_the_port_and_the_remedy() {
    let runtime = runtime();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("a port").port().to_string();
    let mut sink = SinkProcess::start_with(runtime.path(), &["--port", &port], None);
    assert_eq!(sink.wait().code(), Some(69));
    assert!(sink.log().contains(&port) && sink.log().contains("port_fallback"), "{}", sink.log());
}

#[test]
fn with_fallback_the_next_port_is_served_and_said() {
    let runtime = runtime();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("a port").port();
    let sink =
        SinkProcess::start_with(runtime.path(), &["--port", &port.to_string(), "--port-fallback"], None);
    let address = sink.address();
    assert!(address.port() > port && address.port() <= port + 20, "{address}");
    assert_eq!(get(address, "/").status, 200);
    assert!(sink.log().contains(&format!("port {port} is taken")), "{}", sink.log());
}

#[test]
fn a_port_for_others_without_a_token_is_refused() {
    let runtime = runtime();
    let mut sink = SinkProcess::start_with(runtime.path(), &["--port", "0", "--bind", "0.0.0.0"], None);
    assert_eq!(sink.wait().code(), Some(78));
    assert!(sink.log().contains("token") && sink.log().contains("127.0.0.1"), "{}", sink.log());
}

#[test]
fn it_leaves_at_once_and_says_good_bye() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let mut sink = SinkProcess::start(runtime.path());
    let mut viewer = Viewer::connect(&sink);
    viewer.picture();
    let (status, took) = sink.terminate();
    assert_eq!(status.code(), Some(0), "{}", sink.log());
    assert!(took < Duration::from_secs(2), "{took:?}");
    let code = wait_for("good-bye", || match viewer.next() {
        Sent::Close(code) => Some(code),
        Sent::Gone => panic!("no good-bye"),
        Sent::Picture(_) | Sent::Word(_) => None,
    });
    assert_eq!(code, 1001);
}
