//! What connections and messages do to the hub: accept, hear, admit to the books, end.
//! Waiting for them is in `wait`, what a packet means in `connection`.

use super::connection::{Connection, Heard, Offer, State};
use super::seat::Ending;
use super::{Event, Hub, SinkId, ViewId};
use crate::account::Account;
use crate::clock::now_ns;
use crate::error::{Refusal, TransportError};
use crate::limits::{CONNECTIONS_MAX, LEDGERS_MAX};
use crate::socket;
use crate::wire::ToSink;
use rustix::event::epoll;
use rustix::io::Errno;
use rustix::process::Signal;
use std::os::fd::{AsFd, OwnedFd};

/// Connections accepted in one turn, so that a storm of them does not starve those that are there.
const ACCEPTS_A_TURN: usize = 16;
/// Packets heard from one connection in one turn.
const PACKETS_A_TURN: usize = 16;
/// The longest message that a sink has reason to send.
const HEARD_MAX_BYTES: usize = 4096;

impl Hub {
    pub(super) fn accept_waiting(&mut self) -> Result<(), TransportError> {
        for _ in 0..ACCEPTS_A_TURN {
            match socket::accept(self.listener.as_fd()) {
                Ok(Some(socket)) => self.welcome(socket),
                // Out of descriptors or memory: those who wait stay in the kernel's queue until the next turn.
                Ok(None) | Err(Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM) => break,
                Err(errno) => return Err(TransportError::os("cannot accept a connection")(errno)),
            }
        }
        Ok(())
    }

    fn welcome(&mut self, socket: OwnedFd) {
        let Ok(peer) = socket::peer(socket.as_fd()) else { return };
        let sink = SinkId(self.new_id());
        let data = epoll::EventData::new_u64(sink.0);
        if epoll::add(&self.epoll, &socket, data, epoll::EventFlags::IN).is_err() {
            return;
        }
        let connection = Connection { socket, peer, opened_at_ns: now_ns(), state: State::Fresh };
        self.connections.insert(sink.0, connection);
        let own_user = rustix::process::geteuid().as_raw();
        let known = peer.uid == own_user || peer.uid == 0 || Some(peer.gid) == self.options.group;
        if !known {
            self.turn_away(sink, Refusal::Forbidden, "its user may not connect; add it to the group");
        } else if self.connections.len() > CONNECTIONS_MAX {
            self.turn_away(sink, Refusal::Limit, "too many connections");
        }
    }

    /// Hears what a connection says, until it says no more.
    pub(super) fn hear(&mut self, sink: SinkId) {
        let own_uid = rustix::process::geteuid().as_raw();
        let mut buffer = [0; HEARD_MAX_BYTES];
        for _ in 0..PACKETS_A_TURN {
            let Some(connection) = self.connections.get(&sink.0) else { return };
            let packet = match socket::receive(connection.socket.as_fd(), &mut buffer) {
                Ok(packet) => packet,
                Err(Errno::AGAIN) => return,
                Err(errno) => return self.part(sink, &format!("its connection broke: {errno}")),
            };
            if packet.bytes == 0 && packet.fds.is_empty() {
                return self.part(sink, "it closed the connection");
            }
            if self.seat_of(sink).is_some_and(|(view, seat)| self.views[&view.0].seats[seat].is_revoked()) {
                continue; // it was told to go: nothing that it says counts any more
            }
            let bytes = &buffer[..packet.bytes.min(HEARD_MAX_BYTES)];
            let heard = connection.hear(bytes, packet, own_uid);
            self.act(sink, heard);
        }
    }

    fn act(&mut self, sink: SinkId, heard: Heard) {
        match heard {
            Heard::Asked(offer) => self.asked(sink, offer),
            Heard::Observe => self.answer_observer(sink),
            Heard::Watched(on) => self.set_watched(sink, on),
            Heard::Space => {
                if let Some(view) = self.view_of(sink) {
                    self.events.push(Event::Space { view });
                }
            }
            Heard::Bye => {
                if let Some((view, seat)) = self.seat_of(sink) {
                    self.end(view, seat, Ending::Bye);
                }
            }
            Heard::Refuse(code, message) => self.throw_out(sink, code, &message),
        }
    }

    fn asked(&mut self, sink: SinkId, offer: Box<Offer>) {
        let want = offer.want.clone();
        if let Some(connection) = self.connections.get_mut(&sink.0) {
            connection.state = State::Asked(offer);
            self.events.push(Event::Asked { sink, want });
        }
    }

    fn answer_observer(&mut self, sink: SinkId) {
        let answer = ToSink::Stats(Box::new(self.stats()));
        let sent = self.connections.get(&sink.0).is_some_and(|it| it.send(&answer, &[]).is_ok());
        if !sent {
            self.part(sink, "it does not take its answer");
        }
    }

    fn set_watched(&mut self, sink: SinkId, on: bool) {
        let Some((view, seat)) = self.seat_of(sink) else { return };
        let Some(found) = self.views.get_mut(&view.0) else { return };
        if found.seats[seat].watched != on {
            found.seats[seat].watched = on;
            found.offer_newest(seat);
            self.events.push(Event::Watched { sink, on });
        }
    }

