//! `tracing` events and records of the `log` crate as log records with the ids of trace and span.
//!
//! The OpenTelemetry API has no global logger provider; start-up installs the one of this module. Its records come from
//!
//! - the application's own `tracing` subscriber, once [`layer`] is part of it,
//! - the application's own logger of the `log` crate, within an [`ExportingLogger`],
//! - a subscriber and a logger that only export, once the application calls [`try_init`],
//! - errors of requests, if `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN` asks for them.
//!
//! Nothing else sets a subscriber or a logger: the application may need these places for itself, even late.
//!
//! [`TraceIds`] adds the ids of trace and span to printed logs.

mod export_only;
mod fields;
mod layer;
mod limits;
mod log_crate;
mod logger;
mod trace_ids;

pub use export_only::{TryInitError, try_init};
pub use layer::layer;
pub use limits::LimitedLogRecord;
pub use log_crate::ExportingLogger;
#[cfg(feature = "otlp-grpc")]
pub(crate) use logger::GRPC_THREAD;
pub use logger::{GlobalLogger, GlobalLoggerProvider};
pub(crate) use logger::{install, is_unused};
pub use trace_ids::TraceIds;
