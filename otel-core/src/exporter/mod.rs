//! Where spans, metrics and log records go.

pub mod console;
#[cfg(feature = "otlp-http")]
pub(crate) mod http_client;
#[cfg(feature = "otlp-http")]
mod lazy_client;
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
pub(crate) mod otlp_headers;
pub(crate) mod outage;
#[cfg(feature = "otlp-http")]
mod partial;
#[cfg(any(feature = "grpc", feature = "tls"))]
pub(crate) mod pem;
pub mod reporting;
pub(crate) mod retry;
#[cfg(feature = "tls")]
mod tls;

pub use console::{ConsoleLogExporter, ConsoleMetricExporter, ConsoleSpanExporter};
pub use reporting::ReportingExporter;
