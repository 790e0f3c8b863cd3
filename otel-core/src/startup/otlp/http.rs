//! OTLP over HTTP, with the blocking client: the threads that export belong to no runtime.

use std::time::Duration;

use opentelemetry_otlp::{Compression, ExporterBuildError, Protocol, RetryPolicy, WithExportConfig, WithHttpConfig};

use crate::config::{OtlpCompression, OtlpProtocol, OtlpSettings};
use crate::exporter::http_client::OtlpHttpClient;
use crate::exporter::otlp::HttpTraceService;
use crate::exporter::reporting::SharedAftermath;
use crate::exporter::retry::Patience;

/// The builder with these settings, where the transport leaves what it knows, and how long it tries again.
pub(super) fn configured<B: WithExportConfig + WithHttpConfig>(
    builder: B,
    otlp: &OtlpSettings,
    timeout: Duration,
) -> (B, SharedAftermath, Patience) {
    let client = OtlpHttpClient::new(otlp, timeout);
    let (aftermath, patience) = (client.aftermath(), client.patience());
    let protocol = match otlp.protocol {
        OtlpProtocol::HttpJson => Protocol::HttpJson,
        OtlpProtocol::HttpProtobuf | OtlpProtocol::Grpc => Protocol::HttpBinary,
    };
    let mut builder = builder
        .with_http_client(client)
        .with_endpoint(&otlp.endpoint)
        .with_protocol(protocol)
        .with_timeout(timeout)
        // The client has done that.
        .with_retry_policy(RetryPolicy::disabled());
    if otlp.compression == OtlpCompression::Gzip {
        builder = builder.with_compression(Compression::Gzip);
    }
    (builder, aftermath, patience)
}

/// As [`configured`], for spans that are encoded already.
pub(super) fn trace_service(
    otlp: &OtlpSettings,
    timeout: Duration,
) -> Result<(HttpTraceService, SharedAftermath, Patience), ExporterBuildError> {
    let client = OtlpHttpClient::new(otlp, timeout);
    let (aftermath, patience) = (client.aftermath(), client.patience());
    let endpoint = otlp.endpoint.parse().map_err(|error| {
        ExporterBuildError::InvalidConfiguration(format!("endpoint: invalid endpoint '{}': {error}", otlp.endpoint))
    })?;
    Ok((HttpTraceService::new(client, endpoint, otlp.compression), aftermath, patience))
}
