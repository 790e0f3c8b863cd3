//! The services of a collector, which take the requests of one signal each.

use std::fmt::Debug;

use bytes::Bytes;
use opentelemetry_sdk::error::OTelSdkError;

use crate::recorder::Received;

/// Most bytes of a request before compression, as [the specification](https://opentelemetry.io/docs/specs/otlp/) limits it.
pub(super) const LONGEST_REQUEST: usize = 64 * 1024 * 1024;

/// One [service](https://opentelemetry.io/docs/specs/otlp/) of a collector, over HTTP or gRPC.
///
/// It is kept after a shutdown, because dropping it may take long: dropping a runtime that resolves a name, for
/// example, waits for the answer.
pub(crate) trait OtlpService: Debug + Send {
    /// Sends an encoded request, and retries as long as that may help. Blocks.
    fn export(&mut self, request: Bytes) -> Result<Received, OTelSdkError>;
}

impl OtlpService for Box<dyn OtlpService> {
    fn export(&mut self, request: Bytes) -> Result<Received, OTelSdkError> {
        (**self).export(request)
    }
}

/// Refuses a request that is too long for any collector.
pub(super) fn checked(request: Vec<u8>) -> Result<Bytes, OTelSdkError> {
    if request.len() > LONGEST_REQUEST {
        return Err(OTelSdkError::InternalFailure(format!(
            "the request would have {} bytes, more than the {LONGEST_REQUEST} that are sent at most \
             (OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT)",
            request.len()
        )));
    }
    Ok(request.into())
}
