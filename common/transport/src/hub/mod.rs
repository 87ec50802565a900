//! The renderer's end: it listens, admits sinks to views, hands out slots to draw in, and publishes frames.
//! What is drawn, and which topic belongs to which view, is left to the caller.

mod breach;
pub(crate) mod connection;
#[cfg(test)]
mod hostile;
mod options;
mod pool;
pub(crate) mod seat;
mod serve;
mod view;
mod wait;
mod writing;

pub use options::{Event, HubOptions, SinkId, ViewId};
pub use view::{Description, Published};
pub use writing::Writing;

use crate::clock::now_ns;
use crate::error::{Refusal, TransportError};
use crate::frame::Geometry;
use crate::header::{Header, Kind};
use crate::layout::tx;
use crate::limits::{REASON_MAX_BYTES, VIEWS_MAX, WORDS_MAX_BYTES};
use crate::observe::{Stats, Totals};
use crate::ring::{Port, Slots};
use crate::segment::Segment;
use crate::socket;
use crate::want::Want;
use crate::wire::ToSink;
use crate::words::OwnWords;
use connection::{Connection, Offer, State};
use pool::PoolPlan;
use rustix::event::epoll;
use seat::{Bell, Seat};
use std::collections::BTreeMap;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use view::View;

/// Slots of a view that nobody looks at yet: one to write and the newest.
const FIRST_SLOTS: usize = 2;

/// The renderer's end of the transport. One thread drives it; nothing but `wait` ever waits.
pub struct Hub {
    options: HubOptions,
    generation: u64,
    path: PathBuf,
    listener: OwnedFd,
    epoll: OwnedFd,
    ready: Vec<epoll::Event>,
    connections: BTreeMap<u64, Connection>,
    views: BTreeMap<u64, View>,
    next_id: u64,
    events: Vec<Event>,
    /// Totals of the connections that have ended, by the sink's name.
    ledgers: BTreeMap<String, Totals>,
}

