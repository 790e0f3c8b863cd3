//! Requests by both versions of `reqwest`: their spans, headers and metrics.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;
mod v0_12;
#[expect(clippy::duplicate_mod, reason = "the same tests for two versions of a crate")]
mod v0_13;
