//! OTLP over HTTP ([specification](https://opentelemetry.io/docs/specs/otlp/#otlphttp)).

use opentelemetry_sdk::error::OTelSdkError;
use prost::bytes::Bytes;

use super::TraceService;
use crate::exporter::http::OtlpHttpClient;
use crate::exporter::partial;
use crate::recorder::Received;

/// A collector that is reached by HTTP.
#[derive(Debug)]
pub(crate) struct HttpTraceService(pub(crate) OtlpHttpClient);

impl TraceService for HttpTraceService {
    fn export(&mut self, message: Bytes) -> Result<Received, OTelSdkError> {
        // The client keeps the reason of a failure for the report.
        match self.0.send(message) {
            Ok(answer) if answer.status().is_success() => Ok(partial::received(&answer)),
            Ok(answer) => Err(failure(format!("status code: {}", answer.status().as_u16()))),
            Err(error) => Err(failure(error.to_string())),
        }
    }
}

fn failure(reason: String) -> OTelSdkError {
    OTelSdkError::InternalFailure(format!("HTTP export failed: {reason}"))
}
