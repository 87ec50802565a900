//! Which process has a socket open, from the descriptors in /proc.
//!
//! Looks only for sockets that it has not seen: going through all descriptors costs milliseconds.

use std::collections::HashMap;

use super::processes::pids;
use crate::file::read_line;
use crate::roots::Roots;

/// How long it is believed that a socket's owner cannot be seen.
const UNSEEN_NS: u64 = 60_000_000_000;
/// Most descriptors of one process that are looked at.
const DESCRIPTORS_MAX: usize = 65_536;

/// What is known of sockets.
#[derive(Debug, Default)]
pub struct Owners {
    /// The process's name; none when no process could be seen that has it.
    known: HashMap<u64, Option<String>>,
    looked_at_ns: u64,
}

impl Owners {
    /// Brings what is known up to date for these sockets, and forgets all others.
    pub fn update(&mut self, roots: &Roots, sockets: &[u64], now_ns: u64) {
        self.known.retain(|socket, _| sockets.contains(socket));
        let is_new = sockets.iter().any(|socket| !self.known.contains_key(socket));
        let is_unseen = self.known.values().any(Option::is_none);
        let is_due = now_ns.saturating_sub(self.looked_at_ns) >= UNSEEN_NS;
        let has_reason = is_new || (is_unseen && is_due);
        if !has_reason {
            return;
        }
        self.looked_at_ns = now_ns;
        for socket in sockets {
            self.known.entry(*socket).or_default();
        }
        for pid in pids(roots).unwrap_or_default() {
            if self.known.values().all(Option::is_some) {
                return;
            }
            self.look_at(roots, pid);
        }
    }

    /// The name of the process that has a socket.
    pub fn of(&self, socket: u64) -> Option<&str> {
        self.known.get(&socket)?.as_deref()
    }

    /// Looks through the descriptors of one process; those of other users are not to be seen without rights.
    fn look_at(&mut self, roots: &Roots, pid: u32) {
        let folder = roots.proc(&format!("{pid}/fd"));
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(DESCRIPTORS_MAX);
        let mut name: Option<Option<String>> = None;
        for entry in entries {
            let Ok(target) = std::fs::read_link(entry.path()) else { continue };
            let Some(owner) =
                target.to_str().and_then(socket_of).and_then(|socket| self.known.get_mut(&socket))
            else {
                continue;
            };
            if owner.is_none() {
                *owner = name.get_or_insert_with(|| read_line(roots.proc(&format!("{pid}/comm")))).clone();
            }
        }
    }
}

/// The number in `socket:[1234]`.
fn socket_of(target: &str) -> Option<u64> {
    target.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_sockets_are_sockets() {
        assert_eq!(socket_of("socket:[1234]"), Some(1234));
        for target in ["pipe:[1234]", "/dev/null", "socket:[", "socket:[12", "anon_inode:[eventfd]", ""] {
            assert_eq!(socket_of(target), None, "{target}");
        }
    }
}
