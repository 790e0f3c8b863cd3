//! The instruments of one provider.

use opentelemetry::metrics::{Histogram, Meter};

/// Advised by the conventions for HTTP and RPC calls, in seconds.
const CALL_BOUNDARIES: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Advised by the conventions for database calls, in seconds.
const DATABASE_BOUNDARIES: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0];

/// The instruments of one provider.
#[derive(Debug)]
pub(in crate::client) struct Instruments {
    pub(super) http_duration: Histogram<f64>,
    pub(super) old_http_duration: Histogram<f64>,
    pub(super) request_body_size: Histogram<u64>,
    pub(super) response_body_size: Histogram<u64>,
    pub(super) database_duration: Histogram<f64>,
    pub(super) rpc_duration: Histogram<f64>,
    /// `true` if they can be bound to their attributes: only those of our own provider can for certain.
    pub(super) can_be_bound: bool,
}

impl Instruments {
    pub(in crate::client) fn of(meter: &Meter, can_be_bound: bool) -> Self {
        let seconds = |name, description, boundaries: &[f64]| {
            let histogram = meter.f64_histogram(name).with_unit("s").with_description(description);
            histogram.with_boundaries(boundaries.to_vec()).build()
        };
        let bytes = |name, description| meter.u64_histogram(name).with_unit("By").with_description(description).build();
        Self {
            http_duration: seconds(
                "http.client.request.duration",
                "Duration of HTTP client requests.",
                &CALL_BOUNDARIES,
            ),
            old_http_duration: meter
                .f64_histogram("http.client.duration")
                .with_unit("ms")
                .with_description("Measures the duration of outbound HTTP requests.")
                .build(),
            request_body_size: bytes("http.client.request.body.size", "Size of HTTP client request bodies."),
            response_body_size: bytes("http.client.response.body.size", "Size of HTTP client response bodies."),
            database_duration: seconds(
                "db.client.operation.duration",
                "Duration of database client operations.",
                &DATABASE_BOUNDARIES,
            ),
            rpc_duration: seconds(
                "rpc.client.call.duration",
                "Measures the duration of an outgoing Remote Procedure Call (RPC).",
                &CALL_BOUNDARIES,
            ),
            can_be_bound,
        }
    }
}
