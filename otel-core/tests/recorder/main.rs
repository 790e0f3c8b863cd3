//! The recorder: what it does is what `opentelemetry_sdk` does, but where the [`differences`] say why not; and nothing that
//! it is given gets lost uncounted.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed expectation is a failed test")]

mod batches;
mod commands;
mod conformance;
mod differences;
mod harness;
mod lifecycle;
mod limits;
mod loss;
mod sampling;
