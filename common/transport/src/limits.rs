//! Every limit of the transport by name, with what it protects.
//! Limits that belong to one file's format stand in that file.

/// Widest and highest frame: rectangles pack their four numbers into 16 bits each.
pub const DIMENSION_MAX_PX: u32 = 16_384;
/// Slots of one pool: a descriptor names its slot in 8 bits, 0 meaning none.
pub const SLOTS_MAX: usize = 255;
/// Frames that one ring can queue.
pub const DEPTH_MAX: u32 = 16;
/// Frames that one sink may hold at once.
pub const HOLDS_MAX: u32 = 4;
/// Bytes of a sink's name.
pub const NAME_MAX_BYTES: usize = 64;
/// Bytes of a topic (a template's name, in casedd).
pub const TOPIC_MAX_BYTES: usize = 256;
/// Fastest rate a sink may ask for: 1000 Hz.
pub const RATE_MAX_MILLIHZ: u32 = 1_000_000;
/// Bytes of one control message; more is refused before it is decoded.
pub const MESSAGE_MAX_BYTES: usize = 128 * 1024;
/// Descriptors of one control message.
pub const MESSAGE_MAX_FDS: usize = 4;
/// Bytes of the sentence that goes with a refusal.
pub const REASON_MAX_BYTES: usize = 1024;
/// Bytes of each of the two texts by which a view is described.
pub const WORDS_MAX_BYTES: usize = 512;
/// Connections that one hub serves at once, admitted or not.
pub const CONNECTIONS_MAX: usize = 256;
/// Views that one hub keeps open.
pub const VIEWS_MAX: usize = 64;
/// Extra descriptors that a caller may add to one wait.
pub const EXTRA_FDS_MAX: usize = 14;
/// A connection that has not said what it wants after this time is closed.
pub const HELLO_DEADLINE_MS: u64 = 2_000;
/// Names whose totals outlive their connections.
pub const LEDGERS_MAX: usize = 256;
