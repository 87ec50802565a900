//! Clocks and counters: CPU time of this thread, allocations, memory of this process.
//! Leaves out what is measured.

use nix::time::{ClockId, clock_gettime};

/// Rounds before the first that counts.
const WARM_UP: usize = 4;

/// What one kind of frame costs.
#[derive(Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Cost {
    /// Median CPU time of a round.
    pub cpu_ms: f64,
    /// Allocations of a round, on average.
    pub allocations: f64,
}

impl Cost {
    /// Of several turns together.
    pub fn of_turns(turns: Vec<Cost>) -> Cost {
        let allocations = turns.iter().map(|turn| turn.allocations).sum::<f64>() / turns.len().max(1) as f64;
        Cost { cpu_ms: median(&mut turns.iter().map(|turn| turn.cpu_ms).collect::<Vec<f64>>()), allocations }
    }
}

/// How many times more the first took than the second, turn by turn; the middle one.
pub fn ratio(first: &[Cost], second: &[Cost]) -> f64 {
    let ratios = first.iter().zip(second).map(|(first, second)| first.cpu_ms / second.cpu_ms.max(1e-9));
    median(&mut ratios.collect::<Vec<f64>>())
}

/// CPU time that this thread has used.
pub fn thread_cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("every Linux has this clock");
    time.tv_sec() as f64 * 1e3 + time.tv_nsec() as f64 / 1e6
}

/// CPU time that this process has used.
pub fn process_cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("every Linux has this clock");
    time.tv_sec() as f64 * 1e3 + time.tv_nsec() as f64 / 1e6
}

/// Median cost of `rounds` rounds; `prepare` is not counted.
pub fn cost<T>(
    rounds: usize,
    state: &mut T,
    mut prepare: impl FnMut(&mut T),
    mut work: impl FnMut(&mut T),
) -> Cost {
    let mut times = Vec::with_capacity(rounds);
    let mut allocations = 0;
    for round in 0..rounds + WARM_UP {
        prepare(state);
        let mut cpu_ms = 0.0;
        let counted = allocation_counter::measure(|| {
            let start = thread_cpu_ms();
            work(state);
            cpu_ms = thread_cpu_ms() - start;
        });
        if round >= WARM_UP {
            times.push(cpu_ms);
            allocations += counted.count_total;
        }
    }
    Cost { cpu_ms: median(&mut times), allocations: allocations as f64 / rounds as f64 }
}

/// The middle one; 0 of none.
pub fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

/// How fast this machine copies a frame: the floor under everything that makes one.
pub fn memcpy_ms((width, height): (u32, u32), rounds: usize) -> f64 {
    let pixels = width as usize * height as usize;
    let mut buffers = (vec![1u32; pixels], vec![2u32; pixels]);
    let copy = |(from, to): &mut (Vec<u32>, Vec<u32>)| to.copy_from_slice(std::hint::black_box(from));
    cost(rounds, &mut buffers, |_| {}, copy).cpu_ms
}

/// Memory of this process that is resident: its own, and that of frames it shares.
pub fn resident_mb() -> f64 {
    resident_of(&std::fs::read_to_string("/proc/self/status").unwrap_or_default())
}

/// The same out of a process' status.
pub fn resident_of(status: &str) -> f64 {
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kb = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1024.0
}
