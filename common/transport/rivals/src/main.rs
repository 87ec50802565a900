//! The transport beside iceoryx2, a copying ring and a Unix socket, over real processes, in one run: latency of a paced
//! frame until it is read in a sleeping consumer, and frames a second at full speed with every byte written and read.
//! `cargo run --release --manifest-path common/transport/rivals/Cargo.toml [smoke] [800x480] [alone]`
#![forbid(unsafe_code)]

mod contest;
mod copying;
mod iceoryx;
mod ours;
mod run;
mod single;
mod socket;

fn main() -> Result<(), run::Error> {
    run::run(&std::env::args().skip(1).collect::<Vec<_>>())
}
