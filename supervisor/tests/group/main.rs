//! The supervisor over real processes: the real `casedd`, and stand-ins for the processes that it looks after.
//!
//! What the real collector, renderer and sinks do under it is tested in the workspace's `tests`.

mod commands;
mod deaths;
mod frames;
mod harness;
mod lifecycle;
