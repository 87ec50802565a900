//! Fuzzes a sink that writes anything into its words. What is promised stands with the target.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| casedd_transport::fuzz::hostile_sink(bytes));
