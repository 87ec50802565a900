//! Fuzzes a board with anything in it. What is promised stands with the target.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| casedd_transport::fuzz::board(bytes));
