//! Log records and metrics of the SDK are encoded as `opentelemetry-proto` encodes them.

use std::time::Duration;

use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::{SpanId, TraceFlags, TraceId};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::logs::tonic::group_logs_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogBatch, LogExporter, SdkLoggerProvider};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{
    Aggregation, Instrument, InstrumentKind, PeriodicReader, SdkMeterProvider, Stream, Temporality,
};
use prost::Message as _;

use crate::exporter::otlp::{logs, metrics};

fn resource() -> Resource {
    let attributes = [KeyValue::new("service.name", "shöp"), KeyValue::new("n", 1)];
    Resource::builder_empty().with_schema_url(attributes, "https://example.com/resource").build()
}

fn scope(name: &'static str) -> InstrumentationScope {
    let builder = InstrumentationScope::builder(name).with_version("1").with_schema_url("https://example.com/scope");
    builder.with_attributes([KeyValue::new("a", true)]).build()
}

/// An exporter that compares each batch.
#[derive(Debug)]
struct Comparing {
    resource: Resource,
    temporality: Temporality,
}

impl LogExporter for Comparing {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let ours = ExportLogsServiceRequest::decode(logs::encode(&self.resource, &batch).as_slice()).unwrap();
        let resource = ResourceAttributesWithSchema::from(&self.resource);
        let resource_logs = group_logs_by_resource_and_scope(&batch, &resource);
        let sorted = |mut request: ExportLogsServiceRequest| {
            let scopes = &mut request.resource_logs[0].scope_logs;
            scopes.sort_by_key(|scope| format!("{:?}", scope.scope));
            request
        };
        assert_eq!(sorted(ours), sorted(ExportLogsServiceRequest { resource_logs }));
        Ok(())
    }
}

#[test]
fn log_records() {
    let exporter = Comparing { resource: resource(), temporality: Temporality::Delta };
    let provider = SdkLoggerProvider::builder().with_simple_exporter(exporter).build();
    for scope in [scope("one"), scope("two"), InstrumentationScope::default()] {
        let logger = provider.logger_with_scope(scope);
        logger.emit(logger.create_log_record());
        for severity in [Severity::Trace, Severity::Info3, Severity::Fatal4] {
            let mut record = logger.create_log_record();
            record.set_severity_number(severity);
            record.set_severity_text(severity.name());
            record.set_event_name("event");
            record.set_target("module::path");
            record.set_timestamp(std::time::UNIX_EPOCH + Duration::from_nanos(7));
            record.set_trace_context(TraceId::from(1 << 100), SpanId::from(2), Some(TraceFlags::SAMPLED));
            let map = [("k".into(), AnyValue::Int(-1)), ("".into(), AnyValue::Boolean(false))];
            let list = vec![AnyValue::Double(-0.0), AnyValue::String("".into()), AnyValue::ListAny(Box::default())];
            record.set_body(AnyValue::Map(Box::new(map.into_iter().collect())));
            record.add_attribute("list", AnyValue::ListAny(Box::new(list)));
            record.add_attribute("bytes", AnyValue::Bytes(Box::new(vec![0, 255])));
            record.add_attribute("text", "x".repeat(300));
            record.add_attribute("", i64::MIN);
            logger.emit(record);
        }
    }
}

impl PushMetricExporter for Comparing {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let ours = ExportMetricsServiceRequest::decode(metrics::encode(metrics).as_slice()).unwrap();
        assert_eq!(ours, ExportMetricsServiceRequest::from(metrics));
        assert!(!ours.resource_metrics[0].scope_metrics.is_empty());
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        self.temporality
    }
}

fn exponential(instrument: &Instrument) -> Option<Stream> {
    let aggregation = Aggregation::Base2ExponentialHistogram { max_size: 20, max_scale: 5, record_min_max: true };
    let is_meant = instrument.kind() == InstrumentKind::Histogram && instrument.name().starts_with("exponential");
    is_meant.then(|| Stream::builder().with_aggregation(aggregation).build().unwrap())
}

#[test]
fn metrics_of_every_kind() {
    for temporality in [Temporality::Delta, Temporality::Cumulative] {
        let exporter = Comparing { resource: resource(), temporality };
        let reader = PeriodicReader::builder(exporter).with_interval(Duration::from_secs(3600)).build();
        let provider =
            SdkMeterProvider::builder().with_resource(resource()).with_reader(reader).with_view(exponential).build();
        for scope in [scope("one"), InstrumentationScope::default()] {
            let meter = provider.meter_with_scope(scope);
            let attributes = [KeyValue::new("k", "v"), KeyValue::new("n", 1.5)];
            meter.u64_counter("u").with_unit("{u}").with_description("d").build().add(1 << 40, &attributes);
            meter.f64_up_down_counter("f").build().add(-1.5, &[]);
            meter.i64_gauge("i").build().record(i64::MIN, &attributes);
            meter.i64_gauge("zero").build().record(0, &attributes);
            let (plain, other) = (meter.f64_histogram("h").build(), meter.u64_histogram("hu").build());
            let exponential = meter.f64_histogram("exponential").build();
            for value in [0.0, 0.001, 3.0, 1e6, -7.5] {
                plain.record(value, &attributes);
                exponential.record(value, &attributes);
                other.record(7, &[]);
            }
        }
        provider.force_flush().unwrap();
        provider.shutdown().unwrap();
    }
}
