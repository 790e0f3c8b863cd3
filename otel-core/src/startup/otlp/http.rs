//! OTLP over HTTP, with the blocking client: the threads that export belong to no runtime.

use std::time::Duration;

use opentelemetry_otlp::{Compression, ExporterBuildError, Protocol, WithExportConfig, WithHttpConfig};

use crate::config::{OtlpCompression, OtlpProtocol, OtlpSettings};
use crate::exporter::http_client::OtlpHttpClient;
use crate::exporter::reporting::LastError;

/// The builder with these settings, and where the transport leaves its errors. Must not be called on a thread of an
/// async runtime.
pub(super) fn configured<B: WithExportConfig + WithHttpConfig>(
    builder: B,
    otlp: &OtlpSettings,
    timeout: Duration,
) -> Result<(B, LastError), ExporterBuildError> {
    let client = OtlpHttpClient::new(otlp, timeout)?;
    let last_error = client.last_error();
    let protocol = match otlp.protocol {
        OtlpProtocol::HttpJson => Protocol::HttpJson,
        OtlpProtocol::HttpProtobuf | OtlpProtocol::Grpc => Protocol::HttpBinary,
    };
    let mut builder =
        builder.with_http_client(client).with_endpoint(&otlp.endpoint).with_protocol(protocol).with_timeout(timeout);
    if otlp.compression == OtlpCompression::Gzip {
        builder = builder.with_compression(Compression::Gzip);
    }
    Ok((builder, last_error))
}
