//! What this process did so far: words that one side counts and `/metrics` shows.
//!
//! Leaves out the ring's own counters; those are in `casedd status`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::shared::Visit;

/// A number that only grows, or a gauge; nothing is ordered by it.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Adds.
    pub fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    /// Sets a gauge.
    pub fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// The value now.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes one from a gauge.
    pub fn less(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// All counters of the process.
#[derive(Debug, Default)]
pub struct Counters {
    /// Frames taken from the renderer while somebody looked.
    pub frames_received: Count,
    /// Of those, encoded.
    pub frames_encoded: Count,
    /// Of those, not encoded: refused by the encoder, or no longer intact.
    pub frames_failed: Count,
    /// Pictures handed to the network, over all viewers and streams.
    pub frames_sent: Count,
    /// Pictures that a viewer did not get because a newer one came first, over all.
    pub frames_dropped: Count,
    /// Bytes of pictures handed to the network.
    pub bytes_sent: Count,
    /// Time spent encoding, in nanoseconds.
    pub encode_ns: Count,
    /// From reading the values to the finished picture, in nanoseconds, summed over `frames_encoded`.
    pub latency_ns: Count,
    /// The same for the newest frame.
    pub latency_newest_ns: Count,
    /// WebSocket viewers now.
    pub viewers: Count,
    /// MJPEG streams now.
    pub streams: Count,
    /// Connections closed by us to make room, or because they did not move.
    pub connections_shed: Count,
    /// Requests refused: host, origin, token, method.
    pub requests_refused: Count,
}

impl Counters {
    /// One frame was encoded.
    pub fn encoded(&self, took: Duration, latency_ns: u64) {
        self.frames_encoded.add(1);
        self.encode_ns.add(took.as_nanos() as u64);
        self.latency_ns.add(latency_ns);
        self.latency_newest_ns.set(latency_ns);
    }

    /// The gauge of those who stay in this way.
    pub fn of(&self, visit: Visit) -> &Count {
        match visit {
            Visit::Viewer => &self.viewers,
            Visit::Stream => &self.streams,
        }
    }

    /// One picture was handed to the network.
    pub fn sent(&self, bytes: usize) {
        self.frames_sent.add(1);
        self.bytes_sent.add(bytes as u64);
    }
}
