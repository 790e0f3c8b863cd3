//! Exporters whose failures are reported.

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::context::FutureExt as _;
use opentelemetry::logs::Severity;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::counts::Counts;
use super::failure_report::FailureReporter;
use super::retry::RetryBudget;
use super::secrets::Secrets;
use super::signal::Signal;
use crate::config::SpanLimitSettings;
use crate::panics::caught;
use crate::recorder::{Batch, Received, RecordExporter, panicked};

/// The collector's answer to the last export that arrived. An exporter of the SDK leaves it here, because it can return
/// success or failure only.
pub(crate) type SharedReceived = Arc<Mutex<Received>>;

/// Most characters of a collector's words that are printed. They are cut after secrets were taken out: part of a secret
/// would not be recognised.
const LONGEST_REMARK: usize = 300;

/// Wraps an exporter of any signal: reports its failures to the operator, and keeps its own work out of telemetry.
///
/// The first failure is reported at once, later failures more and more rarely, with the number of items lost since the last
/// report. When exports succeed again, that is reported, too. Log records are counted, so that start-up knows how many never
/// came here. The recorder counts spans itself.
#[derive(Debug)]
pub struct ReportingExporter<E> {
    inner: E,
    destination: Cow<'static, str>,
    received: SharedReceived,
    secrets: Secrets,
    budget: RetryBudget,
    reporter: FailureReporter,
    counts: Arc<Counts>,
}

impl<E> ReportingExporter<E> {
    /// Wraps `inner`; reports name it `destination`.
    pub fn new(inner: E, destination: impl Into<Cow<'static, str>>) -> Self {
        Self {
            inner,
            destination: destination.into(),
            received: Arc::default(),
            secrets: Secrets::default(),
            budget: RetryBudget::default(),
            reporter: FailureReporter::default(),
            counts: Arc::default(),
        }
    }

    /// Reads the collector's answer to an export that arrived from `received`.
    #[cfg(feature = "_otlp")]
    pub(crate) fn with_received(self, received: SharedReceived) -> Self {
        Self { received, ..self }
    }

    /// Keeps `secrets` out of the reports.
    #[cfg(feature = "_otlp")]
    pub(crate) fn with_secrets(self, secrets: Secrets) -> Self {
        Self { secrets, ..self }
    }

    /// Uses `budget` for retries.
    #[cfg(feature = "_otlp")]
    pub(crate) fn with_budget(self, budget: RetryBudget) -> Self {
        Self { budget, ..self }
    }

    /// Shares reports with other exporters of the same destination.
    pub(crate) fn with_reporter(self, reporter: FailureReporter) -> Self {
        reporter.watch(self.budget.clone(), self.secrets.clone(), &self.destination);
        Self { reporter, ..self }
    }

    /// The name of this exporter in reports.
    pub(crate) fn destination(&self) -> &str {
        &self.destination
    }

    /// The counts of the items that came to an end here, exported or lost. The recorder counts spans itself.
    pub(crate) fn counts(&self) -> &Arc<Counts> {
        &self.counts
    }

    /// Exports without making telemetry, and records the result. A panic is a failed export: otherwise it would end the SDK's
    /// thread, and with it all later exports of the signal.
    async fn export_and_report(
        &self,
        signal: Signal,
        items: usize,
        export: impl Future<Output = OTelSdkResult> + Send,
    ) -> OTelSdkResult {
        let quiet = Context::map_current(Context::with_telemetry_suppressed);
        let mut export = pin!(export.with_context(quiet));
        let result = poll_fn(|cx| caught(|| export.as_mut().poll(cx)).unwrap_or_else(|| Poll::Ready(Err(panicked()))));
        let result = result.await.map_err(|error| self.without_secrets(error));
        let received = std::mem::take(&mut *self.received.lock().unwrap_or_else(PoisonError::into_inner));
        match &result {
            Ok(()) => self.arrived(signal, received),
            Err(error) => self.failed(signal, items, error),
        }
        self.counts.settle(items);
        result
    }

    fn arrived(&self, signal: Signal, mut received: Received) {
        received.remark = self.printable(&received.remark);
        self.reporter.received(signal, &received, &self.destination);
    }

