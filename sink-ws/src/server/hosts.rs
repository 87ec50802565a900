//! The names that this server answers to: a page of a stranger's domain that points here (DNS rebinding) is not
//! one of them.
//!
//! Addresses always are: a browser sends one only when somebody typed or linked it.

use std::net::IpAddr;

/// Domains that no stranger can register, in which a machine of a home network goes by its own name.
const HOME_DOMAINS: [&str; 5] = ["local", "lan", "home", "home.arpa", "internal"];

/// The names, in lower case.
#[derive(Debug)]
pub struct Hosts {
    names: Vec<String>,
}

impl Hosts {
    /// This machine's own names, and `more`.
    pub fn of_this_machine(more: Vec<String>) -> Hosts {
        let own = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
        Hosts::new(own.as_deref(), more)
    }

    fn new(own: Option<&str>, more: Vec<String>) -> Hosts {
        let mut names = vec!["localhost".to_owned()];
        if let Some(own) = own.filter(|own| !own.is_empty()) {
            names.push(own.to_owned());
            names.extend(HOME_DOMAINS.iter().map(|domain| format!("{own}.{domain}")));
        }
        names.extend(more);
        names.iter_mut().for_each(|name| name.make_ascii_lowercase());
        Hosts { names }
    }

    /// Whether `host` (a name or an address, with or without a port) means this server.
    pub fn allow(&self, host: &str) -> bool {
        let Some(name) = without_port(host) else { return false };
        let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
        if bare.parse::<IpAddr>().is_ok() {
            return true;
        }
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        name.ends_with(".localhost") && is_plain(&name) || self.names.contains(&name)
    }
}

fn without_port(host: &str) -> Option<&str> {
    let after_bracket = host.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = host[after_bracket..].find(':') else { return Some(host) };
    let (name, port) = host.split_at(after_bracket + colon);
    let port = &port[1..];
    (!port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
}

fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_own_names_are_answered() {
        let hosts = Hosts::new(Some("NAS"), vec!["panel.example.org".to_owned()]);
        for host in [
            "127.0.0.1:8080",
            "192.168.1.7",
            "[::1]:8080",
            "[fe80::1]",
            "localhost:8080",
            "LOCALHOST.",
            "a.localhost",
            "nas",
            "nas:8080",
            "Nas.local",
            "nas.lan:1",
            "nas.home.arpa",
            "panel.example.org:443",
        ] {
            assert!(hosts.allow(host), "{host}");
        }
    }

    #[test]
    fn names_of_strangers_are_not() {
        let hosts = Hosts::new(Some("nas"), Vec::new());
        for host in [
            "",
            "evil.example",
            "nas.evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "nas:",
            "nas:80a",
            "127.0.0.1:8080:evil",
            "[::1]evil",
            "[::1",
            "nas@evil",
            "a b.localhost",
            ":8080",
            "[evil]",
        ] {
            assert!(!hosts.allow(host), "{host}");
        }
    }
}
