#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::http::properties::{Lines, forwarded};

fuzz_target!(|input: &[u8]| {
    let headers = otel_fuzz::headers(input);
    forwarded(&Lines(headers.iter().map(|(name, value)| (name.as_str(), *value)).collect()));
});
