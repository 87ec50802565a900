//! What both rivals are asked to do, and how it is measured: consumers are this program again, in a role.
//! How frames travel is in `ours` and `iceoryx`.

use crate::run::Error;
use crate::{copying, iceoryx, ours, socket};
use casedd_transport::clock::now_ns;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Width and height, and what to call it.
pub const SIZES: [((u32, u32), &str); 3] =
    [((800, 480), "800x480"), ((1920, 1080), "1920x1080"), ((3840, 2160), "3840x2160")];
/// Time from one paced frame to the next: long enough for every consumer to fall asleep.
const PACE: Duration = Duration::from_millis(5);
/// First frames, which find cold pages and caches, are not counted.
const WARM_UP: usize = 20;
/// Frames that may wait for a consumer.
pub const DEPTH: u32 = 4;

/// Who carries the frames.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rival {
    Ours,
    Iceoryx,
    Copying,
    Socket,
}

impl Rival {
    pub const ALL: [Rival; 4] = [Rival::Ours, Rival::Iceoryx, Rival::Copying, Rival::Socket];

    /// True for those that copy every byte: they are slower by far, so fewer rounds tell enough.
    pub fn copies(self) -> bool {
        matches!(self, Rival::Copying | Rival::Socket)
    }

    pub fn name(self) -> &'static str {
        match self {
            Rival::Ours => "casedd",
            Rival::Iceoryx => "iceoryx2",
            Rival::Copying => "copying ring",
            Rival::Socket => "Unix socket",
        }
    }

    fn produce(self, job: &Job, start: impl Fn() -> Result<Vec<Child>, Error>) -> Result<Vec<Child>, Error> {
        match self {
            Rival::Ours => ours::produce(job, start),
            Rival::Iceoryx => iceoryx::produce(job, start),
            Rival::Copying => copying::produce(job, start),
            Rival::Socket => socket::produce(job, start),
        }
    }

    fn consume(self, job: &Job) -> Result<Seen, Error> {
        match self {
            Rival::Ours => ours::consume(job),
            Rival::Iceoryx => iceoryx::consume(job),
            Rival::Copying => copying::consume(job),
            Rival::Socket => socket::consume(job),
        }
    }
}

/// One run of one rival, as producer and consumers see it.
#[derive(Clone)]
pub struct Job {
    pub name: String,
    pub width: u32,
    pub height: u32,
    pub frames: u64,
    pub paced: bool,
    pub consumers: usize,
}

impl Job {
    /// Waits until the next frame is due.
    pub fn pace(&self) {
        if self.paced {
            std::thread::sleep(PACE);
        }
    }

    /// Where rivals that need a socket have theirs.
    pub fn socket(&self) -> PathBuf {
        std::env::temp_dir().join(format!("{}.sock", self.name))
    }

    /// Words of one frame.
    pub fn words(&self) -> usize {
        self.width as usize * self.height as usize / 2
    }
}

/// What a consumer saw.
#[derive(Default)]
pub struct Seen {
    first_ns: u64,
    last_ns: u64,
    latencies_ns: Vec<u64>,
    sum: u64,
}

impl Seen {
    /// One frame, whose first word says when it was published.
    pub fn frame(&mut self, job: &Job, words: &[u64]) {
        let now = now_ns();
        if self.latencies_ns.is_empty() {
            self.first_ns = now;
        }
        self.latencies_ns.push(now.saturating_sub(words[0]));
        if !job.paced {
            self.sum = words.iter().fold(self.sum, |sum, word| sum.wrapping_add(*word));
        }
        self.last_ns = now_ns();
    }

    pub fn is_complete(&self, job: &Job) -> bool {
        self.latencies_ns.len() as u64 >= job.frames
    }

    fn save(&self, path: &PathBuf) -> Result<(), Error> {
        let mut text = format!("{}\n", self.last_ns - self.first_ns);
        self.latencies_ns.iter().for_each(|ns| text.push_str(&format!("{ns}\n")));
        // The sum is used, so that reading every byte cannot be left out.
        text.push_str(&format!("sum {}\n", self.sum));
        Ok(std::fs::write(path, text)?)
    }
}

/// A consumer: `rival name width height frames paced results`.
pub fn consume(arguments: &[String]) -> Result<(), Error> {
    let [rival, name, width, height, frames, paced, results] = arguments else {
        return Err("a consumer needs seven arguments".into());
    };
    let job = Job {
        name: name.clone(),
        width: width.parse()?,
        height: height.parse()?,
        frames: frames.parse()?,
        paced: paced.parse()?,
        consumers: 0,
    };
    let rival = Rival::ALL.into_iter().find(|it| it.name() == rival).ok_or("no such rival")?;
    rival.consume(&job)?.save(&PathBuf::from(results))
}

/// Latencies of paced frames over all consumers.
pub fn latencies_ns(rival: Rival, job: &Job) -> Result<Vec<u64>, Error> {
    Ok(run(rival, job)?.1)
}

/// The latency that `share` of these stay within, in microseconds.
pub fn quantile_us(sorted_ns: &[u64], share: f64) -> f64 {
    sorted_ns.get((sorted_ns.len() as f64 * share) as usize).map_or(f64::NAN, |ns| *ns as f64 / 1e3)
}

/// Frames a second of the slowest consumer, which has read every byte.
pub fn speed(rival: Rival, job: &Job) -> Result<f64, Error> {
    let took_ns = run(rival, job)?.0;
    Ok((job.frames - 1) as f64 * 1e9 / took_ns as f64)
}

fn run(rival: Rival, job: &Job) -> Result<(u64, Vec<u64>), Error> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("rivals-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let job = Job { name: name.clone(), ..job.clone() };
    let results = |index: usize| std::env::temp_dir().join(format!("{name}-{index}.txt"));
    let start = || -> Result<Vec<Child>, Error> {
        let child = |index| {
            let (size, rest) = ([job.width, job.height], [job.frames.to_string(), job.paced.to_string()]);
            let mut command = Command::new(std::env::current_exe()?);
            command
                .arg("consumer")
                .args([rival.name(), &name])
                .args(size.map(|it| it.to_string()))
                .args(rest);
            Ok(command.arg(results(index)).spawn()?)
        };
        (0..job.consumers).map(child).collect()
    };
    let children = rival.produce(&job, start)?;
    let (mut took_ns, mut latencies) = (0, Vec::new());
    for (index, mut child) in children.into_iter().enumerate() {
        child.wait()?;
        let text = std::fs::read_to_string(results(index))?;
        std::fs::remove_file(results(index))?;
        let mut numbers = text.lines().filter_map(|line| line.parse::<u64>().ok());
        took_ns = took_ns.max(numbers.next().unwrap_or(0));
        latencies.extend(numbers.skip(WARM_UP));
    }
    Ok((took_ns, latencies))
}
