//! Outputs as the renderer process draws them: the same code from the template to the pool's slot, without sinks.
//! Leaves out waiting: frames are drawn when the bench says so.

use anyhow::Context;
use casedd_common::config::Topic;
use casedd_common::transport::Want;
use casedd_common::transport::hub::{Hub, HubOptions};
use casedd_raster::Color;
use casedd_renderer::painter::Painter;
use casedd_renderer::service;
use casedd_renderer::service::live::{Key, LiveView};
use casedd_renderer::service::program::{Order, Program};
use casedd_renderer::template::store::Store;

use crate::feed::{self, Change, Feed};

/// Some outputs of one size and the values they show.
pub struct Desk {
    /// The values.
    pub feed: Feed,
    hub: Hub,
    desk: service::Desk,
    views: Vec<LiveView>,
    _folder: tempfile::TempDir,
}

impl Desk {
    /// So many outputs with the bench's template; nothing is drawn yet.
    pub fn new(outputs: usize, size_px: (u32, u32), feed: Feed) -> anyhow::Result<Desk> {
        let folder = tempfile::tempdir().context("a folder for the control socket and the template")?;
        let file = folder.path().join(format!("{}.casedd", feed::TEMPLATE));
        std::fs::write(file, feed::TEMPLATE_TEXT).context("the bench's template")?;
        let mut desk = service::Desk::new(Store::new(vec![folder.path().to_owned()]), Painter::default());
        let options = HubOptions { pool_bytes_max: usize::MAX, ..HubOptions::default() };
        let mut hub = Hub::bind(&folder.path().join("renderer.sock"), options)?;
        let mut views = Vec::new();
        for _ in 0..outputs {
            let id = hub.open_view_for(&Want { width: size_px.0, height: size_px.1, ..Want::default() })?;
            let topic =
                Topic { template: feed::TEMPLATE.to_owned(), theme: None, is_rate_fixed: true, like: None };
            let (rate_millihz, border) = (10_000, Color::hex(0x00dc_1e1e));
            let key = Key { topic: topic.clone(), directed_as: None, size_px, rate_millihz, alone: None };
            let order = Order { directed_as: None, topic, size_px, rate_millihz, border };
            views.push(LiveView::new(id, key, Program::new(order, desk.open(feed::TEMPLATE)?)));
        }
        Ok(Desk { feed, hub, desk, views, _folder: folder })
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
        self.feed.lend(&mut self.desk.data);
        for view in &mut self.views {
            view.show(&mut self.hub, &mut self.desk);
        }
        self.feed.lend(&mut self.desk.data);
    }
}
