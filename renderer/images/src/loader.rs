//! The threads that load: none while there is nothing to do, a few times the processors at most.
//! Leaves out what is asked for and when (`mod`).
//!
//! Most of a loader's time is spent waiting for a disk or a server, so there are more of them than processors.

use std::collections::VecDeque;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use casedd_raster::Image;
use fast_image_resize::Resizer;
use rustix::event::{EventfdFlags, eventfd};

use crate::buffers::Buffers;
use crate::decode;
use crate::error::ImageError;
use crate::folders::{Folders, Stamp};
use crate::limits::{IDLE_MS, JOBS_MAX};
use crate::scale::{self, Scale};

/// How much of a file is looked at to know how large its picture is.
const BEGINNING_BYTES: usize = 64 * 1024;

/// What a loader does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// A picture for a box.
    Load {
        /// The file.
        path: String,
        /// Columns and rows of the box.
        box_px: (u32, u32),
        /// How it goes into the box.
        scale: Scale,
        /// The state that is shown already.
        known: Option<Stamp>,
    },
    /// The pictures of a folder.
    List {
        /// The folder, or a file.
        path: String,
    },
}

/// What came of a job.
pub struct Outcome {
    /// The job.
    pub job: Job,
    /// The state that the file was found in, when it was opened.
    pub stamp: Option<Stamp>,
    /// What was found.
    pub found: Result<Found, ImageError>,
}

/// What a job finds.
pub enum Found {
    /// The file is as it was.
    Unchanged,
    /// A picture.
    Picture(Image),
    /// Files.
    Files(Vec<String>),
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    is_closed: bool,
}

struct Shared {
    queue: Mutex<Queue>,
    has_job: Condvar,
    folders: Folders,
    buffers: Buffers,
    wake: OwnedFd,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // The queue is whole at every instant: whoever panicked left it so.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pool of loaders.
pub struct Loader {
    shared: Arc<Shared>,
    sender: Sender<Outcome>,
    receiver: Receiver<Outcome>,
    threads_max: usize,
}

/// How many loaders a machine of so many processors has at most.
fn threads_max(processors: usize) -> usize {
    match processors {
        0..=2 => 2 + processors.max(1) * 2,
        more => (more * 2).clamp(8, 16),
    }
}

impl Loader {
    /// Loaders of files in these folders; starts no thread.
    pub fn new(folders: Folders) -> std::io::Result<Loader> {
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let (sender, receiver) = channel();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let shared = Shared {
            queue: Mutex::default(),
            has_job: Condvar::new(),
            folders,
            buffers: Buffers::default(),
            wake,
        };
        Ok(Loader { shared: Arc::new(shared), sender, receiver, threads_max: threads_max(processors) })
    }

    /// Readable while outcomes wait.
    pub fn wake_fd(&self) -> BorrowedFd<'_> {
        self.shared.wake.as_fd()
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.shared.lock().threads
    }

    /// Gives a job to the loaders; false when too many wait already, or no thread can be had.
    pub fn send(&self, job: Job) -> bool {
        let mut queue = self.shared.lock();
        if queue.jobs.len() >= JOBS_MAX {
            return false;
        }
        if queue.idle <= queue.jobs.len() && queue.threads < self.threads_max {
            let (shared, outcomes) = (Arc::clone(&self.shared), self.sender.clone());
            let thread = std::thread::Builder::new().name("image-loader".into());
            match thread.spawn(move || work(&shared, &outcomes)) {
                Ok(_) => queue.threads += 1,
                Err(_) if queue.threads == 0 => return false,
                Err(_) => {}
            }
        }
        queue.jobs.push_back(job);
        drop(queue);
        self.shared.has_job.notify_one();
        true
    }

    /// Makes the descriptor unreadable until the next outcome; to be called before they are taken.
    pub fn calm(&self) {
        // That it was unreadable already is no failure.
        let _ = rustix::io::read(&self.shared.wake, &mut [0u8; 8]);
    }

