//! `tracing` events as log records with the ids of trace and span.
//!
//! The OpenTelemetry API has no global logger provider; here is the one that start-up installs. Its records come from
//!
//! - the application's own `tracing` subscriber, once [`layer`] is part of it,
//! - a subscriber of ours, if the application has none and prints nothing through the `log` crate either: see
//!   [`layer`] for what it does not take over,
//! - errors of requests, where `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN` asks for it.

mod layer;
mod listen;
mod logger;

pub use layer::layer;
pub(crate) use listen::{at_first_request, is_listening};
pub(crate) use logger::install;
pub use logger::{GlobalLogger, GlobalLoggerProvider};
