//! Runs one getter and tells how it went; nothing that a getter does, not even a panic, goes further.
//!
//! Keeps no interval and stores nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use casedd_common::transport::clock::now_ns;

use crate::batch::Batch;
use crate::getters::{Context, Getter};
use crate::registry::Row;

/// How one run went.
#[derive(Debug)]
pub struct Outcome {
    /// The getter's place in the registry.
    pub getter: usize,
    /// What it gave, also when it failed half-way.
    pub batch: Batch,
    /// Why it failed.
    pub error: Option<String>,
    /// When it ended: `CLOCK_MONOTONIC` nanoseconds.
    pub ended_at_ns: u64,
    /// How long it took.
    pub duration_ns: u64,
}

/// One getter, ready to run.
pub struct Runner {
    index: usize,
    row: &'static Row,
    context: Context,
    getter: Box<dyn Getter>,
}

impl Runner {
    /// Makes the getter of `row`, which is at `index` in the registry.
    pub fn new(index: usize, row: &'static Row, context: &Context) -> Runner {
        Runner { index, row, context: context.clone(), getter: (row.make)(context) }
    }

    /// The getter's name.
    pub fn name(&self) -> &'static str {
        self.row.name
    }

    /// Runs it once.
    pub fn run(&mut self) -> Outcome {
        let started_at_ns = now_ns();
        let mut batch = Batch::new(started_at_ns);
        let result = catch_unwind(AssertUnwindSafe(|| self.getter.poll(&mut batch)));
        let error = match result {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => {
                // Whatever it left half-done goes with it.
                self.getter = (self.row.make)(&self.context);
                batch = Batch::new(started_at_ns);
                Some("it failed by a fault of its own; see the log, and please report it".to_owned())
            }
        };
        let ended_at_ns = now_ns();
        Outcome { getter: self.index, batch, error, ended_at_ns, duration_ns: ended_at_ns - started_at_ns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::GetterError;
    use crate::registry::Pace;

    struct Panics;

    impl Getter for Panics {
        fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
            batch.number("half", 1.0);
            panic!("as it should, in this test");
        }
    }

    const PANICS: Row = Row {
        name: "panics",
        about: "",
        interval: "cpu",
        interval_ms_min: 100,
        pace: Pace::Tick,
        make: |_| Box::new(Panics),
    };

    #[test]
    fn a_getter_that_panics_is_an_error_and_runs_again() {
        let mut runner = Runner::new(0, &PANICS, &Context::default());
        for _ in 0..2 {
            let outcome = runner.run();
            assert!(outcome.error.is_some_and(|error| error.contains("fault of its own")));
            assert!(outcome.batch.entries().is_empty());
        }
    }
}