impl Hub {
    /// Listens at `path`; a stale socket file is replaced, a served one is an error.
    pub fn bind(path: &Path, options: HubOptions) -> Result<Hub, TransportError> {
        let listener = socket::listen(path).map_err(|errno| match errno {
            rustix::io::Errno::ADDRINUSE => TransportError::AddressInUse { path: path.to_owned() },
            errno => TransportError::os(format!("cannot listen at {}", path.display()))(errno),
        })?;
        options.protect(path)?;
        let os = TransportError::os("cannot make the hub's poll descriptor");
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).map_err(os)?;
        let hub = Hub {
            options,
            generation: random_generation(),
            path: path.to_owned(),
            listener,
            epoll,
            ready: Vec::with_capacity(wait::READY_MAX),
            connections: BTreeMap::new(),
            views: BTreeMap::new(),
            next_id: 1,
            events: Vec::new(),
            ledgers: BTreeMap::new(),
        };
        hub.listen_for_connections(true)?;
        Ok(hub)
    }

    /// Random number of this start.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Opens a view; its pool's memory is allocated and present before this returns.
    pub fn open_view(&mut self, width: u32, height: u32) -> Result<ViewId, TransportError> {
        let id = self.open((width, height), FIRST_SLOTS)?;
        self.views[&id.0].pool.prepare_all();
        Ok(id)
    }

    /// The same with room for a sink that asked, so that no larger pool must take over when it is admitted. Until then
    /// only what is drawn is present: its first frame waits for no more.
    pub fn open_view_for(&mut self, want: &Want) -> Result<ViewId, TransportError> {
        let slots = Slots::needed(std::iter::once((want.holds, want.depth)));
        self.open((want.width, want.height), slots)
    }

    fn open(&mut self, (width, height): (u32, u32), slots: usize) -> Result<ViewId, TransportError> {
        if self.views.len() >= VIEWS_MAX {
            let asked = self.views.len() + 1;
            return Err(TransportError::Limit { what: "views", asked, most: VIEWS_MAX });
        }
        let plan = PoolPlan {
            generation: self.generation,
            epoch: 0,
            slots,
            bytes_max: self.options.pool_bytes_max,
            geometry: Geometry::new(width, height)?,
        };
        let id = ViewId(self.new_id());
        self.views.insert(id.0, View::open(id, plan)?);
        Ok(id)
    }

    /// Says for the statistics what a view shows at present, and what is wrong with that.
    pub fn describe(&mut self, view: ViewId, mut description: Description) {
        for text in [&mut description.template, &mut description.shows, &mut description.trouble] {
            text.truncate(text.floor_char_boundary(WORDS_MAX_BYTES));
        }
        if let Some(found) = self.views.get_mut(&view.0) {
            found.description = description;
        }
    }

    /// Ends the connection of one sink, as for a view of its own; `Event::Gone` follows.
    pub fn dismiss(&mut self, sink: SinkId, why: &str) {
        self.part(sink, why);
    }

    /// Closes a view; sinks that are still admitted to it lose their connection.
    pub fn close_view(&mut self, view: ViewId) {
        let Some(found) = self.views.get(&view.0) else { return };
        let sinks: Vec<SinkId> = found.seats.iter().map(|seat| seat.sink).collect();
        for sink in sinks {
            self.part(sink, "its view was closed");
        }
        self.views.remove(&view.0);
    }

    /// Admits a sink that asked to a view; the newest frame of the view, if any, is its first.
    /// After an error the sink still waits for an answer, unless it is gone.
    pub fn admit(&mut self, sink: SinkId, view: ViewId) -> Result<(), TransportError> {
        let seated: usize = self.views.values().map(|view| view.seats.len()).sum();
        if seated >= self.options.sinks_max {
            let (asked, most) = (seated + 1, self.options.sinks_max);
            return Err(TransportError::Limit { what: "admitted sinks", asked, most });
        }
        let connection = self.connections.get(&sink.0).ok_or(TransportError::NoSink(sink.0))?;
        let State::Asked(offer) = &connection.state else { return Err(TransportError::Answered(sink.0)) };
        let want = offer.want.clone();
        let found = self.views.get_mut(&view.0).ok_or(TransportError::NoView(view.0))?;
        let replaced = found.make_room(&want)?;
        found.pool.prepare_all();
        let tx = make_tx(self.generation)?;
        if replaced {
            self.tell_pool(view);
        }
        self.seat(sink, view, &tx);
        Ok(())
    }

    /// Turns a sink away that asked.
    pub fn refuse(&mut self, sink: SinkId, code: Refusal, message: &str) {
        let asked = self.connections.get(&sink.0).is_some_and(|it| matches!(it.state, State::Asked(_)));
        if asked {
            self.turn_away(sink, code, message);
        }
    }

    /// True when an admitted sink of the view says that somebody looks.
    pub fn watched(&self, view: ViewId) -> bool {
        self.views.get(&view.0).is_some_and(|view| view.seats.iter().any(Seat::is_open))
    }

    /// False while a `block` sink of the view has no space; `Event::Space` follows.
    pub fn writable(&mut self, view: ViewId) -> bool {
        let now = now_ns();
        let Some(view) = self.views.get_mut(&view.0) else { return true };
        // Every seat is asked, so that each one's time is counted.
        view.seats.iter_mut().filter_map(|seat| seat.is_blocking(now).then_some(())).count() == 0
    }

    /// A slot of the view that nobody reads, to draw in. `None` only when the view is not open.
    pub fn begin(&mut self, view: ViewId) -> Option<Writing<'_>> {
        let view = self.views.get_mut(&view.0)?;
        let blank = view.begin()?;
        Some(Writing::new(view, blank))
    }

    /// Tells all sinks that the renderer's loop turns; call it every turn, at least each 250 ms.
    pub fn heartbeat(&mut self) {
        let now = now_ns();
        self.views.values().flat_map(|view| &view.seats).for_each(|seat| seat.port.heartbeat(now));
    }

    /// All counters.
    pub fn stats(&mut self) -> Stats {
        let now = now_ns();
        let (ledgers, mut sinks, mut views) = (&self.ledgers, Vec::new(), Vec::new());
        for view in self.views.values_mut() {
            views.push(view.stats());
            for seat in &mut view.seats {
                let earlier = ledgers.get(&seat.want.name).copied().unwrap_or_default();
                sinks.push(seat.stats(now, view.id.0, earlier));
            }
        }
        Stats { generation: self.generation, views, sinks }
    }

    fn seat(&mut self, sink: SinkId, view: ViewId, tx: &Segment) {
        let (Some(connection), Some(found)) =
            (self.connections.get_mut(&sink.0), self.views.get_mut(&view.0))
        else {
            return;
        };
        let State::Asked(offer) = std::mem::replace(&mut connection.state, State::Admitted(view)) else {
            return;
        };
        let Offer { want, rx, bell } = *offer;
        let bell = bell.map(Bell::Event).or_else(|| connection.socket.try_clone().ok().map(Bell::Socket));
        let words = OwnWords::new(tx.mapping());
        let port = Port::new(words, rx, want.policy, want.depth, want.holds);
        port.heartbeat(now_ns());
        let [header, pixels] = found.pool.files();
        let sent =
            connection.send(&ToSink::Admitted(found.pool.news()), &[header, pixels, tx.file()]).is_ok();
        let pid = connection.peer.pid;
        if let (Some(bell), true) = (bell, sent) {
            found.seats.push(Seat::new(sink, want, port, (bell, pid)));
            found.offer_newest(found.seats.len() - 1);
        } else {
            self.part(sink, "it could not be told that it is admitted");
        }
    }

    fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Says no and ends the connection; what was sent can still be read at the other end.
    fn turn_away(&mut self, sink: SinkId, code: Refusal, message: &str) {
        let end = message.floor_char_boundary(REASON_MAX_BYTES);
        let answer = ToSink::Refused { code, message: message[..end].to_owned() };
        if let Some(connection) = self.connections.get(&sink.0) {
            // A peer that cannot be told sees the end of the connection.
            let _ = connection.send(&answer, &[]);
        }
        self.forget(sink);
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // A socket file that stays behind is replaced by the next renderer.
        let _ = rustix::fs::unlink(&self.path);
    }
}

fn make_tx(generation: u64) -> Result<Segment, TransportError> {
    let memory = |source| TransportError::Os { what: "cannot make a sink's memory".to_owned(), source };
    let segment = Segment::create("casedd-tx", tx::WORDS * size_of::<u64>()).map_err(memory)?;
    let header = Header { generation, ..Header::default() };
    header.write(Kind::Tx, &OwnWords::new(segment.mapping()));
    segment.seal().map_err(memory)?;
    Ok(segment)
}

/// A number that two starts of a renderer do not share; it need not be secret.
pub(crate) fn random_generation() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    let mut hasher = std::collections::hash_map::RandomState::new().build_hasher();
    hasher.write_u64(now_ns());
    hasher.write_u32(std::process::id());
    hasher.finish().max(1)
}

impl AsFd for Hub {
    /// Readable when `wait` has something to do, for callers that poll themselves.
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.epoll.as_fd()
    }
}
