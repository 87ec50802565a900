//! Control messages and their encoding: the one module of the transport that knows `bincode`.
//! Which descriptors go with a message is said here; sending them is left to `socket`.

use crate::error::Refusal;
use crate::frame::Geometry;
use crate::limits::MESSAGE_MAX_BYTES;
use crate::observe::Stats;
use crate::want::Want;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Changes when messages change.
pub const VERSION: u16 = 3;
/// Starts every message, before the version.
const MAGIC: [u8; 4] = *b"cast";
/// Magic, version, and two bytes that are zero.
pub const PREFIX_BYTES: usize = 8;

/// From a sink or an observer to the renderer.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum ToHub {
    /// A sink asks. With it: its rx memory, its bell.
    Hello {
        /// How it thinks shared memory is laid out.
        layout_hash: u64,
        /// What it wants.
        want: Want,
    },
    /// An observer asks for statistics.
    Observe,
    /// Somebody looks, or nobody.
    Watched(bool),
    /// A frame was taken from a queue for which the renderer waits.
    Space,
    /// No more frames are wanted; those that are held stay held until the end of the connection.
    Bye,
}

/// From the renderer to a sink or an observer.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum ToSink {
    /// The sink is admitted. With it: pool header, pool pixels, tx memory.
    Admitted(PoolNews),
    /// A larger pool takes over. With it: pool header, pool pixels.
    Pool(PoolNews),
    /// The sink is turned away.
    Refused {
        /// For programs.
        code: Refusal,
        /// For people.
        message: String,
    },
    /// Wakes a sink whose bell is not used, because it belongs to another user.
    Wake,
    /// The answer to an observer.
    Stats(Box<Stats>),
}

/// What a sink must know of a pool before it maps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PoolNews {
    /// Random number of the renderer's start.
    pub generation: u64,
    /// Which pool of its view.
    pub epoch: u8,
    /// Slots.
    pub slots: u16,
    /// Size and layout of its frames.
    pub geometry: Geometry,
}

/// Why bytes are no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Not a message of ours.
    #[error("{0} bytes that are no message of this protocol")]
    Foreign(usize),
    /// A message of another version.
    #[error("version {0} of the protocol, this side speaks {VERSION}; use programs of one release")]
    Version(u16),
    /// A broken message.
    #[error("a message that cannot be decoded: {0}")]
    Broken(String),
    /// Too much to send.
    #[error("a message that cannot be encoded: {0}")]
    TooLarge(String),
}

fn config() -> impl bincode::config::Config {
    bincode::config::standard().with_limit::<MESSAGE_MAX_BYTES>()
}

/// The bytes of a message.
pub fn encode(message: &impl Serialize) -> Result<Vec<u8>, WireError> {
    let body = bincode::serde::encode_to_vec(message, config())
        .map_err(|error| WireError::TooLarge(error.to_string()))?;
    let mut bytes = Vec::with_capacity(PREFIX_BYTES + body.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(&body);
    if bytes.len() > MESSAGE_MAX_BYTES {
        return Err(WireError::TooLarge(format!("{} bytes", bytes.len())));
    }
    Ok(bytes)
}

/// The message in these bytes, all of them.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    let Some((prefix, body)) = bytes.split_at_checked(PREFIX_BYTES) else {
        return Err(WireError::Foreign(bytes.len()));
    };
    if prefix[..4] != MAGIC {
        return Err(WireError::Foreign(bytes.len()));
    }
    let version = u16::from_le_bytes([prefix[4], prefix[5]]);
    if version != VERSION {
        return Err(WireError::Version(version));
    }
    let (message, used) = bincode::serde::decode_from_slice(body, config())
        .map_err(|error| WireError::Broken(error.to_string()))?;
    if used != body.len() {
        return Err(WireError::Broken(format!("{} bytes too many", body.len() - used)));
    }
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_message_of_next_year_is_told_by_its_version() {
        let mut bytes = encode(&ToHub::Observe).unwrap();
        assert_eq!(decode::<ToHub>(&bytes), Ok(ToHub::Observe));
        bytes[4] = VERSION as u8 + 1;
        assert_eq!(decode::<ToHub>(&bytes), Err(WireError::Version(VERSION + 1)));
        bytes[0] = b'x';
        assert_eq!(decode::<ToHub>(&bytes), Err(WireError::Foreign(bytes.len())));
    }

    #[test]
    fn what_follows_a_message_is_refused() {
        let mut bytes = encode(&ToHub::Bye).unwrap();
        bytes.push(0);
        assert_eq!(decode::<ToHub>(&bytes), Err(WireError::Broken("1 bytes too many".into())));
    }

    proptest! {
        #[test]
        fn no_bytes_make_decoding_panic(mut bytes: Vec<u8>, ours: bool) {
            if ours {
                let mut whole = encode(&ToHub::Space).unwrap();
                whole.truncate(PREFIX_BYTES);
                whole.append(&mut bytes);
                bytes = whole;
            }
            let _ = decode::<ToHub>(&bytes);
            let _ = decode::<ToSink>(&bytes);
        }
    }
}
