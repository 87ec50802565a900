//! A real renderer process at work: what of a core it takes, and how much memory, with outputs that this program stands
//! in for. This program is its collector, too.
//! Leaves out other processes: `./x measure` has a whole group.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use casedd_common::board::{BoardWriter, MODE_PRIVATE};
use casedd_common::history::Sample;
use casedd_common::metrics::{NO_SERIES, Snapshot, Value};
use casedd_common::runtime_dir::RuntimeDir;
use casedd_common::transport::Want;
use casedd_common::transport::clock::now_ns;
use casedd_common::transport::link::Link;
use casedd_renderer::sample;
use casedd_renderer::template::store::Store;
use serde::{Deserialize, Serialize};

/// Nothing is measured before: fonts are read, histories begin, and most texts are shown for the first time.
const SETTLE: Duration = Duration::from_secs(4);
/// How long it is measured.
const SPAN: Duration = Duration::from_secs(12);
/// How long a renderer may take to listen.
const START_MAX: Duration = Duration::from_secs(5);
/// With live data one number in so many changes.
const LIVE: u64 = 5;
/// How long a dial glides.
const EASE_MS: u32 = 400;
/// How often frames are taken.
const LOOK: Duration = Duration::from_millis(5);

/// What is asked of the process.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Order {
    /// Outputs of 800x480, each with another built-in template.
    pub outputs: usize,
    /// Frames a second of each; values come as often.
    pub rate_hz: u32,
    /// One number in five is another one each time, not all of them.
    pub is_live: bool,
    /// Bars and dials glide to each new value.
    pub is_gliding: bool,
}

/// What it took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Took {
    /// What was asked.
    pub order: Order,
    /// Frames of all outputs together, a second.
    pub frames_hz: f64,
    /// Share of one core.
    pub core_percent: f64,
    /// Resident memory, frames that are shared with sinks included.
    pub resident_mb: f64,
}

/// Ended when it goes out of scope, whatever happens.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already, which is all that is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Lets a renderer work for some seconds.
pub fn run(order: Order) -> anyhow::Result<Took> {
    let folder = tempfile::tempdir().context("a runtime directory")?;
    let runtime = RuntimeDir::open(folder.path()).context("the runtime directory")?;
    let mut board = Board::new(&runtime.board_name())?;
    let names = match order.is_gliding {
        true => vec![gliding(folder.path())?],
        false => Store::default().names(),
    };
    let renderer = start(folder.path())?;
    let mut links = Vec::new();
    for (index, topic) in names.into_iter().cycle().take(order.outputs).enumerate() {
        let rate_millihz = order.rate_hz * 1_000;
        let want = Want { name: format!("bench{index}"), topic, rate_millihz, ..Want::default() };
        links.push(connect(&runtime.renderer_socket(), &want)?);
    }
    let mut at_work = |span: Duration| -> anyhow::Result<u64> {
        let (start, mut frames, mut ticks) = (Instant::now(), 0, 0);
        while start.elapsed() < span {
            if start.elapsed().as_secs_f64() * f64::from(order.rate_hz) >= f64::from(ticks) {
                ticks += 1;
                board.tick(if order.is_live { LIVE } else { 1 })?;
            }
            for link in &mut links {
                if let Some(frame) = link.take_newest()? {
                    frame.delivered();
                    frames += 1;
                }
            }
            thread::park_timeout(LOOK);
        }
        Ok(frames)
    };
    at_work(SETTLE)?;
    let (pid, start) = (renderer.0.id(), Instant::now());
    let before = cpu_ns(pid)?;
    let frames = at_work(SPAN)?;
    let (after, wall) = (cpu_ns(pid)?, start.elapsed());
    Ok(Took {
        order,
        frames_hz: frames as f64 / wall.as_secs_f64(),
        core_percent: (after - before) as f64 / wall.as_nanos() as f64 * 100.0,
        resident_mb: resident_mb(pid)?,
    })
}

