//! Framework-independent half of `otel-actix`.

pub mod carry;
pub mod code;
pub mod function;
pub mod http;
