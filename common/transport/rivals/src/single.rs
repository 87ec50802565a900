//! Costs without a rival process: what publishing adds for each sink, and reading the board while it is written.
//! The in-process ring of rtrb is the floor that the uncontended hand-over is held against.

use crate::run::Error;
use casedd_transport::board::{BoardReader, BoardWriter};
use casedd_transport::clock::now_ns;
use casedd_transport::frame::Damage;
use casedd_transport::handover::Handover;
use casedd_transport::hub::{Event, Hub, HubOptions};
use casedd_transport::link::{Frame, Link};
use casedd_transport::{DropPolicy, LinkError, Want};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const ROUNDS: u64 = 100_000;
/// Hand-overs of one turn, and turns: short and many, because a processor changes its speed from one millisecond to
/// the next, and each ring is held against the floor of its own turn.
const HANDOVERS: u64 = 20_000;
const TURNS: usize = 101;
/// Entries of the plain ring: as many as ours.
const DEPTH: usize = 16;
const SNAPSHOT_BYTES: usize = 36_000;

/// A hub with one tiny view and so many links, all in this process.
fn stage(sinks: usize) -> Result<(Hub, casedd_transport::hub::ViewId, Vec<Link>), Error> {
    let path = std::env::temp_dir().join(format!("rivals-single-{}.sock", std::process::id()));
    let mut hub = Hub::bind(&path, HubOptions { sinks_max: 64, ..HubOptions::default() })?;
    let view = hub.open_view(4, 1)?;
    let mut links = Vec::new();
    for index in 0..sinks {
        let (path, name) = (path.clone(), format!("sink-{index}"));
        let want = Want { name, width: 4, height: 1, ..Want::default() };
        let asking = std::thread::spawn(move || Link::connect(&path, &want, Duration::from_secs(5)));
        'admit: loop {
            for event in hub.wait(Duration::from_secs(1), &[])? {
                if let Event::Asked { sink, .. } = event {
                    hub.admit(sink, view)?;
                    break 'admit;
                }
            }
        }
        links.push(asking.join().map_err(|_| "a link panicked")??);
    }
    Ok((hub, view, links))
}

/// Uncontended push and pop, beside rtrb: the ring alone by policy, with a slot found and installed for each frame,
/// and the whole way of a frame. Rounds take turns, so that all see the same machine.
pub fn ring() -> Result<(), Error> {
    let (mut hub, view, mut links) = stage(1)?;
    let damage = Damage::empty();
    let mut whole = || -> Result<(), LinkError> {
        if let Some(writing) = hub.begin(view) {
            writing.publish(1, 1, &damage, 0);
        }
        links[0].take()?.map(Frame::delivered);
        Ok(())
    };
    let mut rings = [DropPolicy::Block, DropPolicy::DropNewest, DropPolicy::DropOldest]
        .map(|policy| Handover::new(policy).map(|ring| (policy, ring, Times::default())));
    let (mut producer, mut consumer) = rtrb::RingBuffer::<u64>::new(DEPTH);
    let (mut floors, mut wholes, mut slots) = (Times::default(), Times::default(), Times::default());
    for _ in 0..TURNS {
        let floor = timed(HANDOVERS, || -> Result<(), Error> {
            producer.push(std::hint::black_box(1))?;
            std::hint::black_box(consumer.pop()?);
            Ok(())
        })?;
        floors.add(floor, floor);
        for ring in &mut rings {
            let (_, ring, times) = ring.as_mut().map_err(|error| error.to_string())?;
            ring.publish();
            times.add(timed(HANDOVERS, || handed(ring.push(), ring.pop()))?, floor);
        }
        let (_, ring, _) = rings[2].as_mut().map_err(|error| error.to_string())?;
        slots.add(timed(HANDOVERS, || handed(ring.publish() && ring.push(), ring.pop()))?, floor);
        wholes.add(timed(HANDOVERS, &mut whole)?, floor);
    }
    println!("\n| uncontended, one thread | ns | / rtrb |\n|-|-|-|");
    let row = |what: &str, times: Times| {
        println!("| {what} | {:.1} | {:.2} |", median(times.ns), median(times.ratios))
    };
    row("rtrb push + pop", floors);
    for ring in rings {
        let (policy, _, times) = ring?;
        row(&format!("ring push + pop, {policy}"), times);
    }
    row("find a slot, install, push + pop, drop-oldest", slots);
    row("begin + publish + take + delivered", wholes);
    Ok(())
}

/// What one thing took in every turn, and how often the floor of that turn goes into it.
#[derive(Default)]
struct Times {
    ns: Vec<f64>,
    ratios: Vec<f64>,
}

impl Times {
    fn add(&mut self, ns: f64, floor: f64) {
        self.ns.push(ns);
        self.ratios.push(ns / floor);
    }
}

fn handed(pushed: bool, popped: Option<u64>) -> Result<(), Error> {
    if pushed && std::hint::black_box(popped).is_some() { Ok(()) } else { Err("a frame was lost".into()) }
}

/// The middle one.
pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn timed<E>(rounds: u64, mut turn: impl FnMut() -> Result<(), E>) -> Result<f64, E> {
    let begin = now_ns();
    for _ in 0..rounds {
        turn()?;
    }
    Ok((now_ns() - begin) as f64 / rounds as f64)
}

/// What publishing costs with more and more sinks that do not sleep.
pub fn fan_out() -> Result<(), Error> {
    for sinks in [1, 4, 16, 64] {
        let (mut hub, view, _links) = stage(sinks)?;
        let nanos = timed(ROUNDS, || -> Result<(), Error> {
            let writing = hub.begin(view).ok_or("the view is open")?;
            writing.publish(1, 1, &Damage::empty(), 0);
            Ok(())
        })?;
        println!("begin + publish to {sinks} sinks: {nanos:.0} ns, {:.0} ns a sink", nanos / sinks as f64);
    }
    Ok(())
}

/// Reads of a 500-key snapshot's bytes while the writer publishes at 1 kHz.
pub fn board() -> Result<(), Error> {
    let name = format!("/casedd-rivals-{}", std::process::id());
    let mut writer = BoardWriter::create_or_adopt(&name, 0o600, SNAPSHOT_BYTES, 0)?;
    let reader = BoardReader::open(&name)?;
    writer.publish(&[1; SNAPSHOT_BYTES])?;
    let done = AtomicBool::new(false);
    let mut times = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
                if writer.publish(&[2; SNAPSHOT_BYTES]).is_err() {
                    break;
                }
            }
        });
        let mut payload = Vec::new();
        let times: Result<Vec<u64>, _> = (0..100_000)
            .map(|_| {
                let begin = now_ns();
                reader.read(&mut payload).map(|_| now_ns() - begin)
            })
            .collect();
        done.store(true, Ordering::Relaxed);
        times
    })?;
    BoardWriter::unlink(&name)?;
    times.sort_unstable();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!(
        "board: {SNAPSHOT_BYTES} bytes read in {median} ns (median), {worst} ns (worst), no read failed"
    );
    Ok(())
}
