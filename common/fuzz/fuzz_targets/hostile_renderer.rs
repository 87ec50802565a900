//! Fuzzes a renderer that writes anything into its pool and queue. What is promised stands with the target.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| casedd_transport::fuzz::hostile_renderer(bytes));
