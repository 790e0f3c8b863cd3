//! Exporters that code brings: their failures are reported like those of others.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::trace::Tracer as _;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_core::diagnosis::{Finding, diagnose};
use otel_core::startup::{self, TelemetryGuard};

use crate::process::run;

#[derive(Debug)]
struct Failing;

fn failure() -> OTelSdkResult {
    Err(OTelSdkError::InternalFailure("the disk is full".to_owned()))
}

impl SpanExporter for Failing {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        failure()
    }
}

impl LogExporter for Failing {
    async fn export(&self, _: LogBatch<'_>) -> OTelSdkResult {
        failure()
    }
}

impl PushMetricExporter for Failing {
    async fn export(&self, _: &ResourceMetrics) -> OTelSdkResult {
        failure()
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

/// Panics at its first export, with a payload that panics again when it is dropped. Prints the names of later exports.
#[derive(Debug, Default)]
struct Panicking {
    has_panicked: AtomicBool,
}

struct Payload;

impl Drop for Payload {
    fn drop(&mut self) {
        panic!("the payload, too");
    }
}

impl Panicking {
    fn export(&self, signal: &str) {
        if !self.has_panicked.swap(true, Ordering::SeqCst) {
            std::panic::panic_any(Payload);
        }
        println!("EXPORTED {signal}");
    }
}

impl SpanExporter for Panicking {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        self.export("spans");
        Ok(())
    }
}

impl LogExporter for Panicking {
    async fn export(&self, _: LogBatch<'_>) -> OTelSdkResult {
        self.export("log records");
        Ok(())
    }
}

impl PushMetricExporter for Panicking {
    async fn export(&self, _: &ResourceMetrics) -> OTelSdkResult {
        self.export("metrics");
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

fn start_with<E: SpanExporter + LogExporter + PushMetricExporter>(exporter: impl Fn() -> E) -> TelemetryGuard {
    let builder = startup::builder().traces_exporters([]).metrics_exporters([]).logs_exporters([]);
    builder.span_exporter(exporter()).metric_exporter(exporter()).log_exporter(exporter()).init()
}

fn start() -> TelemetryGuard {
    start_with(|| Failing)
}

fn work() {
    use opentelemetry::logs::{Logger as _, LoggerProvider as _};
    opentelemetry::global::tracer("child").in_span("span", |_| {});
    opentelemetry::global::meter("child").u64_counter("things").build().add(2, &[]);
    let logger = otel_core::logs::GlobalLoggerProvider.logger("child");
    logger.emit(logger.create_log_record());
}

#[test]
#[ignore = "started by other tests"]
fn a_diagnosis_with_failing_exporters() {
    let _telemetry = start();
    work();
    for finding in diagnose().findings {
        if let Finding::ExportFailing { destination, reason } = finding {
            println!("FAILING {destination}: {reason}");
        }
    }
}

#[test]
#[ignore = "started by other tests"]
fn failing_exporters_at_the_end() {
    let telemetry = start();
    work();
    telemetry.shutdown();
}

#[test]
#[ignore = "started by other tests"]
fn exporters_that_panic_once() {
    let telemetry = start_with(Panicking::default);
    work();
    assert!(!telemetry.force_flush(), "exporters panicked");
    work();
    assert!(telemetry.force_flush(), "exporters are used again");
}

#[test]
fn a_panic_is_a_failed_export_and_the_exporter_is_used_again() {
    let outcome = run("custom_exporters::exporters_that_panic_once", &[]);
    assert!(outcome.success, "{outcome:?}");
    for (signal, lost) in [("spans", "spans"), ("log records", "log records"), ("metrics", "exports of metrics")] {
        assert!(outcome.stdout.contains(&format!("EXPORTED {signal}\n")), "{signal}: {outcome:?}");
        let reported = outcome.messages("WARN").into_iter().any(|warning| {
            warning.starts_with("export to Panicking failed: the exporter panicked") && warning.contains(lost)
        });
        assert!(reported, "{signal}: {outcome:?}");
    }
}

#[test]
fn a_diagnosis_names_exporters_that_fail() {
    let outcome = run("custom_exporters::a_diagnosis_with_failing_exporters", &[]);
    let failing = outcome.stdout.lines().filter(|line| line.contains("FAILING Failing: the disk is full")).count();
    assert_eq!((failing, outcome.success), (3, true), "{outcome:?}");
}

#[test]
fn failures_at_the_end_are_one_warning_each() {
    let outcome = run("custom_exporters::failing_exporters_at_the_end", &[]);
    let warnings = outcome.messages("WARN");
    for lost in ["spans lost: 1", "log records lost: 1", "exports of metrics lost: 1"] {
        let message = format!("export to Failing failed: the disk is full; {lost}");
        assert_eq!(warnings.iter().filter(|warning| **warning == message).count(), 1, "{message}: {outcome:?}");
    }
    assert_eq!(warnings.len(), 3, "{outcome:?}");
}
