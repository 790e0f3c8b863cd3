#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, LogsData, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status, TracesData};
use prost::Message as _;

use super::*;

fn text(key: &str, text: &str) -> KeyValue {
    let value = Some(AnyValue { value: Some(any_value::Value::StringValue(text.to_owned())) });
    KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
}

/// A request that took `milliseconds`.
fn span(trace: u8, id: u8, milliseconds: u64) -> Span {
    Span {
        trace_id: vec![trace; 16],
        span_id: vec![id; 8],
        name: "GET /a".to_owned(),
        kind: 2,
        start_time_unix_nano: 1_000,
        end_time_unix_nano: 1_000 + milliseconds * 1_000_000,
        attributes: vec![text("http.route", "/a"), text("url.path", "/a")],
        ..Span::default()
    }
}

fn export(service: &str, spans: Vec<Span>) -> Vec<u8> {
    let resource = Resource { attributes: vec![text("service.name", service)], ..Resource::default() };
    let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
    let resource_spans = vec![ResourceSpans { resource: Some(resource), scope_spans, ..ResourceSpans::default() }];
    TracesData { resource_spans }.encode_to_vec()
}

fn store(limit: usize) -> Store {
    Store::new(limit, "local")
}

fn query(text: &str) -> Query {
    Query::parse(text.split('&').filter_map(|part| part.split_once('=')).map(|(name, value)| (name, value.to_owned())))
        .unwrap()
}

fn ids(store: &Store, text: &str) -> Vec<String> {
    let list = store.list(&query(text));
    list["traces"].as_array().unwrap().iter().map(|row| row["traceId"].as_str().unwrap()[..2].to_owned()).collect()
}

#[test]
fn memory_stays_within_the_bound_and_the_oldest_goes_first() {
    let limit = 100_000;
    let store = store(limit);
    for trace in 1..=250 {
        let service = format!("service {}", trace % 7);
        let spans = (1..=5).map(|id| span(trace, id, u64::from(id))).collect();
        store.add_spans(&export(&service, spans)).unwrap();
        assert!(store.bytes() <= limit, "{}", store.bytes());
    }
    let list = store.list(&query("order=newest"));
    let kept = list["kept"].as_u64().unwrap();
    assert!(kept > 10, "{list}");
    assert_eq!(list["evicted"].as_u64().unwrap() + kept, 250);
    let shown = ids(&store, "order=newest&limit=3");
    assert_eq!(shown, ["fa", "f9", "f8"], "the newest are kept");
}

#[test]
fn what_was_kept_is_released_with_the_last_trace() {
    let store = store(5_000);
    store.add_spans(&export("small", vec![span(1, 1, 1)])).unwrap();
    assert!(store.bytes() > 0);
    store.add_spans(&export("large", vec![Span { name: "x".repeat(6_000), ..span(2, 1, 1) }])).unwrap();
    assert_eq!(store.bytes(), 0, "one trace too large for the bound, and those before it");
    assert_eq!(store.list(&query(""))["evicted"], 2);
    store.add_spans(&export("nothing", Vec::new())).unwrap();
    assert_eq!(store.bytes(), 0, "an origin without spans");
}

#[test]
fn several_services_share_a_trace() {
    let store = store(1 << 20);
    store.add_spans(&export("back", vec![Span { parent_span_id: vec![1; 8], ..span(1, 2, 5) }])).unwrap();
    store.add_spans(&export("front", vec![Span { name: "GET /front".to_owned(), ..span(1, 1, 9) }])).unwrap();
    let list = store.list(&query(""));
    let [row] = &list["traces"].as_array().unwrap()[..] else { unreachable!("one trace: {list}") };
    assert_eq!(row["name"], "GET /front", "the root, whenever it arrived");
    assert_eq!(row["services"], serde_json::json!(["back", "front"]));
    assert_eq!(row["durationNano"], 9_000_000);

    let document: TracesData = serde_json::from_str(&store.trace([1; 16]).unwrap()).unwrap();
    assert_eq!(document.resource_spans.len(), 2);
    assert_eq!(store.trace([9; 16]), None);
}

#[test]
fn filters() {
    let store = store(1 << 20);
    let failed = Span {
        status: Some(Status { code: 2, ..Status::default() }),
        attributes: vec![text("http.route", "/b"), text("http.response.status_code", "503")],
        name: "GET /b".to_owned(),
        ..span(2, 1, 50)
    };
    let with_text = Span { attributes: vec![text("user", "Żaneta (42)")], name: "work".to_owned(), ..span(3, 1, 2) };
    store.add_spans(&export("shop", vec![span(1, 1, 10), failed, with_text])).unwrap();
    store.add_spans(&export("bank", vec![span(4, 1, 20)])).unwrap();
    for (text, expected) in [
        ("order=newest", &["04", "03", "02", "01"][..]),
        ("order=slowest", &["02", "04", "01", "03"]),
        ("", &["02", "04", "03", "01"]),
        ("status=error", &["02"]),
        ("status=ok", &["04", "03", "01"]),
        ("status=5xx", &["02"]),
        ("status=503", &["02"]),
        ("status=404", &[]),
        ("route=/b", &["02"]),
        ("route=GET", &["02", "04", "01"]),
        ("service=bank", &["04"]),
        ("min_ms=20", &["02", "04"]),
        ("text=żANETA (42)", &["03"]),
        ("text=.*", &[]),
        ("limit=1", &["02"]),
        ("text=&route=&token=x&limit=1", &["02"]),
    ] {
        assert_eq!(ids(&store, text), expected, "{text}");
    }
    for wrong in ["status=bad", "status=600", "limit=many", "order=best", "colour=red", "min_ms=a", "min_ms=-1"] {
        let (name, value) = wrong.split_once('=').unwrap();
        assert_eq!(Query::parse([(name, value.to_owned())].into_iter()).err(), Some(name), "{wrong}");
    }
}

