#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::trace::{Tracer as _, TracerProvider as _};
use opentelemetry_sdk::trace::SdkTracerProvider;

use super::*;

#[test]
fn the_first_failure_is_told_at_once_and_then_one_per_minute() {
    let mut failures = Failures::default();
    let start = Instant::now();
    let at = |seconds| start + Duration::from_secs(seconds);
    let report = |exports, spans, reason: &str| Some(Report::Failing { reason: reason.to_owned(), exports, spans });
    assert_eq!(failures.failed(at(0), 5, "a".into()), report(1, 5, "a"));
    assert_eq!(failures.failed(at(1), 10, "b".into()), None);
    assert_eq!(failures.failed(at(59), 20, "c".into()), None);
    assert_eq!(failures.failed(at(60), 30, "d".into()), report(3, 60, "d"));
    assert_eq!(failures.failed(at(61), 1, "e".into()), None);
    assert_eq!(failures.unreported(), report(1, 1, "e"), "nothing is lost silently");
    assert_eq!(failures.unreported(), None);
}

#[test]
fn recovery_is_told_once() {
    let mut failures = Failures::default();
    assert_eq!(failures.succeeded(), None);
    let _ = failures.failed(Instant::now(), 1, String::new());
    assert_eq!(failures.succeeded(), Some(Report::Recovered));
    assert_eq!(failures.succeeded(), None);
}

/// Notes whether telemetry is suppressed while it exports.
#[derive(Debug)]
struct Curious(Arc<AtomicBool>);

impl SpanExporter for Curious {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        self.0.store(Context::is_current_telemetry_suppressed(), Ordering::SeqCst);
        Ok(())
    }
}

#[test]
fn exporting_makes_no_telemetry() {
    let suppressed = Arc::new(AtomicBool::new(false));
    let exporter = ReportingSpanExporter::new(Curious(Arc::clone(&suppressed)), "test");
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter).build();
    provider.tracer("test").in_span("span", |_| assert!(!Context::is_current_telemetry_suppressed()));
    assert!(suppressed.load(Ordering::SeqCst));
    assert!(!Context::is_current_telemetry_suppressed(), "only the export is suppressed");
}
