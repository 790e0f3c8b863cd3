//! Exporters and a sampler of the application, set in code.

use opentelemetry_sdk::logs::LogExporter;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{ShouldSample, SpanExporter};

use super::builder::InitBuilder;
use crate::exporter::ReportingExporter;
use crate::exporter::boxed::{BoxedLogExporter, BoxedMetricExporter};
use crate::recorder::{SpanDataExporter, name_of};

impl InitBuilder {
    /// Lets `sampler`, one of `opentelemetry_sdk` or your own, decide which spans are recorded, instead of
    /// `OTEL_TRACES_SAMPLER`. It sees the attributes that are known when a span starts, which costs each request the
    /// time to build them.
    ///
    /// ```no_run
    /// use opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};
    /// # use opentelemetry::trace::{Link, SpanKind, TraceId};
    /// # use opentelemetry::{Context, KeyValue};
    ///
    /// /// Records a tenth of the traces, and every checkout.
    /// #[derive(Clone, Debug)]
    /// struct Checkouts;
    ///
    /// impl ShouldSample for Checkouts {
    ///     fn should_sample(
    ///         &self,
    ///         parent: Option<&Context>,
    ///         trace_id: TraceId,
    ///         name: &str,
    ///         kind: &SpanKind,
    ///         attributes: &[KeyValue],
    ///         links: &[Link],
    ///     ) -> SamplingResult {
    ///         let is_checkout = attributes.iter().any(|kv| kv.key.as_str() == "url.path" && kv.value.as_str() == "/checkout");
    ///         let sampler = if is_checkout { Sampler::AlwaysOn } else { Sampler::TraceIdRatioBased(0.1) };
    ///         sampler.should_sample(parent, trace_id, name, kind, attributes, links)
    ///     }
    /// }
    ///
    /// let sampler = Sampler::ParentBased(Box::new(Checkouts));
    /// let _telemetry = otel_core::startup::builder().sampler(sampler).init();
    /// ```
    pub fn sampler(mut self, sampler: impl ShouldSample + 'static) -> Self {
        self.custom_exporters.sampler = Some(Box::new(|provider| provider.with_sampler(sampler)));
        self
    }

    /// Adds an exporter of spans: any of `opentelemetry_sdk`. `OTEL_BSP_*` applies to it; its failures are reported.
    ///
    /// ```no_run
    /// use opentelemetry_sdk::trace::InMemorySpanExporter;
    ///
    /// let spans = InMemorySpanExporter::default();
    /// let _telemetry = otel_core::startup::builder().traces_exporters([]).span_exporter(spans.clone()).init();
    /// ```
    pub fn span_exporter(mut self, exporter: impl SpanExporter + 'static) -> Self {
        let name = name_of(&exporter);
        self.custom_exporters.spans.push(ReportingExporter::new(SpanDataExporter::boxed(exporter), name));
        self
    }

    /// Adds an exporter of metrics: any of `opentelemetry_sdk`. `OTEL_METRIC_EXPORT_INTERVAL` applies to it.
    pub fn metric_exporter(mut self, exporter: impl PushMetricExporter) -> Self {
        let name = name_of(&exporter);
        self.custom_exporters.metrics.push(ReportingExporter::new(BoxedMetricExporter::new(exporter), name));
        self
    }

    /// Adds an exporter of log records: any of `opentelemetry_sdk`. `OTEL_BLRP_*` applies to it.
    pub fn log_exporter(mut self, exporter: impl LogExporter + 'static) -> Self {
        let name = name_of(&exporter);
        self.custom_exporters.logs.push(ReportingExporter::new(BoxedLogExporter::new(exporter), name));
        self
    }
}
