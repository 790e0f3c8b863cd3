//! The instruments of one provider.

use opentelemetry::metrics::{Histogram, Meter, UpDownCounter};
use opentelemetry::{InstrumentationScope, global};

/// The boundaries that the conventions advise for `http.server.request.duration`, in seconds.
const DURATION_BOUNDARIES: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The instruments of one provider.
#[derive(Debug)]
pub(in crate::server) struct Instruments {
    pub(super) duration: Histogram<f64>,
    pub(super) old_duration: Histogram<f64>,
    pub(super) active_requests: UpDownCounter<i64>,
    pub(super) request_body_size: Histogram<u64>,
    pub(super) response_body_size: Histogram<u64>,
    /// `true` if the instruments can be bound to attributes. Those of other providers than ours may not support it.
    pub(super) can_be_bound: bool,
}

impl Instruments {
    /// Creates the instruments with the global provider.
    pub(in crate::server) fn of_global_provider(scope: &'static InstrumentationScope, can_be_bound: bool) -> Self {
        Self::of(&global::meter_with_scope(scope.clone()), can_be_bound)
    }

    pub(super) fn of(meter: &Meter, can_be_bound: bool) -> Self {
        Self {
            duration: meter
                .f64_histogram("http.server.request.duration")
                .with_unit("s")
                .with_description("Duration of HTTP server requests.")
                .with_boundaries(DURATION_BOUNDARIES.to_vec())
                .build(),
            old_duration: meter
                .f64_histogram("http.server.duration")
                .with_unit("ms")
                .with_description("Measures the duration of inbound HTTP requests.")
                .build(),
            active_requests: meter
                .i64_up_down_counter("http.server.active_requests")
                .with_unit("{request}")
                .with_description("Number of active HTTP server requests.")
                .build(),
            request_body_size: meter
                .u64_histogram("http.server.request.body.size")
                .with_unit("By")
                .with_description("Size of HTTP server request bodies.")
                .build(),
            response_body_size: meter
                .u64_histogram("http.server.response.body.size")
                .with_unit("By")
                .with_description("Size of HTTP server response bodies.")
                .build(),
            can_be_bound,
        }
    }
}
