//! Pictures from files: asked for while a frame is made, loaded by threads of their own, there some frames later.
//!
//! [`Images`] gives what is there at once and never waits for a file (but in [`Images::settle`], for who has the time).
//! Files come from given folders only. What files, pictures, jobs and memory may take has a bound each. It knows
//! nothing of templates, widgets or frames.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::os::fd::BorrowedFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use casedd_raster::Image;

mod buffers;
mod decode;
mod error;
mod folders;
mod limits;
mod loader;
mod scale;

pub use error::ImageError;
pub use scale::Scale;

use folders::{Folders, Stamp};
use limits::{CHECK_NS, LIST_NS, READY_BYTES_MAX, READY_MAX, UNUSED_NS};
use loader::{Found, Job, Loader, Outcome};

/// What there is of something that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked<T> {
    /// Not yet known.
    Waiting,
    /// There it is.
    Ready(T),
    /// There is none, for this reason.
    Failed(Arc<str>),
}

/// One thing that was asked for.
struct Entry<T> {
    /// What to do to have it; without what is known.
    job: Job,
    state: Asked<T>,
    stamp: Option<Stamp>,
    is_pending: bool,
    used_at_ns: u64,
    checked_at_ns: u64,
}

/// Everything that was asked for lately.
#[derive(Default)]
pub struct Images {
    folders: Folders,
    loader: Option<Loader>,
    pictures: Vec<Entry<Image>>,
    lists: Vec<Entry<Arc<[String]>>>,
    /// Files whose failure has been logged.
    complained: BTreeSet<String>,
}

impl Images {
    /// Pictures of files in these folders, first match wins.
    pub fn new(folders: Vec<PathBuf>) -> Images {
        Images { folders: Folders::new(folders), ..Images::default() }
    }

    /// The picture of a file for a box, as far as it is there.
    pub fn picture(&mut self, path: &str, (box_px, scale): ((u32, u32), Scale), now_ns: u64) -> Asked<Image> {
        let is_it = |job: &Job| matches!(job, Job::Load { path: p, box_px: b, scale: s, .. } if p == path && *b == box_px && *s == scale);
        let index = match self.pictures.iter().position(|entry| is_it(&entry.job)) {
            Some(index) => index,
            None => {
                make_room(&mut self.pictures, |image| image.width() as usize * image.height() as usize * 4);
                self.pictures.push(Entry::new(Job::Load { path: path.into(), box_px, scale, known: None }));
                self.pictures.len() - 1
            }
        };
        let entry = &mut self.pictures[index];
        entry.ask(&mut self.loader, &self.folders, (now_ns, CHECK_NS));
        entry.state.clone()
    }

    /// The pictures of a folder, or a file alone, as far as that is known.
    pub fn list(&mut self, path: &str, now_ns: u64) -> Asked<Arc<[String]>> {
        let is_it = |job: &Job| matches!(job, Job::List { path: p } if p == path);
        let index = match self.lists.iter().position(|entry| is_it(&entry.job)) {
            Some(index) => index,
            None => {
                make_room(&mut self.lists, |_| 0);
                self.lists.push(Entry::new(Job::List { path: path.into() }));
                self.lists.len() - 1
            }
        };
        let entry = &mut self.lists[index];
        entry.ask(&mut self.loader, &self.folders, (now_ns, LIST_NS));
        entry.state.clone()
    }

    /// Takes in what the loaders have found; whether anything looks different by it.
    pub fn collect(&mut self) -> bool {
        let mut is_new = false;
        self.loader.as_ref().map(Loader::calm);
        while let Some(outcome) = self.loader.as_ref().and_then(Loader::take) {
            is_new |= self.accept(outcome);
        }
        is_new
    }

    /// Forgets what nobody asked for lately.
    pub fn tend(&mut self, now_ns: u64) {
        self.pictures.retain(|entry| entry.is_of_use(now_ns));
        self.lists.retain(|entry| entry.is_of_use(now_ns));
    }

    /// Waits until all that was asked for is there or `limit` is over; whether anything came.
    pub fn settle(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        let mut is_new = false;
        while self.pictures.iter().any(|entry| entry.is_pending)
            || self.lists.iter().any(|entry| entry.is_pending)
        {
            let Some(outcome) = self.loader.as_ref().and_then(|loader| loader.take_until(deadline)) else {
                break;
            };
            is_new |= self.accept(outcome);
        }
        is_new
    }

