//! OTLP over gRPC. It needs a tokio runtime, and gets one of its own: the application's may be busy, single-threaded,
//! already gone, or not there at all.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_otlp::{Compression, ExporterBuildError, RetryPolicy, WithExportConfig, WithTonicConfig};
use tokio::runtime::{Builder, Runtime};
use tonic::metadata::MetadataMap;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};

use super::attempts::Attempts;
use crate::config::{OtlpCompression, OtlpSettings};
use crate::exporter::otlp::GrpcTraceService;
use crate::exporter::{USER_AGENT, cause, otlp_headers, pem};
use crate::self_log;

/// Longest wait between two attempts, unless the collector asks for more. Nothing cuts it short, not even the end.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// A runtime for one exporter.
pub(super) fn runtime() -> Result<Runtime, ExporterBuildError> {
    let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("otel-actix-grpc").enable_all().build();
    runtime.map_err(|error| ExporterBuildError::InternalFailure(error.to_string()))
}

/// The builder with these settings. To be built inside the runtime.
pub(super) fn configured<B: WithExportConfig + WithTonicConfig>(
    builder: B,
    otlp: &OtlpSettings,
    timeout: Duration,
    attempts: Arc<Attempts>,
) -> B {
    let metadata = MetadataMap::from_headers(otlp_headers::configured(otlp));
    let mut builder = builder
        .with_endpoint(&otlp.endpoint)
        .with_timeout(timeout)
        // As long as there may be other attempts.
        .with_retry_policy(RetryPolicy::recommended().with_max_retries(usize::MAX).with_max_delay(LONGEST_WAIT))
        // Runs last: what the exporter itself read from `OTEL_EXPORTER_OTLP_HEADERS` does not win over code.
        .with_interceptor(move |mut request: tonic::Request<()>| {
            *request.metadata_mut() = metadata.clone();
            attempts.another()?;
            Ok(request)
        });
    if otlp.compression == OtlpCompression::Gzip {
        builder = builder.with_compression(Compression::Gzip);
    }
    if otlp.is_encrypted() {
        builder = builder.with_tls_config(tls(otlp));
    }
    builder
}

/// As [`configured`], for spans that are encoded already. With a runtime of its own.
pub(super) fn trace_service(otlp: &OtlpSettings, timeout: Duration) -> Result<GrpcTraceService, ExporterBuildError> {
    let runtime = runtime()?;
    let channel = {
        let _inside = runtime.enter();
        channel(otlp).map_err(|error| ExporterBuildError::InvalidConfiguration(cause::innermost(&error)))?
    };
    let metadata = MetadataMap::from_headers(otlp_headers::configured(otlp));
    Ok(GrpcTraceService::new(channel, runtime, metadata, otlp.compression, timeout))
}

/// Connects when it is first used.
fn channel(otlp: &OtlpSettings) -> Result<Channel, tonic::transport::Error> {
    let mut endpoint = Endpoint::from_shared(otlp.endpoint.clone())?.user_agent(USER_AGENT)?;
    if otlp.is_encrypted() {
        endpoint = endpoint.tls_config(tls(otlp))?;
    }
    Ok(endpoint.connect_lazy())
}

/// Whom the client trusts, and as whom it presents itself.
fn tls(otlp: &OtlpSettings) -> ClientTlsConfig {
    let mut tls = ClientTlsConfig::new();
    match pem::authorities(otlp) {
        Ok(Some(authorities)) => tls = tls.ca_certificate(Certificate::from_pem(authorities)),
        Ok(None) => tls = tls.with_native_roots(),
        Err(problem) => {
            self_log::warn_once(&problem);
            tls = tls.with_native_roots();
        }
    }
    match pem::client(otlp) {
        Ok(Some((certificate, key))) => tls = tls.identity(Identity::from_pem(certificate, key)),
        Ok(None) => {}
        Err(problem) => self_log::warn_once(&problem),
    }
    tls
}
