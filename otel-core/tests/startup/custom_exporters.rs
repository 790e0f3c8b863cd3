//! Exporters that code brings: their failures are reported like those of others.

use opentelemetry::trace::Tracer as _;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_core::diagnosis::{Finding, diagnose};
use otel_core::startup;

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

    fn shutdown_with_timeout(&self, _: std::time::Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

fn start() -> otel_core::startup::TelemetryGuard {
    let builder = startup::builder().traces_exporters([]).metrics_exporters([]).logs_exporters([]);
    builder.span_exporter(Failing).metric_exporter(Failing).log_exporter(Failing).init()
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
