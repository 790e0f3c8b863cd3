//! A peer whose answers the test sets, and the spans and metrics of the process.
#![allow(dead_code, unused_imports, reason = "each test program uses some of it")]

#[cfg(any(feature = "tower", feature = "_tls-tests"))]
mod http2_peer;
mod peer;
#[cfg(feature = "redis-1")]
mod redis_server;
#[cfg(feature = "redis-1")]
mod server;
mod telemetry;
#[cfg(feature = "_tls-tests")]
mod tls;

#[cfg(any(feature = "tower", feature = "_tls-tests"))]
pub(crate) use http2_peer::{Answer, Http2Peer};
pub(crate) use peer::{Peer, Received, response};
#[cfg(feature = "redis-1")]
pub(crate) use redis_server::RedisServer;
pub(crate) use telemetry::{Trace, attribute, durations, metric_names, metrics, sizes, text};
#[cfg(feature = "_tls-tests")]
pub(crate) use tls::Identity;

use std::time::Duration;

/// Longer than any test takes on a loaded machine; only a failing test waits this long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
