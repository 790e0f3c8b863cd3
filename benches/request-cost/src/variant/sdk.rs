//! The OpenTelemetry SDK, set up so that everything is recorded.

use std::error::Error;
use std::time::Duration;

use opentelemetry::global;
use opentelemetry_otlp::{MetricExporter, Protocol, SpanExporter as OtlpSpanExporter, WithExportConfig as _};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{BatchSpanProcessor, Sampler, SdkTracerProvider, SpanData, SpanExporter};

use super::{Export, Installed};

/// Takes spans and metrics, and does nothing with them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

impl PushMetricExporter for Nowhere {
    async fn export(&self, _: &ResourceMetrics) -> OTelSdkResult {
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

/// Installs the SDK's tracer provider with a batch processor.
pub(super) fn install_tracer_provider(
    installed: Installed,
    sampler: Sampler,
    export: Export,
) -> Result<Installed, Box<dyn Error>> {
    let processor = match export {
        Export::Nowhere => BatchSpanProcessor::builder(Nowhere).build(),
        Export::Otlp => {
            let exporter = OtlpSpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).build()?;
            BatchSpanProcessor::builder(exporter).build()
        }
    };
    let provider = SdkTracerProvider::builder().with_sampler(sampler).with_span_processor(processor).build();
    global::set_tracer_provider(provider.clone());
    let kept = provider.clone();
    Ok(installed.settles(move || drop(kept.force_flush())).finish(move || drop(provider.shutdown())))
}

/// Installs the SDK's propagator for W3C trace context.
pub(super) fn install_propagator() {
    global::set_text_map_propagator(TraceContextPropagator::new());
}

/// Installs the SDK's meter provider with a periodic reader.
pub(super) fn install_meter_provider(installed: Installed, export: Export) -> Result<Installed, Box<dyn Error>> {
    let builder = SdkMeterProvider::builder();
    let provider = match export {
        Export::Nowhere => builder.with_periodic_exporter(Nowhere).build(),
        Export::Otlp => builder
            .with_periodic_exporter(MetricExporter::builder().with_http().with_protocol(Protocol::HttpBinary).build()?)
            .build(),
    };
    global::set_meter_provider(provider.clone());
    Ok(installed.finish(move || drop(provider.shutdown())))
}
