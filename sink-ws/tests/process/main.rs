//! The sink as a real process: a real hub before it, real sockets behind it.

mod answers;
mod client;
mod limits;
mod outages;
mod renderer;
mod sink;
mod start;
mod viewers;
