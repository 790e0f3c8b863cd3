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
        match exporter {
            ExporterName::Console => {
                // For people who wait for the answer of `curl`.
                let delay = Duration::from_millis(200);
                let exporter = ReportingSpanExporter::new(ConsoleSpanExporter::stdout(), "console");
                let (processor, destination) = processor(config, exporter, delay);
                builder = builder.with_span_processor(processor);
                destinations.push(destination);
            }
            ExporterName::Otlp => {
                #[cfg(feature = "otlp-http")]
                match super::otlp::exporter(config) {
                    Ok(exporter) => {
                        let (processor, destination) = processor(config, exporter, Duration::from_secs(5));
                        builder = builder.with_span_processor(processor);
                        destinations.push(destination);
                    }
                    Err(error) => diagnostics::error(format_args!(
                        "no spans are sent to {}: {error}",
                        config.otlp.shown_endpoint()
                    )),
                }
                #[cfg(not(feature = "otlp-http"))]
                diagnostics::warn(format_args!(
                    "OTEL_TRACES_EXPORTER=\"otlp\": this build lacks it, its cargo feature `otlp-http` is off; using none"
                ));
            }
        }
    }
    Pipeline { provider: builder.build(), destinations }
}

/// A batch processor in front of `exporter`, which waits `delay` unless the configuration says otherwise.
fn processor<E: SpanExporter + 'static>(
    config: &TracesConfig,
    exporter: ReportingSpanExporter<E>,
    delay: Duration,
) -> (CountingProcessor<BatchSpanProcessor>, Destination) {
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
    (CountingProcessor { inner: batching, counts: counts() }, destination)
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
