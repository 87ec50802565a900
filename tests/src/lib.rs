//! What the tests over real processes share: starting a group, waiting for a condition, fixture trees, viewers, pictures.
//!
//! Holds no assertion about the product: those stand in `tests/tests`.
#![forbid(unsafe_code)]

pub mod chromium;
pub mod fixture;
pub mod group;
pub mod http;
pub mod pages;
pub mod picture;
pub mod ports;
pub mod programs;
pub mod viewer;
pub mod wait;
