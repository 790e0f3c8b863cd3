//! One attribute gives an actix-web service the OpenTelemetry telemetry its authors would have written by hand.
//!
//! ```no_run
//! use actix_web::{App, HttpServer, get, web};
//! use otel_actix::auto_instrument;
//!
//! #[get("/users/{id}")]
//! async fn user(id: web::Path<u32>) -> String {
//!     format!("user {id}")
//! }
//!
//! #[auto_instrument] // this line, and no other
//! #[actix_web::main]
//! async fn main() -> std::io::Result<()> {
//!     HttpServer::new(|| App::new().service(user)).bind("127.0.0.1:8080")?.run().await
//! }
//! ```
//!
//! Each request is now a SERVER span by the [semantic
//! conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/), child of its caller's span, sent to
//! `OTEL_EXPORTER_OTLP_ENDPOINT`, or printed with `OTEL_TRACES_EXPORTER=console`.
//!
//! | for | see |
//! |---|---|
//! | the attribute: where it goes, its arguments, what it records | [`auto_instrument`](macro@auto_instrument) |
//! | start-up without the attribute, with settings in code | [`init`], [`builder`], [`TelemetryGuard`], [`config`] |
//! | the end without a return from `main` | [`exit`], [`shutdown`] |
//! | the reasons why nothing arrives | [`diagnose`], [`diagnosis`] |
//! | the layer by hand | [`HttpTelemetry`], [`HttpSettings`], [`middleware`], [`body`] |
//! | the request's span within a handler | [`span`](fn@span), [`request_span`], [`Labeler`] |
//! | log records with the ids of their span, and those ids on printed lines | [`logs`] |
//! | changes to every request's span | [`Hooks`] |
//! | code that leaves no telemetry | [`suppress`], [`suppress_future`] |
//! | spans of outgoing calls: HTTP, gRPC, SQL | `clients`, with the feature of the library |
//! | tests that look at telemetry | `testing`, with the feature of that name |
//! | the context in other tasks and threads | [`carry`](fn@carry), [`carry_fn`] |
//! | spans of your own | [`opentelemetry`], the API in the version that this crate uses |
//! | exporters and samplers of your own | [`opentelemetry_sdk`], whose traits [`InitBuilder`] takes |
//!
//! # Features
//!
//! | feature | default | |
//! |---|---|---|
//! | `config-file` | yes | settings from the YAML file that `OTEL_CONFIG_FILE` names |
//! | `otlp-http` | yes | OTLP over HTTP, protobuf and JSON |
//! | `otlp-grpc` | no | OTLP over gRPC |
//! | `tls-ring`, `tls-aws-lc` | no | `https://` endpoints, with the cryptography of that crate |
//! | `awc`, `reqwest-0_12`, `reqwest-0_13`, `reqwest-middleware-0_5`, `tower`, `sqlx-0_8`, `sqlx-0_9`, `diesel-2`, `redis-1` | no | spans of outgoing calls: see `clients` |
//! | `viewer` | no | `OTEL_TRACES_EXPORTER=viewer`: a page with the traces of this process |
//! | `prometheus` | no | `OTEL_METRICS_EXPORTER=prometheus`: an endpoint that Prometheus scrapes, and a handler for it |
//! | `runtime-metrics` | no | `OTEL_RUST_RUNTIME_METRICS`: metrics of the process and of actix-web's workers |
//! | `testing` | no | spans, metrics and log records in memory, for tests of instrumented applications |

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;
mod active_requests;
pub mod body;
mod headers;
mod hooks;
mod labeler;
mod layer_order;
pub mod middleware;
#[cfg(feature = "prometheus")]
pub mod prometheus;
mod request_facts;
mod route;
mod span;
mod startup;
mod telemetry;
mod traced_future;

pub use hooks::Hooks;
pub use labeler::Labeler;
pub use middleware::HttpTelemetry;
#[cfg(feature = "clients")]
pub use otel_clients as clients;
pub use otel_core::carry::{carry, carry_fn};
pub use otel_core::diagnosis::diagnose;
pub use otel_core::http::settings::{ExceptionSignal, HttpSettings, SemconvMode};
pub use otel_core::http::{HeaderCapture, InvalidPattern, Network, ParseNetworkError, Patterns, TrustedProxies};
pub use otel_core::opentelemetry;
pub use otel_core::opentelemetry_sdk;
pub use otel_core::startup::{InitBuilder, TelemetryGuard, exit, shutdown};
pub use otel_core::suppress::{Suppressed, suppress, suppress_future};
#[cfg(feature = "testing")]
#[doc = include_str!("testing.md")]
pub use otel_core::testing;
#[doc = include_str!("auto_instrument.md")]
pub use otel_macros::auto_instrument;
pub use span::{ActiveSpan, request_span, span};
pub use startup::{builder, init};

/// The values of settings in code, as [`InitBuilder`] takes them, and the problems found in settings.
///
/// The repository lists every variable and its method in `docs/settings.md`.
pub mod config {
    pub use otel_core::config::{
        ClientLibrary, ConsoleFormat, ExporterName, HistogramAggregation, LogLevel, OtlpCompression, OtlpProtocol,
        Problem, PropagatorName, ResourceDetectorName, SamplerChoice, TemporalityPreference,
    };
}

/// The reasons why telemetry may not arrive, as [`diagnose`] finds them.
///
/// With `OTEL_LOG_LEVEL=debug` the process reports them by itself, a second after the first request, or ten seconds after
/// the start if none comes.
pub mod diagnosis {
    pub use otel_core::diagnosis::{Diagnosis, Finding, Global, OpenTelemetryVersion};
}

/// `tracing` events and records of the `log` crate as log records with the ids of trace and span.
///
/// An application that prints its logs adds [`layer`](logs::layer) to its `tracing` subscriber, or wraps its logger in
/// an [`ExportingLogger`](logs::ExportingLogger); printed lines name their span with [`TraceIds`](logs::TraceIds). An
/// application that prints nothing calls [`try_init`](logs::try_init).
pub mod logs {
    pub use otel_core::logs::{ExportingLogger, TraceIds, TryInitError, layer, try_init};
}

/// The README's example compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
