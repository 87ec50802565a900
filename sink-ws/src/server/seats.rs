//! Places for connections: few in all, and very few for those who connect and say nothing.
//!
//! A connection is new until its first request is there. When there are too many new ones, the oldest makes room,
//! so that idle sockets, however many, never shut out a viewer. Any number of viewers may share one address.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Connections in all.
pub const SEATS_MAX: usize = 128;
/// New connections of one address: what a browser opens ahead, and one more such browser.
pub const NEW_PER_ADDRESS_MAX: usize = 8;

/// All places.
#[derive(Default)]
pub struct Seats {
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    /// By number, so that the oldest comes first.
    sitting: BTreeMap<u64, Sitting>,
    next: u64,
}

struct Sitting {
    address: IpAddr,
    is_new: bool,
    leave: Arc<Notify>,
}

/// What became of a newcomer.
pub struct Admission {
    /// Its place; `None` when nobody could make room.
    pub seat: Option<Seat>,
    /// Whether somebody else was asked to leave for it.
    pub has_shed: bool,
}

/// One connection's place; dropping it frees it.
pub struct Seat {
    seats: Arc<Seats>,
    number: u64,
    leave: Arc<Notify>,
}

impl Seats {
    /// A place for a connection from `address`.
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Admission {
        let mut taken = self.taken();
        let new_here =
            taken.sitting.values().filter(|other| other.is_new && other.address == address).count();
        let of_its_own = new_here >= NEW_PER_ADDRESS_MAX;
        let is_full = taken.sitting.len() >= SEATS_MAX;
        let shed = (of_its_own || is_full)
            .then(|| {
                let candidates = taken.sitting.iter().filter(|(_, other)| other.is_new);
                let mut candidates = candidates.filter(|(_, other)| !of_its_own || other.address == address);
                candidates.next().map(|(number, _)| *number)
            })
            .flatten();
        if let Some(other) = shed.and_then(|number| taken.sitting.remove(&number)) {
            other.leave.notify_one();
        }
        if is_full && shed.is_none() {
            return Admission { seat: None, has_shed: false };
        }
        let (number, leave) = (taken.next, Arc::new(Notify::new()));
        taken.next += 1;
        taken.sitting.insert(number, Sitting { address, is_new: true, leave: Arc::clone(&leave) });
        Admission { seat: Some(Seat { seats: Arc::clone(self), number, leave }), has_shed: shed.is_some() }
    }

    /// Connections that have a place.
    pub fn count(&self) -> usize {
        self.taken().sitting.len()
    }

    /// The first request of a connection is there: it is no longer new.
    pub fn prove(&self, number: u64) {
        if let Some(sitting) = self.taken().sitting.get_mut(&number) {
            sitting.is_new = false;
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Which one it is, for [`Seats::prove`].
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Rung when the connection must make room.
    pub fn leave(&self) -> Arc<Notify> {
        Arc::clone(&self.leave)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.taken().sitting.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
    }

    fn seat(seats: &Arc<Seats>, last: u8) -> Seat {
        seats.admit(address(last)).seat.expect("room")
    }

    #[test]
    fn the_ninth_silent_connection_of_an_address_takes_the_place_of_the_first() {
        let seats = Arc::new(Seats::default());
        let other = seat(&seats, 1);
        let silent: Vec<Seat> = (0..NEW_PER_ADDRESS_MAX).map(|_| seat(&seats, 2)).collect();
        let ninth = seats.admit(address(2));
        assert!(ninth.has_shed);
        assert_eq!(seats.count(), 1 + NEW_PER_ADDRESS_MAX);
        drop((silent, ninth, other));
        assert_eq!(seats.count(), 0);
    }

    #[test]
    fn viewers_of_one_address_are_not_counted_as_silent() {
        let seats = Arc::new(Seats::default());
        let viewers: Vec<Seat> = (0..40)
            .map(|_| {
                let viewer = seat(&seats, 3);
                seats.prove(viewer.number());
                viewer
            })
            .collect();
        assert_eq!(seats.count(), viewers.len());
    }

    #[test]
    fn a_full_house_makes_room_by_its_oldest_silent_connection_and_else_refuses() {
        let seats = Arc::new(Seats::default());
        let mut all: Vec<Seat> = (0..SEATS_MAX).map(|at| seat(&seats, at as u8)).collect();
        all.iter().skip(1).for_each(|viewer| seats.prove(viewer.number()));
        let newcomer = seats.admit(address(200));
        assert!(newcomer.has_shed && newcomer.seat.is_some());
        let newcomer = newcomer.seat.expect("room");
        seats.prove(newcomer.number());
        all.push(newcomer);
        assert!(seats.admit(address(201)).seat.is_none(), "nobody here is silent");
    }
}
