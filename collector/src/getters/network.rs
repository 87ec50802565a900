//! Traffic per interface and in all, from /proc/net/dev.
//!
//! The totals leave out what is virtual (its packets pass a real interface too), unless interfaces are named.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Context, Getter, MIB, number};
use crate::batch::{Batch, Key, key_part};
use crate::error::{GetterError, ParseError};
use crate::file::{HeldFile, read_line};
use crate::rate::Counter;
use crate::roots::Roots;

/// Most interfaces that get keys, physical ones first: hosts of containers have hundreds.
const INTERFACES_MAX: usize = 64;
/// Bytes a second of one megabit a second.
const MEGABIT: f64 = 1e6 / 8.0;

/// Counters of one interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// Its name, as `eth0`.
    pub name: String,
    /// Bytes received.
    pub received: u64,
    /// Bytes sent.
    pub sent: u64,
}

/// Reads /proc/net/dev.
pub fn parse_net_dev(text: &str) -> Result<Vec<Traffic>, ParseError> {
    if text.split_inclusive('\n').take(2).filter(|line| line.contains('|') && line.ends_with('\n')).count()
        < 2
    {
        return Err(ParseError::new("its two head lines are missing"));
    }
    text.split_inclusive('\n').skip(2).map(parse_line).collect()
}

fn parse_line(line: &str) -> Result<Traffic, ParseError> {
    let line = line.strip_suffix('\n').ok_or_else(|| ParseError::new("the text ends within a line"))?;
    let (name, counters) =
        line.rsplit_once(':').ok_or_else(|| ParseError::new("a line without an interface"))?;
    let mut fields = counters.split_ascii_whitespace();
    let received = number(fields.next(), "bytes received")?;
    let sent = number(fields.nth(7), "bytes sent")?;
    Ok(Traffic { name: name.trim().to_owned(), received, sent })
}

/// Names that systems give to interfaces without wires.
fn has_virtual_name(name: &str) -> bool {
    const VIRTUAL: [&str; 30] = [
        "lo",
        "docker",
        "veth",
        "br-",
        "br",
        "virbr",
        "vmnet",
        "vnet",
        "tap",
        "tun",
        "wg",
        "tailscale",
        "zt",
        "cni",
        "flannel",
        "cali",
        "cilium",
        "kube",
        "lxc",
        "lxd",
        "podman",
        "dummy",
        "ifb",
        "sit",
        "ip6tnl",
        "gre",
        "bond",
        "team",
        "vxlan",
        "macvtap",
    ];
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    VIRTUAL.contains(&stem) || VIRTUAL.iter().any(|start| start.len() > 2 && name.starts_with(start))
}

/// Which interfaces make up the machine's traffic.
fn counted(context: &Context, traffics: &[Traffic]) -> Vec<bool> {
    let named = &context.interfaces;
    if !named.is_empty() {
        return traffics.iter().map(|traffic| named.contains(&traffic.name)).collect();
    }
    let has_device =
        |traffic: &Traffic| context.roots.sys("class/net").join(&traffic.name).join("device").exists();
    let physical: Vec<bool> = traffics.iter().map(has_device).collect();
    match physical.contains(&true) {
        true => physical,
        // A container's interface has no device of its own, and is still its way out.
        false => traffics.iter().map(|traffic| !has_virtual_name(&traffic.name)).collect(),
    }
}

/// The keys and counters of one direction.
struct Direction {
    counter: Counter,
    bytes: Key,
    rate: Key,
    mbps: Key,
}

impl Direction {
    fn new(interface: &str, name: &str) -> Direction {
        let start = format!("net.{}", key_part(interface));
        Direction {
            counter: Counter::default(),
            bytes: format!("{start}.bytes_{name}").into(),
            rate: format!("{start}.bytes_{name}_rate").into(),
            mbps: format!("{start}.{name}_mbps").into(),
        }
    }

    /// Adds the keys; gives bytes a second.
    fn add(&mut self, bytes: u64, batch: &mut Batch) -> Option<f64> {
        let rate = self.counter.rate(bytes, batch.at_ns);
        batch.number(&self.bytes, bytes as f64);
        batch.maybe(&self.rate, rate.map(|rate| rate / MIB));
        batch.maybe(&self.mbps, rate.map(|rate| rate / MEGABIT));
        rate
    }
}

struct Interface {
    counts: bool,
    received: Direction,
    sent: Direction,
    state: HeldFile,
    up: Key,
    speed: Key,
    speed_file: PathBuf,
    /// Asked when the link comes up only: the kernel asks the hardware for it.
    speed_mbps: Option<f64>,
}

impl Interface {
    fn new(roots: &Roots, name: &str, counts: bool) -> Interface {
        let folder = roots.sys("class/net").join(name);
        Interface {
            counts,
            received: Direction::new(name, "recv"),
            sent: Direction::new(name, "sent"),
            state: HeldFile::new(folder.join("operstate")),
            up: format!("net.{}.up", key_part(name)).into(),
            speed: format!("net.{}.speed_mbps", key_part(name)).into(),
            speed_file: folder.join("speed"),
            speed_mbps: None,
        }
    }

