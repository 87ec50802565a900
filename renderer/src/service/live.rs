//! A view that is being served: its picture, its place in the hub, its sinks and its deadlines.
//! Leaves out which sinks share one (`mod`).

use std::sync::Arc;

use casedd_common::config::Topic;
use casedd_common::transport::clock::now_ns;
use casedd_common::transport::frame::{Damage, Rect};
use casedd_common::transport::hub::{Hub, SinkId, ViewId};
use casedd_raster::{Canvas, IRect};

use super::Desk;
use super::pace::Pace;
use super::program::Program;
use crate::fonts;
use crate::regions;
use crate::view::View;

/// How often a slow view asks what it is to show.
const ASK_EVERY_NS: u64 = 1_000_000_000;

/// What sinks must agree on to share a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Template and theme, and whose the rate is.
    pub topic: Topic,
    /// The name under which it is directed; `None`: nothing but its own template is ever shown.
    pub directed_as: Option<String>,
    /// Width and height.
    pub size_px: (u32, u32),
    /// Frames a second that were asked for, in thousandths.
    pub rate_millihz: u32,
    /// A sink whose full ring the renderer waits for has a view of its own.
    pub alone: Option<SinkId>,
}

/// From one picture of a gliding bar or a fade to the next: 30 a second look smooth, and nothing else is drawn in them.
const GLIDE_FRAME_NS: u64 = 33_000_000;
/// Such pictures have pauses of so many times what one takes: they are a third of a core at most.
const GLIDE_PAUSE: u64 = 3;

/// A view with its sinks.
pub struct LiveView {
    /// Its name in the hub.
    pub id: ViewId,
    /// What its sinks asked for.
    pub key: Key,
    /// Who looks at it, by number and by the name that overrides use.
    pub sinks: Vec<(SinkId, String)>,
    pace: Pace,
    program: Program,
    /// When the program is to be asked again, though no frame is due.
    ask_at_ns: u64,
    view: View,
    /// What changed since the last frame: not empty while a frame is owed.
    owed: Vec<IRect>,
    /// While bars glide and slides fade: when the next picture of that is due.
    glide_ns: Option<u64>,
    /// Whether any of its bars and dials glides at all.
    has_eases: bool,
    /// How long its last picture took.
    took_ns: u64,
    /// A deadline came while a `block` sink had no space.
    is_held_up: bool,
}

impl LiveView {
    /// A view of nobody yet, due now.
    pub fn new(id: ViewId, key: Key, program: Program) -> LiveView {
        let pace = Pace::new(program.rate_millihz(), now_ns());
        let (view, has_eases) = picture_of(&program, key.size_px);
        LiveView {
            id,
            key,
            sinks: Vec::new(),
            pace,
            program,
            ask_at_ns: 0,
            view,
            owed: Vec::new(),
            glide_ns: None,
            has_eases,
            took_ns: 0,
            is_held_up: false,
        }
    }

    /// Directs it by an output's name from now on.
    pub fn direct_as(&mut self, name: &str) {
        self.key.directed_as = Some(name.to_owned());
        self.program.direct_as(name);
    }

    /// Whether anything of it comes from image files.
    pub fn has_images(&self) -> bool {
        self.view.has_images()
    }

    /// Shows texts in fonts that have come.
    pub fn renew_texts(&mut self, hub: &mut Hub, desk: &mut Desk) {
        self.view.forget_overlay();
        if hub.watched(self.id) {
            self.show(hub, desk);
        }
    }

    /// Has everything drawn anew the next time, as for other colours.
    pub fn forget(&mut self) {
        self.view.forget();
    }

    /// Whether that sink looks at it.
    pub fn has(&self, sink: SinkId) -> bool {
        self.sinks.iter().any(|(known, _)| *known == sink)
    }

    /// What is wrong with what it shows.
    pub fn trouble(&self) -> Option<Arc<str>> {
        self.program.trouble()
    }

    /// The next deadline; none while nobody looks or while it waits for a sink's space.
    pub fn due_ns(&self, hub: &Hub) -> Option<u64> {
        let due_ns = match self.program.is_directed() {
            true => self.pace.due_ns().min(self.ask_at_ns),
            false => self.pace.due_ns(),
        };
        let due_ns = due_ns.min(self.glide_ns.unwrap_or(u64::MAX));
        (!self.is_held_up && hub.watched(self.id)).then_some(due_ns)
    }

