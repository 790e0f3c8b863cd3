//! The OpenTelemetry SDK, set up so that everything is recorded and goes nowhere.

use std::time::Duration;

use opentelemetry::global;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanData, SpanExporter,
};

/// Spans that wait for export. So many that none is dropped in a run: dropping is cheaper than recording.
pub(super) const QUEUE: usize = 1 << 17;

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

/// Installs the SDK's tracer provider: batch processor, exporter that does nothing.
pub(super) fn install_tracer_provider(sampler: Sampler) {
    let batch = BatchConfigBuilder::default().with_max_queue_size(QUEUE).build();
    let processor = BatchSpanProcessor::builder(Nowhere).with_batch_config(batch).build();
    let provider = SdkTracerProvider::builder().with_sampler(sampler).with_span_processor(processor).build();
    global::set_tracer_provider(provider);
}

/// Installs the SDK's propagator for W3C trace context.
pub(super) fn install_propagator() {
    global::set_text_map_propagator(TraceContextPropagator::new());
}

/// Installs the SDK's meter provider: periodic reader, exporter that does nothing.
pub(super) fn install_meter_provider() {
    global::set_meter_provider(SdkMeterProvider::builder().with_periodic_exporter(Nowhere).build());
}
