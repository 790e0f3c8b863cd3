#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::propagation::properties::baggage;

fuzz_target!(|text: &str| baggage(&text.lines().collect::<Vec<_>>()));
