//! `OTEL_CONFIG_FILE`: a file takes the place of the environment.

use std::path::PathBuf;

use crate::collector::{Collector, dead};
use crate::process::{Outcome, run};

pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

#[test]
fn variables_that_count_for_nothing_are_not_advised() {
    let content = format!(
        "file_format: '1.0'\ntracer_provider: {{processors: [{{batch: {{exporter: {{otlp_http: {{endpoint: '{}'}}}}}}}}]}}",
        dead()
    );
    let file = file("dead", &content);
    let outcome = run_with(&file, "three_spans", &[]);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains("spans lost: 3") && !warning.contains("OTEL_"), "{warning}");
}

/// A file of this content, and its name. It is not deleted, so that it can be read after a failed test.
pub(crate) fn file(name: &str, content: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("{name}.yaml"));
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}

pub(crate) fn run_with(file: &str, scenario: &str, more: &[(&str, &str)]) -> Outcome {
    run(scenario, &[&[("OTEL_CONFIG_FILE", file)], more].concat())
}

#[test]
fn the_file_counts_and_the_environment_does_not() {
    let file = file(
        "console",
        "
file_format: '1.0'
resource:
  attributes:
    - {name: service.name, value: '${NAME:-unnamed}'}
    - {name: replicas, value: 3, type: int}
tracer_provider:
  processors:
    - simple: {exporter: {console: }}
",
    );
    let collector = Collector::answering(OK);
    let environment = [
        ("NAME", "shop"),
        ("OTEL_SERVICE_NAME", "from environment"),
        ("OTEL_TRACES_EXPORTER", "otlp,nonsense"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()),
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "0"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "1"),
        ("OTEL_LOG_LEVEL", "off"),
        ("OTEL_SDK_DISABLED", "true"),
    ];
    let outcome = run_with(&file, "three_spans", &environment);
    let spans = outcome.spans();
    assert_eq!((spans.len(), outcome.success), (3, true), "{outcome:?}");
    assert_eq!(outcome.messages("WARN"), [""; 0]);
    let resource = &spans[0]["resource"]["attributes"];
    assert_eq!((&resource["service.name"], &resource["replicas"]), (&"shop".into(), &3.into()));
    assert_eq!(spans[0]["attributes"]["n"], 1);
    let [info] = outcome.messages("INFO")[..] else { panic!("{outcome:?}") };
    assert!(info.contains("spans to console; logs to none; metrics to none"), "{info}");
}

