//! Two encodings of the same records: ours, and `SpanData` with the transformation of `opentelemetry-otlp`.

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
use crate::recorder::{Batch, Received, RecordExporter, SpanView, TracerProvider};

/// An exporter that keeps its batches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keeping(Arc<Mutex<Vec<Batch>>>);

impl Keeping {
    /// A provider with this exporter.
    pub(crate) fn provider(limits: SpanLimitSettings) -> (TracerProvider, Self) {
        let kept = Self::default();
        let builder = TracerProvider::builder().with_limits(limits);
        (builder.with_record_exporter(Box::new(kept.clone()), "kept".to_owned()).build(), kept)
    }

    /// The batches since the last call.
    pub(crate) fn take(&self, provider: &TracerProvider) -> Vec<Batch> {
        provider.force_flush().unwrap();
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl RecordExporter for Keeping {
    fn export(&mut self, batch: &mut Batch) -> Result<Received, OTelSdkError> {
        self.0.lock().unwrap().push(std::mem::take(batch));
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

fn spans(batches: &[Batch]) -> impl Iterator<Item = SpanView<'_>> {
    batches.iter().flat_map(Batch::spans)
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

/// Both encoders, used for batch after batch.
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

    pub(crate) fn ours(&mut self, batches: &[Batch]) -> Vec<u8> {
        self.encoder.encode(spans(batches))
    }

    pub(super) fn remembered_scopes(&self) -> usize {
        self.encoder.remembered_scopes()
    }

    pub(crate) fn reference(&self, batches: &[Batch]) -> ExportTraceServiceRequest {
        let spans = spans(batches).map(|span| span.to_span_data(&self.limits)).collect();
        let resource_spans = group_spans_by_resource_and_scope(spans, &(&self.resource).into());
        ExportTraceServiceRequest { resource_spans }
    }

    /// Fails unless both encodings of these batches are equal.
    pub(crate) fn compare(&mut self, batches: &[Batch]) {
        assert!(spans(batches).next().is_some());
        let ours = self.ours(batches);
        let reference = self.reference(batches);
        if ours != reference.encode_to_vec() {
            // Shows the difference. As text, because two NaN values are not equal.
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
