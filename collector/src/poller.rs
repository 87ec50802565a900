//! Who runs when: the quick getters in this thread, the slow ones in theirs, all into the store.
//!
//! Waits for nothing by itself and publishes nothing.

use std::time::{Duration, Instant};

use casedd_common::config::Intervals;
use casedd_common::exit::{Exit, Failure};
use casedd_common::metrics::Snapshot;
use casedd_common::transport::clock::now_ns;

use crate::getters::Context;
use crate::registry::{GETTERS, Pace};
use crate::runner::Runner;
use crate::store::{Histories, Store};
use crate::worker::Worker;

/// The second run comes soon after the first, so that rates are there from the start.
const SECOND_RUN_NS: u64 = 500_000_000;

struct Ticker {
    runner: Runner,
    every_ns: u64,
    due_ns: u64,
    has_run: bool,
}

/// All getters at work.
pub struct Poller {
    tickers: Vec<Ticker>,
    workers: Vec<Worker>,
    /// What they found.
    pub store: Store,
}

impl Poller {
    /// Makes every getter and starts the threads. The first [`Poller::poll`] runs them all.
    pub fn new(
        context: &Context,
        intervals: &Intervals,
        adopted: Option<Snapshot>,
    ) -> Result<Poller, Failure> {
        let mut tickers = Vec::new();
        let mut workers = Vec::new();
        for (index, row) in GETTERS.iter().enumerate() {
            let runner = Runner::new(index, row, context);
            let every = row.every(intervals);
            match row.pace {
                Pace::Tick => {
                    let every_ns = u64::try_from(every.as_nanos()).unwrap_or(u64::MAX);
                    tickers.push(Ticker { runner, every_ns, due_ns: 0, has_run: false });
                }
                Pace::Own => {
                    let worker = Worker::start(index, runner, every);
                    workers.push(worker.map_err(|error| {
                        Exit::OsError
                            .because(format!("cannot start the thread of getter {}: {error}", row.name))
                    })?);
                }
            }
        }
        Ok(Poller { tickers, workers, store: Store::new(adopted, intervals) })
    }

    /// Runs what is due and takes in what the threads found; whether there is anything new.
    pub fn poll(&mut self, histories: &mut impl Histories) -> bool {
        let mut is_new = false;
        for ticker in &mut self.tickers {
            let now_ns = now_ns();
            if now_ns < ticker.due_ns {
                continue;
            }
            self.store.merge(ticker.runner.run(), histories);
            is_new = true;
            let step_ns = if ticker.has_run { ticker.every_ns } else { ticker.every_ns.min(SECOND_RUN_NS) };
            // In step with the last time, unless that has passed already (a stopped process, a suspended machine).
            let next_ns = ticker.due_ns.saturating_add(step_ns);
            ticker.due_ns = if next_ns > now_ns { next_ns } else { now_ns.saturating_add(step_ns) };
            ticker.has_run = true;
        }
        let now_ns = now_ns();
        for worker in &mut self.workers {
            if let Some(outcome) = worker.take() {
                self.store.merge(outcome, histories);
                is_new = true;
            } else if let Some(silence) = worker.silence(now_ns) {
                is_new |= self.store.set_error(worker.getter, silence);
            }
        }
        is_new
    }

    /// Takes in one run of each thread, as far as they come within `limit`.
    pub fn wait_for_threads(&mut self, limit: Duration, histories: &mut impl Histories) {
        let deadline = Instant::now() + limit;
        for worker in &mut self.workers {
            if let Some(outcome) = worker.take_until(deadline) {
                self.store.merge(outcome, histories);
            }
        }
    }

    /// When the next quick getter is due.
    pub fn due_ns(&self) -> u64 {
        self.tickers.iter().map(|ticker| ticker.due_ns).min().unwrap_or(u64::MAX)
    }
}
