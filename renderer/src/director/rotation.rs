//! Templates in turn, each for a while; those that have nothing to say are left out.
//! Leaves out what outranks the rotation.

use casedd_common::config::RotationEntry;

use super::trigger::has_passed;
use crate::data::Data;

/// Whose turn it is.
#[derive(Debug, Default)]
pub struct Turn {
    /// Place in the list.
    at: usize,
    /// Since when; `None` before the first turn, and while something else is shown.
    since_ns: Option<u64>,
    /// Whether it has shown anything yet: until then there is nothing to stay at.
    has_begun: bool,
}

impl Turn {
    /// Moves on if it is time to, and gives the template to show. When all are to be left out, the present one stays;
    /// before there is one, there is none.
    pub fn take<'a>(
        &mut self,
        entries: &'a [RotationEntry],
        data: &Data,
        skips_itself: &mut impl FnMut(&str) -> bool,
    ) -> Option<&'a str> {
        let now_ns = data.now_ns();
        let present = entries.get(self.at)?;
        let is_over = self.since_ns.is_some_and(|since_ns| has_passed(since_ns, present.seconds, now_ns));
        // The others in their order, then the present one; that one first, while it has time left.
        let first = self.at + usize::from(is_over);
        let mut places = (first..first + entries.len()).map(|place| place % entries.len());
        let next = places.find(|place| !is_left_out(&entries[*place], data, skips_itself));
        match next {
            Some(next) if next != self.at || is_over || !self.has_begun => {
                *self = Turn { at: next, since_ns: Some(now_ns), has_begun: true };
            }
            Some(_) | None => self.since_ns = self.since_ns.or(self.has_begun.then_some(now_ns)),
        }
        self.has_begun.then(|| entries[self.at].template.as_str())
    }

    /// Something else is shown: the present template begins its time anew when it is back.
    pub fn pause(&mut self) {
        self.since_ns = None;
    }
}

/// Whether an entry is not shown now: by its own conditions, of which one with a missing value does not hold, or by
/// those of its template.
fn is_left_out(entry: &RotationEntry, data: &Data, skips_itself: &mut impl FnMut(&str) -> bool) -> bool {
    let all_hold = entry.skip_if.iter().all(|condition| data.holds(condition) == Some(true));
    (!entry.skip_if.is_empty() && all_hold) || skips_itself(&entry.template)
}
