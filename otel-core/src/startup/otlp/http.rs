//! OTLP over HTTP, with a client that blocks: the threads that export belong to no runtime.

use std::time::Duration;

use opentelemetry_otlp::{ExporterBuildError, Protocol, RetryPolicy, WithExportConfig, WithHttpConfig};

use crate::config::{OtlpProtocol, OtlpSettings};
use crate::exporter::http::OtlpHttpClient;
use crate::exporter::otlp::json;

/// The endpoint that exporters of `opentelemetry-otlp` are built with. Our client sends to the real one, which may hold
/// a token: they would print it in errors and at their finest log level.
const PLACEHOLDER: &str = "http://collector.invalid/";

/// The client of a signal, such as `traces`.
///
/// # Errors
///
/// The endpoint is no URL. The error says nothing of it, for it may hold a token.
pub(super) fn client(
    otlp: &OtlpSettings,
    timeout: Duration,
    signal: &str,
) -> Result<OtlpHttpClient, ExporterBuildError> {
    let endpoint = otlp.endpoint.parse();
    let endpoint =
        endpoint.map_err(|_| ExporterBuildError::InvalidConfiguration("the endpoint is not a URL".to_owned()))?;
    let json = (otlp.protocol == OtlpProtocol::HttpJson).then(|| json::request(signal)).flatten();
    Ok(OtlpHttpClient::new(endpoint, otlp, json, timeout))
}

/// Sets the client, and leaves it everything that it does itself: encoding, compression, further attempts.
pub(super) fn configured<B: WithExportConfig + WithHttpConfig>(
    builder: B,
    client: OtlpHttpClient,
    timeout: Duration,
) -> B {
    builder
        .with_http_client(client)
        .with_endpoint(PLACEHOLDER)
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(timeout)
        .with_retry_policy(RetryPolicy::disabled())
}
