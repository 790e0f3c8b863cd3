//! [`Config`](crate::config::Config) → providers and globals, and back to silence at the end.
//!
//! ```no_run
//! // First thing in `main`; flushed when it goes out of scope, also on `?` and on panic.
//! let _telemetry = otel_core::startup::init();
//! ```

mod builder;
mod builder_http;
mod counting;
mod deadline;
mod guard;
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
mod otlp;
mod pipeline;
mod traces;

pub use builder::{InitBuilder, builder};
pub use guard::TelemetryGuard;

/// Starts telemetry from the environment. Call it once, before everything else, inside or outside an async runtime.
///
/// Never fails and never panics: what cannot be started is reported as a warning, and the application goes on.
/// A second call does nothing but warn.
pub fn init() -> TelemetryGuard {
    builder().init()
}
