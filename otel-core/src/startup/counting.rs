//! The exact number of lost log records.
//!
//! The batch processor of the SDK drops records when its queue is full, and reports that in its internal log only. So
//! records are counted here before and after it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry::logs::Severity;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogBatch, LogExporter, LogProcessor, SdkLogRecord};

/// Counts the items of one signal on their way to one exporter.
#[derive(Debug, Default)]
pub(super) struct Counts {
    ended: AtomicU64,
    /// Exported, or reported as lost by the exporter.
    settled: AtomicU64,
}

impl Counts {
    pub(super) fn one_more(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn settle(&self, items: usize) {
        self.settled.fetch_add(u64::try_from(items).unwrap_or(u64::MAX), Ordering::Release);
    }

    pub(super) fn ended(&self) -> u64 {
        self.ended.load(Ordering::Acquire)
    }

    /// Items that ended and have not been given to the exporter, or have not been exported yet.
    pub(super) fn outstanding(&self) -> u64 {
        let settled = self.settled.load(Ordering::Acquire);
        self.ended().saturating_sub(settled)
    }

    /// The same for the items that [`ended`](Self::ended) had counted: a lower bound.
    pub(super) fn outstanding_of(&self, ended: u64) -> u64 {
        ended.saturating_sub(self.settled.load(Ordering::Acquire))
    }
}

/// Counts records before the batch processor.
#[derive(Debug)]
pub(super) struct CountingProcessor<P> {
    pub(super) inner: P,
    pub(super) counts: Arc<Counts>,
}

impl<P: LogProcessor> LogProcessor for CountingProcessor<P> {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        self.counts.one_more();
        self.inner.emit(record, scope);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        self.inner.event_enabled(level, target, name)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

/// Counts records after the batch processor.
#[derive(Debug)]
pub(super) struct CountingExporter<E> {
    pub(super) inner: E,
    pub(super) counts: Arc<Counts>,
}

impl<E: LogExporter> LogExporter for CountingExporter<E> {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let records = batch.iter().count();
        let result = self.inner.export(batch).await;
        self.counts.settle(records);
        result
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.inner.shutdown()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        self.inner.event_enabled(level, target, name)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}
