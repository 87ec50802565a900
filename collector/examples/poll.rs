//! Prints what one poll of each getter costs on this machine: median time in microseconds, and values given.
//!
//! `cargo run --release -p casedd-collector --example poll [RUNS]`

use std::time::Instant;

use casedd_collector::batch::Batch;
use casedd_collector::getters::Context;
use casedd_collector::registry::GETTERS;
use casedd_common::transport::clock::now_ns;

const SECOND_NS: u64 = 1_000_000_000;

fn main() {
    let runs = std::env::args().nth(1).and_then(|runs| runs.parse().ok()).unwrap_or(1000_usize).max(1);
    let mut total_us = 0.0;
    for row in &GETTERS {
        let mut getter = (row.make)(&Context::default());
        let mut values = 0;
        let mut times_us: Vec<f64> = Vec::with_capacity(runs);
        for _ in 0..runs {
            // Getters that compare two readings want some time between them: a second passes with each run.
            let mut batch = Batch::new(now_ns() + times_us.len() as u64 * SECOND_NS);
            let start = Instant::now();
            let outcome = getter.poll(&mut batch);
            times_us.push(start.elapsed().as_secs_f64() * 1e6);
            if let Err(error) = outcome {
                println!("{}: {error}", row.name);
                break;
            }
            values = batch.entries().len();
        }
        times_us.sort_by(f64::total_cmp);
        let median_us = times_us[times_us.len() / 2];
        total_us += median_us;
        println!("{:<12} {median_us:>8.1} us  {values:>4} values", row.name);
    }
    println!("{:<12} {total_us:>8.1} us", "all");
}
