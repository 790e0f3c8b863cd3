//! OTLP over HTTP, with the blocking client: the threads that export belong to no runtime.

use std::time::Duration;

use opentelemetry_otlp::{Compression, ExporterBuildError, Protocol, RetryPolicy, WithExportConfig, WithHttpConfig};

use crate::config::{OtlpCompression, OtlpProtocol, OtlpSettings};
use crate::exporter::http_client::OtlpHttpClient;
use crate::exporter::reporting::LastError;
use crate::exporter::retry::Patience;

/// The builder with these settings, where the transport leaves its errors, and how long it tries again. Must not be
/// called on a thread of an async runtime.
pub(super) fn configured<B: WithExportConfig + WithHttpConfig>(
    builder: B,
    otlp: &OtlpSettings,
    timeout: Duration,
) -> Result<(B, LastError, Patience), ExporterBuildError> {
    let client = OtlpHttpClient::new(otlp, timeout)?;
    let (last_error, patience) = (client.last_error(), client.patience());
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
    Ok((builder, last_error, patience))
}
