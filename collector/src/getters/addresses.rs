//! The machine's own network addresses, from the kernel's tables.
//!
//! Asks no interface and no resolver.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Most addresses of one kind.
const ADDRESSES_MAX: usize = 64;

/// One line of the routing table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Where packets leave.
    pub interface: String,
    /// Where they go to.
    pub target: Ipv4Addr,
    /// The bits of it that count.
    pub mask: Ipv4Addr,
    /// The route of the smallest is taken.
    pub metric: u32,
}

/// Own addresses in /proc/net/fib_trie, but those of the machine to itself.
pub fn parse_fib_trie(text: &str) -> Vec<Ipv4Addr> {
    let mut own: Vec<Ipv4Addr> = Vec::new();
    let mut last = None;
    for line in text.split_inclusive('\n') {
        // A line that is cut could name another address.
        let Some(line) = line.strip_suffix('\n').map(str::trim) else { break };
        if let Some(address) = line.strip_prefix("|-- ") {
            last = address.parse::<Ipv4Addr>().ok();
        } else if line == "/32 host LOCAL"
            && let Some(address) = last
            && !address.is_loopback()
            && !own.contains(&address)
            && own.len() < ADDRESSES_MAX
        {
            own.push(address);
        }
    }
    own
}

/// The routes in /proc/net/route.
pub fn parse_routes(text: &str) -> Vec<Route> {
    let route = |line: &str| {
        let fields: Vec<&str> = line.strip_suffix('\n')?.split_ascii_whitespace().collect();
        let address = |field: &str| Some(Ipv4Addr::from(u32::from_str_radix(field, 16).ok()?.to_ne_bytes()));
        Some(Route {
            interface: (*fields.first()?).to_owned(),
            target: address(fields.get(1)?)?,
            mask: address(fields.get(7)?)?,
            metric: fields.get(6)?.parse().ok()?,
        })
    };
    text.split_inclusive('\n').skip(1).filter_map(route).collect()
}

/// The addresses of /proc/net/if_inet6 that are valid everywhere.
pub fn parse_if_inet6(text: &str) -> Vec<Ipv6Addr> {
    let address = |line: &str| {
        let fields: Vec<&str> = line.strip_suffix('\n')?.split_ascii_whitespace().collect();
        let (digits, scope, _name) = (fields.first()?, fields.get(3)?, fields.get(5)?);
        let number = u128::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 32)?;
        (*scope == "00").then(|| Ipv6Addr::from(number))
    };
    text.split_inclusive('\n').filter_map(address).take(ADDRESSES_MAX).collect()
}

/// The address by which others reach the machine: that in the network through which everything else is reached.
pub fn main_address(own: &[Ipv4Addr], routes: &[Route]) -> Option<Ipv4Addr> {
    let is_default = |route: &&Route| route.mask.is_unspecified() && route.target.is_unspecified();
    let interface = &routes.iter().filter(is_default).min_by_key(|route| route.metric)?.interface;
    let is_in = |address: &Ipv4Addr, route: &Route| {
        &route.interface == interface
            && !route.mask.is_unspecified()
            && (address.to_bits() & route.mask.to_bits()) == route.target.to_bits()
    };
    own.iter().copied().find(|address| routes.iter().any(|route| is_in(address, route)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRIE: &str = "Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
     +-- 192.168.1.0/24 2 0 2
        |-- 192.168.1.0
           /24 link UNICAST
        |-- 192.168.1.20
           /32 host LOCAL
        |-- 192.168.1.255
           /32 link BROADCAST
     |-- 172.17.0.1
        /32 host LOCAL
Local:
        |-- 192.168.1.20
           /32 host LOCAL
";
    const ROUTES: &str = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
eno1\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
wlan0\t00000000\t0102A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
eno1\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
";

    #[test]
    fn the_main_address_is_that_of_the_default_route_with_the_least_metric() {
        let (own, routes) = (parse_fib_trie(TRIE), parse_routes(ROUTES));
        assert_eq!(own, [Ipv4Addr::new(192, 168, 1, 20), Ipv4Addr::new(172, 17, 0, 1)]);
        assert_eq!(routes.len(), 4);
        assert_eq!(main_address(&own, &routes), Some(Ipv4Addr::new(192, 168, 1, 20)));
        assert_eq!(main_address(&own, &routes[..1]), None);
    }

    #[test]
    fn texts_that_are_cut_give_no_other_address() {
        for end in 0..TRIE.len() {
            let own = parse_fib_trie(&TRIE[..end]);
            assert!(own.iter().all(|one| parse_fib_trie(TRIE).contains(one)), "{}", &TRIE[..end]);
        }
        for end in 0..ROUTES.len() {
            assert!(parse_routes(&ROUTES[..end]).iter().all(|one| parse_routes(ROUTES).contains(one)));
        }
    }

    #[test]
    fn only_addresses_that_are_valid_everywhere_count() {
        let text = "fe80000000000000021132fffe123456 02 40 20 80 eno1\n\
                    20010db8000000000000000000000020 02 40 00 00 eno1\n\
                    00000000000000000000000000000001 01 80 10 80 lo\n\
                    20010db80000000000000000000000";
        assert_eq!(parse_if_inet6(text), ["2001:db8::20".parse::<Ipv6Addr>().expect("one")]);
    }
}
