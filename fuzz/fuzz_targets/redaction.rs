#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::http::properties::redaction;

fuzz_target!(|text: &str| redaction(text));
