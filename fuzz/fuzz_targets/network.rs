#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::http::invariants::network;

fuzz_target!(|text: &str| network(text));