    /// Readable when [`Images::collect`] has something to take in; none while nothing was ever asked for.
    pub fn wake_fd(&self) -> Option<BorrowedFd<'_>> {
        self.loader.as_ref().map(Loader::wake_fd)
    }

    /// How many loaders there are at this moment.
    pub fn threads(&self) -> usize {
        self.loader.as_ref().map_or(0, Loader::threads)
    }

    fn accept(&mut self, outcome: Outcome) -> bool {
        let path = match &outcome.job {
            Job::Load { path, .. } | Job::List { path } => path.clone(),
        };
        match &outcome.found {
            Ok(_) => {
                self.complained.remove(&path);
            }
            Err(error) => {
                if self.complained.len() < READY_MAX && self.complained.insert(path.clone()) {
                    tracing::warn!("the image {path}: {error}");
                }
            }
        }
        let is_same = |mine: &Job| match (mine, &outcome.job) {
            (
                Job::Load { path, box_px, scale, .. },
                Job::Load { path: other_path, box_px: other_box, scale: other_scale, .. },
            ) => path == other_path && box_px == other_box && scale == other_scale,
            (mine, other) => mine == other,
        };
        if let Some(entry) = self.pictures.iter_mut().find(|entry| is_same(&entry.job)) {
            return match outcome.found {
                Ok(Found::Picture(image)) => entry.is(Asked::Ready(image), outcome.stamp),
                Ok(Found::Unchanged | Found::Files(_)) => entry.stays(),
                // It is perhaps being written at this moment. As it is now, it need not be tried again.
                Err(error) if error.is_broken() && matches!(entry.state, Asked::Ready(_)) => {
                    entry.stamp = outcome.stamp;
                    entry.stays()
                }
                Err(error) => entry.is(Asked::Failed(error.to_string().into()), outcome.stamp),
            };
        }
        if let Some(entry) = self.lists.iter_mut().find(|entry| is_same(&entry.job)) {
            return match outcome.found {
                Ok(Found::Files(files)) => entry.is(Asked::Ready(files.into()), None),
                Ok(Found::Unchanged | Found::Picture(_)) => entry.stays(),
                Err(error) => entry.is(Asked::Failed(error.to_string().into()), None),
            };
        }
        false
    }
}

impl<T: PartialEq> Entry<T> {
    fn new(job: Job) -> Entry<T> {
        let state = Asked::Waiting;
        Entry { job, state, stamp: None, is_pending: false, used_at_ns: 0, checked_at_ns: 0 }
    }

    /// Asks the loaders when it is time to, which are made when they are first needed.
    fn ask(&mut self, loader: &mut Option<Loader>, folders: &Folders, (now_ns, every_ns): (u64, u64)) {
        self.used_at_ns = now_ns;
        let is_due = self.state == Asked::Waiting || now_ns.saturating_sub(self.checked_at_ns) >= every_ns;
        if self.is_pending || !is_due {
            return;
        }
        if loader.is_none() {
            match Loader::new(folders.clone()) {
                Ok(new) => *loader = Some(new),
                Err(error) => {
                    self.state = Asked::Failed(error.to_string().into());
                    self.checked_at_ns = now_ns;
                    return;
                }
            }
        }
        let mut job = self.job.clone();
        if let Job::Load { known, .. } = &mut job {
            *known = self.stamp;
        }
        // Without room among the jobs it is tried again at the next frame.
        self.is_pending = loader.as_ref().is_some_and(|loader| loader.send(job));
        self.checked_at_ns = now_ns;
    }

    fn is(&mut self, state: Asked<T>, stamp: Option<Stamp>) -> bool {
        self.is_pending = false;
        self.stamp = stamp;
        let is_new = self.state != state;
        self.state = state;
        is_new
    }

    fn stays(&mut self) -> bool {
        self.is_pending = false;
        false
    }

    fn is_of_use(&self, now_ns: u64) -> bool {
        self.is_pending || now_ns.saturating_sub(self.used_at_ns) < UNUSED_NS
    }
}

/// Drops what was not asked for longest, until there is room for one more.
fn make_room<T>(entries: &mut Vec<Entry<T>>, bytes: impl Fn(&T) -> usize) {
    let size = |entry: &Entry<T>| match &entry.state {
        Asked::Ready(ready) => bytes(ready),
        Asked::Waiting | Asked::Failed(_) => 0,
    };
    while entries.len() >= READY_MAX || entries.iter().map(size).sum::<usize>() > READY_BYTES_MAX {
        let oldest = entries.iter().enumerate().min_by_key(|(_, entry)| entry.used_at_ns);
        let Some(oldest) = oldest.map(|(index, _)| index) else { return };
        entries.swap_remove(oldest);
    }
}
