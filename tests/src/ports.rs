//! Free TCP ports on loopback.

use std::net::TcpListener;

/// A port that nobody listened on a moment ago.
///
/// # Panics
/// When the system has none left.
pub fn free() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}
