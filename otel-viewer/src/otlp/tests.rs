#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{
    AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList, any_value,
};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, LogsData, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1::{
    Histogram, HistogramDataPoint, Metric, MetricsData, ResourceMetrics, ScopeMetrics, metric,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status, TracesData};
use prost::Message as _;
use serde_json::{Value, json};

use super::schema::{LOGS, METRICS, SPAN, TRACES};
use super::*;

fn attribute(key: &str, value: any_value::Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

fn text(key: &str, text: &str) -> KeyValue {
    attribute(key, any_value::Value::StringValue(text.to_owned()))
}

/// A span in which no field is empty.
fn full_span() -> Span {
    let list = [any_value::Value::BoolValue(true), any_value::Value::DoubleValue(0.5)];
    let values = list.into_iter().map(|value| AnyValue { value: Some(value) }).collect();
    Span {
        trace_id: vec![1; 16],
        span_id: vec![2; 8],
        trace_state: "a=b".to_owned(),
        parent_span_id: vec![3; 8],
        flags: 0x101,
        name: "GET /items/{id}".to_owned(),
        kind: 2,
        start_time_unix_nano: 1_700_000_000_000_000_001,
        end_time_unix_nano: 1_700_000_000_500_000_001,
        attributes: vec![
            text("http.request.method", "GET"),
            text("http.route", "/items/{id}"),
            text("url.path", "/items/7"),
            attribute("http.response.status_code", any_value::Value::IntValue(503)),
            attribute("negative", any_value::Value::IntValue(-1)),
            attribute("list", any_value::Value::ArrayValue(ArrayValue { values })),
            attribute("map", any_value::Value::KvlistValue(KeyValueList { values: vec![text("k", "v")] })),
            attribute("bytes", any_value::Value::BytesValue(vec![0, 255])),
        ],
        dropped_attributes_count: 4,
        events: vec![Event {
            time_unix_nano: 5,
            name: "exception".to_owned(),
            attributes: vec![text("exception.message", "no")],
            dropped_attributes_count: 1,
        }],
        dropped_events_count: 6,
        links: vec![Link {
            trace_id: vec![4; 16],
            span_id: vec![5; 8],
            trace_state: "c=d".to_owned(),
            attributes: vec![text("why", "because")],
            dropped_attributes_count: 2,
            flags: 1,
        }],
        dropped_links_count: 8,
        status: Some(Status { message: "went wrong".to_owned(), code: 2 }),
    }
}

fn traces(spans: Vec<Span>) -> TracesData {
    let resource = Resource { attributes: vec![text("service.name", "shop")], ..Resource::default() };
    let scope = InstrumentationScope { name: "scope".to_owned(), version: "1".to_owned(), ..Default::default() };
    let scope_spans = vec![ScopeSpans { scope: Some(scope), spans, schema_url: "https://inner".to_owned() }];
    let resource_spans =
        vec![ResourceSpans { resource: Some(resource), scope_spans, schema_url: "https://outer".to_owned() }];
    TracesData { resource_spans }
}

fn to_json(message: &'static schema::Message, bytes: &[u8]) -> Value {
    serde_json::to_value(AsJson::new(message, bytes)).unwrap()
}

#[test]
fn json_is_that_of_the_official_types() {
    let data = traces(vec![full_span()]);
    let ours = to_json(&TRACES, &data.encode_to_vec());
    assert_eq!(serde_json::from_value::<TracesData>(ours).unwrap(), data, "they read what we write");

    let theirs = serde_json::to_vec(&data).unwrap();
    let ours = from_json(&TRACES, &theirs).unwrap();
    assert_eq!(TracesData::decode(&ours[..]).unwrap(), data, "we read what they write");
}

#[test]
fn log_records_as_well() {
    let record = LogRecord {
        time_unix_nano: 1,
        observed_time_unix_nano: 2,
        severity_number: 9,
        severity_text: "INFO".to_owned(),
        body: Some(AnyValue { value: Some(any_value::Value::StringValue("hello".to_owned())) }),
        attributes: vec![text("k", "v")],
        dropped_attributes_count: 3,
        flags: 1,
        trace_id: vec![1; 16],
        span_id: vec![2; 8],
        event_name: "event".to_owned(),
    };
    let scope_logs = vec![ScopeLogs { scope: None, log_records: vec![record.clone()], schema_url: String::new() }];
    let data = LogsData { resource_logs: vec![ResourceLogs { resource: None, scope_logs, schema_url: String::new() }] };
    let bytes = data.encode_to_vec();
    let json = serde_json::to_vec(&AsJson::new(&LOGS, &bytes)).unwrap();
    assert_eq!(LogsData::decode(&from_json(&LOGS, &json).unwrap()[..]).unwrap(), data);
    assert_eq!(serde_json::from_slice::<LogsData>(&json).unwrap(), data);
    assert_eq!(trace_of_log(&record.encode_to_vec()), Ok(Some([1; 16])));
    assert_eq!(trace_of_log(&LogRecord { trace_id: vec![0; 16], ..record.clone() }.encode_to_vec()), Ok(None));
    assert_eq!(trace_of_log(&LogRecord { trace_id: vec![1; 15], ..record }.encode_to_vec()), Err(Malformed));
}

#[test]
fn histograms_of_requests_from_both_encodings() {
    let point = HistogramDataPoint {
        attributes: vec![
            text("http.request.method", "GET"),
            text("http.route", "/a"),
            attribute("http.response.status_code", any_value::Value::IntValue(500)),
        ],
        time_unix_nano: 7,
        count: 3,
        sum: Some(1.5),
        bucket_counts: vec![1, 2],
        explicit_bounds: vec![0.25],
        ..HistogramDataPoint::default()
    };
    let histogram = Histogram { data_points: vec![point], aggregation_temporality: 1 };
    let duration = Metric {
        name: "http.server.request.duration".to_owned(),
        data: Some(metric::Data::Histogram(histogram)),
        ..Metric::default()
    };
    let other = Metric { name: "other".to_owned(), ..duration.clone() };
    let scope_metrics = vec![ScopeMetrics { metrics: vec![other, duration], ..ScopeMetrics::default() }];
    let data = MetricsData { resource_metrics: vec![ResourceMetrics { scope_metrics, ..ResourceMetrics::default() }] };
    let binary = data.encode_to_vec();
    let json = from_json(&METRICS, &serde_json::to_vec(&data).unwrap()).unwrap();
    for request in [binary, json] {
        let points: Vec<_> =
            items(&request).unwrap().into_iter().flat_map(|(_, metrics)| metrics).flat_map(duration_points).collect();
        let [point] = &points[..] else { unreachable!("one point: {points:?}") };
        assert_eq!((point.key.method.as_str(), point.key.route.as_str(), point.key.is_error), ("GET", "/a", true));
        assert_eq!((point.time, point.count, point.sum, point.is_delta), (7, 3, 1.5, true));
        assert_eq!((&point.buckets[..], &point.bounds[..]), (&[1, 2][..], &[0.25][..]));
    }
}

#[test]
fn the_head_of_a_span() {
    let message = full_span().encode_to_vec();
    let head = SpanHead::read(&message).unwrap();
    let text = |range: TextRange| range.read(&message).unwrap_or_default();
    assert_eq!((head.trace_id, head.span_id, head.parent), ([1; 16], [2; 8], Some([3; 8])));
    assert_eq!((head.kind, head.is_error, head.status), (2, true, Some(503)));
    assert_eq!(
        [head.name, head.method, head.route, head.path].map(text),
        ["GET /items/{id}", "GET", "/items/{id}", "/items/7"]
    );
    assert_eq!(head.duration(), 500_000_000);

    for wrong in [Span { trace_id: vec![1; 15], ..full_span() }, Span { span_id: vec![0; 8], ..full_span() }] {
        assert_eq!(SpanHead::read(&wrong.encode_to_vec()), Err(Malformed));
    }
}

#[test]
fn items_come_with_their_origin() {
    let request = ExportTraceServiceRequest { resource_spans: traces(vec![full_span(), full_span()]).resource_spans };
    let bytes = request.encode_to_vec();
    let found = items(&bytes).unwrap();
    let [(origin, spans)] = &found[..] else { unreachable!("one scope: {found:?}") };
    assert_eq!((origin.service().as_str(), spans.len()), ("shop", 2));
    assert_eq!((&*origin.resource_schema_url, &*origin.scope_schema_url), ("https://outer", "https://inner"));
    for length in 1..bytes.len() {
        assert!(items(&bytes[..length]).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn text_that_is_no_utf8_is_replaced_and_the_rest_kept() {
    let mut bytes = Span { name: "xxxx".to_owned(), ..full_span() }.encode_to_vec();
    let at = bytes.windows(4).position(|window| window == b"xxxx").unwrap();
    bytes[at] = 0xff;
    assert!(Span::decode(&bytes[..]).is_err(), "the official types refuse it");
    assert_eq!(SpanHead::read(&bytes).unwrap().name.read(&bytes).unwrap(), "\u{fffd}xxx");
    assert_eq!(to_json(&SPAN, &bytes)["name"], "\u{fffd}xxx");
}

#[test]
fn nesting_ends_where_decoders_end() {
    let mut value = Vec::new();
    put_bytes(&mut value, 1, b"deep");
    for _ in 0..10_000 {
        let (mut list, mut outer) = (Vec::new(), Vec::new());
        put_bytes(&mut list, 1, &value);
        put_bytes(&mut outer, 5, &list);
        value = outer;
    }
    let (mut pair, mut span) = (Vec::new(), Vec::new());
    put_bytes(&mut pair, 2, &value);
    put_bytes(&mut span, 9, &pair);
    let json = serde_json::to_string(&AsJson::new(&SPAN, &span)).unwrap();
    assert!(json.len() < 10_000 && !json.contains("deep"), "{}", json.len());
    assert!(from_json(&TRACES, "[".repeat(100_000).as_bytes()).is_err());
}

#[test]
fn wrong_json_is_refused_and_unknown_fields_are_skipped() {
    let read = |json: Value| from_json(&SPAN, &serde_json::to_vec(&json).unwrap());
    let name =
        read(json!({"name": "n", "unknown": {"a": [1]}, "events": null, "kind": "2", "endTimeUnixNano": 7})).unwrap();
    let span = Span::decode(&name[..]).unwrap();
    assert_eq!((span.name.as_str(), span.kind, span.end_time_unix_nano), ("n", 2, 7));
    for wrong in [json!([]), json!({"name": 1}), json!({"traceId": "0g"}), json!({"events": {}}), json!({"flags": -1})]
    {
        assert_eq!(read(wrong.clone()), Err(Malformed), "{wrong}");
    }
}
