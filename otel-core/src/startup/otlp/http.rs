//! OTLP over HTTP, with the blocking client: the batch processor's thread belongs to no runtime.

use std::time::Duration;

use opentelemetry_otlp::{
    Compression, ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _,
};

use crate::config::{OtlpCompression, OtlpProtocol, OtlpSettings};
use crate::exporter::ReportingSpanExporter;
use crate::exporter::http_client::OtlpHttpClient;

/// The exporter for these settings. Must not be called on a thread of an async runtime.
pub(super) fn exporter(
    otlp: &OtlpSettings,
    timeout: Duration,
) -> Result<ReportingSpanExporter<SpanExporter>, ExporterBuildError> {
    let client = OtlpHttpClient::new(otlp, timeout)?;
    let last_error = client.last_error();
    let protocol = match otlp.protocol {
        OtlpProtocol::HttpJson => Protocol::HttpJson,
        OtlpProtocol::HttpProtobuf | OtlpProtocol::Grpc => Protocol::HttpBinary,
    };
    let mut builder = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_endpoint(&otlp.endpoint)
        .with_protocol(protocol)
        .with_timeout(timeout);
    if otlp.compression == OtlpCompression::Gzip {
        builder = builder.with_compression(Compression::Gzip);
    }
    Ok(ReportingSpanExporter::new(builder.build()?, super::destination(otlp)).with_last_error(last_error))
}
