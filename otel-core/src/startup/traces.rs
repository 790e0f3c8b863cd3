//! [`TracesConfig`] → a tracer provider.

use std::io::IsTerminal as _;
use std::time::Duration;

use opentelemetry_sdk::Resource;

use super::destinations::Destinations;
use super::viewer::LocalViewer;
use crate::config::{ConsoleFormat, ExporterName, TracesConfig};
#[cfg(feature = "viewer")]
use crate::exporter::otlp::OtlpSpanExporter;
#[cfg(feature = "_otlp")]
use crate::exporter::signal::Signal;
#[cfg(feature = "viewer")]
use crate::exporter::viewer::ViewerService;
use crate::exporter::{ConsoleSpanExporter, ReportingExporter, TextSpanExporter};
use crate::recorder::{RecordExporter, SpanDataExporter, TracerProvider, TracerProviderBuilder};

/// Short, because people look at the console right after a request.
const CONSOLE_DELAY: Duration = Duration::from_millis(200);

/// Short, because people watch the page while they make requests.
#[cfg(feature = "viewer")]
const VIEWER_DELAY: Duration = Duration::from_millis(100);

/// Longest wait of a finished span, unless the configuration sets another one
/// ([specification](https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor)).
const DELAY: Duration = Duration::from_secs(5);

/// Sets the application's sampler.
pub(super) type CustomSampler = Box<dyn FnOnce(TracerProviderBuilder) -> TracerProviderBuilder + Send>;

/// Builds the provider and the queues of its exporters.
pub(super) fn provider(
    config: &TracesConfig,
    sampler: Option<CustomSampler>,
    custom: Vec<ReportingExporter<Box<dyn RecordExporter>>>,
    resource: Resource,
    viewer: &LocalViewer,
    destinations: &mut Destinations,
) -> TracerProvider {
    let builder = TracerProvider::builder()
        .with_resource(resource)
        .with_sampler_choice(config.sampler)
        .with_limits(config.limits);
    let builder = match sampler {
        Some(sampler) => sampler(builder),
        None => builder,
    };
    let mut traces = TracesBuilder { builder, config: config.clone() };
    for exporter in super::console_first(&config.exporters) {
        traces = match exporter {
            ExporterName::Console => with_console(traces, destinations),
            ExporterName::Viewer => with_viewer(traces, viewer),
            ExporterName::Prometheus => {
                super::prometheus::takes_metrics_alone("OTEL_TRACES_EXPORTER");
                traces
            }
            ExporterName::Otlp => with_collector(traces, destinations),
        };
    }
    for exporter in custom {
        traces = traces.with(exporter.with_reporter(destinations.custom()), DELAY);
    }
    traces.builder.build()
}

/// A tracer provider that is being built.
#[derive(Debug)]
pub(super) struct TracesBuilder {
    builder: TracerProviderBuilder,
    config: TracesConfig,
}

impl TracesBuilder {
    /// Adds an exporter. Spans wait `delay`, unless the configuration sets another time.
    fn with(self, exporter: ReportingExporter<Box<dyn RecordExporter>>, delay: Duration) -> Self {
        let destination = exporter.destination().to_owned();
        let mut batch = self.config.batch;
        batch.schedule_delay.get_or_insert(delay);
        Self { builder: self.builder.with_batch(batch).with_record_exporter(Box::new(exporter), destination), ..self }
    }
}

fn with_console(traces: TracesBuilder, destinations: &mut Destinations) -> TracesBuilder {
    let usual = if std::io::stdout().is_terminal() { ConsoleFormat::Text } else { ConsoleFormat::Json };
    let exporter = match traces.config.console_format.unwrap_or(usual) {
        ConsoleFormat::Text => SpanDataExporter::boxed(TextSpanExporter::stdout()),
        ConsoleFormat::Json => SpanDataExporter::boxed(ConsoleSpanExporter::stdout()),
    };
    let exporter = ReportingExporter::new(exporter, "console").with_reporter(destinations.console());
    traces.with(exporter, CONSOLE_DELAY)
}

#[cfg(feature = "_otlp")]
fn with_collector(traces: TracesBuilder, destinations: &mut Destinations) -> TracesBuilder {
    let config = &traces.config;
    if config.otlp.is_unreachable() {
        return traces;
    }
    match super::otlp::spans(config) {
        Ok(exporter) => {
            let reporter = destinations.collector(&config.otlp, Signal::Spans);
            traces.with(exporter.with_reporter(reporter), DELAY)
        }
        Err(error) => {
            super::cannot_send("spans", &config.otlp, &error);
            traces
        }
    }
}

#[cfg(not(feature = "_otlp"))]
fn with_collector(traces: TracesBuilder, _: &mut Destinations) -> TracesBuilder {
    super::speaks_no_otlp("OTEL_TRACES_EXPORTER");
    traces
}

#[cfg(feature = "viewer")]
fn with_viewer(traces: TracesBuilder, local: &LocalViewer) -> TracesBuilder {
    let Some(viewer) = &local.viewer else { return traces };
    let exporter: Box<dyn RecordExporter> = Box::new(OtlpSpanExporter::new(ViewerService::of_spans(viewer)));
    traces.with(ReportingExporter::new(exporter, "viewer"), VIEWER_DELAY)
}

#[cfg(not(feature = "viewer"))]
fn with_viewer(traces: TracesBuilder, _: &LocalViewer) -> TracesBuilder {
    super::viewer::lacks_viewer("OTEL_TRACES_EXPORTER");
    traces
}
