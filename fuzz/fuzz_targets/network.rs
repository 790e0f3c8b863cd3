#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::http::properties::network;

fuzz_target!(|text: &str| network(text));
