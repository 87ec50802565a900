//! Fuzzes what a sink says to the hub. What is promised stands with the target.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| casedd_transport::fuzz::to_hub(bytes));
