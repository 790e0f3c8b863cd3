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
//! Each request is now a SERVER span by the
//! [semantic conventions](https://opentelemetry.io/docs/specs/semconv/http/http-spans/), child of its caller's span,
//! sent to where `OTEL_EXPORTER_OTLP_ENDPOINT` says, or printed with `OTEL_TRACES_EXPORTER=console`.
//!
//! | for | see |
//! |---|---|
//! | the attribute: where it goes, what it takes, what comes out | [`auto_instrument`](macro@auto_instrument) |
//! | start-up without the attribute, with settings in code | [`init`], [`builder`], [`TelemetryGuard`] |
//! | the end without a return from `main` | [`exit`], [`shutdown`] |
//! | why nothing arrives | [`diagnose`] |
//! | what the environment can say | [`config`] |
//! | the layer by hand | [`HttpTelemetry`], [`HttpSettings`] |
//! | the request's span within a handler | [`span`](fn@span), [`request_span`], [`Labeler`] |
//! | `tracing` events and `log` records as log records with the ids of their span, and those ids on printed lines | [`logs`] |
//! | a say in every request's span | [`Hooks`] |
//! | code that leaves no telemetry | [`suppress`], [`suppress_future`] |
//! | tests that look at telemetry | `testing`, with the feature of that name |
//! | the context in other tasks and threads | [`carry`](fn@carry), [`carry_fn`] |
//! | spans of your own | [`opentelemetry`], the API in the version that this crate speaks |
//!
//! # Features
//!
//! | feature | default | |
//! |---|---|---|
//! | `config-file` | yes | settings from the YAML file that `OTEL_CONFIG_FILE` names |
//! | `otlp-http` | yes | OTLP over HTTP, protobuf and JSON |
//! | `tls` | yes | `https://` endpoints |
//! | `grpc` | no | OTLP over gRPC |
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
mod request_facts;
mod route;
mod span;
mod telemetry;
mod traced_future;

pub use hooks::Hooks;
pub use labeler::Labeler;
pub use middleware::HttpTelemetry;
pub use otel_core::carry::{carry, carry_fn};
pub use otel_core::config;
pub use otel_core::diagnosis::{self, Diagnosis, Finding, diagnose};
pub use otel_core::http::settings::{ExceptionSignal, HttpSettings, SemconvMode};
pub use otel_core::http::{HeaderCapture, Network, Patterns, TrustedProxies};
pub use otel_core::logs;
pub use otel_core::opentelemetry;
pub use otel_core::startup::{InitBuilder, TelemetryGuard, builder, exit, init, shutdown};
pub use otel_core::suppress::{Suppressed, suppress, suppress_future};
#[cfg(feature = "testing")]
#[doc = include_str!("testing.md")]
pub use otel_core::testing;
#[doc = include_str!("auto_instrument.md")]
pub use otel_macros::auto_instrument;
pub use span::{ActiveSpan, request_span, span};

/// The README's example compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
