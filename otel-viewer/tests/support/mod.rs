//! A plain HTTP client, exports to send, and a browser.
#![allow(clippy::print_stderr, clippy::format_push_string, clippy::missing_panics_doc, reason = "for tests alone")]
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

pub mod browser;
pub mod http;
pub mod spans;

use std::time::{Duration, Instant};

/// Waits until `condition` returns something.
pub fn wait_for<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
