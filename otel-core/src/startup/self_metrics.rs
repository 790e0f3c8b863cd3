//! Metrics of telemetry itself, and of the process it runs in.

use std::sync::Arc;

use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::metrics::SdkMeterProvider;

use crate::recorder::TracerProvider;
use crate::resource::scope;

/// Exports the number of spans that a full queue dropped, as
/// [`otel.sdk.processor.span.processed`](https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/#metric-otelsdkprocessorspanprocessed).
/// Nothing is exported while there are none.
pub(super) fn observe_dropped_spans(traces: &TracerProvider, meters: &SdkMeterProvider) {
    let observed: Vec<_> = traces
        .branches()
        .iter()
        .enumerate()
        .map(|(number, branch)| {
            let attributes = [
                KeyValue::new("error.type", "queue_full"),
                KeyValue::new("otel.component.name", format!("batching_span_processor/{number}")),
                KeyValue::new("otel.component.type", "batching_span_processor"),
            ];
            (Arc::clone(&branch.queue), attributes)
        })
        .collect();
    // The provider keeps the instrument.
    let _ = meters
        .meter_with_scope(scope())
        .u64_observable_counter("otel.sdk.processor.span.processed")
        .with_unit("{span}")
        .with_description("The number of spans for which the processing has finished, either successful or failed.")
        .with_callback(move |observer| {
            for (queue, attributes) in &observed {
                match queue.dropped() {
                    0 => {}
                    dropped => observer.observe(dropped, attributes),
                }
            }
        })
        .build();
}

/// Exports metrics of the process and of tokio's workers.
#[cfg(feature = "runtime-metrics")]
pub(super) fn observe_runtime(meters: &SdkMeterProvider) {
    crate::runtime_metrics::observe(meters);
}

/// Reports that this build has no such metrics.
#[cfg(not(feature = "runtime-metrics"))]
pub(super) fn observe_runtime(_: &SdkMeterProvider) {
    let reason = "this build lacks them, its cargo feature `runtime-metrics` is off";
    let problem = crate::config::Problem::new("OTEL_RUST_RUNTIME_METRICS", "true", reason, "false");
    crate::self_log::warn(format_args!("{problem}"));
}