    /// Adds whether there is a link, and how fast it is.
    fn add_link(&mut self, batch: &mut Batch) {
        let state = self.state.read().ok().map(|state| state.trim().to_owned());
        // Tunnels and loops do not know.
        let is_up = state.filter(|state| state != "unknown").map(|state| state == "up");
        if is_up != Some(true) {
            self.speed_mbps = None;
        } else if self.speed_mbps.is_none() {
            // -1 where there is no such thing (a radio).
            let speed = read_line(&self.speed_file).and_then(|text| text.parse().ok());
            self.speed_mbps = Some(speed.filter(|speed| *speed > 0.0).unwrap_or(f64::NAN));
        }
        if let Some(is_up) = is_up {
            batch.flag(&self.up, is_up);
        }
        batch.maybe(&self.speed, self.speed_mbps);
    }
}

/// What both directions add up to.
#[derive(Default)]
struct Sum {
    bytes: u64,
    rate: Option<f64>,
}

impl Sum {
    fn add(&mut self, bytes: u64, rate: Option<f64>) {
        self.bytes = self.bytes.saturating_add(bytes);
        if let Some(rate) = rate {
            self.rate = Some(self.rate.unwrap_or(0.0) + rate);
        }
    }
}

/// The getter.
pub struct Network {
    dev: HeldFile,
    context: Context,
    interfaces: BTreeMap<String, Interface>,
    names: Vec<String>,
}

impl Network {
    /// Opens nothing yet.
    pub fn new(context: &Context) -> Network {
        Network {
            dev: HeldFile::new(context.roots.proc_view("net/dev")),
            context: context.clone(),
            interfaces: BTreeMap::new(),
            names: Vec::new(),
        }
    }

    /// Looks which interfaces there are, when they are not those of the last run.
    fn find_interfaces(&mut self, traffics: &[Traffic]) {
        if self.names.iter().eq(traffics.iter().map(|traffic| &traffic.name)) {
            return;
        }
        self.names = traffics.iter().map(|traffic| traffic.name.clone()).collect();
        let counted = counted(&self.context, traffics);
        let mut found: Vec<(&String, bool)> = self.names.iter().zip(counted).collect();
        found.sort_by_key(|(_, counts)| !counts);
        found.truncate(INTERFACES_MAX);
        let mut old = std::mem::take(&mut self.interfaces);
        for (name, counts) in found {
            let known = old.remove(name).filter(|interface| interface.counts == counts);
            let interface = known.unwrap_or_else(|| Interface::new(&self.context.roots, name, counts));
            self.interfaces.insert(name.clone(), interface);
        }
    }
}

impl Getter for Network {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        let traffics = self.dev.parse(parse_net_dev)?;
        self.find_interfaces(&traffics);
        let (mut received, mut sent) = (Sum::default(), Sum::default());
        let mut rows = Vec::new();
        for traffic in &traffics {
            let Some(interface) = self.interfaces.get_mut(&traffic.name) else { continue };
            let received_rate = interface.received.add(traffic.received, batch);
            let sent_rate = interface.sent.add(traffic.sent, batch);
            interface.add_link(batch);
            if !interface.counts {
                continue;
            }
            received.add(traffic.received, received_rate);
            sent.add(traffic.sent, sent_rate);
            if let (Some(received), Some(sent)) = (received_rate, sent_rate) {
                rows.push(format!("{}|{:.1} / {:.1} Mb/s", traffic.name, received / MEGABIT, sent / MEGABIT));
            }
        }
        if self.interfaces.values().any(|interface| interface.counts) {
            batch.number("net.bytes_recv", received.bytes as f64).alias("net.bytes_recv_total");
            batch.number("net.bytes_sent", sent.bytes as f64).alias("net.bytes_sent_total");
            batch.maybe("net.bytes_recv_rate", received.rate.map(|rate| rate / MIB));
            batch.maybe("net.bytes_sent_rate", sent.rate.map(|rate| rate / MIB));
            batch.maybe("net.recv_mbps", received.rate.map(|rate| rate / MEGABIT));
            batch.maybe("net.sent_mbps", sent.rate.map(|rate| rate / MEGABIT));
        }
        if !rows.is_empty() {
            batch.text("net.rows", rows.join("\n"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NET_DEV: &str = "Inter-|   Receive                                                |  Transmit\n \
        face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n\
        \x20   lo:  5000      50    0    0    0     0          0         0     5000      50    0    0    0     0       0          0\n\
        eth0:1000000    900    0    0    0     0          0         0   200000     300    0    0    0     0       0          0\n";

    #[test]
    fn real_lines_are_read_also_without_a_blank_after_the_name() {
        let traffics = parse_net_dev(NET_DEV).expect("well formed");
        let expected = [("lo", 5000, 5000), ("eth0", 1_000_000, 200_000)];
        let expected = expected.map(|(name, received, sent)| Traffic { name: name.into(), received, sent });
        assert_eq!(traffics, expected);
    }

    #[test]
    fn a_text_cut_anywhere_is_an_error_or_whole_lines() {
        for end in 0..NET_DEV.len() {
            if let Ok(traffics) = parse_net_dev(&NET_DEV[..end]) {
                assert!(NET_DEV[..end].ends_with('\n') && traffics.len() < 2, "cut at {end}");
            }
        }
    }

    #[test]
    fn names_of_virtual_interfaces_are_known() {
        for name in
            ["lo", "docker0", "veth1a2b", "br-5f3c", "br0", "virbr0", "wg0", "bond0", "tun3", "tailscale0"]
        {
            assert!(has_virtual_name(name), "{name}");
        }
        for name in ["eth0", "enp3s0", "wlan0", "wlp2s0", "end0", "broadcom0", "eno1", "lan1"] {
            assert!(!has_virtual_name(name), "{name}");
        }
    }
}
