//! A plain HTTP client, exports to send, and a browser.
#![allow(clippy::print_stderr, clippy::format_push_string, clippy::missing_panics_doc, reason = "for tests alone")]
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

pub mod browser;
pub mod http;
pub mod spans;

use std::io::{BufRead as _, BufReader, Read};
use std::process::Child;
use std::time::{Duration, Instant};

/// A process that ends when this is dropped.
#[derive(Debug)]
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

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

/// The rest of the first line of `stream` that contains `mark`. A thread reads the stream to its end: a process whose
/// output stays unread would wait.
pub fn after(mark: &str, stream: impl Read + Send + 'static) -> String {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut others = Vec::new();
    for line in lines.by_ref() {
        if let Some((_, rest)) = line.split_once(mark) {
            let rest = rest.to_owned();
            std::thread::spawn(move || lines.for_each(drop));
            return rest;
        }
        others.push(line);
    }
    panic!("{mark:?} was not printed: {others:?}")
}
