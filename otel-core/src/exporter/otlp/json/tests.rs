//! `opentelemetry-proto` reads the JSON as the same messages, except for numbers that JSON has no word for.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::summary_data_point::ValueAtQuantile;
use opentelemetry_proto::tonic::metrics::v1::{
    Exemplar, ExponentialHistogram, ExponentialHistogramDataPoint, Gauge, Histogram, HistogramDataPoint, Metric,
    NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum, Summary, SummaryDataPoint, exemplar, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use serde::de::DeserializeOwned;

use super::{request, write};

fn json(signal: &str, message: &impl prost::Message) -> String {
    let mut out = Vec::new();
    write(&message.encode_to_vec(), request(signal).unwrap(), &mut out);
    String::from_utf8(out).unwrap()
}

fn is_read_back<M: prost::Message + DeserializeOwned + PartialEq + std::fmt::Debug>(signal: &str, message: &M) {
    let json = json(signal, message);
    assert_eq!(&serde_json::from_str::<M>(&json).unwrap(), message, "{json}");
}

fn any(value: Value) -> AnyValue {
    AnyValue { value: Some(value) }
}

fn attribute(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(any(value)), ..KeyValue::default() }
}

fn attributes() -> Vec<KeyValue> {
    let texts = ["", "x", "\"\\\n\u{1}\u{7f}", "äöü€😀"].map(|text| any(Value::StringValue(text.to_owned())));
    vec![
        attribute("\"quoted\"", Value::ArrayValue(ArrayValue { values: texts.to_vec() })),
        attribute("none", Value::ArrayValue(ArrayValue::default())),
        attribute("", Value::KvlistValue(KeyValueList::default())),
        attribute("yes", Value::BoolValue(true)),
        attribute("no", Value::BoolValue(false)),
        attribute("least", Value::IntValue(i64::MIN)),
        attribute("zero", Value::IntValue(0)),
        attribute("double", Value::DoubleValue(0.1)),
        attribute("large", Value::DoubleValue(f64::MAX)),
        attribute("small", Value::DoubleValue(-f64::MIN_POSITIVE)),
        attribute("bytes", Value::BytesValue(vec![0, 255, 1, 62])),
        attribute("map", Value::KvlistValue(KeyValueList { values: vec![attribute("in", Value::IntValue(-7))] })),
        KeyValue { key: "empty".to_owned(), value: Some(AnyValue::default()), ..KeyValue::default() },
    ]
}

fn resource() -> Resource {
    Resource { attributes: attributes(), dropped_attributes_count: 1, ..Resource::default() }
}

fn scope() -> InstrumentationScope {
    let (name, version) = ("scope".to_owned(), "1".to_owned());
    InstrumentationScope { name, version, attributes: attributes(), dropped_attributes_count: 2 }
}

const SCHEMA: &str = "https://opentelemetry.io/schemas/1.0.0";

#[test]
fn spans() {
    let span = Span {
        trace_id: (0..16).collect(),
        span_id: vec![0xff; 8],
        trace_state: "a=b".to_owned(),
        parent_span_id: vec![1; 8],
        flags: 0x301,
        name: "GET /\u{0}".to_owned(),
        kind: 2,
        start_time_unix_nano: 1,
        end_time_unix_nano: u64::MAX,
        attributes: attributes(),
        dropped_attributes_count: u32::try_from(i32::MAX).unwrap(),
        events: vec![
            Event { time_unix_nano: 2, name: "e".to_owned(), attributes: attributes(), dropped_attributes_count: 3 },
            Event::default(),
        ],
        dropped_events_count: 4,
        links: vec![Link {
            trace_id: vec![2; 16],
            span_id: vec![3; 8],
            trace_state: "c=d".to_owned(),
            attributes: attributes(),
            dropped_attributes_count: 5,
            flags: 6,
        }],
        dropped_links_count: 7,
        status: Some(Status { message: "failed".to_owned(), code: 2 }),
    };
    let scope_spans =
        ScopeSpans { scope: Some(scope()), spans: vec![span, Span::default()], schema_url: SCHEMA.to_owned() };
    let scope_spans = vec![scope_spans, ScopeSpans::default()];
    let resource_spans = vec![ResourceSpans { resource: Some(resource()), scope_spans, schema_url: SCHEMA.to_owned() }];
    is_read_back("traces", &ExportTraceServiceRequest { resource_spans });
    assert_eq!(json("traces", &ExportTraceServiceRequest::default()), "{}");
}

#[test]
fn log_records() {
    let record = LogRecord {
        time_unix_nano: 1,
        observed_time_unix_nano: 2,
        severity_number: 9,
        severity_text: "INFO".to_owned(),
        body: Some(any(Value::StringValue("sold".to_owned()))),
        attributes: attributes(),
        dropped_attributes_count: 3,
        flags: 1,
        trace_id: vec![4; 16],
        span_id: vec![5; 8],
        event_name: "sale".to_owned(),
    };
    let scope_logs = vec![ScopeLogs {
        scope: Some(scope()),
        log_records: vec![record, LogRecord::default()],
        schema_url: SCHEMA.to_owned(),
    }];
    let resource_logs = vec![ResourceLogs { resource: Some(resource()), scope_logs, schema_url: SCHEMA.to_owned() }];
    is_read_back("logs", &ExportLogsServiceRequest { resource_logs });
}

