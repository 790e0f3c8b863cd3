//! Exporters that code brings along, besides those that variables name.

use std::fmt;

use opentelemetry_sdk::logs::LogExporter;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::SpanExporter;

use super::builder::InitBuilder;
use super::logs::LogsBuilder;
use super::metrics::MetricsBuilder;
use super::traces::TracesBuilder;

/// Adds one exporter to what start-up builds.
type Addition<B> = Box<dyn FnOnce(B) -> B + Send>;

/// The exporters, by signal. Boxed as functions, since those of the SDK are no objects.
#[derive(Default)]
pub(super) struct OwnExporters {
    pub(super) spans: Vec<Addition<TracesBuilder>>,
    pub(super) metrics: Vec<Addition<MetricsBuilder>>,
    pub(super) logs: Vec<Addition<LogsBuilder>>,
}

impl InitBuilder {
    /// One more exporter of spans: any of `opentelemetry_sdk`. `OTEL_BSP_*` applies to it; its failures are reported.
    ///
    /// ```no_run
    /// use opentelemetry_sdk::trace::InMemorySpanExporter;
    ///
    /// let spans = InMemorySpanExporter::default();
    /// let _telemetry = otel_core::startup::builder().traces_exporters([]).span_exporter(spans.clone()).init();
    /// ```
    pub fn span_exporter(mut self, exporter: impl SpanExporter + 'static) -> Self {
        self.own.spans.push(Box::new(|traces| traces.with_own(exporter)));
        self
    }

    /// One more exporter of metrics: any of `opentelemetry_sdk`. `OTEL_METRIC_EXPORT_INTERVAL` applies to it.
    pub fn metric_exporter(mut self, exporter: impl PushMetricExporter) -> Self {
        self.own.metrics.push(Box::new(|metrics| metrics.with_own(exporter)));
        self
    }

    /// One more exporter of log records: any of `opentelemetry_sdk`. `OTEL_BLRP_*` applies to it.
    pub fn log_exporter(mut self, exporter: impl LogExporter + 'static) -> Self {
        self.own.logs.push(Box::new(|logs| logs.with_own(exporter)));
        self
    }
}

impl fmt::Debug for OwnExporters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { spans, metrics, logs } = self;
        f.debug_struct("OwnExporters")
            .field("spans", &spans.len())
            .field("metrics", &metrics.len())
            .field("logs", &logs.len())
            .finish()
    }
}
