//! What a sink asks of the renderer when it connects.
//! Whether the topic exists is the renderer's business, not ours.

use crate::frame::Geometry;
use crate::limits::{
    DEPTH_MAX, DIMENSION_MAX_PX, HOLDS_MAX, NAME_MAX_BYTES, RATE_MAX_MILLIHZ, TOPIC_MAX_BYTES,
};
use crate::policy::DropPolicy;
use serde::{Deserialize, Serialize};

/// A sink's request: who it is, what it shows, and how its frames are queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Want {
    /// Name of the sink in statistics and logs.
    pub name: String,
    /// What to show; opaque to the transport (a template's name, in casedd).
    pub topic: String,
    /// Width of the frames.
    pub width: u32,
    /// Height of the frames.
    pub height: u32,
    /// Frames a second, in thousandths.
    pub rate_millihz: u32,
    /// What happens when the ring is full.
    pub policy: DropPolicy,
    /// Frames that may wait in the ring, 1 to 16.
    pub depth: u32,
    /// Frames that the sink may hold at once, 1 to 4.
    pub holds: u32,
    /// A frame held longer than this is a lease overrun; the sink then gets no new frames.
    pub lease_ms: u32,
    /// With `block`: the renderer waits no longer than this, then drops the frame; 0 waits for ever.
    pub longest_block_ms: u32,
}

impl Default for Want {
    fn default() -> Self {
        Want {
            name: String::new(),
            topic: String::new(),
            width: 800,
            height: 480,
            rate_millihz: 2_000,
            policy: DropPolicy::DropOldest,
            depth: 2,
            holds: 1,
            lease_ms: 1_000,
            longest_block_ms: 1_000,
        }
    }
}

/// Why a request can never be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WantError {
    /// Width or height out of range.
    #[error("no frame can be {width}x{height} px; width and height must be 1 to {DIMENSION_MAX_PX}")]
    Geometry {
        /// Width asked for.
        width: u32,
        /// Height asked for.
        height: u32,
    },
    /// Another number out of range.
    #[error("{field} {value} is out of range; use {least} to {most}")]
    Number {
        /// The field.
        field: &'static str,
        /// What was asked.
        value: u32,
        /// The least that is accepted.
        least: u32,
        /// The most that is accepted.
        most: u32,
    },
    /// A text is empty or too long.
    #[error("{field} has {bytes} bytes; use {least} to {most}")]
    Text {
        /// The field.
        field: &'static str,
        /// Its length.
        bytes: usize,
        /// The least that is accepted.
        least: usize,
        /// The most that is accepted.
        most: usize,
    },
}

impl Want {
    /// Checks every field against the named limits.
    pub fn check(&self) -> Result<(), WantError> {
        Geometry::new(self.width, self.height)?;
        text("name", &self.name, 1, NAME_MAX_BYTES)?;
        text("topic", &self.topic, 0, TOPIC_MAX_BYTES)?;
        number("rate_millihz", self.rate_millihz, 1, RATE_MAX_MILLIHZ)?;
        number("depth", self.depth, 1, DEPTH_MAX)?;
        number("holds", self.holds, 1, HOLDS_MAX)?;
        number("lease_ms", self.lease_ms, 1, u32::MAX)
    }
}

fn number(field: &'static str, value: u32, least: u32, most: u32) -> Result<(), WantError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(WantError::Number { field, value, least, most })
}

fn text(field: &'static str, value: &str, least: usize, most: usize) -> Result<(), WantError> {
    if (least..=most).contains(&value.len()) {
        return Ok(());
    }
    Err(WantError::Text { field, bytes: value.len(), least, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn want() -> Want {
        Want { name: "panel".into(), topic: "system_stats".into(), ..Want::default() }
    }

    #[test]
    fn a_plain_request_is_accepted() {
        assert_eq!(want().check(), Ok(()));
    }

    #[test]
    fn the_impossible_is_refused_with_the_range() {
        for (width, height) in [(0, 0), (0, 480), (100_000, 100_000), (16_385, 1)] {
            let error = Want { width, height, ..want() }.check().unwrap_err();
            assert_eq!(error, WantError::Geometry { width, height });
        }
        let error = Want { depth: 17, ..want() }.check().unwrap_err();
        assert_eq!(error.to_string(), "depth 17 is out of range; use 1 to 16");
        assert!(Want { holds: 0, ..want() }.check().is_err());
        assert!(Want { rate_millihz: 0, ..want() }.check().is_err());
        assert!(Want { name: String::new(), ..want() }.check().is_err());
        assert!(Want { topic: "x".repeat(257), ..want() }.check().is_err());
    }
}
