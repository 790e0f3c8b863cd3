//! Where finished spans go.

pub mod console;
#[cfg(feature = "otlp-http")]
pub(crate) mod http_client;
pub mod reporting;
#[cfg(feature = "tls")]
mod tls;
pub(crate) mod truncating;

pub use console::ConsoleSpanExporter;
pub use reporting::ReportingSpanExporter;
