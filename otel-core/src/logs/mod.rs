//! `tracing` events and records of the `log` crate as log records with the ids of trace and span.
//!
//! The OpenTelemetry API has no global logger provider; here is the one that start-up installs. Its records come from
//!
//! - the application's own `tracing` subscriber, once [`layer`] is part of it,
//! - the application's own logger of the `log` crate, within an [`ExportingLogger`],
//! - a subscriber and a logger of ours, if the application has neither: see [`layer`] for what they do not take over,
//! - errors of requests, where `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN` asks for it.
//!
//! Logs that are printed name their span with [`TraceIds`].

mod layer;
mod listen;
mod log_crate;
mod logger;
mod trace_ids;

pub use layer::layer;
pub(crate) use listen::at_first_request;
pub use log_crate::ExportingLogger;
pub(crate) use logger::install;
pub use logger::{GlobalLogger, GlobalLoggerProvider};
pub use trace_ids::TraceIds;
