//! The sink: takes frames, encodes each one once while somebody looks, and puts it where the server finds it.
//!
//! Never waits for a viewer; sending is the server's work, on a thread of its own.

use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use casedd_common::exit::{Exit, Failure};
use casedd_common::sink::{LinkState, Sink, SinkError};
use casedd_common::transport::link::Frame;
use casedd_common::transport::{Want, clock};
use tracing::{error, info};

use crate::encode::{JpegEncoder, Source};
use crate::server::Server;
use crate::shared::{FrameName, Link, LinkNow, Picture, Shared};

/// Longer than the slowest encoder needs for the largest picture: only a stuck process overruns it.
const LEASE_MS: u32 = 2_000;

/// The browser output.
pub struct WsSink {
    shared: Arc<Shared>,
    server: Server,
    encoder: JpegEncoder,
    has_failed: bool,
}

impl WsSink {
    /// Encodes for `server`.
    pub fn new(shared: Arc<Shared>, server: Server) -> Result<WsSink, Failure> {
        let encoder =
            JpegEncoder::new(shared.settings.jpeg).map_err(|error| Exit::Software.because(error))?;
        info!(encoder = encoder.name(), quality = shared.settings.jpeg.quality, "pictures are JPEG");
        Ok(WsSink { shared, server, encoder, has_failed: false })
    }

    /// A picture that cannot be encoded is said once, until one can be again.
    fn fail(&mut self, reason: impl std::fmt::Display) {
        self.shared.counters.frames_failed.add(1);
        self.shared.canvas.lose_track();
        if !self.has_failed {
            error!("viewers keep the last picture: {reason}");
        }
        self.has_failed = true;
    }
}

impl Sink for WsSink {
    fn want(&mut self) -> Result<Want, SinkError> {
        // A new link's damage starts from nothing that we have seen.
        self.shared.canvas.lose_track();
        Ok(Want { holds: 1, lease_ms: LEASE_MS, ..self.shared.settings.want.clone() })
    }

    fn show(&mut self, frame: Frame<'_>) -> Result<(), SinkError> {
        if !self.shared.audience.is_watched() {
            self.shared.canvas.lose_track();
            return Ok(());
        }
        let name = FrameName::of(frame.meta());
        if self.shared.picture().is_some_and(|newest| newest.frame == name) {
            // Somebody came back before anything changed.
            frame.delivered();
            return Ok(());
        }
        let counters = &self.shared.counters;
        counters.frames_received.add(1);
        let started = Instant::now();
        let geometry = frame.geometry();
        let source = Source { pixels: frame.pixels(), geometry, damage: frame.damage() };
        self.shared.canvas.follow(source, name);
        let encoded = self.encoder.encode(source);
        let jpeg = match (encoded, frame.check()) {
            (Ok(jpeg), Ok(())) => jpeg,
            (Err(error), _) => {
                self.fail(error);
                return Ok(());
            }
            (_, Err(error)) => {
                self.fail(error);
                return Ok(());
            }
        };
        let latency_ns = clock::now_ns().saturating_sub(frame.meta().captured_at_ns);
        counters.encoded(started.elapsed(), latency_ns);
        let picture = Picture::new(jpeg, counters.frames_encoded.get(), frame.meta());
        self.shared.pictures.send_replace(Some(Arc::new(picture)));
        self.has_failed = false;
        frame.delivered();
        Ok(())
    }

    fn link_changed(&mut self, state: LinkState) {
        let (link, generation, silent) = match state {
            LinkState::Connected { generation } => (Link::Connected, Some(generation), Duration::ZERO),
            LinkState::Stale { age_ms } => (Link::Stale, None, Duration::from_millis(age_ms)),
            LinkState::Lost { .. } => (Link::Lost, None, Duration::ZERO),
        };
        self.shared.link.send_if_modified(|now| {
            let is_news = now.link != link;
            if is_news {
                let since = Instant::now().checked_sub(silent).unwrap_or(now.since);
                *now = LinkNow { link, since, generation: now.generation };
            }
            now.generation = generation.unwrap_or(now.generation);
            is_news
        });
    }

    fn watched(&mut self) -> bool {
        self.shared.audience.is_watched()
    }

    fn fds(&self) -> Vec<BorrowedFd<'_>> {
        vec![self.shared.audience.fd()]
    }

    fn tick(&mut self) -> Result<(), SinkError> {
        self.shared.audience.clear_wake();
        if self.server.is_over() {
            return Err(Exit::Software.because("the server's thread has ended").into());
        }
        Ok(())
    }

    fn describe(&self) -> String {
        format!("serving {}", self.server.url())
    }

    fn ready_without_frames(&self) -> bool {
        true
    }

    fn close(&mut self) {
        self.server.close();
    }
}
