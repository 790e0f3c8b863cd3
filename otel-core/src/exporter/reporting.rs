//! Exports that fail are reported, but not once per batch.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::Context;
use opentelemetry::context::FutureExt as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use crate::diagnostics;

/// Shortest time between two reports of the same exporter.
const INTERVAL: Duration = Duration::from_secs(60);

/// Why the transport failed last, where the exporter itself does not say.
pub(crate) type LastError = Arc<Mutex<Option<String>>>;

/// Wraps an exporter: reports its failures to the operator, and keeps its own work out of telemetry.
///
/// The first failure is reported at once, later ones at most once a minute with the number of spans lost meanwhile.
/// When exports succeed again, that is told too.
#[derive(Debug)]
pub struct ReportingSpanExporter<E> {
    inner: E,
    destination: Cow<'static, str>,
    last_error: Option<LastError>,
    failures: Mutex<Failures>,
}

impl<E: SpanExporter> ReportingSpanExporter<E> {
    /// Wraps `inner`, which the reports call `destination`.
    pub fn new(inner: E, destination: impl Into<Cow<'static, str>>) -> Self {
        Self { inner, destination: destination.into(), last_error: None, failures: Mutex::default() }
    }

    #[cfg(feature = "otlp-http")]
    pub(crate) fn with_last_error(self, last_error: LastError) -> Self {
        Self { last_error: Some(last_error), ..self }
    }

    /// What the reports call this exporter.
    pub(crate) fn destination(&self) -> &str {
        &self.destination
    }

    fn note(&self, result: &OTelSdkResult, spans: usize) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let report = match result {
            Ok(()) => failures.succeeded(),
            Err(error) => {
                let reason = self
                    .last_error
                    .as_ref()
                    .and_then(|last| last.lock().unwrap_or_else(PoisonError::into_inner).clone());
                failures.failed(Instant::now(), spans, reason.unwrap_or_else(|| error.to_string()))
            }
        };
        drop(failures);
        self.tell(report);
    }

    fn tell(&self, report: Option<Report>) {
        let destination = &self.destination;
        match report {
            Some(Report::Failing { reason, exports: 1, spans }) => {
                diagnostics::warn(format_args!("export to {destination} failed: {reason}; spans lost: {spans}"));
            }
            Some(Report::Failing { reason, exports, spans }) => diagnostics::warn(format_args!(
                "export to {destination} failed {exports} more times, last: {reason}; spans lost: {spans}"
            )),
            Some(Report::Recovered) => diagnostics::info(format_args!("export to {destination} works again")),
            None => {}
        }
    }

    fn last_words(&self) {
        let report = self.failures.lock().unwrap_or_else(PoisonError::into_inner).unreported();
        self.tell(report);
    }
}

impl<E: SpanExporter> SpanExporter for ReportingSpanExporter<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let quiet = Context::map_current(Context::with_telemetry_suppressed);
        let result = self.inner.export(batch).with_context(quiet).await;
        self.note(&result, spans);
        result
    }

    // The OTLP exporter implements `shutdown` only, others the version with a timeout: each goes to its own.
    fn shutdown(&self) -> OTelSdkResult {
        self.last_words();
        self.inner.shutdown()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.last_words();
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

/// What there is to tell.
#[derive(Debug, PartialEq, Eq)]
enum Report {
    Failing { reason: String, exports: u64, spans: usize },
    Recovered,
}

/// Failures since the last report.
#[derive(Debug, Default)]
struct Failures {
    failing: bool,
    reported: Option<Instant>,
    reason: String,
    exports: u64,
    spans: usize,
}

impl Failures {
    fn failed(&mut self, now: Instant, spans: usize, reason: String) -> Option<Report> {
        self.failing = true;
        self.exports += 1;
        self.spans += spans;
        self.reason = reason;
        if self.reported.is_some_and(|last| now.duration_since(last) < INTERVAL) {
            return None;
        }
        self.reported = Some(now);
        self.unreported()
    }

    fn succeeded(&mut self) -> Option<Report> {
        std::mem::take(&mut self.failing).then_some(Report::Recovered)
    }

    /// What was kept back, all of it.
    fn unreported(&mut self) -> Option<Report> {
        let exports = std::mem::take(&mut self.exports);
        let spans = std::mem::take(&mut self.spans);
        (exports > 0).then(|| Report::Failing { reason: self.reason.clone(), exports, spans })
    }
}

#[cfg(test)]
#[path = "reporting_tests.rs"]
mod tests;
