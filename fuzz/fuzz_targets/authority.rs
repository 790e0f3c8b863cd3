#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::http::invariants::authority;

fuzz_target!(|text: &str| authority(text));
