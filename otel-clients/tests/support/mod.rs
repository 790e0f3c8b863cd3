//! A peer whose answers the test sets, and the spans and metrics of the process.
#![allow(dead_code, reason = "each test program uses some of it")]

mod peer;
mod telemetry;

pub(crate) use peer::{Peer, Received, response};
pub(crate) use telemetry::{Trace, durations, metric_names, text};

use std::time::Duration;

/// Longer than any test takes on a loaded machine; only a failing test waits this long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
