//! Spans straight to OTLP: the worker's records become the bytes of an `ExportTraceServiceRequest` without anything in
//! between. What `opentelemetry-otlp` sends for the same spans is the same, byte for byte.
//!
//! | module | one idea |
//! |---|---|
//! | `wire` | protobuf |
//! | `value`, `visitor` | attributes: from a value, from facts |
//! | `memo` | attributes that were made of the same facts before |
//! | `span`, `request` | one span; a batch, with what its spans share |
//! | `exporter` | the worker's exporter |
//! | `http`, `grpc`, `codec` | the ways to a collector |
//! | `json` | the same messages as JSON |

#[cfg(feature = "otlp-grpc")]
mod codec;
mod exporter;
#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;
#[cfg(feature = "otlp-http")]
pub(crate) mod json;
mod memo;
mod request;
mod span;
mod value;
mod visitor;
mod wire;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use exporter::{OtlpExporter, TraceService};
#[cfg(feature = "otlp-grpc")]
pub(crate) use grpc::GrpcTraceService;
#[cfg(feature = "otlp-http")]
pub(crate) use http::HttpTraceService;
