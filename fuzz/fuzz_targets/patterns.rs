#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::http::properties::patterns;

fuzz_target!(|input: (&str, &str)| patterns(input.0, input.1));
