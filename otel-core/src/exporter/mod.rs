//! Where spans, metrics and log records go.

#[cfg(any(feature = "grpc", feature = "otlp-http"))]
pub(crate) mod cause;
pub mod console;
#[cfg(feature = "otlp-http")]
pub(crate) mod http_client;
#[cfg(feature = "otlp-http")]
mod lazy_client;
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
pub(crate) mod otlp;
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
pub(crate) mod otlp_headers;
pub(crate) mod outage;
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
mod partial;
#[cfg(any(feature = "grpc", feature = "tls"))]
pub(crate) mod pem;
pub mod reporting;
pub(crate) mod retry;
#[cfg(feature = "tls")]
mod tls;

/// What requests to a collector say of who sends them.
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
pub(crate) const USER_AGENT: &str = concat!("otel-actix/", env!("CARGO_PKG_VERSION"));

pub use console::{ConsoleLogExporter, ConsoleMetricExporter, ConsoleSpanExporter};
pub use reporting::ReportingExporter;
