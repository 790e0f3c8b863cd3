//! OTLP: spans of the recorder, metrics and log records of the SDK become the bytes of requests to a collector.
//!
//! `opentelemetry-otlp` would send the same bytes. But it prints a collector's message, which may repeat credentials,
//! at its finest log level, reads the environment once more, and makes each application compile derived code for each
//! message.
//!
//! | module | one idea |
//! |---|---|
//! | `wire`, `reader` | protobuf, written and read |
//! | `value`, `visitor` | attributes: from a value, from facts |
//! | `memo` | attributes that were encoded from the same facts before |
//! | `span`, `request` | one span; a batch, and the parts that its spans share |
//! | `logs`, `metrics` | requests with log records, with metrics |
//! | `span_exporter`, `sdk_exporters` | the exporter of the recorder's worker, those of the SDK's providers |
//! | `service`, `partial` | the receiver of requests, and its answer |
//! | `http`, `grpc`, `codec` | the ways to a service |
//! | `json` | the same messages as JSON |

#[cfg(feature = "otlp-grpc")]
mod codec;
#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;
#[cfg(feature = "otlp-http")]
pub(crate) mod json;
mod logs;
mod memo;
mod metrics;
mod partial;
mod reader;
mod request;
mod sdk_exporters;
mod service;
mod span;
mod span_exporter;
mod value;
mod visitor;
mod wire;

#[cfg(test)]
pub(crate) mod tests;

#[cfg(feature = "otlp-grpc")]
pub(crate) use grpc::OtlpGrpcService;
#[cfg(feature = "otlp-http")]
pub(crate) use http::OtlpHttpService;
pub(crate) use sdk_exporters::{OtlpLogExporter, OtlpMetricExporter};
pub(crate) use service::OtlpService;
pub(crate) use span_exporter::OtlpSpanExporter;
