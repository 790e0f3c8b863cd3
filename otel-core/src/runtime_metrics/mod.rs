//! Metrics of this process and of the tokio runtimes in it (`OTEL_RUST_RUNTIME_METRICS=true`).
//!
//! | module | one idea |
//! |---|---|
//! | `process` | `process.*` of the semantic conventions, from `/proc` |
//! | `workers` | busy time, queues and tasks of each runtime that [`observe_runtime`] was called in |

#[cfg(target_os = "linux")]
mod process;
mod workers;

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::metrics::SdkMeterProvider;

use crate::resource::scope;

pub use workers::observe_runtime;

/// Exports the metrics with the meter provider that start-up made. The provider keeps the instruments.
pub(crate) fn observe(meters: &SdkMeterProvider) {
    let meter = meters.meter_with_scope(scope());
    #[cfg(target_os = "linux")]
    process::observe(&meter);
    workers::observe(&meter);
}
