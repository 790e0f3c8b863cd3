//! Providers whose exporters take spans, and drop them.

use opentelemetry::global;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use otel_core::config::LogLevel;

#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

/// Ours, as start-up sets them. Metrics are off, because the others have none.
pub(crate) fn ours() {
    let builder = otel_core::startup::builder().traces_exporters([]).metrics_exporters([]).logs_exporters([]);
    // Telemetry goes on until the process ends.
    std::mem::forget(builder.log_level(LogLevel::Warn).span_exporter(Nowhere).init());
}

/// The SDK's, with its batch processor.
pub(crate) fn sdk() {
    global::set_tracer_provider(SdkTracerProvider::builder().with_batch_exporter(Nowhere).build());
    global::set_text_map_propagator(TraceContextPropagator::new());
}

/// The same of the version that `reqwest-tracing` knows, behind `tracing`.
pub(crate) fn tracing() {
    use opentelemetry_0_32::global;
    use opentelemetry_0_32::trace::TracerProvider as _;
    use opentelemetry_sdk_0_32 as sdk;
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;

    #[derive(Debug)]
    struct Nowhere;

    impl sdk::trace::SpanExporter for Nowhere {
        async fn export(&self, _: Vec<sdk::trace::SpanData>) -> sdk::error::OTelSdkResult {
            Ok(())
        }
    }

    let provider = sdk::trace::SdkTracerProvider::builder().with_batch_exporter(Nowhere).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("bench"));
    global::set_text_map_propagator(sdk::propagation::TraceContextPropagator::new());
    global::set_tracer_provider(provider);
    tracing_subscriber::registry().with(layer).init();
}
