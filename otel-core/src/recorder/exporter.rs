//! The interface between the worker and exporters.

use std::fmt::Debug;
use std::time::Duration;

use futures_executor::block_on;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::batch::Batch;
use crate::config::SpanLimitSettings;

/// An exporter of records.
pub(crate) trait RecordExporter: Debug + Send {
    /// Exports the batch. It may release the batch before it returns.
    fn export(&mut self, batch: &mut Batch) -> Result<Received, OTelSdkError>;

    /// Exports everything that the exporter itself holds back.
    fn force_flush(&mut self) -> OTelSdkResult;

    /// Shuts the exporter down. There are no calls after this one.
    fn shut_down(&mut self, timeout: Duration) -> OTelSdkResult;

    /// Sets the resource, before the first batch.
    fn set_resource(&mut self, resource: &Resource);

    /// Sets the limits of spans, before the first batch.
    fn set_limits(&mut self, limits: SpanLimitSettings);
}

impl RecordExporter for Box<dyn RecordExporter> {
    fn export(&mut self, batch: &mut Batch) -> Result<Received, OTelSdkError> {
        (**self).export(batch)
    }

    fn force_flush(&mut self) -> OTelSdkResult {
        (**self).force_flush()
    }

    fn shut_down(&mut self, timeout: Duration) -> OTelSdkResult {
        (**self).shut_down(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        (**self).set_resource(resource);
    }

    fn set_limits(&mut self, limits: SpanLimitSettings) {
        (**self).set_limits(limits);
    }
}

/// The result of a call of an exporter that panicked.
pub(crate) fn panicked() -> OTelSdkError {
    OTelSdkError::InternalFailure("the exporter panicked".to_owned())
}

/// The answer of a destination to a batch that arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Received {
    /// The number of spans that it rejected.
    pub(crate) rejected: u64,
    /// The reason, or a warning, in the words of the destination.
    pub(crate) remark: String,
}

/// Any exporter of `opentelemetry_sdk`.
#[derive(Debug)]
pub(crate) struct SpanDataExporter<E> {
    inner: E,
    limits: Option<SpanLimitSettings>,
}

impl<E: SpanExporter + 'static> SpanDataExporter<E> {
    pub(crate) fn boxed(inner: E) -> Box<dyn RecordExporter> {
        Box::new(Self { inner, limits: None })
    }
}

impl<E: SpanExporter> RecordExporter for SpanDataExporter<E> {
    fn export(&mut self, batch: &mut Batch) -> Result<Received, OTelSdkError> {
        let spans = span_data(batch, &self.limits.unwrap_or_default());
        block_on(self.inner.export(spans)).map(|()| Received::default())
    }

    fn force_flush(&mut self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shut_down(&mut self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }

    fn set_limits(&mut self, limits: SpanLimitSettings) {
        self.limits = Some(limits);
    }
}

/// Takes the spans out of the batch.
fn span_data(batch: &mut Batch, limits: &SpanLimitSettings) -> Vec<SpanData> {
    let is_mixed = batch.is_mixed();
    let mut spans = batch.convert(|span| span.to_span_data(limits));
    if is_mixed {
        // Some exporters print for people, who expect the order in which the spans ended.
        spans.sort_by_key(|span| span.end_time);
    }
    spans
}

/// The name of an exporter in reports: that of its type, without module path and generic arguments.
pub(crate) fn name_of<E>(_: &E) -> &'static str {
    let name = std::any::type_name::<E>();
    let plain = name.split('<').next().unwrap_or(name);
    plain.rsplit("::").next().unwrap_or(plain)
}
