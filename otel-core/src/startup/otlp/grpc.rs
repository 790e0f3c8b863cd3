//! OTLP over gRPC. It needs a tokio runtime, and gets one of its own: the application's may be busy, single-threaded,
//! already gone, or not there at all.

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use opentelemetry_otlp::{Compression, ExporterBuildError, SpanExporter, WithExportConfig as _, WithTonicConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter as SdkSpanExporter};
use tokio::runtime::{Builder, Runtime};
use tonic::metadata::MetadataMap;
use tonic::transport::{Certificate, ClientTlsConfig, Identity};

use crate::config::{OtlpCompression, OtlpSettings};
use crate::diagnostics;
use crate::exporter::{ReportingSpanExporter, otlp_headers, pem};

/// The exporter for these settings.
pub(super) fn exporter(
    otlp: &OtlpSettings,
    timeout: Duration,
) -> Result<ReportingSpanExporter<InRuntime>, ExporterBuildError> {
    let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("otel-actix-grpc").enable_all().build();
    let runtime = runtime.map_err(|error| ExporterBuildError::InternalFailure(error.to_string()))?;
    let inside = runtime.enter();
    let metadata = MetadataMap::from_headers(otlp_headers::configured(otlp));
    let mut builder = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(&otlp.endpoint)
        .with_timeout(timeout)
        // Runs last: what the exporter itself read from `OTEL_EXPORTER_OTLP_HEADERS` does not win over code.
        .with_interceptor(move |mut request: tonic::Request<()>| {
            *request.metadata_mut() = metadata.clone();
            Ok(request)
        });
    if otlp.compression == OtlpCompression::Gzip {
        builder = builder.with_compression(Compression::Gzip);
    }
    if otlp.endpoint.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://")) {
        builder = builder.with_tls_config(tls(otlp));
    }
    let exporter = builder.build()?;
    drop(inside);
    Ok(ReportingSpanExporter::new(InRuntime { inner: exporter, runtime: Some(runtime) }, super::destination(otlp)))
}

/// Whom the client trusts, and as whom it presents itself.
fn tls(otlp: &OtlpSettings) -> ClientTlsConfig {
    let mut tls = ClientTlsConfig::new();
    match pem::authorities(otlp) {
        Ok(Some(authorities)) => tls = tls.ca_certificate(Certificate::from_pem(authorities)),
        Ok(None) => tls = tls.with_native_roots(),
        Err(problem) => {
            diagnostics::warn(format_args!("{problem}"));
            tls = tls.with_native_roots();
        }
    }
    match pem::client(otlp) {
        Ok(Some((certificate, key))) => tls = tls.identity(Identity::from_pem(certificate, key)),
        Ok(None) => {}
        Err(problem) => diagnostics::warn(format_args!("{problem}")),
    }
    tls
}

/// An exporter whose futures run inside its own runtime, whoever polls them.
#[derive(Debug)]
pub(super) struct InRuntime {
    inner: SpanExporter,
    runtime: Option<Runtime>,
}

impl SdkSpanExporter for InRuntime {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut export = pin!(self.inner.export(batch));
        poll_fn(|cx| {
            let _inside = self.runtime.as_ref().map(Runtime::enter);
            export.as_mut().poll(cx)
        })
        .await
    }

    fn shutdown(&self) -> OTelSdkResult {
        SdkSpanExporter::shutdown(&self.inner)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

impl Drop for InRuntime {
    fn drop(&mut self) {
        // Dropping a runtime waits for its threads, and panics on a thread of another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
