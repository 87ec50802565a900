//! The transport beside iceoryx2, over real processes, in one run: latency of a paced frame until it is read in a sleeping
//! consumer, and frames a second at full speed with every byte written and read. Prints a table with ratios.
//! `cargo run --release --manifest-path common/transport/rivals/Cargo.toml [smoke]`
#![forbid(unsafe_code)]

mod contest;
mod iceoryx;
mod ours;
mod run;
mod single;

fn main() -> Result<(), run::Error> {
    run::run(&std::env::args().skip(1).collect::<Vec<_>>())
}
