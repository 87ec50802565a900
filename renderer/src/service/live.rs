//! A view that is being served: its picture, its place in the hub, its sinks and its deadlines.
//! Leaves out which sinks share one (`mod`).

use casedd_common::transport::clock::now_ns;
use casedd_common::transport::frame::{Damage, Rect};
use casedd_common::transport::hub::{Hub, SinkId, ViewId};
use casedd_raster::{Canvas, IRect};

use super::pace::Pace;
use crate::data::Data;
use crate::fonts;
use crate::painter::Painter;
use crate::regions;
use crate::view::View;

/// What sinks must agree on to share a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Name of the template.
    pub topic: String,
    /// Width and height.
    pub size_px: (u32, u32),
    /// Frames a second, in thousandths.
    pub rate_millihz: u32,
    /// A sink whose full ring the renderer waits for has a view of its own.
    pub alone: Option<SinkId>,
}

/// From one picture of a gliding bar to the next: 30 a second look smooth, and nothing else is drawn in them.
const GLIDE_FRAME_NS: u64 = 33_000_000;

/// A view with its sinks.
pub struct LiveView {
    /// Its name in the hub.
    pub id: ViewId,
    /// What its sinks asked for.
    pub key: Key,
    /// Who looks at it.
    pub sinks: Vec<SinkId>,
    pace: Pace,
    view: View,
    /// What changed since the last frame: not empty while a frame is owed.
    owed: Vec<IRect>,
    /// While bars glide: when the next picture of that is due.
    glide_ns: Option<u64>,
    /// Whether any of its bars and dials glides at all.
    has_eases: bool,
    /// A deadline came while a `block` sink had no space.
    is_held_up: bool,
}

impl LiveView {
    /// A view of nobody yet, due now.
    pub fn new(id: ViewId, key: Key, view: View) -> LiveView {
        let pace = Pace::new(key.rate_millihz, now_ns());
        let has_eases = view.specs().any(|spec| spec.ease_ms.is_some());
        LiveView {
            id,
            key,
            sinks: Vec::new(),
            pace,
            view,
            owed: Vec::new(),
            glide_ns: None,
            has_eases,
            is_held_up: false,
        }
    }

    /// Whether anything of it comes from image files.
    pub fn has_images(&self) -> bool {
        self.view.has_images()
    }

    /// Has everything drawn anew the next time, as for other colours.
    pub fn forget(&mut self) {
        self.view.forget();
    }

    /// The next deadline; none while nobody looks or while it waits for a sink's space.
    pub fn due_ns(&self, hub: &Hub) -> Option<u64> {
        let due_ns = self.pace.due_ns().min(self.glide_ns.unwrap_or(u64::MAX));
        (!self.is_held_up && hub.watched(self.id)).then_some(due_ns)
    }

    /// Draws and publishes when it is time to.
    pub fn keep_up(&mut self, hub: &mut Hub, data: &Data, painter: &mut Painter) {
        let now_ns = data.now_ns();
        if self.due_ns(hub).is_none_or(|due_ns| now_ns < due_ns) {
            return;
        }
        if self.pace.due_ns() <= now_ns {
            self.pace.advance(now_ns);
        }
        self.show(hub, data, painter);
    }

    /// A `block` sink has space again: a deadline it held up is made good at once.
    pub fn go_on(&mut self, hub: &mut Hub, data: &Data, painter: &mut Painter) {
        if std::mem::take(&mut self.is_held_up) {
            self.show(hub, data, painter);
        }
    }

    /// Draws the newest picture and publishes it, unless nothing changed since the last frame.
    pub fn show(&mut self, hub: &mut Hub, data: &Data, painter: &mut Painter) {
        if !hub.writable(self.id) {
            self.is_held_up = true;
            return;
        }
        let started_ns = now_ns();
        self.glide_ns = (self.has_eases && data.is_easing()).then_some(started_ns + GLIDE_FRAME_NS);
        self.owed.extend_from_slice(self.view.refresh(data, painter));
        fonts::warn_of_missing(&mut painter.fonts);
        if self.owed.is_empty() {
            return;
        }
        regions::merge(&mut self.owed);
        // Without a slot the frame stays owed.
        let Some(mut writing) = hub.begin(self.id) else { return };
        let mut damage = Damage::empty();
        self.owed.iter().for_each(|region| damage.add(rect(*region)));
        writing.catch_up(&damage);
        let stride_px = (writing.geometry().stride_bytes / 4) as usize;
        let (width_px, height_px) = (self.view.width_px(), self.view.height_px());
        let mut canvas = Canvas::new(writing.pixels_u32_mut(), stride_px, width_px, height_px);
        for region in self.owed.drain(..) {
            self.view.draw(&mut canvas, region, painter);
        }
        let captured_at_ns = match data.snapshot().taken_at_ns {
            0 => started_ns,
            taken_at_ns => taken_at_ns,
        };
        writing.publish(captured_at_ns, started_ns, &damage, 0);
    }
}

fn rect(region: IRect) -> Rect {
    Rect {
        x: region.left.max(0) as u32,
        y: region.top.max(0) as u32,
        width: region.width() as u32,
        height: region.height() as u32,
    }
}