    /// A collector's words as they may be printed.
    fn printable(&self, remark: &str) -> String {
        self.secrets.redact_remark(remark).chars().take(LONGEST_REMARK).collect()
    }

    /// The error as it may be printed: the SDK prints it, too.
    fn without_secrets(&self, error: OTelSdkError) -> OTelSdkError {
        match error {
            OTelSdkError::InternalFailure(reason) => OTelSdkError::InternalFailure(self.secrets.redact(&reason)),
            error => error,
        }
    }

    fn failed(&self, signal: Signal, items: usize, error: &OTelSdkError) {
        let reason = match error {
            OTelSdkError::InternalFailure(reason) => reason.clone(),
            error => error.to_string(),
        };
        self.reporter.failed(signal, items, &self.destination, reason);
    }

    fn report_rest(&self) {
        // Reports that are held back are made when telemetry has been shut down.
        if !self.reporter.is_held_back() {
            self.reporter.report_rest();
        }
    }
}

impl<E: SpanExporter> SpanExporter for ReportingExporter<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.export_and_report(Signal::Spans, batch.len(), self.inner.export(batch)).await
    }

    // The OTLP exporter implements `shutdown` only, others the version with a timeout: each goes to its own.
    fn shutdown(&self) -> OTelSdkResult {
        self.report_rest();
        self.inner.shutdown()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.report_rest();
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

impl<E: RecordExporter> RecordExporter for ReportingExporter<E> {
    fn export(&mut self, batch: &mut Batch) -> Result<Received, OTelSdkError> {
        let spans = batch.len();
        // The worker's thread makes no telemetry.
        let result = caught(|| self.inner.export(batch)).unwrap_or_else(|| Err(panicked()));
        let result = result.map_err(|error| self.without_secrets(error));
        match &result {
            Ok(received) => self.arrived(Signal::Spans, received.clone()),
            Err(error) => self.failed(Signal::Spans, spans, error),
        }
        result
    }

    fn force_flush(&mut self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shut_down(&mut self, timeout: Duration) -> OTelSdkResult {
        self.report_rest();
        self.inner.shut_down(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }

    fn set_limits(&mut self, limits: SpanLimitSettings) {
        self.inner.set_limits(limits);
    }
}

impl<E: LogExporter> LogExporter for ReportingExporter<E> {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        self.export_and_report(Signal::Logs, batch.iter().count(), self.inner.export(batch)).await
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.report_rest();
        self.inner.shutdown()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.report_rest();
        self.inner.shutdown_with_timeout(timeout)
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        self.inner.event_enabled(level, target, name)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

impl<E: PushMetricExporter> PushMetricExporter for ReportingExporter<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.export_and_report(Signal::Metrics, 1, self.inner.export(metrics)).await
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.report_rest();
        self.inner.shutdown()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.report_rest();
        self.inner.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.inner.temporality()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use opentelemetry::trace::{Tracer as _, TracerProvider as _};
    use opentelemetry_sdk::trace::SdkTracerProvider;

    use super::*;

    /// An exporter that records whether telemetry is suppressed during its export.
    #[derive(Debug)]
    struct Curious(Arc<AtomicBool>);

    impl SpanExporter for Curious {
        async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
            self.0.store(Context::is_current_telemetry_suppressed(), Ordering::SeqCst);
            Ok(())
        }
    }

    #[test]
    fn long_remarks_are_cut() {
        let exporter = ReportingExporter::new((), "test");
        assert_eq!(exporter.printable(&"é".repeat(1000)), "é".repeat(LONGEST_REMARK));
    }

    #[test]
    fn exporting_makes_no_telemetry() {
        let suppressed = Arc::new(AtomicBool::new(false));
        let exporter = ReportingExporter::new(Curious(Arc::clone(&suppressed)), "test");
        let provider = SdkTracerProvider::builder().with_simple_exporter(exporter).build();
        provider.tracer("test").in_span("span", |_| assert!(!Context::is_current_telemetry_suppressed()));
        assert!(suppressed.load(Ordering::SeqCst));
        assert!(!Context::is_current_telemetry_suppressed(), "only the export is suppressed");
    }
}
