//! The client's start-up, by hand: it prints its spans whatever the environment says.

use opentelemetry::{global, propagation::TextMapCompositePropagator};
use opentelemetry_sdk::{
    propagation::{BaggagePropagator, TraceContextPropagator},
    trace::SdkTracerProvider,
};
use otel_core::exporter::console::ConsoleSpanExporter;

/// The tracer provider of the process; shuts it down when dropped.
#[derive(Debug)]
pub struct Telemetry(SdkTracerProvider);

impl Telemetry {
    /// Installs provider and propagator.
    #[must_use]
    pub fn start() -> Self {
        global::set_text_map_propagator(TextMapCompositePropagator::new(vec![
            Box::new(TraceContextPropagator::new()),
            Box::new(BaggagePropagator::new()),
        ]));
        let provider = SdkTracerProvider::builder().with_simple_exporter(ConsoleSpanExporter::stdout()).build();
        global::set_tracer_provider(provider.clone());
        Self(provider)
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            eprintln!("spans may be lost: {error}");
        }
    }
}
