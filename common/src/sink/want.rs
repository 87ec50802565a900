//! From an output's entry in the configuration to what its sink asks of the renderer.
//!
//! Leaves out the size, which only the sink knows once its device is open.

use crate::config::{self, OutputConfig};
use crate::transport::{DropPolicy, Want};

/// A frame held longer than this is a lease overrun: ten times what the slowest panel needs for one.
const LEASE_MS: u32 = 1000;
/// The longest that a `block` output may keep its own view waiting for one frame.
const LONGEST_BLOCK_MS: u32 = 5000;

/// What `output` asks for when its frames are to be `width` by `height` pixels.
pub fn want(output: &OutputConfig, width: u32, height: u32) -> Want {
    Want {
        name: output.name.clone(),
        topic: output.topic().to_string(),
        width,
        height,
        rate_millihz: (output.refresh_rate_hz * 1000.0).round().clamp(1.0, f64::from(u32::MAX)) as u32,
        policy: match output.drop_policy {
            config::DropPolicy::Block => DropPolicy::Block,
            config::DropPolicy::DropOldest => DropPolicy::DropOldest,
            config::DropPolicy::DropNewest => DropPolicy::DropNewest,
        },
        depth: output.ring_depth,
        holds: 1,
        lease_ms: LEASE_MS,
        longest_block_ms: LONGEST_BLOCK_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn every_output_of_the_defaults_asks_for_something_possible() {
        for output in &Config::default().outputs {
            let want = want(output, 800, 480);
            assert_eq!(want.check(), Ok(()), "{want:?}");
            assert_eq!((want.topic.as_str(), want.rate_millihz), ("auto", 2000));
        }
    }
}
