//! Ports that somebody listens on: TCP in the state of listening, UDP without a peer; and who, where that can be seen.
//!
//! Leaves out connections. Without the right to see other users' descriptors, their names are left out too.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use casedd_common::metrics::Value;

use super::owners::Owners;
use super::sock_diag::SockDiag;
use super::{Context, Getter, number};
use crate::batch::{Batch, Key};
use crate::error::{GetterError, ParseError};
use crate::roots::Roots;

/// Most ports that are given.
const ROWS_MAX: usize = 40;
/// Most bytes read of one table of sockets.
const TABLE_BYTES_MAX: usize = 512 * 1024;
/// What one read asks for.
const READ_BYTES: usize = 16 * 1024;
/// States as /proc/net/tcp writes them.
const LISTENS: &str = "0A";
const UNCONNECTED: &str = "07";

/// The tables of sockets; those of a protocol that is switched off are not there.
const TABLES: [(&str, Protocol); 4] = [
    ("net/tcp", Protocol::Tcp),
    ("net/tcp6", Protocol::Tcp),
    ("net/udp", Protocol::Udp),
    ("net/udp6", Protocol::Udp),
];

/// What a port belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// Connections.
    Tcp,
    /// Packets.
    Udp,
}

impl Protocol {
    fn word(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        }
    }

    fn listening(self) -> &'static str {
        match self {
            Protocol::Tcp => LISTENS,
            Protocol::Udp => UNCONNECTED,
        }
    }
}

/// One socket that waits for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Where it can be reached.
    pub address: IpAddr,
    /// At which port.
    pub port: u16,
    /// The number that descriptors name it by.
    pub socket: u64,
}

/// The listeners in a table of sockets, and whether it is known that no more follow: TCP's come first.
pub fn parse_sockets(text: &str, protocol: Protocol) -> Result<(Vec<Listener>, bool), ParseError> {
    let mut lines = text.split_inclusive('\n');
    if lines.next().is_none_or(|first| !first.trim_start().starts_with("sl ")) {
        return Err(ParseError::new("no line of names at the start"));
    }
    let mut listeners = Vec::new();
    for line in lines {
        // The last line of a part that is read so far.
        let Some(line) = line.strip_suffix('\n') else { break };
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let state = *fields.get(3).ok_or_else(|| ParseError::new(format!("no state in \"{line}\"")))?;
        if state != protocol.listening() {
            if protocol == Protocol::Tcp {
                return Ok((listeners, true));
            }
            continue;
        }
        let (address, port) = parse_address(fields[1])?;
        listeners.push(Listener { address, port, socket: number(fields.get(9).copied(), "the inode")? });
    }
    Ok((listeners, false))
}

