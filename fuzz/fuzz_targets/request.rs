#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::http::properties::{Lines, attributes};

fuzz_target!(|input: (&str, &str, &[u8])| {
    let (method, target, headers) = input;
    let headers = otel_fuzz::headers(headers);
    attributes(method, target, &Lines(headers.iter().map(|(name, value)| (name.as_str(), *value)).collect()));
});
