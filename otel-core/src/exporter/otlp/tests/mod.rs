//! The requests are those of `opentelemetry-otlp` for the same spans, byte for byte.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption should fail the test")]

mod reference;
mod scopes;
mod sdk;
mod spans;

pub(crate) use reference::{Keeping, Pair};
pub(crate) use spans::{context, limits};
