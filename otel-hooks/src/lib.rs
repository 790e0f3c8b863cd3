//! The places where an application's copies of `opentelemetry`, `tracing-subscriber`, `log`, `tokio` and client libraries
//! call the runtime of `cargo otel`.
//!
//! This crate does not depend on the runtime. The trait implementations of all dependencies take part in type inference,
//! and those of `serde_json` make `number == text.parse().unwrap()` ambiguous. So the runtime [installs](install) its
//! functions here, before `main`. A program without actix-web contains no runtime, and the hooks do nothing in it.

mod carry;
pub mod client;
pub mod config;
pub mod database;
pub mod formatted;
pub mod global;
mod hooks;
pub mod http;
pub mod log;

pub use carry::{Carried, carry, carry_fn};
pub use hooks::{RuntimeFunctions, install, record_event};

// As in `otel_core`, for the files of `otel-clients`.
pub use opentelemetry;
