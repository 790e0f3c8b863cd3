//! `tracing-actix-web`, with the newest OpenTelemetry that it supports.

use std::error::Error;

use opentelemetry_of_actix_web::global;
use opentelemetry_of_actix_web::trace::TracerProvider as _;
use opentelemetry_otlp_of_actix_web::{Protocol, SpanExporter as OtlpSpanExporter, WithExportConfig as _};
use opentelemetry_sdk_of_actix_web::error::OTelSdkResult;
use opentelemetry_sdk_of_actix_web::propagation::TraceContextPropagator;
use opentelemetry_sdk_of_actix_web::trace::{BatchSpanProcessor, Sampler, SdkTracerProvider, SpanData, SpanExporter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::variant::{Export, Installed};

#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

/// Installs the subscriber, with the SDK behind it.
pub(in crate::variant) fn install(export: Export) -> Result<Installed, Box<dyn Error>> {
    global::set_text_map_propagator(TraceContextPropagator::new());
    let processor = match export {
        Export::Nowhere => BatchSpanProcessor::builder(Nowhere).build(),
        Export::Otlp => {
            let exporter = OtlpSpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).build()?;
            BatchSpanProcessor::builder(exporter).build()
        }
    };
    let sampler = Sampler::ParentBased(Box::new(Sampler::AlwaysOn));
    let provider = SdkTracerProvider::builder().with_sampler(sampler).with_span_processor(processor).build();
    let layer = tracing_opentelemetry_of_actix_web::layer().with_tracer(provider.tracer("tracing-actix-web"));
    // The usual level of an application. Without it, each event of an exporter's HTTP client would be work.
    let level = tracing_subscriber::filter::LevelFilter::INFO;
    tracing_subscriber::registry().with(level).with(layer).try_init()?;
    let kept = provider.clone();
    let installed = Installed::nothing().settles(move || drop(kept.force_flush()));
    Ok(installed.finish(move || drop(provider.shutdown())))
}
