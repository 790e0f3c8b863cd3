#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::config::properties::substitution;

fuzz_target!(|input: (&str, &str)| substitution(input.0, input.1));
