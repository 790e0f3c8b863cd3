//! The recorder behaves like `opentelemetry_sdk`, except for the [`differences`], which name their reasons; and no span
//! is lost without being counted.

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
