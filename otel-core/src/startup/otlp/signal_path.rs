//! Where a collector takes the requests of each signal.

/// The path and the method that take the requests of a signal.
#[derive(Clone, Copy)]
#[cfg_attr(not(all(feature = "otlp-grpc", feature = "otlp-http")), expect(dead_code, reason = "one way is enough"))]
pub(super) struct SignalPath {
    /// The signal's name in paths of OTLP/HTTP.
    pub(super) http: &'static str,
    /// The method of its gRPC service.
    pub(super) grpc: &'static str,
}

pub(super) const TRACES: SignalPath =
    SignalPath { http: "traces", grpc: "/opentelemetry.proto.collector.trace.v1.TraceService/Export" };
pub(super) const METRICS: SignalPath =
    SignalPath { http: "metrics", grpc: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" };
pub(super) const LOGS: SignalPath =
    SignalPath { http: "logs", grpc: "/opentelemetry.proto.collector.logs.v1.LogsService/Export" };
