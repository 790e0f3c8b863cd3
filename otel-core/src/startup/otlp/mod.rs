//! OTLP exporters.

#[cfg(feature = "grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;

use std::time::Duration;

use opentelemetry_otlp::ExporterBuildError;

use super::traces::{Branch, branch};
use crate::config::{OtlpSettings, TracesConfig};

/// Longest wait of a finished span, unless the configuration says otherwise
/// ([specification](https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor)).
const DELAY: Duration = Duration::from_secs(5);

/// The way to the collector that `config` describes. Must not be called on a thread of an async runtime.
pub(super) fn to_collector(config: &TracesConfig) -> Result<Branch, ExporterBuildError> {
    let otlp = &config.otlp;
    let timeout = config.batch.export_timeout.map_or(otlp.timeout, |limit| limit.min(otlp.timeout));
    // `config` lets through what this build can speak.
    #[cfg(all(feature = "grpc", feature = "otlp-http"))]
    if otlp.protocol == crate::config::OtlpProtocol::Grpc {
        return Ok(branch(config, grpc::exporter(otlp, timeout)?, DELAY));
    }
    #[cfg(feature = "otlp-http")]
    let exporter = http::exporter(otlp, timeout)?;
    #[cfg(not(feature = "otlp-http"))]
    let exporter = grpc::exporter(otlp, timeout)?;
    Ok(branch(config, exporter, DELAY))
}

/// What reports call this exporter.
fn destination(otlp: &OtlpSettings) -> String {
    format!("otlp {} ({})", otlp.shown_endpoint(), otlp.protocol)
}
