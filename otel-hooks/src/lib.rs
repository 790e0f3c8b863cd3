//! The places where an application's copies of `opentelemetry`, `tracing-subscriber` and `log` call the runtime of
//! `cargo otel`.
//!
//! This crate does not depend on the runtime. The trait implementations of all dependencies take part in type inference,
//! and those of `serde_json` make `number == text.parse().unwrap()` ambiguous. So the runtime [installs](install) its
//! functions here, before `main`. A program without actix-web contains no runtime, and the hooks do nothing in it.

pub mod global;
mod hooks;
pub mod log;

pub use hooks::{RuntimeFunctions, install, record_event};