    /// Turns away who broke the protocol. An admitted sink may still read frames: it is told to go.
    fn throw_out(&mut self, sink: SinkId, code: Refusal, message: &str) {
        let why = format!("it broke the protocol: {message}");
        if self.view_of(sink).is_some() {
            return self.expel(sink, why);
        }
        let known = self.connections.get(&sink.0).is_some_and(|it| !matches!(it.state, State::Fresh));
        self.turn_away(sink, code, message);
        if known {
            self.events.push(Event::Gone { sink, why });
        }
    }

    /// Ends a connection; the caller hears of it, if it ever heard of the sink.
    pub(super) fn part(&mut self, sink: SinkId, why: &str) {
        let known = self.connections.get(&sink.0).is_some_and(|it| !matches!(it.state, State::Fresh));
        let ending = self.seat_of(sink).and_then(|(view, seat)| {
            self.views.get_mut(&view.0).and_then(|view| view.seats[seat].ending.take())
        });
        let why = match ending {
            Some(Ending::Revoked(reason)) => reason,
            Some(Ending::Bye) => "it said good-bye".to_owned(),
            None => why.to_owned(),
        };
        self.forget(sink);
        if known {
            self.events.push(Event::Gone { sink, why });
        }
    }

    /// Removes everything that is known of a sink. Its memory is unmapped, and its holds with it.
    pub(super) fn forget(&mut self, sink: SinkId) {
        let seat = self.seat_of(sink);
        if let Some(connection) = self.connections.remove(&sink.0) {
            // A copy of the socket, held as a bell, would keep it in the poll set.
            let _ = epoll::delete(&self.epoll, &connection.socket);
        }
        let Some((view, index)) = seat else { return };
        let Some(found) = self.views.get_mut(&view.0) else { return };
        let mut seat = found.seats.swap_remove(index);
        let waited = seat.end_block(now_ns());
        if waited {
            self.events.push(Event::Space { view });
        }
        if self.ledgers.len() < LEDGERS_MAX || self.ledgers.contains_key(&seat.want.name) {
            Account::of(&seat.port).close(self.ledgers.entry(seat.want.name.clone()).or_default());
        }
        if found.give_back_room() {
            self.tell_pool(view);
        }
    }

    /// Tells every sink of a view that another pool took over, before any frame lies in it.
    pub(super) fn tell_pool(&mut self, view: ViewId) {
        let Some(found) = self.views.get(&view.0) else { return };
        let news = ToSink::Pool(found.pool.news());
        let deaf: Vec<SinkId> = found
            .seats
            .iter()
            .map(|seat| seat.sink)
            .filter(|sink| {
                let connection = self.connections.get(&sink.0);
                connection.is_some_and(|it| it.send(&news, &found.pool.files()).is_err())
            })
            .collect();
        for sink in deaf {
            self.expel(sink, "it does not read its messages".to_owned());
        }
    }

    /// Looks at what every sink says of itself, and how long it holds frames.
    pub(super) fn check_sinks(&mut self, now: u64) {
        let revoke_after_ms = self.options.revoke_after_ms;
        let mut stuck = Vec::new();
        for view in self.views.values_mut() {
            for seat in &mut view.seats {
                if !seat.is_revoked()
                    && let Some(why) = seat.check_words(view.pool.slots.sequence())
                {
                    stuck.push((seat.sink, format!("its memory makes no sense: {why}")));
                    continue;
                }
                let beyond_ms = seat.check_lease(now);
                if beyond_ms >= revoke_after_ms.max(1) && !seat.is_revoked() {
                    let held_ms = beyond_ms + u64::from(seat.want.lease_ms);
                    stuck.push((seat.sink, format!("it held a frame for {held_ms} ms")));
                }
            }
        }
        stuck.into_iter().for_each(|(sink, why)| self.expel(sink, why));
    }

    /// Tells a sink to go. It gets no more frames, and its holds stand until it has gone: a slot is never written
    /// while it may be read.
    fn expel(&mut self, sink: SinkId, why: String) {
        let Some((view, seat)) = self.seat_of(sink) else { return self.part(sink, &why) };
        self.events.push(Event::Revoked { sink, why: why.clone() });
        self.end(view, seat, Ending::Revoked(why));
        let Some(connection) = self.connections.get(&sink.0) else { return };
        let socket = connection.socket.as_fd();
        let process = socket::peer_process(socket).filter(|_| self.options.kill_revoked);
        let killed = process.is_some_and(|it| rustix::process::pidfd_send_signal(it, Signal::KILL).is_ok());
        if !killed {
            // Only the way out is shut: the way in tells us when the sink has gone. An error means that it has.
            let _ = rustix::net::shutdown(socket, rustix::net::Shutdown::Write);
        }
    }

    /// A sink gets no more frames: who waited for it need not any more.
    fn end(&mut self, view: ViewId, seat: usize, ending: Ending) {
        let Some(found) = self.views.get_mut(&view.0) else { return };
        found.seats[seat].ending = Some(ending);
        if found.seats[seat].end_block(now_ns()) {
            self.events.push(Event::Space { view });
        }
    }

    fn view_of(&self, sink: SinkId) -> Option<ViewId> {
        match self.connections.get(&sink.0)?.state {
            State::Admitted(view) => Some(view),
            State::Fresh | State::Asked(_) => None,
        }
    }

    fn seat_of(&self, sink: SinkId) -> Option<(ViewId, usize)> {
        let view = self.view_of(sink)?;
        let index = self.views.get(&view.0)?.seats.iter().position(|seat| seat.sink == sink)?;
        Some((view, index))
    }
}
