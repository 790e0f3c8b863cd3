//! Spans written by hand: the code that a careful engineer adds to a service to follow the [semantic conventions for
//! HTTP](https://opentelemetry.io/docs/specs/semconv/http/http-spans/), with the `opentelemetry` API alone.
//!
//! This is the other side of the comparison: it shares no code with `otel-actix`.

mod body;
mod conventions;
mod host;
mod method;
mod middleware;
mod propagation;
mod query;
mod request;
mod response;

pub use middleware::server_span;