    /// The next outcome that is there.
    pub fn take(&self) -> Option<Outcome> {
        self.receiver.try_recv().ok()
    }

    /// Waits for the next outcome.
    pub fn take_until(&self, deadline: Instant) -> Option<Outcome> {
        self.receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        // Not joined: one that hangs in the kernel would keep the process.
        self.shared.lock().is_closed = true;
        self.shared.has_job.notify_all();
    }
}

/// One thread's life.
fn work(shared: &Shared, outcomes: &Sender<Outcome>) {
    let mut resizer = Resizer::new();
    while let Some(job) = next(shared) {
        let mut stamp = None;
        let found = catch_unwind(AssertUnwindSafe(|| run(shared, &mut resizer, &job, &mut stamp)));
        let found = found.unwrap_or_else(|_| {
            resizer = Resizer::new();
            Err(ImageError::Broken("its decoder failed".into()))
        });
        if outcomes.send(Outcome { job, stamp, found }).is_err() {
            break;
        }
        // Full it cannot be: it counts to 2^64.
        let _ = rustix::io::write(&shared.wake, &1u64.to_ne_bytes());
    }
}

/// Waits for a job; none when the thread has to end, which is counted already then.
fn next(shared: &Shared) -> Option<Job> {
    let deadline = Instant::now() + Duration::from_millis(IDLE_MS);
    let mut queue = shared.lock();
    loop {
        if queue.is_closed {
            queue.threads -= 1;
            return None;
        }
        if let Some(job) = queue.jobs.pop_front() {
            return Some(job);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            queue.threads -= 1;
            if queue.threads == 0 {
                shared.buffers.clear();
            }
            return None;
        }
        queue.idle += 1;
        queue = shared.has_job.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0;
        queue.idle -= 1;
    }
}

fn run(
    shared: &Shared,
    resizer: &mut Resizer,
    job: &Job,
    stamp: &mut Option<Stamp>,
) -> Result<Found, ImageError> {
    match job {
        Job::List { path } => shared.folders.list(path).map(Found::Files),
        Job::Load { path, box_px, scale, known } => {
            let file = shared.folders.open(path)?;
            *stamp = Some(file.stamp);
            if *stamp == *known {
                return Ok(Found::Unchanged);
            }
            let needed = {
                let mut beginning = shared.buffers.take(BEGINNING_BYTES.min(file.length() as usize));
                let length = file.read_into(&mut beginning)?;
                decode::needed_bytes(&beginning[..length])
            };
            let _reserved = shared.buffers.reserve(file.length() + needed);
            let mut bytes = shared.buffers.take(file.length() as usize);
            let length = file.read_into(&mut bytes)?;
            let decoded = decode::decode(&bytes[..length], &shared.buffers)?;
            drop(bytes);
            let image = scale::scaled(resizer, (&decoded, &shared.buffers), *box_px, *scale)?;
            Ok(Found::Picture(image))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_some_times_as_many_loaders_as_processors_and_never_more_than_sixteen() {
        let counts = [1, 2, 3, 4, 8, 64].map(threads_max);
        assert_eq!(counts, [4, 6, 8, 8, 16, 16]);
    }

    #[test]
    fn threads_come_with_jobs_and_no_job_is_lost() {
        let loader = Loader::new(Folders::new(vec!["/no/such/folder".into()])).expect("an eventfd");
        assert_eq!(loader.threads(), 0);
        for n in 0..50 {
            assert!(loader.send(Job::List { path: format!("{n}") }));
        }
        let deadline = Instant::now() + Duration::from_secs(20);
        for _ in 0..50 {
            let outcome = loader.take_until(deadline).expect("each is answered");
            assert!(matches!(outcome.found, Err(ImageError::NotFound)));
        }
        assert!((1..=16).contains(&loader.threads()));
    }
}
