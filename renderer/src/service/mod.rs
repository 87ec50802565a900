//! The renderer process: sinks ask for views, views follow the board, frames go out at each view's own rate.
//! Leaves out shared memory (`transport::hub`), drawing (`view`) and who starts which sink (the supervisor).

use std::os::fd::BorrowedFd;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use casedd_common::config::Topic;
use casedd_common::exit::{Exit, Failure};
use casedd_common::notify::HEARTBEAT_MS;
use casedd_common::shell::Shell;
use casedd_common::transport::clock::now_ns;
use casedd_common::transport::hub::{Event, Hub, HubOptions, SinkId};
use casedd_common::transport::{DropPolicy, Refusal, TransportError, Want};
use casedd_images::Images;

use crate::data::Data;
use crate::director::forced_template;
use crate::painter::Painter;
use crate::template::spec::Template;
use crate::template::store::{LoadError, Store};

mod catalogue;
mod directions;
mod feed;
pub mod live;
mod pace;
mod policies;
pub mod program;

use catalogue::Catalogue;
pub use directions::Directions;
use feed::Feed;
use live::{Key, LiveView};
use policies::Policies;
use program::{Order, Program};

/// The control socket's name in the runtime directory.
pub const SOCKET: &str = "renderer.sock";
/// Most views at once: each has its picture, its background and its pool.
const VIEWS_MAX: usize = 64;

/// The renderer at work.
pub struct Service {
    hub: Hub,
    feed: Feed,
    desk: Desk,
    views: Vec<LiveView>,
    directions: Directions,
}

/// What all views work with, one after the other.
pub struct Desk {
    painter: Painter,
    /// What is shown.
    pub data: Data,
    catalogue: Catalogue,
    policies: Policies,
}

impl Desk {
    /// Nothing to show yet, by the templates of `store`.
    pub fn new(store: Store, painter: Painter) -> Desk {
        let (catalogue, policies) = (Catalogue::new(store), Policies::default());
        Desk { painter, data: Data::default(), catalogue, policies }
    }

    /// The template of that name.
    pub fn open(&mut self, name: &str) -> Result<Arc<Template>, LoadError> {
        self.catalogue.open((name, None), now_ns())
    }
}

impl Service {
    /// Listens at `socket` and follows the board of that name.
    pub fn new(
        socket: &Path,
        board: String,
        (store, painter): (Store, Painter),
        directions: Directions,
    ) -> Result<Service, TransportError> {
        let hub = Hub::bind(socket, HubOptions::default())?;
        let mut desk = Desk::new(store, painter);
        desk.policies = Policies::new(&directions);
        Ok(Service { hub, feed: Feed::new(board), desk, views: Vec::new(), directions })
    }

