#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::http::properties::authority;

fuzz_target!(|text: &str| authority(text));
