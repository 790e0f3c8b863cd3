//! The metrics of clients: how long calls take, how large bodies are.
//!
//! Source: [HTTP](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-client),
//! [databases](https://opentelemetry.io/docs/specs/semconv/database/database-metrics/),
//! [RPC](https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/).

mod database;
mod http;
mod instruments;
mod rpc;

pub(super) use http::HttpOutcome;
pub(super) use instruments::Instruments;
