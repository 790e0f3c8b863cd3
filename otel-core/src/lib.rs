//! Framework-independent half of `otel-actix`.

pub mod code;
pub mod http;