#[test]
fn an_exporter_by_file_takes_nothing_from_the_environment() {
    let collector = Collector::answering(OK);
    let content = format!(
        "
file_format: '1.0'
tracer_provider:
  processors:
    - batch:
        exporter:
          otlp_http:
            endpoint: {}/custom
            encoding: json
            compression: none
            headers:
              - name: api-key
                value: ${{KEY}}
",
        collector.url()
    );
    let file = file("otlp", &content);
    let environment = [
        ("KEY", "a b"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "other=1"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
    ];
    let outcome = run_with(&file, "three_spans", &environment);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    let request = collector.next();
    assert_eq!(request.line, "POST /custom HTTP/1.1");
    assert_eq!((request.header("api-key"), request.header("other")), (Some("a b"), None));
    assert_eq!((request.header("content-type"), request.header("content-encoding")), (Some("application/json"), None));
    let text = String::from_utf8(request.body).unwrap();
    assert!(text.contains("span 2"), "{text}");
}

#[test]
fn what_is_not_understood_is_told_with_its_place() {
    let file = file(
        "problems",
        "
file_format: '1.0'
tracer_provider:
  processors:
    - batch:
        max_queue_size: many
        exporter:
          console:
    - simple:
        exporter:
          zipkin: {endpoint: secret}
",
    );
    let outcome = run_with(&file, "three_spans", &[]);
    assert_eq!((outcome.spans().len(), outcome.success), (3, true), "{outcome:?}");
    let zipkin = format!(
        "{file}:11:11 tracer_provider.processors[1].simple.exporter.zipkin: expected one of otlp_http, otlp_grpc, console; using the other exporters"
    );
    let queue = format!(
        "{file}:6:9 tracer_provider.processors[0].batch.max_queue_size=\"many\": expected a number from 1 to 1000000; using 2048"
    );
    assert_eq!(outcome.messages("WARN"), [zipkin, queue]);
}

#[test]
fn a_file_of_no_use_turns_telemetry_off_and_says_so() {
    let broken = file("broken", "file_format: '1.0'\ntracer_provider: [");
    for (file, reason) in [(broken.as_str(), "line "), ("does/not/exist.yaml", "cannot be read: No such file")] {
        let outcome = run_with(file, "injected_headers", &[("OTEL_TRACES_EXPORTER", "console")]);
        let [answer] = &outcome.spans()[..] else { panic!("{outcome:?}") };
        assert_eq!((outcome.success, &answer["recording"]), (true, &false.into()), "{outcome:?}");
        let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
        assert!(warning.starts_with(&format!("OTEL_CONFIG_FILE={file:?}: {reason}")), "{warning}");
        assert!(warning.ends_with("; using no telemetry at all"), "{warning}");
        // The caller and the called service stay in one trace.
        assert_eq!(answer["headers"]["traceparent"], "00-00000000000000000000000000000001-0000000000000002-01");
    }
}

#[test]
fn code_wins_over_the_file() {
    let file = file(
        "code",
        "
file_format: '1.0'
resource: {attributes: [{name: service.name, value: file}, {name: team, value: file}, {name: stage, value: test}]}
tracer_provider:
  sampler: {always_off: }
  processors: [{batch: {exporter: {otlp_http: {endpoint: 'http://127.0.0.1:9'}}}}]
",
    );
    let outcome = run_with(&file, "settings_in_code", &[]);
    let spans = outcome.spans();
    assert_eq!(spans.len(), 3, "{outcome:?}");
    let resource = &spans[0]["resource"]["attributes"];
    assert_eq!((&resource["service.name"], &resource["team"]), (&"from code".into(), &"code".into()));
    assert_eq!(resource["stage"], "test");
}

#[cfg(feature = "otlp-grpc")]
#[test]
fn grpc_by_file() {
    let (url, calls) = crate::grpc::collector("0");
    let address = url.trim_start_matches("http://");
    let content = format!(
        "
file_format: '1.0'
tracer_provider:
  processors:
    - simple:
        exporter:
          otlp_grpc: {{endpoint: '{address}', tls: {{insecure: true}}, headers: [{{name: api-key, value: x}}]}}
"
    );
    let file = file("grpc", &content);
    let outcome = run_with(&file, "three_spans", &[("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    let call = calls.recv_timeout(std::time::Duration::from_secs(10)).unwrap();
    assert_eq!(call.path, "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
    assert_eq!((call.metadata["api-key"].to_str().unwrap(), call.spans()), ("x", 3));
}

#[test]
fn the_example_to_start_from_has_no_warning_and_its_detectors_attributes() {
    let collector = Collector::answering(OK);
    let example = file("getting_started", include_str!("../../src/config/file/tests/getting_started.yaml"));
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()),
        ("OTEL_RESOURCE_ATTRIBUTES", "team=a".to_owned()),
        ("OTEL_SERVICE_NAME", "shop".to_owned()),
    ];
    let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
    let outcome = run_with(&example, "three_spans", &environment);
    assert_eq!((outcome.messages("WARN"), outcome.success), (vec![], true), "{outcome:?}");
    let text = String::from_utf8_lossy(&collector.next().body).into_owned();
    for key in
        ["service.name", "service.instance.id", "host.name", "host.arch", "process.pid", "process.executable.name"]
    {
        assert!(text.contains(key), "{key}: {text}");
    }
    assert!(text.contains("shop") && text.contains("team"), "{text}");
}
