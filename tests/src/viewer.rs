//! A viewer without a browser: connects to `/ws` and receives frames and state messages.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use tungstenite::{Message, WebSocket};

/// A connected viewer.
#[derive(Debug)]
pub struct Viewer {
    socket: WebSocket<TcpStream>,
}

/// What came over the socket.
#[derive(Debug)]
pub enum Received {
    /// One JPEG frame.
    Frame(Vec<u8>),
    /// One JSON message.
    State(serde_json::Value),
    /// Nothing in the time given.
    Nothing,
    /// The server closed, or the connection broke.
    Closed,
}

impl Viewer {
    /// Connects to `127.0.0.1:port`.
    ///
    /// # Errors
    /// When nobody listens or the handshake is refused.
    pub fn connect(port: u16) -> Result<Viewer, String> {
        let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).map_err(|error| error.to_string())?;
        let (socket, _) = tungstenite::client(format!("ws://127.0.0.1:{port}/ws"), stream)
            .map_err(|error| format!("handshake on port {port}: {error}"))?;
        Ok(Viewer { socket })
    }

    /// The next message, or `Nothing` when `limit` passes.
    pub fn next(&mut self, limit: Duration) -> Received {
        let end = Instant::now() + limit;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Received::Nothing;
            }
            if self.socket.get_ref().set_read_timeout(Some(left)).is_err() {
                return Received::Closed;
            }
            match self.socket.read() {
                Ok(Message::Binary(frame)) => return Received::Frame(frame.to_vec()),
                Ok(Message::Text(text)) => {
                    if let Ok(state) = serde_json::from_str(text.as_str()) {
                        return Received::State(state);
                    }
                }
                Ok(Message::Close(_)) => return Received::Closed,
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if is_timeout(&error) => return Received::Nothing,
                // A process that was stopped for a moment goes on.
                Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Received::Closed,
            }
        }
    }

    /// The next frame, past any other message; `None` when `limit` passes or the connection ends.
    pub fn next_frame(&mut self, limit: Duration) -> Option<Vec<u8>> {
        let end = Instant::now() + limit;
        loop {
            match self.next(end.saturating_duration_since(Instant::now())) {
                Received::Frame(frame) => return Some(frame),
                Received::State(_) => {}
                Received::Nothing | Received::Closed => return None,
            }
        }
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}
