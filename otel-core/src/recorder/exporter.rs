//! Where the worker hands batches to.

use std::fmt::Debug;
use std::time::Duration;

use futures_executor::block_on;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::SpanExporter;

use super::batch::Batch;
use crate::config::SpanLimitSettings;

/// An exporter of records.
pub(crate) trait RecordExporter: Debug + Send {
    /// Exports the batch, and may release it ahead of time.
    fn export(&mut self, batch: &mut Batch) -> Result<Received, OTelSdkError>;

    /// Hands on what the exporter itself holds back.
    fn force_flush(&mut self) -> OTelSdkResult;

    /// Nothing comes after this.
    fn shut_down(&mut self, timeout: Duration) -> OTelSdkResult;

    /// Tells who emits, before the first batch.
    fn set_resource(&mut self, resource: &Resource);

    /// Tells what is to be cut, before the first batch.
    fn set_limits(&mut self, limits: SpanLimitSettings);
}

/// What a destination says of a batch that arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Received {
    /// Spans that it did not take.
    pub(crate) rejected: u64,
    /// Why, or a warning. Its words, not ours.
    pub(crate) remark: String,
}

/// Any exporter of `opentelemetry_sdk`.
#[derive(Debug)]
pub(crate) struct SpanDataExporter<E> {
    inner: E,
    limits: Option<SpanLimitSettings>,
}

impl<E: SpanExporter> SpanDataExporter<E> {
    pub(crate) const fn new(inner: E) -> Self {
        Self { inner, limits: None }
    }
}

impl<E: SpanExporter> RecordExporter for SpanDataExporter<E> {
    fn export(&mut self, batch: &mut Batch) -> Result<Received, OTelSdkError> {
        let limits = self.limits.unwrap_or_default();
        let is_mixed = batch.is_mixed();
        let mut spans = batch.convert(|span| span.to_span_data(&limits));
        if is_mixed {
            // Some of these exporters print, and people read that: in the order in which it happened.
            spans.sort_by_key(|span| span.end_time);
        }
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

/// What reports call an exporter: the name of its type, without where that is from and what it is made of.
pub(crate) fn name_of<E>() -> &'static str {
    let name = std::any::type_name::<E>();
    let plain = name.split('<').next().unwrap_or(name);
    plain.rsplit("::").next().unwrap_or(plain)
}
