//! Asks the kernel for listening sockets alone, over netlink (`ss` does the same).
//!
//! Knows this machine's own network only. /proc/net/tcp tells the same after a walk through the table of all
//! connections there could be, which takes milliseconds however few there are.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsRawFd, OwnedFd};

use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, setsockopt, socket, sockopt,
};
use nix::sys::time::{TimeVal, TimeValLike};

use super::net_ports::{Listener, Protocol};

/// Bytes of one answer of the kernel, which comes in several.
const ANSWER_BYTES: usize = 32 * 1024;
/// Most answers to one question.
const ANSWERS_MAX: usize = 64;
/// How long the kernel may take, which answers at once.
const WAIT_MS: i64 = 1_000;

/// Lengths of netlink's and of sock_diag's own headers, and of what is said of one socket.
const HEADER_BYTES: usize = 16;
const QUESTION_BYTES: usize = 56;
const SOCKET_BYTES: usize = 72;
/// Kinds of messages.
const BY_FAMILY: u16 = 20;
const ERROR: u16 = 2;
const DONE: u16 = 3;
/// A question for all that fits.
const REQUEST_DUMP: u16 = 0x0001 | 0x0300;
/// States, and protocols, as the kernel counts them.
const LISTENS: u32 = 1 << 10;
const UNCONNECTED: u32 = 1 << 7;
const TCP: u8 = 6;
const UDP: u8 = 17;

/// A connection to the kernel.
#[derive(Debug)]
pub struct SockDiag {
    socket: OwnedFd,
    answer: Vec<u8>,
}

impl SockDiag {
    /// Connects; a kernel or a sandbox may not have it.
    pub fn open() -> io::Result<SockDiag> {
        let (family, kind) = (AddressFamily::Netlink, SockType::Datagram);
        let socket = socket(family, kind, SockFlag::SOCK_CLOEXEC, SockProtocol::NetlinkSockDiag)?;
        setsockopt(&socket, sockopt::ReceiveTimeout, &TimeVal::milliseconds(WAIT_MS))?;
        Ok(SockDiag { socket, answer: vec![0; ANSWER_BYTES] })
    }

    /// All sockets of a protocol that wait for others.
    pub fn listeners(&mut self, protocol: Protocol) -> io::Result<Vec<Listener>> {
        let mut found = Vec::new();
        for family in [AddressFamily::Inet, AddressFamily::Inet6] {
            send(self.socket.as_raw_fd(), &question(family as u8, protocol), MsgFlags::empty())?;
            let mut is_done = false;
            for _ in 0..ANSWERS_MAX {
                let length = recv(self.socket.as_raw_fd(), &mut self.answer, MsgFlags::empty())?;
                is_done = parse_answer(&self.answer[..length], &mut found)?;
                if is_done {
                    break;
                }
            }
            if !is_done {
                return Err(io::Error::other("the answer has no end"));
            }
        }
        Ok(found)
    }
}

/// A question for the sockets of a family and protocol that listen.
fn question(family: u8, protocol: Protocol) -> Vec<u8> {
    let (number, states) = match protocol {
        Protocol::Tcp => (TCP, LISTENS),
        Protocol::Udp => (UDP, UNCONNECTED),
    };
    let length = HEADER_BYTES + QUESTION_BYTES;
    let mut bytes = Vec::with_capacity(length);
    bytes.extend((length as u32).to_ne_bytes());
    bytes.extend(BY_FAMILY.to_ne_bytes());
    bytes.extend(REQUEST_DUMP.to_ne_bytes());
    // Sequence and sender: there is one question at a time.
    bytes.extend([0; 8]);
    bytes.extend([family, number, 0, 0]);
    bytes.extend(states.to_ne_bytes());
    bytes.resize(length, 0);
    bytes
}

