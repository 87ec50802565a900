//! What plain HTTP requests get.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use super::client::{Viewer, ask, connect, decode, get, metric};
use super::renderer::{HEIGHT, Renderer, WIDTH, number, pixel};
use super::sink::{SinkProcess, runtime, wait_for};

#[test]
fn a_single_picture_wakes_the_renderer_and_is_the_right_one() {
    let runtime = runtime();
    let renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    sink.wait_for_message("READY=1");
    wait_for("nobody looks", || (!renderer.is_watched()).then_some(()));
    let before = renderer.rendered();
    let answer = get(address, "/image");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/jpeg")));
    let rgb = decode(&answer.body);
    let n = number(&rgb);
    assert!(n > before, "picture {n} is from before the request");
    assert_eq!(rgb.dimensions(), (WIDTH, HEIGHT));
    let squares: f64 = rgb
        .enumerate_pixels()
        .flat_map(|(x, y, is)| is.0.into_iter().zip(pixel(x, y, n)))
        .map(|(is, wanted)| (f64::from(is) - f64::from(wanted)).powi(2))
        .sum();
    let psnr_db = 10.0 * (255.0 * 255.0 / (squares / f64::from(WIDTH * HEIGHT * 3))).log10();
    assert!(psnr_db > 32.0, "{psnr_db} dB");
}

#[test]
fn a_png_is_the_frame_to_the_last_bit_though_only_damage_is_followed() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let mut viewer = Viewer::connect(&sink);
    for path in ["/image?format=png", "/image.png", "/snapshot?format=png"] {
        for _ in 0..10 {
            viewer.picture();
        }
        let answer = get(address, path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/png")));
        let rgb = decode(&answer.body);
        let n = number(&rgb);
        assert!(rgb.enumerate_pixels().all(|(x, y, is)| is.0 == pixel(x, y, n)), "picture {n}");
    }
}

#[test]
fn a_picture_that_is_known_is_not_sent_again() {
    let runtime = runtime();
    let renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let mut viewer = Viewer::connect(&sink);
    viewer.picture();
    viewer.see(renderer.hold_still());
    for path in ["/snapshot", "/image.png"] {
        let whole = get(address, path);
        let tag = whole.header("etag").expect("an ETag");
        assert!(whole.header("last-modified").is_some_and(|date| date.ends_with("GMT")));
        let again = ask(address, "GET", path, &format!("Host: {address}\r\nIf-None-Match: {tag}\r\n"));
        assert_eq!((again.status, again.body.len()), (304, 0));
        let other = ask(address, "GET", path, &format!("Host: {address}\r\nIf-None-Match: \"x\"\r\n"));
        assert_eq!((other.status, other.body == whole.body), (200, true));
    }
}

/// Reads the parts of a stream.
struct Parts(BufReader<std::net::TcpStream>);

impl Parts {
    fn open(address: SocketAddr) -> Parts {
        let mut stream = connect(address);
        write!(stream, "GET /stream HTTP/1.0\r\nHost: {address}\r\n\r\n").expect("sent");
        let mut parts = Parts(BufReader::new(stream));
        let head = parts.lines();
        assert!(head[0].contains("200"), "{head:?}");
        let kind = "content-type: multipart/x-mixed-replace; boundary=casedd";
        assert!(head.iter().any(|line| line.eq_ignore_ascii_case(kind)), "{head:?}");
        parts
    }

    fn lines(&mut self) -> Vec<String> {
        let lines = (&mut self.0).lines().map(|line| line.expect("text"));
        lines.take_while(|line| !line.is_empty()).collect()
    }

    /// The number of the next part's picture.
    fn next(&mut self) -> u32 {
        let head = self.lines();
        assert_eq!(head[0], "--casedd", "a part, and the body itself, begins with the boundary");
        assert_eq!(head[1], "Content-Type: image/jpeg");
        let length = head[2].strip_prefix("Content-Length: ").and_then(|length| length.parse().ok());
        let mut jpeg = vec![0; length.expect("a length")];
        self.0.read_exact(&mut jpeg).expect("the picture");
        assert_eq!(self.lines().len(), 0, "an empty line ends a part");
        number(&decode(&jpeg))
    }
}

#[test]
fn a_stream_is_made_of_whole_parts_and_repeats_the_last_one_when_it_is_quiet() {
    let runtime = runtime();
    let renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let mut parts = Parts::open(address);
    let mut last = parts.next();
    for _ in 0..30 {
        let next = parts.next();
        assert!(next >= last, "{next} after {last}");
        last = next;
    }
    assert!(last > 5, "thirty parts, and only {last} pictures");
    assert!(metric(address, "streams") == 1.0);
    let newest = renderer.hold_still();
    while last != newest {
        last = parts.next();
    }
    parts.0.get_ref().set_read_timeout(Some(Duration::from_secs(2))).expect("a socket");
    assert_eq!(parts.next(), newest, "the last one once more");
    drop(parts);
    wait_for("the stream is over", || (metric(address, "streams") == 0.0).then_some(()));
}

#[test]
fn head_answers_have_no_body() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    sink.wait_for_message("READY=1");
    for path in
        ["/", "/image", "/image?format=png", "/stream", "/healthz", "/metrics", "/api/panels", "/viewer.js"]
    {
        let answer = ask(address, "HEAD", path, &format!("Host: {address}\r\n"));
        assert_eq!((answer.status, answer.body.len()), (200, 0), "{path}");
        let length = answer.header("content-length").and_then(|length| length.parse::<u64>().ok());
        assert!(path == "/stream" || length > Some(0), "{path}: {length:?}");
    }
}

#[test]
fn the_page_and_its_files_are_served_with_a_strict_policy() {
    let runtime = runtime();
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let page = get(address, "/");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"),
        "{policy}"
    );
    for (path, kind) in [
        ("/viewer.js", "text/javascript; charset=utf-8"),
        ("/viewer.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/favicon.ico", "image/svg+xml"),
    ] {
        let file = get(address, path);
        assert_eq!((file.status, file.header("content-type")), (200, Some(kind)), "{path}");
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn an_output_describes_itself() {
    let runtime = runtime();
    let _renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start_with(runtime.path(), &["--port", "0", "--name", "kitchen"], None);
    let address = sink.address();
    sink.wait_for_message("READY=1");
    let panels = get(address, "/api/panels").json();
    let panel = &panels[0];
    assert_eq!((&panel["name"], &panel["template"]), (&"kitchen".into(), &"test".into()));
    assert_eq!((&panel["width"], &panel["refresh_rate"]), (&320.into(), &50.0.into()));
    for path in ["viewer", "image", "image_png", "stream"] {
        let path = panel[path].as_str().expect("a path");
        assert_eq!(ask(address, "HEAD", path, &format!("Host: {address}\r\n")).status, 200, "{path}");
    }
    assert_eq!(get(address, "/image?panel=kitchen").status, 200);
    assert_eq!(get(address, "/image?panel=cellar").status, 404);
    assert_eq!(get(address, "/image?format=webp").status, 400);
    let health = get(address, "/healthz").json();
    assert_eq!((&health["status"], &health["link"]), (&"ok".into(), &"connected".into()));
}
