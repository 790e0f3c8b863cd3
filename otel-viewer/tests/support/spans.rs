//! Exports to send, with the official types.

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, LogsData, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::Event;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status, TracesData};

pub const START: u64 = 1_700_000_000_000_000_000;

pub fn text(key: &str, text: &str) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(string(text)), ..KeyValue::default() }
}

fn string(text: &str) -> AnyValue {
    AnyValue { value: Some(any_value::Value::StringValue(text.to_owned())) }
}

/// A request that took 25 ms.
pub fn request(trace: u8, route: &str) -> Span {
    let status = AnyValue { value: Some(any_value::Value::IntValue(200)) };
    Span {
        trace_id: vec![trace; 16],
        span_id: vec![trace; 8],
        name: format!("GET {route}"),
        kind: 2,
        start_time_unix_nano: START,
        end_time_unix_nano: START + 25_000_000,
        attributes: vec![
            text("http.request.method", "GET"),
            text("http.route", route),
            text("url.path", route),
            KeyValue { key: "http.response.status_code".to_owned(), value: Some(status), ..KeyValue::default() },
        ],
        ..Span::default()
    }
}

/// A request that failed, with an exception.
pub fn failed(trace: u8, route: &str) -> Span {
    let event = Event {
        time_unix_nano: START + 20_000_000,
        name: "exception".to_owned(),
        attributes: vec![text("exception.message", "the till is jammed")],
        dropped_attributes_count: 0,
    };
    let status = Some(Status { message: "the till is jammed".to_owned(), code: 2 });
    Span { status, events: vec![event], ..request(trace, route) }
}

/// A span below `parent`.
pub fn child(parent: &Span, id: u8, name: &str) -> Span {
    Span {
        trace_id: parent.trace_id.clone(),
        span_id: vec![id; 8],
        parent_span_id: parent.span_id.clone(),
        name: name.to_owned(),
        kind: 1,
        start_time_unix_nano: START + 5_000_000,
        end_time_unix_nano: START + 15_000_000,
        ..Span::default()
    }
}

pub fn traces(service: &str, spans: Vec<Span>) -> TracesData {
    let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
    let resource_spans =
        vec![ResourceSpans { resource: Some(resource(service)), scope_spans, ..ResourceSpans::default() }];
    TracesData { resource_spans }
}

/// A log record of a span.
pub fn log(service: &str, span: &Span, body: &str) -> LogsData {
    let record = LogRecord {
        time_unix_nano: START + 1_000_000,
        severity_text: "WARN".to_owned(),
        body: Some(string(body)),
        trace_id: span.trace_id.clone(),
        span_id: span.span_id.clone(),
        ..LogRecord::default()
    };
    let scope_logs = vec![ScopeLogs { log_records: vec![record], ..ScopeLogs::default() }];
    LogsData {
        resource_logs: vec![ResourceLogs { resource: Some(resource(service)), scope_logs, ..ResourceLogs::default() }],
    }
}

fn resource(service: &str) -> Resource {
    Resource { attributes: vec![text("service.name", service)], ..Resource::default() }
}
