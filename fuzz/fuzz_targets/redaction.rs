#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::http::invariants::redaction;

fuzz_target!(|text: &str| redaction(text));
