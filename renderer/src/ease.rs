//! How a number moves from its old value to a new one, so that a bar glides where it would jump.
//! Leaves out when it is drawn: the view says while anything moves, the service draws more often then.

use std::collections::BTreeMap;

/// Most keys whose numbers glide: more than any display shows.
const KEYS_MAX: usize = 512;

/// A number on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ease {
    from: f64,
    to: Option<f64>,
    since_ns: u64,
}

impl Ease {
    /// Where the number is at `now_ns`, when the newest one is `to` and a move takes `span_ns`. What was not there
    /// before stands at its place at once.
    pub fn follow(&mut self, to: Option<f64>, (now_ns, span_ns): (u64, u64)) -> Option<f64> {
        if self.to != to {
            let from = self.at(now_ns, span_ns);
            *self = Ease { from: from.or(to).unwrap_or_default(), to, since_ns: now_ns };
        }
        self.at(now_ns, span_ns)
    }

    /// Whether it has not arrived yet.
    pub fn is_moving(&self, (now_ns, span_ns): (u64, u64)) -> bool {
        self.to.is_some_and(|to| to != self.from) && now_ns.saturating_sub(self.since_ns) < span_ns
    }

    /// Quick at first, then slower.
    fn at(&self, now_ns: u64, span_ns: u64) -> Option<f64> {
        let to = self.to?;
        if !self.is_moving((now_ns, span_ns)) {
            return Some(to);
        }
        let rest = 1.0 - now_ns.saturating_sub(self.since_ns) as f64 / span_ns as f64;
        Some(to + (self.from - to) * rest.powi(3))
    }
}

/// The numbers that some view wants to glide, by key.
#[derive(Clone, Debug, Default)]
pub struct Eases(BTreeMap<String, (Ease, u64)>);

impl Eases {
    /// Lets a key's number take `span_ms` from one value to the next; of several wishes the longest holds.
    pub fn want(&mut self, key: &str, span_ms: u32) {
        if self.0.len() < KEYS_MAX || self.0.contains_key(key) {
            let span_ns = u64::from(span_ms) * 1_000_000;
            let (_, longest_ns) = self.0.entry(key.to_owned()).or_default();
            *longest_ns = span_ns.max(*longest_ns);
        }
    }

    /// Moves all of them on to `now_ns`.
    pub fn follow(&mut self, now_ns: u64, number: impl Fn(&str) -> Option<f64>) {
        for (key, (ease, span_ns)) in &mut self.0 {
            ease.follow(number(key), (now_ns, *span_ns));
        }
    }

    /// Where the number of a key is; `None` for one that nobody asked for.
    pub fn at(&self, key: &str, now_ns: u64) -> Option<f64> {
        let (ease, span_ns) = self.0.get(key)?;
        ease.at(now_ns, *span_ns)
    }

    /// Whether any has not arrived yet.
    pub fn is_moving(&self, now_ns: u64) -> bool {
        self.0.values().any(|(ease, span_ns)| ease.is_moving((now_ns, *span_ns)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_moves_to_its_new_value_and_stays() {
        let mut ease = Ease::default();
        let mut at = |now_ns, to| (ease.follow(to, (now_ns, 300)), ease.is_moving((now_ns, 300)));
        assert_eq!(at(0, None), (None, false));
        assert_eq!(at(10, Some(40.0)), (Some(40.0), false), "the first value stands at once");
        assert_eq!(at(1_000, Some(80.0)), (Some(40.0), true));
        assert_eq!(at(1_150, Some(80.0)), (Some(75.0), true), "seven eighths after half the time");
        assert_eq!(at(1_150, Some(0.0)), (Some(75.0), true), "a new value starts where it stands");
        assert_eq!(at(1_450, Some(0.0)), (Some(0.0), false));
        assert_eq!(at(1_500, None), (None, false));
        assert_eq!(at(1_600, Some(9.0)), (Some(9.0), false));
    }
}
