//! OTLP over HTTP against a small collector.

use std::io::Read;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value;
use prost::Message as _;

use crate::collector::Collector;
use crate::process::run;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

#[test]
fn protobuf_with_headers_is_the_default() {
    let collector = Collector::answering(OK);
    let outcome = run(
        "three_spans",
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b"),
            ("OTEL_SERVICE_NAME", "shop"),
        ],
    );
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    let request = collector.next();
    assert_eq!(request.line, "POST /v1/traces HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/x-protobuf"));
    assert_eq!(request.header("api-key"), Some("a b"));
    assert!(request.header("user-agent").unwrap().starts_with("otel-actix/"));
    let decoded = ExportTraceServiceRequest::decode(request.body.as_slice()).unwrap();
    let resource = decoded.resource_spans[0].resource.as_ref().unwrap();
    let name = resource.attributes.iter().find(|attribute| attribute.key == "service.name").unwrap();
    let value = name.value.clone().and_then(|value| value.value);
    assert_eq!(value, Some(any_value::Value::StringValue("shop".to_owned())));
    let names: Vec<_> = decoded.resource_spans[0].scope_spans[0].spans.iter().map(|span| &span.name).collect();
    assert_eq!(names, ["span 0", "span 1", "span 2"]);
}

#[test]
fn protobuf_and_gzip() {
    let collector = Collector::answering(OK);
    let outcome = run(
        "three_spans",
        &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()), ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "gzip")],
    );
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    let request = collector.next();
    assert_eq!(request.header("content-encoding"), Some("gzip"));
    assert_eq!(request.header("content-type"), Some("application/x-protobuf"));
    let mut message = Vec::new();
    flate2::read::GzDecoder::new(request.body.as_slice()).read_to_end(&mut message).unwrap();
    let decoded = ExportTraceServiceRequest::decode(message.as_slice()).unwrap();
    assert_eq!(decoded.resource_spans[0].scope_spans[0].spans.len(), 3);
}

#[test]
fn spans_that_the_collector_rejects_are_told() {
    let collector =
        Collector::answering("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n\x0a\x0b\x08\x02\x12\x07too old");
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url())]);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.ends_with("failed: the collector rejected 2: too old; spans lost: 2"), "{warning}");
}

#[test]
fn a_collector_that_takes_everything_may_add_a_warning() {
    let collector = Collector::answering("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n\x0a\x0a\x12\x08use gzip");
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url())]);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.ends_with("accepted the export and says: use gzip"), "{warning}");
}

#[test]
fn an_answer_that_is_no_protobuf_is_one_all_the_same() {
    let collector = Collector::answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>");
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url())]);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
}

#[test]
fn json_and_gzip() {
    let collector = Collector::answering(OK);
    let outcome = run(
        "three_spans",
        &[
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &format!("{}/custom", collector.url())),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ],
    );
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    let request = collector.next();
    assert_eq!(request.line, "POST /custom HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(request.body.as_slice()).read_to_string(&mut text).unwrap();
    let decoded: ExportTraceServiceRequest = serde_json::from_str(&text).unwrap();
    assert_eq!(decoded.resource_spans[0].scope_spans[0].spans.len(), 3);
}

#[test]
fn a_current_thread_runtime_is_no_obstacle() {
    let collector = Collector::answering(OK);
    let outcome = run("three_spans_in_a_current_thread_runtime", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url())]);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    assert_eq!(collector.next().line, "POST /v1/traces HTTP/1.1");
}

#[test]
fn several_exporters_get_the_same_spans() {
    let collector = Collector::answering(OK);
    let outcome = run(
        "three_spans",
        &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()), ("OTEL_TRACES_EXPORTER", "otlp,console")],
    );
    assert_eq!(outcome.spans().len(), 3, "{outcome:?}");
    let decoded = ExportTraceServiceRequest::decode(collector.next().body.as_slice()).unwrap();
    assert_eq!(decoded.resource_spans[0].scope_spans[0].spans.len(), 3);
}
