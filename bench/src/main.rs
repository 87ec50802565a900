//! `casedd-bench`: what drawing and encoding cost on this machine, as tables or JSON, with rivals on demand.
//! Leaves out the transport, which has a bench of its own beside its rivals.
#![forbid(unsafe_code)]

mod case;
mod cli;
mod desk;
mod encode;
mod feed;
mod measure;
mod process;
mod report;
mod rivals;
mod table;

fn main() -> anyhow::Result<()> {
    cli::run()
}
