//! [`Config`](crate::config::Config) → providers and globals, and their shutdown at the end.
//!
//! ```no_run
//! // First thing in `main`; flushed when it goes out of scope, also on `?` and on panic.
//! let _telemetry = otel_core::startup::init();
//! ```

mod builder;
mod builder_custom;
mod builder_export;
mod builder_http;
mod builder_limits;
#[cfg(test)]
mod builder_tests;
mod counting;
mod custom_exporters;
mod deadline;
mod destinations;
mod findings;
mod guard;
mod logs;
mod metrics;
mod metrics_builder;
#[cfg(feature = "_otlp")]
mod otlp;
mod pipeline;
mod prometheus;
mod running;
mod self_metrics;
mod traces;
mod viewer;
mod views;

pub use crate::suppress::is_disabled;
pub use builder::{InitBuilder, builder};
pub use guard::TelemetryGuard;
pub use running::{exit, shutdown};

use crate::config::ExporterName;

/// Starts telemetry from the environment. Call it once, before everything else, inside or outside an async runtime.
///
/// Never fails and never panics: a part that cannot be started is a warning, and the application goes on.
/// A second call does nothing but warn.
pub fn init() -> TelemetryGuard {
    builder().init()
}

/// The exporters of a signal in the order in which they are set up, and shut down one after the other: the console
/// first, because it answers at once.
fn console_first(exporters: &[ExporterName]) -> Vec<ExporterName> {
    let (console, others): (Vec<_>, Vec<_>) = exporters.iter().partition(|name| **name == ExporterName::Console);
    [console, others].concat()
}

/// Reports that an exporter could not be built.
#[cfg(feature = "_otlp")]
fn cannot_send(items: &str, otlp: &crate::config::OtlpSettings, error: &str) {
    crate::self_log::error(format_args!("no {items} are sent to {}: {error}", otlp.shown_endpoint()));
}

/// Reports that a signal is not exported because this build has no OTLP.
#[cfg(not(feature = "_otlp"))]
fn speaks_no_otlp(variable: &str) {
    let reason = "this build lacks it, its cargo features `otlp-http` and `otlp-grpc` are off";
    let problem = crate::config::Problem::new(variable, "otlp", reason, "none");
    crate::self_log::warn(format_args!("{problem}"));
}
