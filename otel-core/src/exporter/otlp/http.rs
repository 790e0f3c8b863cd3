//! OTLP over HTTP ([specification](https://opentelemetry.io/docs/specs/otlp/#otlphttp)).

use bytes::Bytes;
use opentelemetry_sdk::error::OTelSdkError;

use super::partial;
use super::service::OtlpService;
use crate::exporter::http::OtlpHttpClient;
use crate::recorder::Received;

/// A service that is reached by HTTP.
#[derive(Debug)]
pub(crate) struct OtlpHttpService(pub(crate) OtlpHttpClient);

impl OtlpService for OtlpHttpService {
    fn export(&mut self, request: Bytes) -> Result<Received, OTelSdkError> {
        let answer = self.0.send(request).map_err(OTelSdkError::InternalFailure)?;
        Ok(partial::received(&answer))
    }
}
