//! Two ways for the same records: ours, and `SpanData` with the transformation of `opentelemetry-otlp`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use prost::Message as _;

use crate::config::SpanLimitSettings;
use crate::exporter::otlp::request::Encoder;
use crate::recorder::{Finished, Received, RecordExporter, TracerProvider};

/// Keeps the records that it is given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keeping(Arc<Mutex<Vec<Finished>>>);

impl Keeping {
    /// A provider that leads to it.
    pub(crate) fn provider(limits: SpanLimitSettings) -> (TracerProvider, Self) {
        let kept = Self::default();
        let builder = TracerProvider::builder().with_limits(limits);
        (builder.with_record_exporter(Box::new(kept.clone()), "kept".to_owned()).build(), kept)
    }

    /// The records since the last call.
    pub(crate) fn take(&self, provider: &TracerProvider) -> Vec<Finished> {
        provider.force_flush().unwrap();
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl RecordExporter for Keeping {
    fn export(&mut self, batch: &mut Vec<Finished>) -> Result<Received, OTelSdkError> {
        self.0.lock().unwrap().append(batch);
        Ok(Received::default())
    }

    fn force_flush(&mut self) -> OTelSdkResult {
        Ok(())
    }

    fn shut_down(&mut self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn set_resource(&mut self, _: &Resource) {}

    fn set_limits(&mut self, _: SpanLimitSettings) {}
}

/// The message, span by span.
fn lines(request: &ExportTraceServiceRequest) -> Vec<String> {
    let mut lines = Vec::new();
    for resource in &request.resource_spans {
        lines.push(format!("{:?} {:?}", resource.resource, resource.schema_url));
        for scope in &resource.scope_spans {
            lines.push(format!("{:?} {:?}", scope.scope, scope.schema_url));
            lines.extend(scope.spans.iter().map(|span| format!("{span:?}")));
        }
    }
    lines
}

/// Both ways, used for batch after batch.
#[derive(Debug)]
pub(crate) struct Pair {
    encoder: Encoder,
    resource: Resource,
    limits: SpanLimitSettings,
}

impl Pair {
    pub(crate) fn new(limits: SpanLimitSettings) -> Self {
        let attributes = [KeyValue::new("service.name", "shöp"), KeyValue::new("n", 1), KeyValue::new("x", 1.5)];
        let resource = Resource::builder_empty().with_schema_url(attributes, "https://example.com/resource").build();
        let mut encoder = Encoder::default();
        encoder.set_resource(&resource);
        encoder.set_limits(limits);
        Self { encoder, resource, limits }
    }

    pub(crate) fn ours(&mut self, batch: &[Finished]) -> Vec<u8> {
        self.encoder.encode(batch)
    }

    pub(super) fn remembered_scopes(&self) -> usize {
        self.encoder.remembered_scopes()
    }

    pub(crate) fn reference(&self, batch: Vec<Finished>) -> ExportTraceServiceRequest {
        let spans = batch.into_iter().map(|finished| finished.into_span_data(&self.limits)).collect();
        let resource_spans = group_spans_by_resource_and_scope(spans, &(&self.resource).into());
        ExportTraceServiceRequest { resource_spans }
    }

    /// Both are equal for this batch.
    pub(crate) fn compare(&mut self, batch: Vec<Finished>) {
        assert!(!batch.is_empty());
        let ours = self.ours(&batch);
        let reference = self.reference(batch);
        if ours != reference.encode_to_vec() {
            // What the difference means. As text: two values that are not a number are not equal.
            let ours = lines(&ExportTraceServiceRequest::decode(ours.as_slice()).unwrap());
            let reference = lines(&reference);
            for (ours, reference) in ours.iter().zip(&reference) {
                assert_eq!(ours, reference);
            }
            assert_eq!(ours.len(), reference.len());
            panic!("equal in meaning, but not byte for byte");
        }
    }
}