fn exemplars() -> Vec<Exemplar> {
    [exemplar::Value::AsDouble(1.5), exemplar::Value::AsInt(-1)]
        .map(|value| Exemplar {
            filtered_attributes: attributes(),
            time_unix_nano: 8,
            span_id: vec![6; 8],
            trace_id: vec![7; 16],
            value: Some(value),
        })
        .to_vec()
}

fn metric(data: Data) -> Metric {
    Metric {
        name: "m".to_owned(),
        description: "d".to_owned(),
        unit: "s".to_owned(),
        metadata: attributes(),
        data: Some(data),
    }
}

fn metrics(metrics: Vec<Metric>) -> ExportMetricsServiceRequest {
    let scope_metrics = vec![ScopeMetrics { scope: Some(scope()), metrics, schema_url: SCHEMA.to_owned() }];
    let resource_metrics =
        vec![ResourceMetrics { resource: Some(resource()), scope_metrics, schema_url: SCHEMA.to_owned() }];
    ExportMetricsServiceRequest { resource_metrics }
}

fn numbers(values: Vec<number_data_point::Value>) -> Vec<NumberDataPoint> {
    let point = |value| NumberDataPoint {
        attributes: attributes(),
        start_time_unix_nano: 1,
        time_unix_nano: 2,
        exemplars: exemplars(),
        flags: 1,
        value: Some(value),
    };
    values.into_iter().map(point).collect()
}

#[test]
fn metrics_of_every_kind() {
    use number_data_point::Value::{AsDouble, AsInt};
    let gauge = Gauge { data_points: numbers(vec![AsInt(i64::MIN), AsInt(0), AsDouble(-0.5)]) };
    let sum = Sum { data_points: numbers(vec![AsInt(7)]), aggregation_temporality: 2, is_monotonic: true };
    let histogram = HistogramDataPoint {
        attributes: attributes(),
        start_time_unix_nano: 1,
        time_unix_nano: 2,
        count: 3,
        sum: Some(0.0),
        bucket_counts: vec![0, 1, u64::MAX],
        explicit_bounds: vec![0.005, 1e300],
        exemplars: exemplars(),
        flags: 1,
        min: Some(-1.0),
        max: Some(2.5),
    };
    let histogram =
        Histogram { data_points: vec![histogram, HistogramDataPoint::default()], aggregation_temporality: 1 };
    let exponential = ExponentialHistogramDataPoint {
        attributes: attributes(),
        start_time_unix_nano: 1,
        time_unix_nano: 2,
        count: 3,
        sum: Some(1.0),
        scale: -7,
        zero_count: 4,
        positive: Some(Buckets { offset: i32::MIN, bucket_counts: vec![1, 300, u64::MAX] }),
        negative: Some(Buckets { offset: 5, bucket_counts: vec![] }),
        flags: 1,
        exemplars: exemplars(),
        min: Some(1.0),
        max: Some(1.0),
        zero_threshold: 0.25,
    };
    let exponential = ExponentialHistogram { data_points: vec![exponential], aggregation_temporality: 2 };
    let summary = SummaryDataPoint {
        attributes: attributes(),
        start_time_unix_nano: 1,
        time_unix_nano: 2,
        count: 3,
        sum: 4.5,
        quantile_values: vec![ValueAtQuantile { quantile: 0.99, value: 7.0 }],
        flags: 1,
    };
    let summary = Summary { data_points: vec![summary] };
    is_read_back(
        "metrics",
        &metrics(vec![
            metric(Data::Gauge(gauge)),
            metric(Data::Sum(sum)),
            metric(Data::Histogram(histogram)),
            metric(Data::ExponentialHistogram(exponential)),
            metric(Data::Summary(summary)),
            Metric::default(),
        ]),
    );
}

#[test]
fn numbers_that_json_has_no_word_for_are_strings() {
    for (number, text) in [(f64::NAN, "NaN"), (f64::INFINITY, "Infinity"), (f64::NEG_INFINITY, "-Infinity")] {
        let log_records = vec![LogRecord { body: Some(any(Value::DoubleValue(number))), ..LogRecord::default() }];
        let scope_logs = vec![ScopeLogs { log_records, ..ScopeLogs::default() }];
        let resource_logs = vec![ResourceLogs { scope_logs, ..ResourceLogs::default() }];
        let logs = json("logs", &ExportLogsServiceRequest { resource_logs });
        assert!(logs.contains(&format!(r#""body":{{"doubleValue":"{text}"}}"#)), "{logs}");

        let histogram = HistogramDataPoint {
            sum: Some(number),
            explicit_bounds: vec![1.0, number],
            ..HistogramDataPoint::default()
        };
        let histogram = Histogram { data_points: vec![histogram], aggregation_temporality: 2 };
        let gauge = Gauge { data_points: numbers(vec![number_data_point::Value::AsDouble(number)]) };
        let metrics = json("metrics", &metrics(vec![metric(Data::Gauge(gauge)), metric(Data::Histogram(histogram))]));
        for part in [r#""asDouble":"@""#, r#""sum":"@""#, r#""explicitBounds":[1.0,"@"]"#] {
            assert!(metrics.contains(&part.replace('@', text)), "{part}: {metrics}");
        }
    }
}

#[test]
fn what_is_no_message_is_no_panic() {
    for bytes in
        [&b"\x0a\xff"[..], b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x0a\x02\x08", b"\x08\x01", b"\x0d"]
    {
        for signal in ["traces", "metrics", "logs"] {
            let mut out = Vec::new();
            write(bytes, request(signal).unwrap(), &mut out);
            assert!(serde_json::from_slice::<serde_json::Value>(&out).is_ok(), "{bytes:?}: {out:?}");
        }
    }
}
