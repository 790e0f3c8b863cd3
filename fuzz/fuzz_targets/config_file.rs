#![no_main]

use libfuzzer_sys::fuzz_target;
use otel_core::config::properties::config_file;

fuzz_target!(|text: &str| config_file(text));
