//! Framework-independent half of `otel-actix`.

pub mod code;
pub mod exporter;
pub mod http;
