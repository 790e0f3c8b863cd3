#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::propagation::properties::baggage_value;

fuzz_target!(|text: &str| baggage_value(text));
