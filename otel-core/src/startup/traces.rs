//! [`TracesConfig`] → a tracer provider.

use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanExporter, SpanLimits,
};

use crate::config::{ExporterName, SamplerChoice, SpanLimitSettings, TracesConfig};
use crate::diagnostics;
use crate::exporter::{ConsoleSpanExporter, ReportingSpanExporter};

/// Builds the provider. Also returns, for the operator, where spans go.
pub(super) fn provider(config: &TracesConfig, resource: Resource) -> (SdkTracerProvider, Vec<String>) {
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
                builder = builder.with_span_processor(processor(config, exporter, delay));
                destinations.push("console".to_owned());
            }
            ExporterName::Otlp => {
                #[cfg(feature = "otlp-http")]
                match super::otlp::exporter(config) {
                    Ok(exporter) => {
                        destinations.push(exporter.destination().to_owned());
                        builder = builder.with_span_processor(processor(config, exporter, Duration::from_secs(5)));
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
    (builder.build(), destinations)
}

fn processor<E: SpanExporter + 'static>(config: &TracesConfig, exporter: E, delay: Duration) -> BatchSpanProcessor {
    let batch = BatchConfigBuilder::default()
        .with_max_queue_size(config.batch.max_queue_size)
        .with_max_export_batch_size(config.batch.max_export_batch_size)
        .with_scheduled_delay(config.batch.schedule_delay.unwrap_or(delay))
        .build();
    BatchSpanProcessor::builder(exporter).with_batch_config(batch).build()
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
