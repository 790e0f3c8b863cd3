//! [`TracesConfig`] → a tracer provider.

use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanExporter;

use super::outages::Outages;
use crate::config::{ExporterName, TracesConfig};
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
use crate::exporter::outage::Signal;
use crate::exporter::{ConsoleSpanExporter, ReportingExporter};
use crate::recorder::{SpanDataExporter, TracerProvider, TracerProviderBuilder};

/// The console is for people who wait for the answer of `curl`.
const CONSOLE_DELAY: Duration = Duration::from_millis(200);

/// Longest wait of a finished span for a collector, unless the configuration says otherwise
/// ([specification](https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor)).
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
const OTLP_DELAY: Duration = Duration::from_secs(5);

/// Builds the provider and what leads to its exporters.
pub(super) fn provider(config: &TracesConfig, resource: Resource, outages: &mut Outages) -> TracerProvider {
    let builder = TracerProvider::builder()
        .with_resource(resource)
        .with_sampler_choice(config.sampler)
        .with_limits(config.limits);
    let exporters = super::console_first(&config.exporters);
    let add = |builder, exporter| match exporter {
        ExporterName::Console => to_console(builder, config, outages),
        ExporterName::Otlp => to_collector(builder, config, outages),
    };
    exporters.into_iter().fold(builder, add).build()
}

fn to_console(builder: TracerProviderBuilder, config: &TracesConfig, outages: &mut Outages) -> TracerProviderBuilder {
    let exporter = ReportingExporter::new(ConsoleSpanExporter::stdout(), "console");
    with_exporter(builder, config, exporter.with_outage(outages.of_console()), CONSOLE_DELAY)
}

#[cfg(any(feature = "grpc", feature = "otlp-http"))]
fn to_collector(builder: TracerProviderBuilder, config: &TracesConfig, outages: &mut Outages) -> TracerProviderBuilder {
    match super::otlp::spans(config) {
        Ok(exporter) => {
            let exporter = exporter.with_outage(outages.of_collector(&config.otlp, Signal::Spans));
            with_exporter(builder, config, exporter, OTLP_DELAY)
        }
        Err(error) => {
            super::cannot_send("spans", &config.otlp, &error);
            builder
        }
    }
}

#[cfg(not(any(feature = "grpc", feature = "otlp-http")))]
fn to_collector(builder: TracerProviderBuilder, _: &TracesConfig, _: &mut Outages) -> TracerProviderBuilder {
    super::speaks_no_otlp("OTEL_TRACES_EXPORTER");
    builder
}

/// Adds an exporter that waits `delay` unless the configuration says otherwise.
fn with_exporter<E: SpanExporter + 'static>(
    builder: TracerProviderBuilder,
    config: &TracesConfig,
    exporter: ReportingExporter<E>,
    delay: Duration,
) -> TracerProviderBuilder {
    let mut batch = config.batch;
    batch.schedule_delay.get_or_insert(delay);
    let destination = exporter.destination().to_owned();
    builder.with_batch(batch).with_record_exporter(Box::new(SpanDataExporter::new(exporter)), destination)
}
