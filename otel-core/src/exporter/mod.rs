//! The destinations of spans, metrics and log records.

pub(crate) mod boxed;
#[cfg(feature = "_otlp")]
pub(crate) mod cause;
pub mod console;
pub(crate) mod counts;
mod encoded;
pub(crate) mod failure_report;
#[cfg(feature = "otlp-http")]
pub(crate) mod http;
#[cfg(feature = "_otlp")]
pub(crate) mod otlp;
#[cfg(feature = "_otlp")]
pub(crate) mod otlp_headers;
#[cfg(all(feature = "_otlp", feature = "_tls"))]
pub(crate) mod pem;
#[cfg(feature = "prometheus")]
pub mod prometheus;
pub mod reporting;
pub(crate) mod retry;
pub(crate) mod secrets;
pub(crate) mod signal;
#[cfg(feature = "viewer")]
pub(crate) mod viewer;

/// The `User-Agent` of requests to a collector.
#[cfg(feature = "_otlp")]
pub(crate) const USER_AGENT: &str = concat!("otel-actix/", env!("CARGO_PKG_VERSION"));

pub use console::{ConsoleLogExporter, ConsoleMetricExporter, ConsoleSpanExporter, TextSpanExporter};
pub use reporting::ReportingExporter;
