//! What two casedd processes must agree on, and the shell that every process shares.
//!
//! Holds no drawing, no polling and no device: it knows nothing of templates, getters or outputs beyond their
//! configuration.
#![forbid(unsafe_code)]

pub use casedd_transport as transport;

pub mod board;
pub mod config;
pub mod exit;
pub mod history;
pub mod logging;
pub mod metrics;
pub mod notify;
pub mod runtime_dir;
pub mod shell;
pub mod sink;
