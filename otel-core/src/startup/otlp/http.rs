//! OTLP over HTTP, with a client that blocks: the exporting threads belong to no runtime.

use std::time::Duration;

use super::signal_path::SignalPath;
use crate::config::{OtlpProtocol, OtlpSettings};
use crate::exporter::http::OtlpHttpClient;
use crate::exporter::otlp::{OtlpHttpService, OtlpService, json};
use crate::exporter::retry::RetryBudget;

/// The service of a signal, and the time for further attempts.
///
/// # Errors
///
/// If the endpoint is no URL. The error does not show the endpoint, which may hold a token.
pub(super) fn service(
    otlp: &OtlpSettings,
    timeout: Duration,
    signal: SignalPath,
) -> Result<(Box<dyn OtlpService>, RetryBudget), String> {
    let endpoint = otlp.endpoint.parse().map_err(|_| "the endpoint is not a URL")?;
    let json = (otlp.protocol == OtlpProtocol::HttpJson).then(|| json::request(signal.http)).flatten();
    let client = OtlpHttpClient::new(endpoint, otlp, json, timeout);
    let budget = client.budget();
    Ok((Box::new(OtlpHttpService(client)), budget))
}
