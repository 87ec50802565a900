//! What the sink's loop and the server share: the newest picture, the link's state, who looks, and the counters.
//!
//! Holds no socket and no frame of the renderer's memory: the two sides never wait for each other.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use casedd_common::exit::Failure;
use casedd_common::transport::clock;
use casedd_common::transport::frame::FrameMeta;
use tokio::sync::watch;

use crate::audience::{Audience, Looker};
use crate::canvas::Canvas;
use crate::counters::Counters;
use crate::settings::Settings;
use crate::shown::Shown;

/// Names a frame among all others of its output, those of earlier renderers too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameName {
    generation: u64,
    sequence: u64,
}

impl FrameName {
    /// The name of the frame that `meta` describes.
    pub fn of(meta: &FrameMeta) -> FrameName {
        FrameName { generation: meta.generation, sequence: meta.sequence }
    }
}

impl std::fmt::Display for FrameName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}-{}", self.generation, self.sequence)
    }
}

/// An encoded frame.
#[derive(Debug)]
pub struct Picture {
    /// The JPEG.
    pub jpeg: Bytes,
    /// Counts the pictures of this process, from 1, without gaps.
    pub number: u64,
    /// Which frame it shows.
    pub frame: FrameName,
    /// When the renderer had drawn it, on the monotonic clock.
    pub published_at_ns: u64,
    /// When the values shown were read, by the calendar.
    pub captured_at: SystemTime,
}

impl Picture {
    /// The picture of the frame that `meta` describes.
    pub fn new(jpeg: Bytes, number: u64, meta: &FrameMeta) -> Picture {
        let age = Duration::from_nanos(clock::now_ns().saturating_sub(meta.captured_at_ns));
        Picture {
            jpeg,
            number,
            frame: FrameName::of(meta),
            published_at_ns: meta.published_at_ns,
            captured_at: SystemTime::now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH),
        }
    }

    /// Since when it is drawn.
    pub fn age_ms(&self) -> u64 {
        clock::now_ns().saturating_sub(self.published_at_ns) / 1_000_000
    }
}

/// How the renderer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// It answers.
    Connected,
    /// It is there and gives no sign of life.
    Stale,
    /// There is no connection.
    Lost,
}

impl Link {
    /// The word for it, in messages and metrics.
    pub fn word(self) -> &'static str {
        match self {
            Link::Connected => "connected",
            Link::Stale => "stale",
            Link::Lost => "lost",
        }
    }
}

/// How the renderer is, since when.
#[derive(Clone, Copy, Debug)]
pub struct LinkNow {
    /// How it is.
    pub link: Link,
    /// Since when.
    pub since: Instant,
    /// Which renderer it is or was; a picture of another one is from before an outage.
    pub generation: u64,
}

/// Viewers and streams at once; single pictures are not counted.
const VISITORS_MAX: u64 = 32;

/// How somebody stays to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// Over WebSocket.
    Viewer,
    /// As MJPEG.
    Stream,
}

/// Somebody who stays to look, until this is dropped.
pub struct Visitor {
    shared: Arc<Shared>,
    visit: Visit,
    /// Its part in the audience.
    pub looker: Looker,
}

impl Drop for Visitor {
    fn drop(&mut self) {
        self.shared.counters.of(self.visit).less();
    }
}

/// What both sides see.
pub struct Shared {
    /// What is served, and how.
    pub settings: Settings,
    /// The newest picture; whoever is slow sees the newest one next.
    pub pictures: watch::Sender<Option<Arc<Picture>>>,
    /// How the renderer is.
    pub link: watch::Sender<LinkNow>,
    /// Who looks.
    pub audience: Arc<Audience>,
    /// The newest frame as pixels.
    pub canvas: Canvas,
    /// What was done so far.
    pub counters: Counters,
    /// What the renderer draws for it.
    pub shown: Shown,
}

impl Shared {
    /// Nothing received, nobody looking.
    pub fn new(settings: Settings, renderer: PathBuf) -> Result<Arc<Shared>, Failure> {
        Ok(Arc::new(Shared {
            settings,
            pictures: watch::Sender::new(None),
            link: watch::Sender::new(LinkNow { link: Link::Lost, since: Instant::now(), generation: 0 }),
            audience: Audience::new()?,
            canvas: Canvas::default(),
            counters: Counters::default(),
            shown: Shown::new(renderer),
        }))
    }

    /// The newest picture.
    pub fn picture(&self) -> Option<Arc<Picture>> {
        self.pictures.borrow().clone()
    }

    /// How the renderer is.
    pub fn link_now(&self) -> LinkNow {
        *self.link.borrow()
    }

    /// Lets one more in; `None` when the house is full.
    pub fn enter(self: &Arc<Self>, visit: Visit) -> Option<Visitor> {
        if self.is_full() {
            return None;
        }
        self.counters.of(visit).add(1);
        Some(Visitor { shared: Arc::clone(self), visit, looker: self.audience.enter() })
    }

    /// Whether nobody more is let in. Only the server's one thread asks and enters.
    pub fn is_full(&self) -> bool {
        self.visitors() >= VISITORS_MAX
    }

    /// Viewers and streams now.
    pub fn visitors(&self) -> u64 {
        self.counters.viewers.get() + self.counters.streams.get()
    }

    /// A picture that `looker` may take for the newest: one that this renderer has drawn since anybody looks; else, when
    /// `patience` is over or the renderer away, the last one there is.
    pub async fn fresh_picture(&self, looker: &Looker, patience: Duration) -> Option<Arc<Picture>> {
        let mut pictures = self.pictures.subscribe();
        let mut link = self.link.subscribe();
        let deadline = tokio::time::sleep(patience);
        tokio::pin!(deadline);
        loop {
            let newest = pictures.borrow_and_update().clone();
            let now = *link.borrow_and_update();
            let is_fresh = |picture: &Arc<Picture>| {
                picture.published_at_ns >= looker.since_ns() && picture.frame.generation == now.generation
            };
            let is_away = now.link != Link::Connected;
            if newest.as_ref().is_some_and(|newest| is_away || is_fresh(newest)) {
                return newest;
            }
            tokio::select! {
                _ = pictures.changed() => {}
                _ = link.changed() => {}
                () = &mut deadline => return newest,
            }
        }
    }
}
