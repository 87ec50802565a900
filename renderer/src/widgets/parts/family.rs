//! A family of keys that one pattern names (`cpu.*.percent`): what a machine has of it, in the order of people.
//! Leaves out what is drawn for each.

use std::cmp::Ordering;

use bumpalo::Bump;
use bumpalo::collections::Vec;

use super::super::Cx;
use crate::data::{Data, Freshness};

/// Most members that are looked at: no display shows more.
pub const MEMBERS_MAX: usize = 512;

/// One member of a family.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'d> {
    /// What the pattern's star stands for.
    pub name: &'d str,
    /// Its key.
    pub key: &'d str,
    /// Its newest value, when it is a finite number.
    pub number: Option<f64>,
    /// How far that can be relied on.
    pub freshness: Freshness,
}

/// The members of the widget's patterns, as its filter wants them.
pub fn members<'d>(cx: &Cx<'d>, patterns: &[String]) -> Vec<'d, Member<'d>> {
    let spec = cx.spec;
    let mut found = of(cx.data, patterns, cx.room);
    found.retain(|member| spec.filter.as_ref().is_none_or(|filter| filter.is_match(member.name)));
    found.truncate(MEMBERS_MAX);
    found
}

/// The members of some patterns: pattern after pattern, each in the order of names.
fn of<'d>(data: &'d Data, patterns: &[String], room: &'d Bump) -> Vec<'d, Member<'d>> {
    let mut all = Vec::new_in(room);
    for pattern in patterns {
        let start = all.len();
        for reading in &data.snapshot().readings {
            let key = reading.key.as_str();
            if let Some(name) = star(pattern, key) {
                all.push(Member { name, key, number: data.number(key), freshness: data.freshness(key) });
            }
        }
        // Names differ, so that the order of equals is nobody's business.
        all[start..].sort_unstable_by(|a: &Member<'_>, b: &Member<'_>| natural(a.name, b.name));
    }
    all
}

/// What the star of `pattern` stands for in `key`: at least one character. Without a star it is the key's last word.
fn star<'k>(pattern: &str, key: &'k str) -> Option<&'k str> {
    match pattern.split_once('*') {
        Some((before, after)) => {
            let rest = key.strip_prefix(before)?.strip_suffix(after)?;
            (!rest.is_empty()).then_some(rest)
        }
        None => (pattern == key).then(|| key.rsplit('.').next().unwrap_or(key)),
    }
}

/// Numbers within names count as numbers: 2 comes before 10.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let ((digits_a, digits_b), letter) = ((digits(a), digits(b)), (a.chars().next(), b.chars().next()));
        if digits_a > 0 && digits_b > 0 {
            let (one, other) = (a[..digits_a].trim_start_matches('0'), b[..digits_b].trim_start_matches('0'));
            let order = one.len().cmp(&other.len()).then_with(|| one.cmp(other));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (&a[digits_a..], &b[digits_b..]);
            continue;
        }
        match letter {
            (Some(one), Some(other)) if one == other => {
                (a, b) = (&a[one.len_utf8()..], &b[other.len_utf8()..])
            }
            (one, other) => return one.cmp(&other),
        }
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_star_stands_for_what_a_machine_has() {
        assert_eq!(star("cpu.*.percent", "cpu.12.percent"), Some("12"));
        assert_eq!(star("disk.*.percent", "disk./mnt/a.b.percent"), Some("/mnt/a.b"));
        assert_eq!(star("disk.*.percent", "disk.percent"), None);
        assert_eq!(star("disk.*.percent", "disk..percent"), None);
        assert_eq!(star("cpu.percent", "cpu.percent"), Some("percent"));
        let data = sample::data();
        let room = Bump::new();
        let cores = of(&data, &["cpu.*.percent".into()], &room);
        assert!(cores.len() >= 4 && cores[0].name == "0" && cores[0].number.is_some(), "{cores:?}");
        assert!(of(&sample::empty(), &["cpu.*.percent".into()], &room).is_empty());
    }

    #[test]
    fn names_are_in_the_order_of_their_numbers() {
        let mut names = vec!["10", "2", "1", "sda", "sdb", "nvme10n1", "nvme2n1", "02", ""];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["", "1", "2", "02", "10", "nvme2n1", "nvme10n1", "sda", "sdb"]);
    }
}
