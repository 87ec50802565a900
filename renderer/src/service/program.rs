//! What one view shows at present: what was decided for it, in its last good version, and what lies over it.
//! Leaves out who decides (`policies`), pixels and frames (`live`).

use std::sync::Arc;

use casedd_common::config::{AUTO_TEMPLATE, Topic};
use casedd_common::transport::hub::Description;
use casedd_raster::Color;

use super::catalogue::Catalogue;
use super::policies::Policies;
use crate::data::Data;
use crate::director::{By, Decision};
use crate::overlay::Overlay;
use crate::template::auto;
use crate::template::spec::Template;

/// Most frames a second that a template can have: what an output can ask for.
const RATE_HZ_MAX: f64 = 60.0;

/// Chooses templates for one view.
pub struct Program {
    order: Order,
    decision: Decision,
    template: Arc<Template>,
    /// What is to be shown was never good: something else stands in its place.
    is_replaced: bool,
    overlay: Overlay,
    trouble: Option<Arc<str>>,
    /// Something has changed that statistics should tell.
    has_news: bool,
}

/// What a view is asked for.
pub struct Order {
    /// The output's name, for overrides and its policy; `None`: nothing but its own template is ever shown.
    pub directed_as: Option<String>,
    /// Template, theme, and whose the rate is.
    pub topic: Topic,
    /// Width and height.
    pub size_px: (u32, u32),
    /// Frames a second, in thousandths, where the template does not say.
    pub rate_millihz: u32,
    /// Colour of the border while a trigger holds the display.
    pub border: Color,
}

impl Program {
    /// Shows `template`, which the order names or which stands in its place, until the first step.
    pub fn new(order: Order, template: Arc<Template>) -> Program {
        let decision = Decision { template: String::new(), by: By::Base };
        let (overlay, trouble) = (Overlay::default(), None);
        Program { order, decision, template, is_replaced: false, overlay, trouble, has_news: true }
    }

    /// Decides anew.
    pub fn step(&mut self, data: &Data, catalogue: &mut Catalogue, policies: &mut Policies) {
        if let Some(name) = &self.order.directed_as {
            let decision = policies.decide(name, data, catalogue);
            self.has_news |= decision != self.decision;
            self.decision = decision;
        }
        let (good, trouble) = catalogue.get((self.name(), self.order.topic.theme), data.now_ns());
        let is_replaced = good.is_none();
        if let Some(good) = good.filter(|good| !Arc::ptr_eq(good, &self.template)) {
            self.template = Arc::clone(good);
            // Its rate may be another one.
            self.has_news = true;
        }
        self.overlay.border = (self.decision.by == By::Trigger).then_some(self.order.border);
        if self.overlay.badge.as_ref() != trouble.map(|trouble| &trouble.badge) {
            self.overlay.badge = trouble.map(|trouble| trouble.badge.clone());
            self.trouble = trouble.map(|trouble| Arc::clone(&trouble.message));
            self.has_news = true;
        }
        self.has_news |= is_replaced != self.is_replaced;
        self.is_replaced = is_replaced;
    }

    /// The template to show.
    pub fn template(&self) -> &Arc<Template> {
        &self.template
    }

    /// What lies over it.
    pub fn overlay(&self) -> &Overlay {
        &self.overlay
    }

    /// Frames a second, in thousandths: the template's, unless the output insists on its own.
    pub fn rate_millihz(&self) -> u32 {
        match self.template.refresh_rate_hz {
            Some(rate_hz) if !self.order.topic.is_rate_fixed => (rate_hz.min(RATE_HZ_MAX) * 1000.0) as u32,
            _ => self.order.rate_millihz,
        }
    }

    /// Whether time or values can lead to another template.
    pub fn is_directed(&self) -> bool {
        self.order.directed_as.is_some()
    }

    /// From now on it is directed by that name.
    pub fn direct_as(&mut self, name: &str) {
        self.order.directed_as = Some(name.to_owned());
    }

    /// What is wrong with the newest version of what is to be shown.
    pub fn trouble(&self) -> Option<Arc<str>> {
        self.trouble.clone()
    }

    /// What is shown and on whose word, how often, and what is wrong with it; `None` when that is as it was.
    pub fn news(&mut self) -> Option<Description> {
        if !std::mem::take(&mut self.has_news) {
            return None;
        }
        let name = self.name();
        let word = match self.decision.by {
            By::Base => "",
            By::Force => " (override)",
            By::Trigger => " (trigger)",
            By::Schedule => " (schedule)",
            By::Rotation => " (rotation)",
        };
        let (template, shows) = match self.is_replaced {
            true => (self.template.name.clone(), format!("{} in place of {name}{word}", self.template.name)),
            false => (name.to_owned(), format!("{name}{word}")),
        };
        let trouble = self.trouble.as_deref().unwrap_or_default().to_owned();
        Some(Description { rate_millihz: self.rate_millihz(), template, shows, trouble })
    }

    /// The name of what is to be shown.
    fn name(&self) -> &str {
        let name = match self.decision.by {
            By::Base => &self.order.topic.template,
            By::Force | By::Trigger | By::Schedule | By::Rotation => &self.decision.template,
        };
        resolve(name, self.order.size_px)
    }
}

/// The template that a name means at a size.
pub fn resolve(name: &str, size_px: (u32, u32)) -> &str {
    match name {
        AUTO_TEMPLATE => auto::template_for(size_px.0, size_px.1),
        name => name,
    }
}
