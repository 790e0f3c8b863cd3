//! OTLP over HTTP, with the blocking client: the batch processor's thread belongs to no runtime.

use std::sync::Arc;

use opentelemetry_otlp::{
    Compression, ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _,
};

use crate::config::{OtlpCompression, OtlpProtocol, TracesConfig};
use crate::exporter::ReportingSpanExporter;
use crate::exporter::http_client::OtlpHttpClient;

/// The exporter that `config` describes. Must not be called on a thread of an async runtime.
pub(super) fn exporter(config: &TracesConfig) -> Result<ReportingSpanExporter<SpanExporter>, ExporterBuildError> {
    let otlp = &config.otlp;
    let timeout = config.batch.export_timeout.map_or(otlp.timeout, |limit| limit.min(otlp.timeout));
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
    let destination = format!("otlp {} ({})", otlp.shown_endpoint(), otlp.protocol);
    Ok(ReportingSpanExporter::new(builder.build()?, destination).with_last_error(Arc::clone(&last_error)))
}