/// Adds the sockets of one answer; whether it was the last.
fn parse_answer(mut bytes: &[u8], found: &mut Vec<Listener>) -> io::Result<bool> {
    while bytes.len() >= HEADER_BYTES {
        let length = u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        let kind = u16::from_ne_bytes([bytes[4], bytes[5]]);
        let Some(body) = bytes.get(HEADER_BYTES..length) else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "an answer is cut"));
        };
        match kind {
            DONE => return Ok(true),
            ERROR => {
                let code =
                    body.get(..4).map_or(0, |code| i32::from_ne_bytes([code[0], code[1], code[2], code[3]]));
                return Err(io::Error::from_raw_os_error(code.saturating_neg()));
            }
            BY_FAMILY => found.extend(listener(body)),
            _ => {}
        }
        // Messages begin at multiples of four.
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    Ok(false)
}

/// What is said of one socket.
fn listener(body: &[u8]) -> Option<Listener> {
    let body: &[u8; SOCKET_BYTES] = body.get(..SOCKET_BYTES)?.try_into().ok()?;
    let address = match i32::from(body[0]) {
        family if family == AddressFamily::Inet as i32 => {
            IpAddr::V4(Ipv4Addr::new(body[8], body[9], body[10], body[11]))
        }
        family if family == AddressFamily::Inet6 as i32 => {
            let bytes: [u8; 16] = body[8..24].try_into().ok()?;
            IpAddr::V6(Ipv6Addr::from(bytes)).to_canonical()
        }
        _ => return None,
    };
    let socket = u32::from_ne_bytes([body[68], body[69], body[70], body[71]]);
    Some(Listener { address, port: u16::from_be_bytes([body[4], body[5]]), socket: u64::from(socket) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, body: &[u8]) -> Vec<u8> {
        let mut bytes = ((HEADER_BYTES + body.len()) as u32).to_ne_bytes().to_vec();
        bytes.extend(kind.to_ne_bytes());
        bytes.extend([0; 10]);
        bytes.extend(body);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn said(port: u16, address: [u8; 4], socket: u32) -> Vec<u8> {
        let mut body = vec![0; SOCKET_BYTES + 8];
        body[0] = AddressFamily::Inet as u8;
        body[4..6].copy_from_slice(&port.to_be_bytes());
        body[8..12].copy_from_slice(&address);
        body[68..72].copy_from_slice(&socket.to_ne_bytes());
        body
    }

    #[test]
    fn sockets_are_read_up_to_the_end_and_no_further() {
        let one = message(BY_FAMILY, &said(22, [127, 0, 0, 1], 77));
        let all =
            [one.clone(), message(99, b"of another kind"), message(DONE, &[0; 4]), one.clone()].concat();
        let mut found = Vec::new();
        assert!(parse_answer(&all, &mut found).expect("whole"));
        assert_eq!(found, [Listener { address: IpAddr::V4(Ipv4Addr::LOCALHOST), port: 22, socket: 77 }]);
        assert!(!parse_answer(&one, &mut found).expect("more follows"));
        let refused = message(ERROR, &(-2i32).to_ne_bytes());
        assert_eq!(parse_answer(&refused, &mut found).expect_err("an error").kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn an_answer_that_is_cut_or_damaged_is_refused_or_gives_less() {
        let whole = [message(BY_FAMILY, &said(22, [127, 0, 0, 1], 77)), message(DONE, &[0; 4])].concat();
        for at in 0..whole.len() {
            let mut found = Vec::new();
            let _ = parse_answer(&whole[..at], &mut found);
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            let _ = parse_answer(&damaged, &mut found);
        }
    }

    #[test]
    fn a_socket_of_this_process_is_among_them() {
        let Ok(mut kernel) = SockDiag::open() else {
            eprintln!("not tested: this machine has no sock_diag");
            return;
        };
        let own = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
        let port = own.local_addr().expect("an address").port();
        let found = kernel.listeners(Protocol::Tcp).expect("answered");
        assert!(found.iter().any(|one| one.port == port && one.address.is_loopback()), "{found:?}");
        let own = std::net::UdpSocket::bind("[::1]:0").or_else(|_| std::net::UdpSocket::bind("127.0.0.1:0"));
        let port = own.as_ref().ok().and_then(|own| own.local_addr().ok()).expect("bound").port();
        let found = kernel.listeners(Protocol::Udp).expect("answered");
        assert!(found.iter().any(|one| one.port == port), "{found:?}");
    }
}
