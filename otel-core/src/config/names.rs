//! Exporters, propagators and log levels by name.

use super::choice::choice;

/// An exporter that can be named in `OTEL_TRACES_EXPORTER`, `OTEL_METRICS_EXPORTER` and `OTEL_LOGS_EXPORTER`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExporterName {
    /// `console`: standard output, as lines for people or as JSON.
    Console,
    /// `otlp`: an OpenTelemetry collector, or a backend that takes OTLP.
    Otlp,
    /// `prometheus`: an endpoint that Prometheus scrapes, for metrics alone (cargo feature `prometheus`).
    Prometheus,
    /// `viewer`: a page on this machine (cargo feature `viewer`).
    Viewer,
}

choice!(ExporterName { "console" => Self::Console, "otlp" => Self::Otlp, "prometheus" => Self::Prometheus, "viewer" => Self::Viewer });

/// A propagator that can be named in `OTEL_PROPAGATORS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PropagatorName {
    /// `tracecontext`: [W3C Trace Context](https://www.w3.org/TR/trace-context-2/).
    TraceContext,
    /// `baggage`: [W3C Baggage](https://www.w3.org/TR/baggage/).
    Baggage,
    /// `b3`: Zipkin's single header.
    B3,
    /// `b3multi`: Zipkin's `X-B3-*` headers.
    B3Multi,
    /// `jaeger`: `uber-trace-id`.
    Jaeger,
    /// `xray`: `X-Amzn-Trace-Id`.
    Xray,
}

choice!(PropagatorName {
    "tracecontext" => Self::TraceContext,
    "baggage" => Self::Baggage,
    "b3" => Self::B3,
    "b3multi" => Self::B3Multi,
    "jaeger" => Self::Jaeger,
    "xray" => Self::Xray,
});

/// A resource detector that can be named in `OTEL_RUST_RESOURCE_DETECTORS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResourceDetectorName {
    /// `host`: `host.name`, `host.id`, `host.arch`, `os.type`.
    Host,
    /// `process`: `process.pid`, `process.executable.name`, `process.executable.path`, `process.command`. Arguments are
    /// left out: they may hold secrets.
    Process,
    /// `container`: `container.id`, if this process runs in a container on Linux.
    Container,
}

choice!(ResourceDetectorName { "host" => Self::Host, "process" => Self::Process, "container" => Self::Container });

/// A client library that can be named in `OTEL_RUST_DISABLED_INSTRUMENTATIONS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientLibrary {
    /// `awc`
    Awc,
    /// `reqwest`, of any version, also through `reqwest-middleware`.
    Reqwest,
    /// `tower`: the layers for clients of `hyper` and `tonic`.
    Tower,
    /// `sqlx`, of any version.
    Sqlx,
    /// `diesel`.
    Diesel,
    /// `redis`.
    Redis,
}

choice!(ClientLibrary {
    "awc" => Self::Awc,
    "reqwest" => Self::Reqwest,
    "tower" => Self::Tower,
    "sqlx" => Self::Sqlx,
    "diesel" => Self::Diesel,
    "redis" => Self::Redis,
});

/// Which messages of telemetry about itself are written (`OTEL_LOG_LEVEL`). Ordered from silent to verbose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LogLevel {
    /// `off`: nothing.
    Off,
    /// `error`
    Error,
    /// `warn`: settings that were not understood, exports that failed.
    Warn,
    /// `info`: also one line at start. The default.
    #[default]
    Info,
    /// `debug`
    Debug,
    /// `trace`
    Trace,
}

// Languages disagree about the names of the ends; all of them are understood.
choice!(LogLevel {
    "off" => Self::Off,
    "none" => Self::Off,
    "error" => Self::Error,
    "fatal" => Self::Error,
    "warn" => Self::Warn,
    "warning" => Self::Warn,
    "info" => Self::Info,
    "debug" => Self::Debug,
    "trace" => Self::Trace,
    "verbose" => Self::Trace,
    "all" => Self::Trace,
});