    /// Waits for the next deadline, an event, or `extra` to be readable, and does what is due.
    pub fn turn(&mut self, extra: &[BorrowedFd<'_>]) -> Result<(), TransportError> {
        let timeout = self.timeout(now_ns());
        let painter = &self.desk.painter;
        let wakes = [painter.images.wake_fd(), painter.fonts_fd()].into_iter().flatten();
        let all: Vec<BorrowedFd<'_>> = extra.iter().copied().chain(wakes).collect();
        let events = self.hub.wait(timeout, &all)?;
        let mut has_loaded = false;
        for event in events {
            match event {
                Event::Extra(index) => has_loaded |= index >= extra.len(),
                event => self.handle(event),
            }
        }
        if has_loaded {
            self.take_images();
            self.take_fonts();
        }
        self.hub.heartbeat();
        let now_ns = now_ns();
        self.desk.painter.images.tend(now_ns);
        if self.views.iter().any(|view| view.due_ns(&self.hub).is_some_and(|due_ns| due_ns <= now_ns)) {
            self.refresh_data(now_ns);
            for view in &mut self.views {
                view.keep_up(&mut self.hub, &mut self.desk);
            }
            self.part_who_is_forced();
        }
        if self.desk.policies.is_due(now_ns) {
            self.refresh_data(now_ns);
            let Desk { data, catalogue, policies, .. } = &mut self.desk;
            policies.keep_up(data, catalogue);
        }
        let is_watched = self.views.iter().any(|view| self.hub.watched(view.id));
        if self.desk.catalogue.look(now_ns, is_watched) {
            self.desk.data.set_now(now_ns, jiff::Zoned::now());
            for view in &mut self.views {
                view.show_if_changed(&mut self.hub, &mut self.desk);
            }
        }
        Ok(())
    }

    /// How many views and sinks are served.
    pub fn counts(&self) -> (usize, usize) {
        (self.views.len(), self.views.iter().map(|view| view.sinks.len()).sum())
    }

    /// Whether there is more to say than at the last call with the same `said`.
    fn has_news(&self, said: &mut ((usize, usize), Option<Arc<str>>)) -> bool {
        let newest = (self.counts(), self.trouble());
        let has_news = newest != *said;
        *said = newest;
        has_news
    }

    /// What is wrong with a template that is shown.
    fn trouble(&self) -> Option<Arc<str>> {
        self.views.iter().find_map(LiveView::trouble)
    }

    /// What this process does, in one line.
    fn words(&self) -> String {
        let (views, sinks) = self.counts();
        let trouble = self.trouble().map_or_else(String::new, |trouble| format!("; {trouble}"));
        format!("{views} views for {sinks} sinks{trouble}")
    }

    /// Until the next deadline, but never longer than a heartbeat.
    fn timeout(&self, now_ns: u64) -> Duration {
        let due_ns = self.views.iter().filter_map(|view| view.due_ns(&self.hub)).min();
        let until_due = due_ns.map(|due_ns| Duration::from_nanos(due_ns.saturating_sub(now_ns)));
        until_due.unwrap_or(Duration::MAX).min(Duration::from_millis(HEARTBEAT_MS))
    }

    /// Shows images that have come, without waiting for the views' next deadlines.
    fn take_images(&mut self) {
        if !self.desk.painter.images.collect() {
            return;
        }
        self.refresh_data(now_ns());
        for view in &mut self.views {
            if !view.has_images() || !self.hub.watched(view.id) {
                continue;
            }
            view.show(&mut self.hub, &mut self.desk);
        }
    }

    /// The same for fonts: texts were drawn with gaps where they lacked one.
    fn take_fonts(&mut self) {
        if !self.desk.painter.collect_fonts() {
            return;
        }
        self.refresh_data(now_ns());
        for view in &mut self.views {
            view.renew_texts(&mut self.hub, &mut self.desk);
        }
    }

    fn refresh_data(&mut self, now_ns: u64) {
        self.feed.update(&mut self.desk.data, now_ns);
        self.desk.data.set_now(now_ns, jiff::Zoned::now());
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Asked { sink, want } => {
                if let Err((code, message)) = self.admit(sink, &want) {
                    tracing::warn!(sink = want.name, "turned away: {message}");
                    self.hub.refuse(sink, code, &message);
                }
            }
            Event::Watched { sink, on } => {
                tracing::debug!(?sink, on, "watched");
                if on {
                    self.with_view_of(sink, LiveView::show);
                }
            }
            Event::Space { view } => {
                if let Some(index) = self.views.iter().position(|live| live.id == view) {
                    self.with_view(index, LiveView::go_on);
                }
            }
            Event::Revoked { sink, why } => tracing::warn!(?sink, "told to go: {why}"),
            Event::Gone { sink, why } => self.forget(sink, &why),
            Event::Extra(_) => {}
        }
    }

    fn with_view_of(&mut self, sink: SinkId, act: fn(&mut LiveView, &mut Hub, &mut Desk)) {
        if let Some(index) = self.views.iter().position(|view| view.has(sink)) {
            self.with_view(index, act);
        }
    }

    fn with_view(&mut self, index: usize, act: fn(&mut LiveView, &mut Hub, &mut Desk)) {
        self.refresh_data(now_ns());
        act(&mut self.views[index], &mut self.hub, &mut self.desk);
    }

    /// Gives a sink a view: one it can share, else a new one whose first frame is drawn before the sink is let in.
    fn admit(&mut self, sink: SinkId, want: &Want) -> Result<(), (Refusal, String)> {
        self.refresh_data(now_ns());
        let mut topic: Topic = want.topic.parse().map_err(|error| (Refusal::Topic, error))?;
        let like = topic.like.take();
        let name = self.directions.directed_as(like.as_deref().unwrap_or(&want.name)).to_owned();
        // Who may be told to show something else shares a view only with those who are told the same.
        let is_directed = self.desk.policies.has(&name) || forced_template(&name, &self.desk.data).is_some();
        let key = Key {
            topic,
            directed_as: is_directed.then(|| name.clone()),
            size_px: (want.width, want.height),
            rate_millihz: want.rate_millihz,
            alone: (want.policy == DropPolicy::Block).then_some(sink),
        };
        let index = match self.views.iter().position(|view| view.key == key) {
            Some(index) => {
                if !self.hub.watched(self.views[index].id) {
                    // Nobody looked: its newest frame may be of long ago.
                    self.with_view(index, LiveView::show);
                }
                index
            }
            None => self.open(key, want)?,
        };
        if let Err(error) = self.hub.admit(sink, self.views[index].id) {
            self.close_unused();
            return Err((refusal(&error), error.to_string()));
        }
        self.views[index].sinks.push((sink, name));
        let Want { name, topic, width, height, .. } = want;
        tracing::info!(sink = name, "shows {topic} at {width}x{height}");
        Ok(())
    }

