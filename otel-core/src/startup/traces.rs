//! [`TracesConfig`] → a tracer provider.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanExporter, SpanLimits,
};

use super::counting::{CountingExporter, CountingProcessor};
use super::outages::Outages;
use super::pipeline::{Destination, Traces};
use crate::config::{ExporterName, SamplerChoice, SpanLimitSettings, TracesConfig};
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
use crate::exporter::outage::Signal;
use crate::exporter::truncating::TruncatingSpanExporter;
use crate::exporter::{ConsoleSpanExporter, ReportingExporter};

/// The console is for people who wait for the answer of `curl`.
const CONSOLE_DELAY: Duration = Duration::from_millis(200);

/// Longest wait of a finished span for a collector, unless the configuration says otherwise
/// ([specification](https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor)).
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
const OTLP_DELAY: Duration = Duration::from_secs(5);

/// Builds the provider and what leads to its exporters.
pub(super) fn pipeline(config: &TracesConfig, resource: Resource, outages: &mut Outages) -> Traces {
    let mut builder = SdkTracerProvider::builder()
        .with_resource(resource)
        .with_sampler(sampler(config.sampler))
        .with_span_limits(limits(&config.limits));
    let mut destinations = Vec::new();
    for exporter in super::console_first(&config.exporters) {
        let branch = match exporter {
            ExporterName::Console => Some(to_console(config, outages)),
            ExporterName::Otlp => to_collector(config, outages),
        };
        if let Some(Branch { processor, destination }) = branch {
            builder = builder.with_span_processor(processor);
            destinations.push(destination);
        }
    }
    Traces { provider: builder.build(), destinations }
}

/// The way of spans to one exporter.
#[derive(Debug)]
struct Branch {
    processor: CountingProcessor<BatchSpanProcessor>,
    destination: Destination,
}

fn to_console(config: &TracesConfig, outages: &mut Outages) -> Branch {
    let exporter = ReportingExporter::new(ConsoleSpanExporter::stdout(), "console");
    branch(config, exporter.with_outage(outages.of_console()), CONSOLE_DELAY)
}

#[cfg(any(feature = "grpc", feature = "otlp-http"))]
fn to_collector(config: &TracesConfig, outages: &mut Outages) -> Option<Branch> {
    let exporter = super::otlp::spans(config);
    let exporter = exporter.inspect_err(|error| super::cannot_send("spans", &config.otlp, error)).ok()?;
    Some(branch(config, exporter.with_outage(outages.of_collector(&config.otlp, Signal::Spans)), OTLP_DELAY))
}

#[cfg(not(any(feature = "grpc", feature = "otlp-http")))]
fn to_collector(_: &TracesConfig, _: &mut Outages) -> Option<Branch> {
    super::speaks_no_otlp("OTEL_TRACES_EXPORTER");
    None
}

/// A batch processor in front of `exporter`, which waits `delay` unless the configuration says otherwise.
fn branch<E: SpanExporter + 'static>(config: &TracesConfig, exporter: ReportingExporter<E>, delay: Duration) -> Branch {
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