/// Writes the template of an overview whose dials and bars glide, and gives its name.
fn gliding(home: &Path) -> anyhow::Result<String> {
    let text = Store::default().find("system_stats")?.text()?;
    let mut eased = String::new();
    for line in text.replace("name: system_stats", "name: gliding").lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        eased.push_str(line);
        eased.push('\n');
        if matches!(line.trim(), "type: gauge" | "type: bar") {
            eased.push_str(&format!("{indent}ease_ms: {EASE_MS}\n"));
        }
    }
    let folder = home.join("casedd").join("templates");
    fs::create_dir_all(&folder).context("a folder for the template")?;
    fs::write(folder.join("gliding.casedd"), eased).context("the template")?;
    Ok("gliding".to_owned())
}

fn start(runtime: &Path) -> anyhow::Result<Running> {
    let program = std::env::current_exe()?.with_file_name("casedd-renderer");
    if !program.is_file() {
        bail!("{} is missing; `./x bench render` builds it", program.display());
    }
    let mut command = Command::new(&program);
    command.arg("--runtime-dir").arg(runtime).args(["--log", "warn"]);
    // Nothing of the user's own settings.
    command.env("HOME", runtime).env("XDG_CONFIG_HOME", runtime);
    Ok(Running(command.spawn().with_context(|| format!("cannot start {}", program.display()))?))
}

fn connect(socket: &Path, want: &Want) -> anyhow::Result<Link> {
    let start = Instant::now();
    loop {
        match Link::connect(socket, want, START_MAX) {
            Ok(mut link) => {
                link.set_watched(true)?;
                return Ok(link);
            }
            Err(error) if start.elapsed() > START_MAX => return Err(error.into()),
            Err(_) => thread::park_timeout(LOOK),
        }
    }
}

/// CPU time of all threads of a process.
fn cpu_ns(pid: u32) -> anyhow::Result<u64> {
    let mut all = 0;
    for task in fs::read_dir(format!("/proc/{pid}/task")).context("the renderer has ended")? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        all += text.split(' ').next().and_then(|ns| ns.parse::<u64>().ok()).context("no schedstat")?;
    }
    Ok(all)
}

fn resident_mb(pid: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    Ok(crate::measure::resident_of(&status))
}

/// Values as the collector publishes them.
struct Board {
    name: String,
    writer: BoardWriter,
    first: Snapshot,
    now: Snapshot,
    tick: u64,
}

impl Board {
    fn new(name: &str) -> anyhow::Result<Board> {
        let (mut writer, _) = BoardWriter::create_or_adopt(name, MODE_PRIVATE)?;
        let first = sample::data().snapshot().clone();
        for reading in first.readings.iter().filter(|reading| reading.series != NO_SERIES) {
            writer.open_series(reading.series)?;
        }
        Ok(Board { name: name.to_owned(), writer, now: first.clone(), first, tick: 0 })
    }

    /// Publishes other numbers for one key in `every`, in their turns.
    fn tick(&mut self, every: u64) -> anyhow::Result<()> {
        self.tick += 1;
        let at_ns = now_ns();
        (self.now.tick, self.now.taken_at_ns) = (self.tick, at_ns);
        for (index, reading) in self.now.readings.iter_mut().enumerate() {
            reading.at_ns = at_ns;
            let (Value::Number(number), Value::Number(first)) =
                (&mut reading.value, &self.first.readings[index].value)
            else {
                continue;
            };
            if (self.tick + index as u64).is_multiple_of(every) {
                *number = first * (0.8 + 0.2 * ((self.tick as f64 * 0.37) + index as f64).sin());
            }
            if reading.series != NO_SERIES {
                self.writer.push(reading.series, Sample { at_ns, value: *number as f32 });
            }
        }
        self.writer.publish(&self.now)?;
        self.writer.heartbeat();
        Ok(())
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        // A name that stays behind is adopted by the next.
        let _ = BoardWriter::unlink(&self.name);
    }
}
