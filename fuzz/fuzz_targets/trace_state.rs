#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::propagation::properties::trace_state;

fuzz_target!(|text: &str| trace_state(&text.lines().collect::<Vec<_>>()));
