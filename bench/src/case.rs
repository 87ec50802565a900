//! One case of the matrix: so many outputs of one size, in a process of its own, so that its memory is its own, too.
//! Leaves out the rivals.

use std::time::Duration;

use casedd_common::transport::clock::now_ns;
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::feed::{self, Change, Feed};
use crate::measure::{Cost, cost, memcpy_ms, process_cpu_ms, ratio, resident_mb, thread_cpu_ms};

/// Turns that the kinds of frames take: a processor changes its speed from one second to the next.
const TURNS: usize = 5;
/// How long one kind of frame is measured in a turn, about.
const SPAN: Duration = Duration::from_millis(300);
/// Rounds of a turn at least.
const ROUNDS_MIN: usize = 8;
/// Rounds of a turn at most.
const ROUNDS_MAX: usize = 120;
/// Copies of a frame that are timed.
const COPIES: usize = 24;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Width and height of each output.
    pub size_px: (u32, u32),
    /// How many.
    pub outputs: usize,
}

/// What it costs to draw one frame of each output.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Drawn {
    /// The case.
    pub case: Case,
    /// Background, cards and all widgets.
    pub full: Cost,
    /// All widgets changed, as every display's do now and then.
    pub all: Cost,
    /// One widget in five changed.
    pub live: Cost,
    /// No value changed.
    pub idle: Cost,
    /// What live data cost of a full redraw in the same turn.
    pub live_share: f64,
    /// A copy of one frame in memory.
    pub memcpy_ms: f64,
    /// From the start of the process until the first frames of all outputs are published, by the clock.
    pub first_ms: f64,
    /// CPU time of the process until then: it is loaded, template and fonts are read, pools are made, all is drawn.
    pub first_cpu_ms: f64,
    /// Memory of the process, the pools' two slots an output included.
    pub memory_mb: f64,
}

/// Runs one case in this process, which was started at `started_ns`.
pub fn run(case: Case, started_ns: u64) -> anyhow::Result<Drawn> {
    let mut desk = Desk::new(case.outputs, case.size_px, Feed::new()?)?;
    desk.show();
    let (first_ms, first_cpu_ms) = ((now_ns() - started_ns) as f64 / 1e6, process_cpu_ms());
    let mut turns: [Vec<Cost>; KINDS.len()] = Default::default();
    for _ in 0..TURNS {
        for ((change, is_full), costs) in KINDS.into_iter().zip(&mut turns) {
            costs.push(frames(&mut desk, change, is_full));
        }
    }
    let live_share = ratio(&turns[2], &turns[0]);
    let [full, all, live, idle] = turns.map(Cost::of_turns);
    let memory_mb = resident_mb();
    let memcpy_ms = memcpy_ms(case.size_px, COPIES);
    Ok(Drawn { case, full, all, live, idle, live_share, memcpy_ms, first_ms, first_cpu_ms, memory_mb })
}

/// What changes, and whether all is drawn anew.
const KINDS: [(Change, bool); 4] =
    [(Change::All, true), (Change::All, false), (Change::Live, false), (Change::Nothing, false)];

fn frames(desk: &mut Desk, change: Change, is_full: bool) -> Cost {
    let prepare = |desk: &mut Desk| {
        desk.step(change);
        if is_full {
            desk.forget();
        }
    };
    // What is measured is the steady state: history of this kind alone, and every value shown before, so that all
    // texts and glyphs are known.
    (0..feed::SETTLED).for_each(|_| desk.step(change));
    for _ in 0..feed::SHOWN {
        prepare(desk);
        desk.show();
    }
    let start = thread_cpu_ms();
    for _ in 0..feed::CYCLE {
        prepare(desk);
        desk.show();
    }
    let one_ms = ((thread_cpu_ms() - start) / feed::CYCLE as f64).max(1e-3);
    let rounds = (SPAN.as_secs_f64() * 1e3 / one_ms) as usize;
    cost(rounds.clamp(ROUNDS_MIN, ROUNDS_MAX), desk, prepare, Desk::show)
}
