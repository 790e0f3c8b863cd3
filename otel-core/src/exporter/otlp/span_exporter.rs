//! Batches of records → requests → a collector.

use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};

use super::request::Encoder;
use super::service::{OtlpService, checked};
use crate::config::SpanLimitSettings;
use crate::recorder::{Batch, Received, RecordExporter};

/// Exports records, encoded without `SpanData`.
#[derive(Debug)]
pub(crate) struct OtlpSpanExporter<S = Box<dyn OtlpService>> {
    encoder: Encoder,
    service: S,
    is_shut_down: bool,
}

impl<S: OtlpService> OtlpSpanExporter<S> {
    pub(crate) fn new(service: S) -> Self {
        Self { encoder: Encoder::default(), service, is_shut_down: false }
    }
}

impl<S: OtlpService> RecordExporter for OtlpSpanExporter<S> {
    fn export(&mut self, batch: &mut Batch) -> Result<Received, OTelSdkError> {
        if self.is_shut_down {
            return Err(OTelSdkError::AlreadyShutdown);
        }
        let request = checked(self.encoder.encode(batch.spans()))?;
        // Sending may take a while.
        batch.release();
        self.service.export(request)
    }

    fn force_flush(&mut self) -> OTelSdkResult {
        Ok(())
    }

    fn shut_down(&mut self, _: Duration) -> OTelSdkResult {
        if std::mem::replace(&mut self.is_shut_down, true) { Err(OTelSdkError::AlreadyShutdown) } else { Ok(()) }
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.encoder.set_resource(resource);
    }

    fn set_limits(&mut self, limits: SpanLimitSettings) {
        self.encoder.set_limits(limits);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use opentelemetry::trace::{Tracer as _, TracerProvider as _};

    use super::super::tests::Keeping;
    use bytes::Bytes;

    use super::super::service::LONGEST_REQUEST;
    use super::*;

    /// A service that counts requests, and rejects one span of each.
    #[derive(Debug, Default)]
    struct Counting {
        requests: usize,
        bytes: usize,
    }

    impl OtlpService for Counting {
        fn export(&mut self, request: Bytes) -> Result<Received, OTelSdkError> {
            self.requests += 1;
            self.bytes = request.len();
            Ok(Received { rejected: 1, remark: "late".to_owned() })
        }
    }

    fn batch(name: String) -> Batch {
        let (provider, kept) = Keeping::provider(SpanLimitSettings::default());
        drop(provider.tracer("test").start(name));
        kept.take(&provider).pop().unwrap()
    }

    #[test]
    fn a_batch_is_one_request_and_frees_its_records() {
        let mut exporter = OtlpSpanExporter::new(Counting::default());
        let mut batch = batch("span".to_owned());
        let received = exporter.export(&mut batch).unwrap();
        assert_eq!(received, Received { rejected: 1, remark: "late".to_owned() });
        assert_eq!(batch.len(), 0);
        assert_eq!(exporter.service.requests, 1);
        assert!(exporter.service.bytes > 60, "{}", exporter.service.bytes);
    }

    #[test]
    fn what_is_too_long_is_not_sent_and_the_next_batch_is() {
        let mut exporter = OtlpSpanExporter::new(Counting::default());
        let error = exporter.export(&mut batch("x".repeat(LONGEST_REQUEST))).unwrap_err();
        assert!(error.to_string().contains("more than the 67108864 that are sent at most"), "{error}");
        assert_eq!(exporter.service.requests, 0);
        assert!(exporter.export(&mut batch("span".to_owned())).is_ok());
        assert!(exporter.service.bytes < 1000, "nothing is left of the batch before");
    }

    #[test]
    fn nothing_is_sent_after_the_shutdown() {
        let mut exporter = OtlpSpanExporter::new(Counting::default());
        assert!(exporter.shut_down(Duration::ZERO).is_ok());
        assert!(matches!(exporter.export(&mut batch(String::new())), Err(OTelSdkError::AlreadyShutdown)));
        assert!(matches!(exporter.shut_down(Duration::ZERO), Err(OTelSdkError::AlreadyShutdown)));
        assert_eq!(exporter.service.requests, 0);
    }
}
