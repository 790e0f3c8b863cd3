#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::config::PropagatorName;
use otel_core::propagation::properties::{Lines, propagator};

fuzz_target!(|input: &[u8]| {
    let headers = otel_fuzz::headers(input).into_iter();
    let lines = headers.map(|(name, value)| (name, String::from_utf8_lossy(value).into_owned())).collect();
    propagator(PropagatorName::Xray, &Lines(lines));
});
