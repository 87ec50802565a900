//! What one view shows at present: the director's choice, in its last good version, and what lies over it.
//! Leaves out pixels and frames (`live`).

use std::sync::Arc;

use casedd_common::config::{AUTO_TEMPLATE, TemplatePolicy, ThemeName, Topic};
use casedd_raster::Color;

use super::catalogue::Catalogue;
use crate::data::Data;
use crate::director::{By, Decision, Director, skips_itself};
use crate::overlay::Overlay;
use crate::template::auto;
use crate::template::spec::Template;

/// Chooses templates for one view.
pub struct Program {
    /// `None`: nothing but the order's own template is ever shown.
    director: Option<Director>,
    theme: Option<ThemeName>,
    size_px: (u32, u32),
    border: Color,
    decision: Decision,
    template: Arc<Template>,
    overlay: Overlay,
    trouble: Option<Arc<str>>,
    /// Something has changed that statistics should tell.
    has_news: bool,
}

/// What a view is asked for.
pub struct Order {
    /// The output's name, for overrides; `None`: it is not directed at all.
    pub directed_as: Option<String>,
    /// Template and theme.
    pub topic: Topic,
    /// Width and height.
    pub size_px: (u32, u32),
    /// Which other templates, and when.
    pub policy: TemplatePolicy,
    /// Colour of the border while a trigger holds the display.
    pub border: Color,
}

impl Program {
    /// Shows `template`, which the order names, until the first step.
    pub fn new(order: Order, template: Arc<Template>) -> Program {
        let Order { directed_as, topic, size_px, policy, border } = order;
        let theme = topic.theme;
        let base = resolve(&topic.template, size_px).to_owned();
        let director = directed_as.map(|name| Director::new(&name, &base, policy));
        let decision = Decision { template: base, by: By::Base };
        let (overlay, trouble, has_news) = (Overlay::default(), None, true);
        Program { director, theme, size_px, border, decision, template, overlay, trouble, has_news }
    }

    /// Decides anew.
    pub fn step(&mut self, data: &Data, catalogue: &mut Catalogue) {
        let (theme, size_px, now_ns) = (self.theme, self.size_px, data.now_ns());
        if let Some(director) = &mut self.director {
            let skips =
                |name: &str| skips_itself(catalogue.skip_if((resolve(name, size_px), theme), now_ns), data);
            let decision = director.decide(data, skips);
            self.has_news |= decision != self.decision;
            self.decision = decision;
        }
        let name = resolve(&self.decision.template, size_px);
        let (good, trouble) = catalogue.get((name, theme), now_ns);
        if let Some(good) = good.filter(|good| !Arc::ptr_eq(good, &self.template)) {
            self.template = Arc::clone(good);
        }
        self.overlay.border = (self.decision.by == By::Trigger).then_some(self.border);
        if self.overlay.badge.as_ref() != trouble.map(|trouble| &trouble.badge) {
            self.overlay.badge = trouble.map(|trouble| trouble.badge.clone());
            self.trouble = trouble.map(|trouble| Arc::clone(&trouble.message));
            self.has_news = true;
        }
    }

    /// The template to show.
    pub fn template(&self) -> &Arc<Template> {
        &self.template
    }

    /// What lies over it.
    pub fn overlay(&self) -> &Overlay {
        &self.overlay
    }

    /// Whether time or values can lead to another template.
    pub fn is_directed(&self) -> bool {
        self.director.is_some()
    }

    /// What is wrong with the newest version of what is to be shown.
    pub fn trouble(&self) -> Option<Arc<str>> {
        self.trouble.clone()
    }

    /// What is shown and on whose word, for people, and what is wrong with it; `None` when that is as it was.
    pub fn news(&mut self) -> Option<(String, &str)> {
        if !std::mem::take(&mut self.has_news) {
            return None;
        }
        let name = resolve(&self.decision.template, self.size_px);
        let shows = match self.decision.by {
            By::Base => name.to_owned(),
            By::Force => format!("{name} (override)"),
            By::Trigger => format!("{name} (trigger)"),
            By::Schedule => format!("{name} (schedule)"),
            By::Rotation => format!("{name} (rotation)"),
        };
        Some((shows, self.trouble.as_deref().unwrap_or_default()))
    }
}

/// The template that a name means at a size.
pub fn resolve(name: &str, size_px: (u32, u32)) -> &str {
    match name {
        AUTO_TEMPLATE => auto::template_for(size_px.0, size_px.1),
        name => name,
    }
}
