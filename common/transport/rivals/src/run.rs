//! The order of the contest: each size with one and three consumers, then the rings alone, fan-out and the board.
//! How a rival is driven is in its own file.

use crate::contest::{self, Job, Rival, SIZES, latency_us, speed};
use crate::single;

/// Whatever ends a run early.
pub type Error = Box<dyn std::error::Error>;

/// Runs the whole contest, or one consumer of it.
pub fn run(arguments: &[String]) -> Result<(), Error> {
    if arguments.first().is_some_and(|first| first == "consumer") {
        return contest::consume(&arguments[1..]);
    }
    if arguments.iter().any(|it| it == "alone") {
        return alone();
    }
    let smoke = arguments.iter().any(|it| it == "smoke");
    println!("| frame | consumers | | casedd | iceoryx2 | casedd / iceoryx2 |\n|-|-|-|-|-|-|");
    for ((width, height), name) in SIZES {
        for consumers in [1, 3] {
            compare(name, width, height, (consumers, smoke))?;
        }
    }
    alone()
}

fn alone() -> Result<(), Error> {
    single::ring()?;
    single::fan_out()?;
    single::board()
}

fn compare(name: &str, width: u32, height: u32, (consumers, smoke): (usize, bool)) -> Result<(), Error> {
    let row = |what: &str, ours: f64, theirs: f64| {
        println!("| {name} | {consumers} | {what} | {ours:.1} | {theirs:.1} | {:.2} |", ours / theirs);
    };
    let frames = if smoke { 60 } else { 400 };
    let job = Job { name: String::new(), width, height, frames, paced: true, consumers };
    let (ours, theirs) = (latency_us(Rival::Ours, &job)?, latency_us(Rival::Iceoryx, &job)?);
    row("latency p50, us", ours.0, theirs.0);
    row("latency p99, us", ours.1, theirs.1);
    let frames = 2_000_000_000 / (u64::from(width) * u64::from(height)) / if smoke { 10 } else { 1 };
    let job = Job { frames, paced: false, ..job };
    row("frames a second", speed(Rival::Ours, &job)?, speed(Rival::Iceoryx, &job)?);
    Ok(())
}
