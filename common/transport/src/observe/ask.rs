//! Asking a renderer for its statistics.
//! What is in them stands in the parent.

use super::Stats;
use crate::error::LinkError;
use crate::limits::MESSAGE_MAX_BYTES;
use crate::link;
use crate::wire::{ToHub, ToSink};
use std::path::Path;
use std::time::Duration;

/// Asks the renderer behind `socket` for its statistics.
pub fn observe(socket: &Path, timeout: Duration) -> Result<Stats, LinkError> {
    let connection = link::open(socket, timeout)?;
    link::say(&connection, &ToHub::Observe, &[])?;
    let mut buffer = vec![0; MESSAGE_MAX_BYTES];
    match link::answer(&connection, &mut buffer, timeout)?.0 {
        ToSink::Stats(stats) => Ok(*stats),
        ToSink::Refused { code, message } => Err(LinkError::Refused { code, message }),
        other => Err(LinkError::Protocol(format!("{other:?} is no answer to an observer"))),
    }
}
