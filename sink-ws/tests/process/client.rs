//! The browser's side for these tests: plain HTTP over a socket, and a WebSocket viewer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use serde_json::Value;
use tungstenite::handshake::client::generate_key;
use tungstenite::http::Request;
use tungstenite::{Message, WebSocket};

use super::renderer;
use super::sink::{LIMIT, SinkProcess, wait_for};

/// An answer.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header line's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The number of the picture in the body.
    pub fn picture(&self) -> u32 {
        renderer::number(&decode(&self.body))
    }
}

/// A JPEG or PNG as pixels.
pub fn decode(bytes: &[u8]) -> image::RgbImage {
    image::load_from_memory(bytes).expect("a picture").to_rgb8()
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("connected");
    stream.set_read_timeout(Some(LIMIT)).expect("a socket");
    stream
}

/// GET with the usual header lines.
pub fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, "GET", path, &format!("Host: {address}\r\n"))
}

/// One request; `lines` are its header lines.
pub fn ask(address: SocketAddr, method: &str, path: &str, lines: &str) -> Answer {
    raw(address, format!("{method} {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n").as_bytes())
}

/// Sends bytes and reads the answer until the other end closes.
pub fn raw(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = connect(address);
    // It may be refused before all of it is sent.
    let _ = stream.write_all(request);
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    let end = all.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head, body: all.split_off(end + 4) }
}

/// The value of a line of `/metrics`.
pub fn metric(address: SocketAddr, name: &str) -> f64 {
    let page = get(address, "/metrics").text();
    let line = page.lines().find(|line| line.starts_with(&format!("casedd_ws_{name}{{")));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("no {name} in:\n{page}"))
}

/// What a viewer was sent.
#[derive(Debug)]
pub enum Sent {
    /// A picture, by its number.
    Picture(u32),
    /// "hello" or "state".
    Word(Value),
    /// The server says good-bye, with this code.
    Close(u16),
    /// The connection is gone.
    Gone,
}

/// A WebSocket viewer.
pub struct Viewer {
    socket: WebSocket<TcpStream>,
    /// The number of the newest picture it has seen.
    seen: u32,
}

impl Viewer {
    pub fn connect(sink: &SinkProcess) -> Viewer {
        Viewer::try_connect(sink.address(), "/ws", "").unwrap_or_else(|why| panic!("no viewer: {why}"))
    }

    /// `lines` are more header lines.
    pub fn try_connect(address: SocketAddr, path: &str, lines: &str) -> Result<Viewer, String> {
        let mut request = Request::builder()
            .uri(format!("ws://{address}{path}"))
            .header("Host", address.to_string())
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", generate_key());
        for (name, value) in lines.lines().filter_map(|line| line.split_once(": ")) {
            request = request.header(name, value);
        }
        let request = request.body(()).expect("a request");
        let client = tungstenite::client(request, connect(address));
        client.map(|(socket, _)| Viewer { socket, seen: 0 }).map_err(|error| error.to_string())
    }

    pub fn stream(&self) -> &TcpStream {
        self.socket.get_ref()
    }

    pub fn send(&mut self, message: Message) -> Result<(), String> {
        self.socket.send(message).map_err(|error| error.to_string())
    }

    /// The next message.
    #[track_caller]
    pub fn next(&mut self) -> Sent {
        loop {
            match self.socket.read() {
                Ok(Message::Binary(bytes)) => return Sent::Picture(renderer::number(&decode(&bytes))),
                Ok(Message::Text(text)) => return Sent::Word(serde_json::from_str(&text).expect("JSON")),
                Ok(Message::Close(frame)) => return Sent::Close(frame.map_or(0, |frame| frame.code.into())),
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    panic!("nothing was sent for {LIMIT:?}")
                }
                // A process that was stopped for a moment goes on.
                Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Sent::Gone,
            }
        }
    }

    /// The next picture's number.
    #[track_caller]
    pub fn picture(&mut self) -> u32 {
        self.seen = self.until("a picture", |sent| match sent {
            Sent::Picture(n) => Some(*n),
            _ => None,
        });
        self.seen
    }

    /// Waits until it has seen this picture.
    #[track_caller]
    pub fn see(&mut self, n: u32) {
        while self.seen != n {
            self.picture();
        }
    }

    /// Waits for a state message that says this of the link.
    #[track_caller]
    pub fn link(&mut self, word: &str) {
        self.until(word, |sent| match sent {
            Sent::Word(message) => (message["type"] == "state" && message["link"] == word).then_some(()),
            _ => None,
        });
    }

    #[track_caller]
    fn until<T>(&mut self, what: &str, wanted: impl Fn(&Sent) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            let sent = self.next();
            if let Some(found) = wanted(&sent) {
                return found;
            }
            assert!(!matches!(sent, Sent::Close(_) | Sent::Gone), "{sent:?} in place of: {what}");
            assert!(start.elapsed() < LIMIT, "waited {LIMIT:?} in vain: {what}");
        }
    }
}

/// Waits until so many viewers are counted.
#[track_caller]
pub fn wait_for_viewers(address: SocketAddr, count: f64) {
    wait_for(&format!("{count} viewers"), || (metric(address, "viewers") == count).then_some(()));
}
