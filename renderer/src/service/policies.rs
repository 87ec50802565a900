//! Which template each output is to show, whether anybody looks at it or not: triggers and rotations go on in any case,
//! so that whoever comes sees what is right by then, and a sink that is started again changes nothing.
//! Leaves out how a decision is made (`director`), and reading templates (`catalogue`).

use std::collections::BTreeMap;

use casedd_common::config::{AUTO_TEMPLATE, ThemeName};

use super::catalogue::Catalogue;
use super::directions::Directions;
use crate::data::Data;
use crate::director::{By, Decision, Director, forced_template, skips_itself};

/// How often policies are looked at for which no frame is drawn.
const ASK_EVERY_NS: u64 = 1_000_000_000;

/// The outputs' policies, by the names that overrides use.
#[derive(Default)]
pub struct Policies {
    all: BTreeMap<String, Directed>,
    ask_at_ns: u64,
}

/// One output's policy, and what it came to.
struct Directed {
    director: Director,
    /// The output's theme: a template is read once for a rotation's sake and for its picture.
    theme: Option<ThemeName>,
    /// What was decided, and at which time.
    newest: Option<(u64, Decision)>,
}

impl Policies {
    /// Those of every output that has one.
    pub fn new(directions: &Directions) -> Policies {
        let mut all = BTreeMap::new();
        for (name, order) in directions.directed() {
            let director = Director::new(name, &order.template, order.policy.clone());
            let directed = Directed { director, theme: order.theme, newest: None };
            // Both outputs of a panel have the same policy.
            all.entry(name.to_owned()).or_insert(directed);
        }
        Policies { all, ask_at_ns: 0 }
    }

    /// Whether an output of that name has a policy.
    pub fn has(&self, name: &str) -> bool {
        self.all.contains_key(name)
    }

    /// What the output of that name is to show. One without a policy can be overridden all the same.
    pub fn decide(&mut self, name: &str, data: &Data, catalogue: &mut Catalogue) -> Decision {
        match self.all.get_mut(name) {
            Some(directed) => directed.decide(data, catalogue),
            None => match forced_template(name, data) {
                Some(template) => Decision { template: template.to_owned(), by: By::Force },
                None => Decision { template: String::new(), by: By::Base },
            },
        }
    }

    /// Whether it is time to look at all of them.
    pub fn is_due(&self, now_ns: u64) -> bool {
        !self.all.is_empty() && now_ns >= self.ask_at_ns
    }

    /// Looks at all of them.
    pub fn keep_up(&mut self, data: &Data, catalogue: &mut Catalogue) {
        self.ask_at_ns = data.now_ns() + ASK_EVERY_NS;
        for directed in self.all.values_mut() {
            directed.decide(data, catalogue);
        }
    }
}

impl Directed {
    /// Several views of one output ask at the same time, and are to show the same.
    fn decide(&mut self, data: &Data, catalogue: &mut Catalogue) -> Decision {
        let (theme, now_ns) = (self.theme, data.now_ns());
        if let Some((at_ns, decision)) = &self.newest
            && *at_ns == now_ns
        {
            return decision.clone();
        }
        // The template for a display's size is built in, and none of those leaves itself out.
        let skips = |name: &str| {
            name != AUTO_TEMPLATE && skips_itself(catalogue.skip_if((name, theme), now_ns), data)
        };
        let decision = self.director.decide(data, skips);
        self.newest = Some((now_ns, decision.clone()));
        decision
    }
}
