//! Drop policies: what happens to a new frame when a sink's ring is full.
//! How the ring carries them out is in `ring::port`.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What the renderer does when the ring of one sink is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DropPolicy {
    /// The renderer waits until the sink takes a frame, dies, or its longest wait is over.
    Block,
    /// The oldest queued frame makes room: the newest picture wins.
    #[default]
    DropOldest,
    /// The new frame is not queued: what waits already is shown first.
    DropNewest,
}

/// Every policy with its name in configs and messages.
const NAMES: [(DropPolicy, &str); 3] = [
    (DropPolicy::Block, "block"),
    (DropPolicy::DropOldest, "drop-oldest"),
    (DropPolicy::DropNewest, "drop-newest"),
];

/// A name that is no drop policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no drop policy {0:?}; use block, drop-oldest or drop-newest")]
pub struct UnknownPolicy(String);

impl fmt::Display for DropPolicy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(policy, _)| policy == self).map_or("", |(_, name)| name);
        out.pad(name)
    }
}

impl FromStr for DropPolicy {
    type Err = UnknownPolicy;

    fn from_str(text: &str) -> Result<Self, UnknownPolicy> {
        let found = NAMES.iter().find(|(_, name)| *name == text);
        found.map(|(policy, _)| *policy).ok_or_else(|| UnknownPolicy(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_is_read_back_from_its_name() {
        for (policy, name) in NAMES {
            assert_eq!(policy.to_string(), name);
            assert_eq!(name.parse(), Ok(policy));
        }
        let error = "oldest".parse::<DropPolicy>().unwrap_err();
        assert_eq!(error.to_string(), "no drop policy \"oldest\"; use block, drop-oldest or drop-newest");
    }
}
