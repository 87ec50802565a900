//! A renderer on a thread of its own, sinks that connect to it, and a board to write on.
//! Holds no assertion about the renderer.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use casedd_common::board::{BoardWriter, MODE_PRIVATE};
use casedd_common::metrics::{NO_SERIES, Reading, Snapshot, Value};
use casedd_common::transport::Want;
use casedd_common::transport::clock::now_ns;
use casedd_common::transport::link::{Frame, Link};
use casedd_images::Images;
use casedd_renderer::painter::Painter;
use casedd_renderer::service::{Directions, Service};
use casedd_renderer::template::store::Store;

pub const PATIENCE: Duration = Duration::from_secs(20);
pub const TEMPLATE: &str = "grid: { template_areas: a b }\nwidgets:\n  a: { type: bar, source: cpu.percent, min: 0, max: 100 }\n\
    \x20 b: { type: text, content: still }\n";

/// A renderer on a thread of its own, with a folder of templates and a board's name.
pub struct Renderer {
    pub dir: tempfile::TempDir,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    board: String,
}

impl Renderer {
    pub fn start() -> Renderer {
        Renderer::directed_by(Directions::default())
    }

    pub fn directed_by(directions: Directions) -> Renderer {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("meter.casedd"), TEMPLATE).expect("written");
        let stop = Arc::new(AtomicBool::new(false));
        let board = format!("/casedd-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let (socket, templates) = (dir.path().join("renderer.sock"), dir.path().to_owned());
        let assets = dir.path().join("assets");
        let (is_stopped, name) = (Arc::clone(&stop), board.clone());
        let (ready, is_ready) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let store = Store::new(vec![templates]);
            let painter = Painter { images: Images::new(vec![assets]), ..Painter::default() };
            let mut service = Service::new(&socket, name, (store, painter), directions).expect("a service");
            ready.send(()).expect("somebody waits");
            while !is_stopped.load(Ordering::Relaxed) {
                service.turn(&[]).expect("a turn");
            }
        });
        is_ready.recv().expect("ready");
        Renderer { dir, stop, thread: Some(thread), board }
    }

    pub fn socket(&self) -> PathBuf {
        self.dir.path().join("renderer.sock")
    }

    pub fn writer(&self) -> BoardWriter {
        BoardWriter::create_or_adopt(&self.board, MODE_PRIVATE).expect("a board").0
    }
}

impl Drop for Renderer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let ended = self.thread.take().map(JoinHandle::join);
        let _ = BoardWriter::unlink(&self.board);
        if !std::thread::panicking() {
            assert!(ended.is_none_or(|result| result.is_ok()), "the service panicked");
        }
    }
}

pub fn want(name: &str, topic: &str) -> Want {
    Want {
        name: name.into(),
        topic: topic.into(),
        width: 200,
        height: 100,
        rate_millihz: 50_000,
        holds: 2,
        ..Want::default()
    }
}

pub fn connect(socket: &Path, want: &Want) -> Link {
    Link::connect(socket, want, PATIENCE).unwrap_or_else(|error| panic!("{error}"))
}

/// The next frame, or a failure after a while.
pub fn next(link: &mut Link) -> Frame<'static> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(frame) = link.take().expect("a sound link") {
            return frame.keep();
        }
        link.wait(Duration::from_millis(100), &[]).expect("a sound link");
    }
    panic!("no frame within {PATIENCE:?}");
}

/// Whether a frame comes within the time.
pub fn comes(link: &mut Link, within: Duration) -> bool {
    let start = Instant::now();
    while start.elapsed() < within {
        if link.take().expect("a sound link").is_some() {
            return true;
        }
        link.wait(Duration::from_millis(20), &[]).expect("a sound link");
    }
    false
}

pub fn snapshot(tick: u64, percent: f64) -> Snapshot {
    let taken_at_ns = now_ns();
    let reading = Reading {
        key: "cpu.percent".into(),
        value: Value::Number(percent),
        at_ns: taken_at_ns,
        ttl_ms: 60_000,
        series: NO_SERIES,
    };
    Snapshot { tick, taken_at_ns, readings: vec![reading], ..Snapshot::default() }
}

pub fn pixels(frame: &Frame<'_>) -> Vec<u32> {
    let stride = (frame.geometry().stride_bytes / 4) as usize;
    frame
        .pixels_u32()
        .chunks(stride)
        .flat_map(|row| row[..frame.geometry().width as usize].to_vec())
        .collect()
}