    /// Opens a view and draws its first frame; gives its place in the list.
    ///
    /// A template that is wrong has another one in its place, with the mistake in a corner, until it is mended: whoever
    /// connects again is to lose nothing by it. One that is nowhere to be found is refused.
    fn open(&mut self, key: Key, want: &Want) -> Result<usize, (Refusal, String)> {
        if self.views.len() >= VIEWS_MAX {
            return Err((Refusal::Limit, format!("{VIEWS_MAX} views are open, which is the most")));
        }
        let wanted = (program::resolve(&key.topic.template, key.size_px), key.topic.theme);
        let template = match self.desk.catalogue.open(wanted, now_ns()) {
            Err(LoadError::Wrong(_) | LoadError::Unreadable { .. }) => {
                self.desk.catalogue.stand_in(key.size_px, key.topic.theme)
            }
            found => found,
        };
        let template = template.map_err(|error| (Refusal::Topic, error.to_string()))?;
        let id = self.hub.open_view_for(want).map_err(|error| (refusal(&error), error.to_string()))?;
        let (directed_as, topic) = (key.directed_as.clone(), key.topic.clone());
        let (rate_millihz, border) = (key.rate_millihz, self.directions.border());
        let order = Order { directed_as, topic, size_px: key.size_px, rate_millihz, border };
        let live = LiveView::new(id, key, Program::new(order, template));
        live.want_eases(&mut self.desk);
        self.views.push(live);
        self.with_view(self.views.len() - 1, LiveView::show);
        Ok(self.views.len() - 1)
    }

    /// A sink that shares a view with others and is now told to show something else must have one of its own: it
    /// connects again. Alone in its view, it keeps that.
    fn part_who_is_forced(&mut self) {
        let (hub, data) = (&mut self.hub, &self.desk.data);
        for view in self.views.iter_mut().filter(|view| view.key.directed_as.is_none()) {
            let is_forced = |name: &str| forced_template(name, data).is_some();
            match view.sinks.as_slice() {
                [(_, name), others @ ..]
                    if is_forced(name) && others.iter().all(|other| other.1 == *name) =>
                {
                    let name = name.clone();
                    view.direct_as(&name);
                }
                sinks => {
                    for (sink, name) in sinks.iter().filter(|(_, name)| is_forced(name)) {
                        tracing::info!("{name} is told to show something else: it gets a view of its own");
                        hub.dismiss(*sink, "it is told to show something else than the others of its view");
                    }
                }
            }
        }
    }

    fn forget(&mut self, sink: SinkId, why: &str) {
        let Some(view) = self.views.iter_mut().find(|view| view.has(sink)) else { return };
        view.sinks.retain(|(known, _)| *known != sink);
        tracing::info!(?sink, template = view.key.topic.template, "gone: {why}");
        self.close_unused();
    }

    fn close_unused(&mut self) {
        let hub = &mut self.hub;
        self.views.retain(|view| {
            let is_used = !view.sinks.is_empty();
            if !is_used {
                hub.close_view(view.id);
            }
            is_used
        });
    }
}

/// What a sink is told to make of an error.
fn refusal(error: &TransportError) -> Refusal {
    match error {
        TransportError::Memory { .. } => Refusal::Memory,
        TransportError::Limit { .. } => Refusal::Limit,
        TransportError::Want(_) => Refusal::Invalid,
        TransportError::Os { .. }
        | TransportError::AddressInUse { .. }
        | TransportError::NoSink(_)
        | TransportError::NoView(_)
        | TransportError::Answered(_) => Refusal::Unavailable,
    }
}

/// Serves until the process is asked to leave.
pub fn run(shell: &Shell, mut painter: Painter) -> Result<(), Failure> {
    let socket = shell.runtime.path().join(SOCKET);
    let board = shell.runtime.board_name();
    let store = Store::new(shell.config.template_dirs.clone());
    painter.images = Images::new(shell.config.asset_dirs.clone());
    let directions = Directions::of(&shell.config);
    let mut service = Service::new(&socket, board, (store, painter), directions).map_err(failure)?;
    shell.notify.ready();
    let mut counts = Default::default();
    shell.notify.status("no view is open");
    while !shell.stop.requested() {
        service.turn(&[shell.stop.fd()]).map_err(failure)?;
        shell.notify.heartbeat();
        if service.has_news(&mut counts) {
            shell.notify.status(&service.words());
        }
    }
    shell.notify.stopping();
    Ok(())
}

fn failure(error: TransportError) -> Failure {
    let exit = match &error {
        TransportError::AddressInUse { .. } => Exit::Unavailable,
        TransportError::Os { source, .. } => match Exit::of_io(source) {
            Exit::Io => Exit::OsError,
            exit => exit,
        },
        TransportError::Memory { .. } => Exit::CantCreate,
        TransportError::Want(_)
        | TransportError::Limit { .. }
        | TransportError::NoSink(_)
        | TransportError::NoView(_)
        | TransportError::Answered(_) => Exit::Software,
    };
    exit.because(error)
}
