//! Batches of records → requests → a collector.

use std::fmt::Debug;
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use prost::bytes::Bytes;

use super::answer;
use super::request::Encoder;
use crate::config::SpanLimitSettings;
use crate::recorder::{Finished, Received, RecordExporter};

/// Most bytes of a request before compression; as many as `opentelemetry-otlp` sends at most.
const LONGEST_REQUEST: usize = 64 * 1024 * 1024;

/// The [`TraceService`](https://opentelemetry.io/docs/specs/otlp/) of a collector.
pub(crate) trait TraceService: Debug + Send {
    /// Hands over an encoded `ExportTraceServiceRequest`, and tries again as long as that may help. Gives the encoded
    /// response.
    fn export(&mut self, request: Bytes) -> Result<Bytes, OTelSdkError>;
}

/// Exports records to a [`TraceService`], encoded as they are.
#[derive(Debug)]
pub(crate) struct OtlpExporter<S> {
    encoder: Encoder,
    /// `None`: it was shut down.
    service: Option<S>,
}

impl<S: TraceService> OtlpExporter<S> {
    pub(crate) fn new(service: S) -> Self {
        Self { encoder: Encoder::default(), service: Some(service) }
    }
}

impl<S: TraceService> RecordExporter for OtlpExporter<S> {
    fn export(&mut self, batch: &mut Vec<Finished>) -> Result<Received, OTelSdkError> {
        let service = self.service.as_mut().ok_or(OTelSdkError::AlreadyShutdown)?;
        let request = self.encoder.encode(batch);
        if request.len() > LONGEST_REQUEST {
            return Err(OTelSdkError::InternalFailure(format!(
                "the request would have {} bytes, more than the {LONGEST_REQUEST} that are sent at most \
                 (OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT)",
                request.len()
            )));
        }
        // Sending may take a while.
        batch.clear();
        service.export(request.into()).map(|answer| answer::read(&answer))
    }

    fn force_flush(&mut self) -> OTelSdkResult {
        Ok(())
    }

    fn shut_down(&mut self, _: Duration) -> OTelSdkResult {
        self.service.take().map(drop).ok_or(OTelSdkError::AlreadyShutdown)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.encoder.set_resource(resource);
    }

    fn set_limits(&mut self, limits: SpanLimitSettings) {
        self.encoder.set_limits(limits);
    }
}