#[test]
fn slow_ones_come_after_failed_ones_and_before_the_rest() {
    let store = store(1 << 20);
    (1..=40).for_each(|trace| store.add_spans(&export("shop", vec![span(trace, 1, 10)])).unwrap());
    store.add_spans(&export("shop", vec![span(50, 1, 500)])).unwrap();
    store.add_spans(&export("shop", vec![span(60, 1, 11)])).unwrap();
    let failed = Span { status: Some(Status { code: 2, ..Status::default() }), ..span(70, 1, 1) };
    store.add_spans(&export("shop", vec![failed, span(80, 1, 10)])).unwrap();
    assert_eq!(ids(&store, "limit=4"), ["46", "32", "50", "3c"]);
}

#[test]
fn requests_are_shown_while_they_run() {
    let store = store(1 << 20);
    let running = RunningSpan { path: Some("/slow".to_owned()), ..RunningSpan::new([1; 16], [1; 8], "GET", 5) };
    let child = RunningSpan { parent: Some([1; 8]), ..RunningSpan::new([1; 16], [2; 8], "query", 6) };
    store.started(running);
    store.started(child);
    let list = store.list(&query(""));
    assert_eq!(list["runningCount"], 1, "requests alone: {list}");
    assert_eq!((&list["running"][0]["path"], &list["running"][0]["services"][0]), (&"/slow".into(), &"local".into()));
    assert_eq!(store.list(&query("route=/other"))["runningCount"], 0);
    assert_eq!(store.list(&query("status=ok"))["runningCount"], 0);

    let document: TracesData = serde_json::from_str(&store.trace([1; 16]).unwrap()).unwrap();
    let spans = &document.resource_spans[0].scope_spans[0].spans;
    assert_eq!(spans.len(), 2);
    assert!(spans.iter().all(|span| span.end_time_unix_nano == 0));
    assert_eq!(document.resource_spans[0].resource.as_ref().unwrap().attributes, [text("service.name", "local")]);

    store.add_spans(&export("local", vec![Span { parent_span_id: vec![1; 8], ..span(1, 3, 1) }])).unwrap();
    let list = store.list(&query(""));
    assert_eq!((&list["runningCount"], &list["traces"]), (&1.into(), &serde_json::json!([])), "shown once: {list}");

    store.ended([1; 8]);
    assert_eq!(store.list(&query(""))["runningCount"], 1, "on its way");
    store.add_spans(&export("shop", vec![span(1, 1, 3)])).unwrap();
    assert_eq!(store.list(&query(""))["runningCount"], 0);
}

#[test]
fn spans_that_never_end_take_a_bounded_place() {
    let store = store(1 << 20);
    let id = |number: u64| number.to_be_bytes();
    (1..=40_000).for_each(|number| store.started(RunningSpan::new([1; 16], id(number), "leak", 5)));
    let count = || store.trace([1; 16]).unwrap().matches("\"leak\"").count();
    assert_eq!(count(), 16_384);
    (1..=100).for_each(|number| store.add_spans(&export("shop", vec![span_of(2, id(number))])).unwrap());
    (50_001..=50_100).for_each(|number| store.started(RunningSpan::new([1; 16], id(number), "leak", 5)));
    assert!((16_300..=16_384).contains(&count()), "those that arrived make room for others: {}", count());
}

/// A span with this id.
fn span_of(trace: u8, id: [u8; 8]) -> Span {
    Span { span_id: id.to_vec(), ..span(trace, 1, 1) }
}

#[test]
fn log_records_belong_to_their_traces() {
    let store = store(1 << 20);
    let record = |trace_id: Vec<u8>| LogRecord { trace_id, span_id: vec![1; 8], ..LogRecord::default() };
    let log_records = vec![record(vec![1; 16]), record(Vec::new())];
    let scope_logs = vec![ScopeLogs { log_records, ..ScopeLogs::default() }];
    let data = LogsData { resource_logs: vec![ResourceLogs { scope_logs, ..ResourceLogs::default() }] };
    store.add_logs(&data.encode_to_vec()).unwrap();
    assert_eq!(store.list(&query(""))["kept"], 1, "the record without a trace has no place here");
    store.add_spans(&export("shop", vec![span(1, 1, 3)])).unwrap();
    assert_eq!(store.list(&query(""))["traces"][0]["logs"], 1);
    let document: LogsData = serde_json::from_str(&store.trace([1; 16]).unwrap()).unwrap();
    assert_eq!(document.resource_logs[0].scope_logs[0].log_records.len(), 1);
}

#[test]
fn nothing_of_a_malformed_export_is_kept() {
    let store = store(1 << 20);
    let mut bytes = export("shop", vec![span(1, 1, 1)]);
    bytes.extend(export("shop", vec![Span { span_id: vec![1; 3], ..span(2, 1, 1) }]));
    assert_eq!(store.add_spans(&bytes), Err(Malformed));
    assert_eq!((store.bytes(), store.version()), (0, 0));
}
