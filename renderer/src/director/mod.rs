//! Which template an output shows at this moment. Highest first: an override, triggers, the schedule, the rotation,
//! its own template.
//!
//! Values and times are parameters, so that a day can be played through in a test. Leaves out reading and drawing
//! templates, and who asks.

use casedd_common::config::{Condition, TemplatePolicy};
use casedd_common::metrics::Value;

use crate::data::Data;

mod rotation;
mod schedule;
#[cfg(test)]
mod tests;
mod trigger;

use rotation::Turn;
use trigger::Watched;

/// A key that begins like this, with an output's name after it, names the template that the output is to show.
const FORCE_PREFIX: &str = "casedd.template.force.";

/// What an output is to show, and on whose word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Name of the template.
    pub template: String,
    /// Who decided.
    pub by: By,
}

/// Who decides about an output's template, the highest in rank first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// An override: the key `casedd.template.force.<output>`.
    Force,
    /// A trigger: a value is out of bounds.
    Trigger,
    /// The time of day.
    Schedule,
    /// The turn of the template.
    Rotation,
    /// Nobody: it is the output's own template.
    Base,
}

/// Decides for one output, and remembers what began when.
#[derive(Debug)]
pub struct Director {
    base: String,
    force_key: String,
    policy: TemplatePolicy,
    /// One for each trigger of the policy, in its order.
    watched: Vec<Watched>,
    turn: Turn,
}

impl Director {
    /// Decides for the output `name` whose own template is `base`.
    pub fn new(name: &str, base: &str, policy: TemplatePolicy) -> Director {
        let watched = policy.triggers.iter().map(|_| Watched::default()).collect();
        let force_key = format!("{FORCE_PREFIX}{name}");
        Director { base: base.to_owned(), force_key, policy, watched, turn: Turn::default() }
    }

    /// What to show now. `skips_itself` tells of a template's name whether its own `skip_if` leaves it out.
    ///
    /// Times are those of `data`; to be asked again and again, as nothing happens in between.
    pub fn decide(&mut self, data: &Data, mut skips_itself: impl FnMut(&str) -> bool) -> Decision {
        // Every trigger is looked at, whoever decides: durations run on under an override.
        for (watched, trigger) in self.watched.iter_mut().zip(&self.policy.triggers) {
            watched.look(trigger, data);
        }
        let rotation = &self.policy.rotation;
        let (template, by) = if let Some(forced) = forced(&self.force_key, data) {
            (forced, By::Force)
        } else if let Some(template) = trigger::winner(&self.policy.triggers, &self.watched) {
            (template, By::Trigger)
        } else if let Some(template) = schedule::current(&self.policy.schedule, data.wall()) {
            (template, By::Schedule)
        } else if let Some(template) = self.turn.take(rotation, data, &mut skips_itself) {
            return Decision { template: template.to_owned(), by: By::Rotation };
        } else {
            return Decision { template: self.base.clone(), by: By::Base };
        };
        let decision = Decision { template: template.to_owned(), by };
        // Whoever comes back into view stays there for all of its time.
        self.turn.pause();
        decision
    }
}

/// The template that somebody wants the output of that name to show, whatever its policy says.
pub fn forced_template<'a>(name: &str, data: &'a Data) -> Option<&'a str> {
    // Most snapshots have no override at all: that is found out without a key for each output.
    let readings = &data.snapshot().readings;
    let first = readings.partition_point(|reading| reading.key.as_str() < FORCE_PREFIX);
    let mut overrides = readings[first..].iter().take_while(|reading| reading.key.starts_with(FORCE_PREFIX));
    let found = overrides.find(|reading| reading.key.strip_prefix(FORCE_PREFIX) == Some(name))?;
    forced(&found.key, data)
}

/// The template that an override names; an empty text is none.
fn forced<'a>(key: &str, data: &'a Data) -> Option<&'a str> {
    match data.value(key)? {
        Value::Text(text) => {
            let name = text.trim();
            let name = name.strip_suffix(".casedd").unwrap_or(name);
            (!name.is_empty()).then_some(name)
        }
        Value::Number(_) | Value::Flag(_) => None,
    }
}

/// Whether a template's own conditions leave it out of a rotation: all hold, where a value that is missing counts as
/// one that holds (there would be nothing to see). Without conditions it stays in.
pub fn skips_itself(conditions: &[Condition], data: &Data) -> bool {
    !conditions.is_empty() && conditions.iter().all(|condition| data.holds(condition).unwrap_or(true))
}
