//! Outputs as the renderer process draws them: the same code from the template to the pool's slot, without sinks.
//! Leaves out waiting: frames are drawn when the bench says so.

use std::sync::Arc;

use anyhow::Context;
use casedd_common::transport::hub::{Hub, HubOptions};
use casedd_renderer::painter::Painter;
use casedd_renderer::service::live::{Key, LiveView};
use casedd_renderer::template::spec::Template;
use casedd_renderer::view::View;

use crate::feed::{Change, Feed};

/// Some outputs of one size and the values they show.
pub struct Desk {
    /// The values.
    pub feed: Feed,
    hub: Hub,
    painter: Painter,
    views: Vec<LiveView>,
    _folder: tempfile::TempDir,
}

impl Desk {
    /// One output for each of `templates`; nothing is drawn yet.
    pub fn new(
        templates: impl Iterator<Item = Arc<Template>>,
        size_px: (u32, u32),
        feed: Feed,
    ) -> anyhow::Result<Desk> {
        let folder = tempfile::tempdir().context("a folder for the control socket")?;
        let options = HubOptions { pool_bytes_max: usize::MAX, ..HubOptions::default() };
        let mut hub = Hub::bind(&folder.path().join("renderer.sock"), options)?;
        let mut views = Vec::new();
        for template in templates {
            let id = hub.open_view(size_px.0, size_px.1)?;
            let key = Key { topic: template.name.clone(), size_px, rate_millihz: 10_000, alone: None };
            views.push(LiveView::new(id, key, View::new(template, size_px.0, size_px.1)));
        }
        Ok(Desk { feed, hub, painter: Painter::default(), views, _folder: folder })
    }

    /// Moves the values on.
    pub fn step(&mut self, change: Change) {
        self.feed.step(change);
    }

    /// Has everything drawn anew next time.
    pub fn forget(&mut self) {
        self.views.iter_mut().for_each(LiveView::forget);
    }

    /// Draws and publishes what changed, for every output.
    pub fn show(&mut self) {
        for view in &mut self.views {
            view.show(&mut self.hub, self.feed.data(), &mut self.painter);
        }
    }
}
