//! The way from the board to [`Data`]: opens it, reads new snapshots, notices a lost or restarted collector.
//! Leaves out what the values mean. A missing collector is no error: values are missing or stale, and frames go on.

use std::cell::RefCell;
use std::rc::Rc;

use casedd_common::board::BoardReader;
use casedd_common::history;
use casedd_common::metrics::Reading;

use crate::data::{Data, History, NoHistory, Sample};

/// How often a missing board is looked for.
const RETRY_NS: u64 = 250_000_000;
/// A collector that has been silent for so long is lost.
const LOST_MS: u64 = 2_500;
/// How long the last error is not said again.
const COMPLAIN_NS: u64 = 60_000_000_000;

type Shared = Rc<RefCell<BoardReader>>;

/// Follows one board by its name.
pub struct Feed {
    name: String,
    reader: Option<Shared>,
    /// Generation and sequence of the snapshot that `Data` has.
    seen: (u64, u64),
    look_at_ns: u64,
    complain_at_ns: u64,
    is_lost: bool,
}

impl Feed {
    /// Follows the board of that name, which need not be there yet.
    pub fn new(name: String) -> Feed {
        Feed { name, reader: None, seen: (0, 0), look_at_ns: 0, complain_at_ns: 0, is_lost: false }
    }

    /// Brings `data` up to date with the board.
    pub fn update(&mut self, data: &mut Data, now_ns: u64) {
        if now_ns >= self.look_at_ns {
            self.look_at_ns = now_ns + RETRY_NS;
            self.look(data);
        }
        let is_lost = match &self.reader {
            Some(reader) => {
                let reader = Rc::clone(reader);
                self.read(&mut reader.borrow_mut(), data, now_ns);
                reader.borrow().heartbeat_age_ms() > LOST_MS
            }
            None => true,
        };
        if is_lost != self.is_lost {
            self.is_lost = is_lost;
            if is_lost {
                tracing::warn!("no collector: values are shown as stale until it is back");
            } else {
                tracing::info!("the collector is there");
            }
        }
        data.set_collector_lost(is_lost);
    }

    /// Opens the board when there is none, or when its name means another one now.
    fn look(&mut self, data: &mut Data) {
        let is_current = self.reader.as_ref().is_some_and(|reader| !reader.borrow().replaced());
        if is_current {
            return;
        }
        match BoardReader::open(&self.name) {
            Ok(reader) => {
                let reader = Rc::new(RefCell::new(reader));
                data.set_history(Box::new(BoardHistory {
                    board: Rc::clone(&reader),
                    room: RefCell::default(),
                }));
                self.reader = Some(reader);
                self.seen = (0, 0);
            }
            Err(error) => {
                // Not there yet, or being made anew: what was shown stays, marked stale.
                tracing::debug!("no board: {error}");
                if self.reader.take().is_some() {
                    data.set_history(Box::new(NoHistory));
                }
            }
        }
    }

    fn read(&mut self, reader: &mut BoardReader, data: &mut Data, now_ns: u64) {
        let newest = (reader.generation(), reader.sequence());
        if newest == self.seen {
            return;
        }
        match reader.read() {
            Ok(Some(snapshot)) => {
                data.set_snapshot(snapshot);
                self.seen = newest;
            }
            Ok(None) => {}
            Err(error) => {
                if now_ns >= self.complain_at_ns {
                    self.complain_at_ns = now_ns + COMPLAIN_NS;
                    tracing::warn!("the last values stay: {error}");
                }
            }
        }
    }
}

/// History as the board keeps it.
struct BoardHistory {
    board: Shared,
    room: RefCell<Vec<history::Sample>>,
}

impl History for BoardHistory {
    fn read(&self, reading: &Reading, (since_ms, now_ms): (u64, u64), into: &mut Vec<Sample>) {
        let room = &mut *self.room.borrow_mut();
        let (since_ns, now_ns) = (since_ms * 1_000_000, now_ms * 1_000_000 + 999_999);
        self.board.borrow().history().read(reading.series, since_ns, now_ns, room);
        into.extend(
            room.iter().map(|sample| Sample { at_ms: sample.at_ns / 1_000_000, value: sample.value }),
        );
    }
}
