//! One trigger: from a value out of bounds to a template that is shown for a while.
//! Leaves out what outranks it.

use casedd_common::config::{Condition, Operand, Operator, Trigger};

use crate::data::Data;

/// What is known of one trigger. A value that is missing holds nothing, and ends what it began: an alarm that nobody
/// can end would hide everything else.
#[derive(Debug, Default)]
pub struct Watched {
    /// Since when the condition has held without a break, while the trigger is off.
    holds_since_ns: Option<u64>,
    /// Since when the trigger is on.
    on_since_ns: Option<u64>,
    /// Until when it stays off whatever happens.
    rests_until_ns: u64,
}

impl Watched {
    /// Looks at the value once more.
    pub fn look(&mut self, trigger: &Trigger, data: &Data) {
        if trigger.disabled {
            return;
        }
        let now_ns = data.now_ns();
        let holds = data.holds(&trigger.condition);
        if let Some(since_ns) = self.on_since_ns {
            let is_shown_long_enough = has_passed(since_ns, trigger.hold_for_s, now_ns);
            if is_shown_long_enough && is_clear(trigger, holds, data) {
                let rest_ns = nanoseconds(trigger.cooldown_s);
                *self = Watched { rests_until_ns: now_ns.saturating_add(rest_ns), ..Watched::default() };
            }
            return;
        }
        if holds != Some(true) {
            self.holds_since_ns = None;
            return;
        }
        let since_ns = *self.holds_since_ns.get_or_insert(now_ns);
        if has_passed(since_ns, trigger.duration_s, now_ns) && now_ns >= self.rests_until_ns {
            (self.holds_since_ns, self.on_since_ns) = (None, Some(now_ns));
        }
    }

    /// Whether the trigger holds its template on the display.
    pub fn is_on(&self) -> bool {
        self.on_since_ns.is_some()
    }
}

/// Whether what ends the trigger is there: its own condition, else the inverse of the one that began it.
fn is_clear(trigger: &Trigger, holds: Option<bool>, data: &Data) -> bool {
    match &trigger.clear {
        Some((operator, value)) => clears(&trigger.condition.source, *operator, value, data),
        None => holds != Some(true),
    }
}

fn clears(source: &str, operator: Operator, value: &Operand, data: &Data) -> bool {
    let condition = Condition { source: source.to_owned(), operator, value: value.clone() };
    data.holds(&condition).unwrap_or(true)
}

/// The template of the trigger that is on and goes before all others that are: the lowest priority, then the first.
pub fn winner<'a>(triggers: &'a [Trigger], watched: &[Watched]) -> Option<&'a str> {
    let on = triggers.iter().zip(watched).filter(|(_, watched)| watched.is_on());
    on.min_by_key(|(trigger, _)| trigger.priority).map(|(trigger, _)| trigger.template.as_str())
}

/// Whether so many seconds have passed.
pub fn has_passed(since_ns: u64, seconds: f64, now_ns: u64) -> bool {
    now_ns.saturating_sub(since_ns) >= nanoseconds(seconds)
}

fn nanoseconds(seconds: f64) -> u64 {
    (seconds * 1e9) as u64
}