    /// Draws and publishes when it is time to.
    pub fn keep_up(&mut self, hub: &mut Hub, desk: &mut Desk) {
        let now_ns = desk.data.now_ns();
        if self.due_ns(hub).is_none_or(|due_ns| now_ns < due_ns) {
            return;
        }
        let is_gliding = self.glide_ns.is_some_and(|glide_ns| glide_ns <= now_ns);
        if now_ns < self.pace.due_ns() && !is_gliding {
            // A slow view only asks what it is to show; other values have time until the next frame.
            return self.show_if_changed(hub, desk);
        }
        if self.pace.due_ns() <= now_ns {
            self.pace.advance(now_ns);
        }
        self.show(hub, desk);
    }

    /// Shows another template, border or badge at once, if there is one to be shown.
    pub fn show_if_changed(&mut self, hub: &mut Hub, desk: &mut Desk) {
        if hub.watched(self.id) && self.ask(hub, desk) {
            self.show(hub, desk);
        }
    }

    /// Has the values of bars and dials that glide followed.
    pub fn want_eases(&self, desk: &mut Desk) {
        self.view.specs().for_each(|spec| desk.data.want_ease(spec));
    }

    /// Asks what is to be shown, and says whether that is something else than before.
    fn ask(&mut self, hub: &mut Hub, desk: &mut Desk) -> bool {
        self.ask_at_ns = desk.data.now_ns() + ASK_EVERY_NS;
        self.program.step(&desk.data, &mut desk.catalogue, &mut desk.policies);
        let has_changed = !Arc::ptr_eq(self.view.template(), self.program.template());
        if has_changed {
            (self.view, self.has_eases) = picture_of(&self.program, self.key.size_px);
            self.want_eases(desk);
            self.pace.change(self.program.rate_millihz(), desk.data.now_ns());
        }
        if let Some(description) = self.program.news() {
            hub.describe(self.id, description);
        }
        self.view.set_overlay(self.program.overlay(), &mut desk.painter) || has_changed
    }

    /// A `block` sink has space again: a deadline it held up is made good at once.
    pub fn go_on(&mut self, hub: &mut Hub, desk: &mut Desk) {
        if std::mem::take(&mut self.is_held_up) {
            self.show(hub, desk);
        }
    }

    /// Draws the newest picture and publishes it, unless nothing changed since the last frame.
    pub fn show(&mut self, hub: &mut Hub, desk: &mut Desk) {
        if !hub.writable(self.id) {
            self.is_held_up = true;
            return;
        }
        let started_ns = now_ns();
        self.ask(hub, desk);
        let Desk { data, painter, .. } = desk;
        self.owed.extend_from_slice(self.view.refresh(data, painter));
        fonts::warn_of_missing(&mut painter.fonts);
        let is_easing = self.has_eases && data.is_easing();
        let moves_ns = self.view.moves_at_ms().map(|at_ms| at_ms.saturating_mul(1_000_000));
        let pause_ns = GLIDE_FRAME_NS.max(self.took_ns * GLIDE_PAUSE);
        self.glide_ns = match (is_easing, moves_ns) {
            (true, _) => Some(started_ns + pause_ns),
            (false, moves_ns) => moves_ns.map(|at_ns| at_ns.max(started_ns + pause_ns)),
        };
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
        self.took_ns = now_ns().saturating_sub(started_ns);
    }
}

/// The picture of what a program shows, and whether any of its bars and dials glides.
fn picture_of(program: &Program, (width_px, height_px): (u32, u32)) -> (View, bool) {
    let view = View::new(Arc::clone(program.template()), width_px, height_px);
    let has_eases = view.specs().any(|spec| spec.ease_ms.is_some());
    (view, has_eases)
}

fn rect(region: IRect) -> Rect {
    Rect {
        x: region.left.max(0) as u32,
        y: region.top.max(0) as u32,
        width: region.width() as u32,
        height: region.height() as u32,
    }
}
