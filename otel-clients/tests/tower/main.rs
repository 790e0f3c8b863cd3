//! Requests and gRPC calls through tower services: their spans, headers and metrics.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod grpc;
mod http_requests;
#[cfg(feature = "reqwest-middleware-0_5")]
mod nested;
