//! The export of metrics: to the console, to a collector, or to neither.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Sum};
use prost::Message as _;

use crate::collector::{Collector, dead, silent};
use crate::process::{command, run};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const NO_TRACES: (&str, &str) = ("OTEL_TRACES_EXPORTER", "none");
const SCENARIO: &str = "three_spans_and_a_metric";

/// The one metric of the program.
fn sum(request: &ExportMetricsServiceRequest) -> &Sum {
    let metric = &request.resource_metrics[0].scope_metrics[0].metrics[0];
    assert_eq!((metric.name.as_str(), metric.unit.as_str()), ("things", "{thing}"));
    let Some(Data::Sum(sum)) = &metric.data else { panic!("{metric:?}") };
    assert_eq!(sum.data_points[0].value, Some(Value::AsInt(2)));
    assert_eq!(sum.data_points[0].attributes[0].key, "n");
    sum
}

#[test]
fn to_the_console_beside_the_spans() {
    let environment = [
        ("OTEL_TRACES_EXPORTER", "console"),
        ("OTEL_METRICS_EXPORTER", "console"),
        ("OTEL_SERVICE_NAME", "shop"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based"),
    ];
    let outcome = run(SCENARIO, &environment);
    let objects = outcome.spans();
    assert_eq!((objects.len(), outcome.success), (4, true), "{outcome:?}");
    let (exports, spans): (Vec<_>, Vec<_>) =
        objects.into_iter().partition(|object| object.get("resource_metrics").is_some());
    let exported = &exports[0]["resource_metrics"][0];
    assert_eq!(exported["resource"]["attributes"]["service.name"], "shop");
    assert_eq!(exported["resource"], spans[0]["resource"], "one resource for all signals");
    let metric = &exported["scope_metrics"][0]["metrics"][0];
    assert_eq!((&metric["name"], &metric["data"]["data_points"][0]["value"]), (&"things".into(), &2.into()));
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.starts_with("OTEL_METRICS_EXEMPLAR_FILTER=\"trace_based\":"), "{warning}");
    assert!(outcome.messages("INFO")[0].contains("metrics to console;"), "{outcome:?}");
}

#[test]
fn at_intervals_while_the_program_runs() {
    let mut child =
        command("metrics_by_code_until_the_end_of_input", &[NO_TRACES]).stdin(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut exports = lines.filter(|line| line.starts_with("{\"resource_metrics\""));
    assert_eq!(exports.by_ref().take(2).count(), 2);
    drop(child.stdin.take());
    assert_ne!(exports.count(), 0, "and once more at the end");
    assert!(child.wait().unwrap().success());
}

#[test]
fn to_a_collector_by_default() {
    let collector = Collector::answering(OK);
    let environment = [
        NO_TRACES,
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=general"),
        ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "api-key=own"),
    ];
    let outcome = run(SCENARIO, &environment);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    assert!(outcome.messages("INFO")[0].contains("/v1/metrics (http/protobuf)"), "{outcome:?}");
    let request = collector.next();
    assert_eq!(request.line, "POST /v1/metrics HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/x-protobuf"));
    assert_eq!(request.header("api-key"), Some("own"));
    let decoded = ExportMetricsServiceRequest::decode(request.body.as_slice()).unwrap();
    assert_eq!(sum(&decoded).aggregation_temporality(), AggregationTemporality::Cumulative);
}

#[test]
fn as_json_and_deltas() {
    let collector = Collector::answering(OK);
    let environment = [
        NO_TRACES,
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", &collector.url()),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"),
    ];
    let outcome = run(SCENARIO, &environment);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    let request = collector.next();
    assert_eq!(request.line, "POST / HTTP/1.1");
    let decoded: ExportMetricsServiceRequest = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(sum(&decoded).aggregation_temporality(), AggregationTemporality::Delta);
}

/// Explicit buckets by default; exponential ones for every exporter, if the variable asks for them.
#[test]
fn histograms_have_the_buckets_that_are_asked_for() {
    const VARIABLE: &str = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    for (aggregation, key) in [("", "explicit_bounds"), ("base2_exponential_bucket_histogram", "scale")] {
        let console = [NO_TRACES, ("OTEL_LOGS_EXPORTER", "none"), ("OTEL_METRICS_EXPORTER", "console")];
        let outcome = run("a_request", &[console[0], console[1], console[2], (VARIABLE, aggregation)]);
        assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
        let exports = outcome.spans();
        let resources = exports.iter().map(|export| &export["resource_metrics"][0]);
        let metrics = resources.flat_map(|resource| resource["scope_metrics"].as_array().into_iter().flatten());
        let metrics: Vec<_> = metrics.flat_map(|scope| scope["metrics"].as_array().into_iter().flatten()).collect();
        let duration = metrics.iter().find(|metric| metric["name"] == "http.server.request.duration").unwrap();
        let point = &duration["data"]["data_points"][0];
        assert_eq!((&point["count"], point[key].is_null()), (&1.into(), false), "{aggregation:?}: {point}");
    }
}

#[test]
fn none_and_disabled_mean_silence() {
    for off in [("OTEL_METRICS_EXPORTER", "none"), ("OTEL_SDK_DISABLED", "true")] {
        let outcome = run(SCENARIO, &[NO_TRACES, off, ("OTEL_EXPORTER_OTLP_ENDPOINT", &dead())]);
        assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
        assert!(outcome.spans().is_empty(), "{outcome:?}");
    }
}

#[test]
fn a_collector_that_is_not_there_is_one_warning_for_all_signals() {
    let url = dead();
    let outcome = run(SCENARIO, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    let expected =
        [url.as_str(), "refused", "spans lost: 3", "exports of metrics lost: 1", "OTEL_METRICS_EXPORTER=none"];
    for part in expected {
        assert!(warning.contains(part), "{part}: {warning}");
    }

    // An operator who only set an exporter of spans learns how to turn metrics off.
    let outcome = run(SCENARIO, &[("OTEL_TRACES_EXPORTER", "console"), ("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains("OTEL_METRICS_EXPORTER=none") && !warning.contains("OTEL_TRACES"), "{warning}");
    assert_eq!(outcome.spans().len(), 3);
}

#[test]
fn a_backend_that_takes_spans_only_keeps_its_spans() {
    let traces = Collector::answering(OK);
    let refusing = Collector::answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", traces.url()),
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", format!("{}/v1/metrics", refusing.url())),
    ];
    let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
    let outcome = run(SCENARIO, &environment);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains("404") && warning.contains("/v1/metrics"), "{warning}");
    assert_eq!(traces.next().line, "POST /v1/traces HTTP/1.1");
}

#[test]
fn nobody_answers_and_both_signals_keep_the_deadline() {
    let (_listener, url) = silent();
    let collector = Collector::answering(OK);
    let environment = [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", url)];
    let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
    let outcome = run(SCENARIO, &environment);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains("did not end within 5s; spans lost: 3"), "{warning}");
    assert!(outcome.took.as_secs() < 9, "{:?}", outcome.took);
    assert_eq!(collector.next().line, "POST /v1/metrics HTTP/1.1", "the other signal got through");
}
