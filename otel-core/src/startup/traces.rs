//! [`TracesConfig`] → a tracer provider.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanExporter, SpanLimits,
};

use super::counting::{CountingExporter, CountingProcessor};
use super::pipeline::{Destination, Pipeline};
use crate::config::{ExporterName, SamplerChoice, SpanLimitSettings, TracesConfig};
use crate::diagnostics;
use crate::exporter::truncating::TruncatingSpanExporter;
use crate::exporter::{ConsoleSpanExporter, ReportingSpanExporter};

/// The console is for people who wait for the answer of `curl`.
const CONSOLE_DELAY: Duration = Duration::from_millis(200);

/// Builds the provider and what leads to its exporters.
pub(super) fn pipeline(config: &TracesConfig, resource: Resource) -> Pipeline {
    let mut builder = SdkTracerProvider::builder()
        .with_resource(resource)
        .with_sampler(sampler(config.sampler))
        .with_span_limits(limits(&config.limits));
    let mut destinations = Vec::new();
    // Processors are shut down one after the other: the console first, for it answers at once.
    let mut exporters = config.exporters.clone();
    exporters.sort_by_key(|&exporter| exporter != ExporterName::Console);
    for exporter in exporters {
        let branch = match exporter {
            ExporterName::Console => Some(to_console(config)),
            ExporterName::Otlp => to_collector(config),
        };
        if let Some(Branch { processor, destination }) = branch {
            builder = builder.with_span_processor(processor);
            destinations.push(destination);
        }
    }
    Pipeline { provider: builder.build(), destinations }
}

/// The way of spans to one exporter.
#[derive(Debug)]
pub(super) struct Branch {
    processor: CountingProcessor<BatchSpanProcessor>,
    destination: Destination,
}

fn to_console(config: &TracesConfig) -> Branch {
    branch(config, ReportingSpanExporter::new(ConsoleSpanExporter::stdout(), "console"), CONSOLE_DELAY)
}

#[cfg(any(feature = "grpc", feature = "otlp-http"))]
fn to_collector(config: &TracesConfig) -> Option<Branch> {
    let report = |error: &opentelemetry_otlp::ExporterBuildError| {
        diagnostics::error(format_args!("no spans are sent to {}: {error}", config.otlp.shown_endpoint()));
    };
    super::otlp::to_collector(config).inspect_err(report).ok()
}

#[cfg(not(any(feature = "grpc", feature = "otlp-http")))]
fn to_collector(_: &TracesConfig) -> Option<Branch> {
    let reason = "this build lacks it, its cargo features `otlp-http` and `grpc` are off";
    let problem = crate::config::Problem::new("OTEL_TRACES_EXPORTER", "otlp", reason, "none");
    diagnostics::warn(format_args!("{problem}"));
    None
}

/// A batch processor in front of `exporter`, which waits `delay` unless the configuration says otherwise.
pub(super) fn branch<E: SpanExporter + 'static>(
    config: &TracesConfig,
    exporter: ReportingSpanExporter<E>,
    delay: Duration,
) -> Branch {
    let batch = BatchConfigBuilder::default()
        .with_max_queue_size(config.batch.max_queue_size)
        .with_max_export_batch_size(config.batch.max_export_batch_size)
        .with_scheduled_delay(config.batch.schedule_delay.unwrap_or(delay))
        .build();
    let destination = Destination { name: exporter.destination().to_owned(), counts: Arc::default() };
    let counts = || Arc::clone(&destination.counts);
    let exporter = TruncatingSpanExporter::new(exporter, &config.limits);
    let exporter = CountingExporter { inner: exporter, counts: counts() };
    let batching = BatchSpanProcessor::builder(exporter).with_batch_config(batch).build();
    Branch { processor: CountingProcessor { inner: batching, counts: counts() }, destination }
}

fn sampler(choice: SamplerChoice) -> Sampler {
    let parent_based = |root| Sampler::ParentBased(Box::new(root));
    match choice {
        SamplerChoice::AlwaysOn => Sampler::AlwaysOn,
        SamplerChoice::AlwaysOff => Sampler::AlwaysOff,
        SamplerChoice::TraceIdRatio(ratio) => Sampler::TraceIdRatioBased(ratio),
        SamplerChoice::ParentBasedAlwaysOn => parent_based(Sampler::AlwaysOn),
        SamplerChoice::ParentBasedAlwaysOff => parent_based(Sampler::AlwaysOff),
        SamplerChoice::ParentBasedTraceIdRatio(ratio) => parent_based(Sampler::TraceIdRatioBased(ratio)),
    }
}

fn limits(settings: &SpanLimitSettings) -> SpanLimits {
    SpanLimits {
        max_events_per_span: settings.events,
        max_attributes_per_span: settings.attributes,
        max_links_per_span: settings.links,
        max_attributes_per_event: settings.attributes_per_event,
        max_attributes_per_link: settings.attributes_per_link,
    }
}
