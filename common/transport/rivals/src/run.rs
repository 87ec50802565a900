//! The order of the contest: each size with one and three consumers, then the rings alone, fan-out and the board.
//! How a rival is driven is in its own file.

use crate::contest::{self, Job, Rival, SIZES, latencies_ns, quantile_us, speed};
use crate::single;

/// Whatever ends a run early.
pub type Error = Box<dyn std::error::Error>;

/// How much is run.
struct Extent {
    /// Times that every rival has its turn; the median is printed.
    rounds: usize,
    /// The same for rivals that copy.
    rounds_of_copies: usize,
    /// Frames of one turn whose latency is measured.
    paced: u64,
    /// Pixels of one turn at full speed.
    pixels: u64,
}

const WHOLE: Extent = Extent { rounds: 9, rounds_of_copies: 3, paced: 640, pixels: 3_000_000_000 };
const SMOKE: Extent = Extent { rounds: 1, rounds_of_copies: 1, paced: 60, pixels: 100_000_000 };

/// Runs the whole contest, or one consumer of it.
pub fn run(arguments: &[String]) -> Result<(), Error> {
    let has = |word: &str| arguments.iter().any(|it| it == word);
    if arguments.first().is_some_and(|first| first == "consumer") {
        return contest::consume(&arguments[1..]);
    }
    if !has("alone") {
        let extent = if has("smoke") { SMOKE } else { WHOLE };
        let names = Rival::ALL.map(Rival::name);
        println!("| frame | consumers | | {} | casedd / iceoryx2 |\n|-|-|-|-|-|-|-|-|", names.join(" | "));
        let asked = |name: &str| has(name) || !SIZES.iter().any(|(_, name)| has(name));
        for ((width, height), name) in SIZES.into_iter().filter(|(_, name)| asked(name)) {
            for consumers in [1, 3] {
                let job = Job { name: String::new(), width, height, frames: 0, paced: true, consumers };
                compare(name, job, &extent)?;
            }
        }
    }
    single::ring()?;
    single::fan_out()?;
    single::board()
}

/// One size and count: all rivals in turn, round after round, so that each sees the same machine.
fn compare(name: &str, job: Job, extent: &Extent) -> Result<(), Error> {
    let frames = extent.pixels / (u64::from(job.width) * u64::from(job.height));
    let slow = Job { frames: extent.paced, paced: true, ..job.clone() };
    let fast = Job { frames: frames.max(20), paced: false, ..job };
    // Latencies of all rounds together: the last hundredth of one round is too few to say anything.
    let mut latencies = Rival::ALL.map(|_| Vec::new());
    let mut speeds = Rival::ALL.map(|_| Vec::new());
    for round in 0..extent.rounds {
        for (index, rival) in Rival::ALL.into_iter().enumerate() {
            if round < extent.rounds_of_copies || !rival.copies() {
                latencies[index].extend(latencies_ns(rival, &slow)?);
                speeds[index].push(speed(rival, &fast)?);
            }
        }
    }
    latencies.iter_mut().for_each(|all| all.sort_unstable());
    let mut speeds = speeds.into_iter().map(single::median);
    let found = latencies
        .map(|all| [quantile_us(&all, 0.5), quantile_us(&all, 0.99), speeds.next().unwrap_or(f64::NAN)]);
    for (index, what) in ["latency p50, us", "latency p99, us", "frames a second"].into_iter().enumerate() {
        let cells = found.map(|rows| format!("{:.1}", rows[index])).join(" | ");
        println!(
            "| {name} | {} | {what} | {cells} | {:.2} |",
            slow.consumers,
            found[0][index] / found[1][index]
        );
    }
    Ok(())
}