/// Reads `0100007F:1F90`: words of an address as this machine's bytes lie, and a port.
fn parse_address(field: &str) -> Result<(IpAddr, u16), ParseError> {
    let wrong = || ParseError::new(format!("\"{field}\" is no address"));
    let (address, port) = field.split_once(':').ok_or_else(wrong)?;
    let port = u16::from_str_radix(port, 16).map_err(|_| wrong())?;
    let word = |at: usize| {
        let digits =
            address.get(at..at + 8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        Some(u32::from_str_radix(digits?, 16).ok()?.to_ne_bytes())
    };
    let address = match address.len() {
        8 => IpAddr::V4(Ipv4Addr::from(word(0).ok_or_else(wrong)?)),
        32 => {
            let mut bytes = [0; 16];
            for part in 0..4 {
                bytes[part * 4..part * 4 + 4].copy_from_slice(&word(part * 8).ok_or_else(wrong)?);
            }
            IpAddr::V6(Ipv6Addr::from(bytes)).to_canonical()
        }
        _ => return Err(wrong()),
    };
    Ok((address, port))
}

/// One port with everybody behind it.
#[derive(Debug, Default)]
struct Port {
    addresses: Vec<String>,
    processes: Vec<String>,
}

/// The getter.
pub struct NetPorts {
    roots: Roots,
    owners: Owners,
    buffer: Vec<u8>,
    kernel: Kernel,
}

/// Whether the kernel can be asked for listeners alone.
enum Kernel {
    /// It has not been tried.
    Unknown,
    /// It answers.
    Answers(SockDiag),
    /// It cannot, or another machine's /proc is looked at: its tables are read.
    Tables,
}

impl NetPorts {
    /// Opens nothing yet.
    pub fn new(context: &Context) -> NetPorts {
        let roots = context.roots.clone();
        let is_own = roots.proc == Roots::default().proc;
        let kernel = if is_own { Kernel::Unknown } else { Kernel::Tables };
        NetPorts { roots, owners: Owners::default(), buffer: Vec::new(), kernel }
    }

    /// Everybody who listens; none when nothing tells.
    fn listeners(&mut self) -> Result<Option<Vec<(Protocol, Listener)>>, GetterError> {
        if matches!(self.kernel, Kernel::Unknown) {
            self.kernel = SockDiag::open().map_or(Kernel::Tables, Kernel::Answers);
        }
        if let Kernel::Answers(kernel) = &mut self.kernel {
            match ask(kernel) {
                Ok(found) => return Ok(Some(found)),
                Err(_) => self.kernel = Kernel::Tables,
            }
        }
        let mut found = Vec::new();
        let mut has_table = false;
        for (table, protocol) in TABLES {
            let listeners = self.read((table, protocol))?;
            has_table |= listeners.is_some();
            found.extend(listeners.into_iter().flatten().map(|listener| (protocol, listener)));
        }
        Ok(has_table.then_some(found))
    }

    /// The listeners of one table; none when there is no such table. No more of it is read than needed: behind the
    /// listeners come all connections of the machine.
    fn read(&mut self, (table, protocol): (&str, Protocol)) -> Result<Option<Vec<Listener>>, GetterError> {
        let path = self.roots.proc_view(table);
        let Ok(mut file) = File::open(&path) else { return Ok(None) };
        self.buffer.clear();
        loop {
            let start = self.buffer.len();
            self.buffer.resize(start + READ_BYTES, 0);
            let count = file.read(&mut self.buffer[start..]);
            let count = count.map_err(|source| GetterError::Unreadable { path: path.clone(), source })?;
            self.buffer.truncate(start + count);
            let is_whole = count == 0 || self.buffer.len() >= TABLE_BYTES_MAX;
            if !is_whole && protocol == Protocol::Udp {
                continue;
            }
            let parsed = parse_sockets(&String::from_utf8_lossy(&self.buffer), protocol);
            let (listeners, is_all) =
                parsed.map_err(|source| GetterError::Malformed { path: path.clone(), source })?;
            if is_whole || is_all {
                return Ok(Some(listeners));
            }
        }
    }
}

impl Getter for NetPorts {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        let Some(found) = self.listeners()? else { return Ok(()) };
        let sockets: Vec<u64> = found.iter().map(|(_, listener)| listener.socket).collect();
        self.owners.update(&self.roots, &sockets, batch.at_ns);
        let mut ports: BTreeMap<(u16, Protocol), Port> = BTreeMap::new();
        for (protocol, listener) in &found {
            let port = ports.entry((listener.port, *protocol)).or_default();
            let address = match listener.address.is_unspecified() {
                true => "*".to_owned(),
                false => listener.address.to_string(),
            };
            add(&mut port.addresses, &address);
            if let Some(process) = self.owners.of(listener.socket) {
                add(&mut port.processes, process);
            }
        }
        batch.number("net_ports.count", ports.len() as f64);
        let mut lines = String::new();
        for (row, ((port, protocol), who)) in ports.iter().take(ROWS_MAX).enumerate() {
            let key = |field: &str| Key::from(format!("net_ports.{row}.{field}"));
            let processes = who.processes.join(", ");
            // Who listens on every address listens on each.
            let addresses = if who.addresses.iter().any(|one| one == "*") {
                "*".into()
            } else {
                who.addresses.join(", ")
            };
            lines += &format!("{port}/{}|{}\n", protocol.word(), processes.replace(['|', '\n'], " "));
            batch.cell(key("port"), Value::Number(f64::from(*port)));
            batch.cell(key("protocol"), Value::Text(protocol.word().into()));
            batch.cell(key("address"), Value::Text(addresses));
            if !processes.is_empty() {
                batch.cell(key("process"), Value::Text(processes));
            }
        }
        batch.text("net_ports.rows", lines.trim_end());
        Ok(())
    }
}

fn ask(kernel: &mut SockDiag) -> io::Result<Vec<(Protocol, Listener)>> {
    let mut found = Vec::new();
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        found.extend(kernel.listeners(protocol)?.into_iter().map(|listener| (protocol, listener)));
    }
    Ok(found)
}

fn add(words: &mut Vec<String>, word: &str) {
    if words.iter().all(|known| known != word) {
        words.push(word.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TCP: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   107        0 20211 1 0 100 0 0 10 0
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 18833 1 0 100 0 0 10 0
   2: 1401A8C0:0016 0901A8C0:D2A4 01 00000000:00000000 02:000A7D2E 00000000     0        0 90210 2 0 20 4 29 10 -1
";

    #[test]
    fn listeners_end_where_connections_begin() {
        let listener =
            |address: &str, port, socket| Listener { address: address.parse().expect("one"), port, socket };
        let expected = vec![listener("127.0.0.1", 5432, 20211), listener("0.0.0.0", 22, 18833)];
        assert_eq!(parse_sockets(TCP, Protocol::Tcp), Ok((expected, true)));
    }

    #[test]
    fn a_table_that_is_cut_gives_whole_lines_or_an_error() {
        for end in 0..TCP.len() {
            if let Ok((listeners, _)) = parse_sockets(&TCP[..end], Protocol::Tcp) {
                assert!(listeners.iter().all(|one| [20211, 18833].contains(&one.socket)), "{}", &TCP[..end]);
            }
        }
        assert!(parse_sockets("", Protocol::Udp).is_err());
    }

    #[test]
    fn addresses_of_both_lengths_are_read() {
        let read = |field: &str| parse_address(field).map(|(address, port)| format!("{address} {port}"));
        assert_eq!(read("0100007F:0277"), Ok("127.0.0.1 631".into()));
        assert_eq!(read("00000000000000000000000001000000:1F90"), Ok("::1 8080".into()));
        assert_eq!(read("0000000000000000FFFF00000100007F:0050"), Ok("127.0.0.1 80".into()));
        for field in ["", ":", "0100007F", "0100007:0277", "0100007F:10000", "+100007F:0277", "é00007F:0277"]
        {
            assert!(read(field).is_err(), "{field}");
        }
    }
}
