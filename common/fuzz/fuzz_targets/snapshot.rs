//! Fuzzes the bytes of a snapshot on the board. What is promised stands with the target.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| casedd_common::board::hostile_bytes(bytes));
