use std::error::Error;

use actix_web::{App, HttpServer, get};
use opentelemetry::global;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_instrumentation_actix_web::{RequestMetrics, RequestTracing};
use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter};
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let spans = SpanExporter::builder().with_http().build()?;
    let tracer_provider = SdkTracerProvider::builder().with_batch_exporter(spans).build();
    global::set_tracer_provider(tracer_provider.clone());
    global::set_text_map_propagator(TraceContextPropagator::new());

    let metrics = MetricExporter::builder().with_http().build()?;
    let meter_provider = SdkMeterProvider::builder().with_periodic_exporter(metrics).build();
    global::set_meter_provider(meter_provider.clone());

    let records = LogExporter::builder().with_http().build()?;
    let logger_provider = SdkLoggerProvider::builder().with_batch_exporter(records).build();
    tracing_subscriber::registry().with(OpenTelemetryTracingBridge::new(&logger_provider)).init();

    let app = || App::new().wrap(RequestTracing::new()).wrap(RequestMetrics::default()).service(hello);
    HttpServer::new(app).bind(("127.0.0.1", 8080))?.run().await?;

    tracer_provider.shutdown()?;
    meter_provider.shutdown()?;
    logger_provider.shutdown()?;
    Ok(())
}
