//! Faults that do not fit into a table: repeated, missing and misplaced parts.

use super::{of_version_1, read};
use crate::config::{ExporterName, OtlpProtocol};

/// Key and reason of each problem.
fn problems(text: &str) -> Vec<String> {
    let (_, problems) = of_version_1(text);
    let key = |variable: &str| variable.split_once(' ').map_or("", |(_, key)| key).to_owned();
    problems.iter().map(|problem| format!("{}: {}", key(&problem.variable), problem.reason)).collect()
}

#[test]
fn what_is_not_supported_is_told_by_its_key() {
    for (text, expected) in [
        (
            "tracer_provider: {processors: [{simple: {exporter: {console: }}}, {simple: {exporter: {zipkin: }}}]}",
            &["tracer_provider.processors[1].simple.exporter.zipkin: expected one of otlp_http, otlp_grpc, console"][..],
        ),
        (
            "other: {a: secret}",
            &[
                "other: not supported, expected one of file_format, disabled, log_level, attribute_limits, propagator, resource, tracer_provider, meter_provider, logger_provider, instrumentation/development",
            ],
        ),
        (
            "distribution: {acme: {}}",
            &[
                "distribution: not supported, expected one of file_format, disabled, log_level, attribute_limits, propagator, resource, tracer_provider, meter_provider, logger_provider, instrumentation/development",
            ],
        ),
        ("tracer_provider: {}", &["tracer_provider: processors are missing"]),
        (
            "tracer_provider: {processors: [{batch: }]}",
            &["tracer_provider.processors[0].batch: an exporter is missing"],
        ),
        (
            "tracer_provider: {processors: [{batch: {exporter: {a: , b: }}}]}",
            &["tracer_provider.processors[0].batch.exporter: expected a mapping with exactly one key"],
        ),
        (
            "tracer_provider: {processors: [{lazy: {exporter: {console: }}}]}",
            &["tracer_provider.processors[0].lazy: expected one of batch, simple"],
        ),
        ("tracer_provider: {processors: console}", &["tracer_provider.processors: expected a list, found text"]),
        ("tracer_provider: 7", &["tracer_provider: expected a mapping, found a number"]),
        ("meter_provider: {}", &["meter_provider: readers are missing"]),
        (
            "meter_provider: {readers: [{pull: {exporter: {prometheus/development: }}}]}",
            &["meter_provider.readers[0].pull: expected periodic"],
        ),
        (
            "meter_provider: {readers: [{periodic: {exporter: {console: {temporality_preference: delta}}, producers: []}}], views: [], meter_configurator/development: {}}",
            &[
                "meter_provider.readers[0].periodic.exporter.console.temporality_preference: not supported",
                "meter_provider.readers[0].periodic.producers: not supported, expected one of exporter, interval, timeout",
                "meter_provider.meter_configurator/development: not supported, expected one of readers, views",
            ],
        ),
        (
            "logger_provider: {processors: [], limits: {attribute_value_depth_limit: 3}}",
            &["logger_provider.limits.attribute_value_depth_limit: not supported"],
        ),
        ("resource: {schema_url: 'https://a'}", &["resource.schema_url: not supported"]),
        (
            "attribute_limits: {attribute_value_depth_limit: 3}",
            &["attribute_limits.attribute_value_depth_limit: not supported"],
        ),
        (
            "instrumentation/development: {general: {db: {}}}",
            &[
                "instrumentation/development.general.db: not supported, expected one of http, stability_opt_in_list, sanitization",
            ],
        ),
        (
            "instrumentation/development: {rust: {otel_actix: {a: 1}}}",
            &[
                "instrumentation/development.rust.otel_actix.a: not supported, expected one of http_capture_headers_sanitize_fields, http_unredacted_headers, excluded_urls, excluded_routes, trust_forwarded_headers, trace_response_header, http_body_sizes, http_synthetic_user_agents, http_exclude_long_lived_durations, disabled_instrumentations, db_returned_rows, exception_signal, redacted_query_keys",
            ],
        ),
        ("instrumentation/development: {java: {a: {b: 1}}, python: }", &[]),
    ] {
        assert_eq!(problems(text), expected, "{text}");
    }
}

#[test]
fn one_exporter_of_each_kind() {
    let (config, problems) = of_version_1(
        "tracer_provider:
  processors:
    - simple: {exporter: {console: }}
    - batch: {max_queue_size: 9, exporter: {otlp_http: {endpoint: 'http://a'}}}
    - batch: {max_queue_size: 8, exporter: {otlp_grpc: {endpoint: 'http://b'}}}
    - simple: {exporter: {console: }}",
    );
    assert_eq!(config.traces.exporters, [ExporterName::Console, ExporterName::Otlp]);
    assert_eq!((config.traces.otlp.endpoint.as_str(), config.traces.batch.max_queue_size), ("http://a", 9));
    let told: Vec<_> = problems.iter().map(|problem| (problem.variable.as_str(), problem.fallback.as_str())).collect();
    assert_eq!(
        told,
        [
            (
                "otel.yaml:6:45 tracer_provider.processors[2].batch.exporter.otlp_grpc",
                "tracer_provider.processors[1].batch.exporter.otlp_http"
            ),
            (
                "otel.yaml:7:27 tracer_provider.processors[3].simple.exporter.console",
                "tracer_provider.processors[0].simple.exporter.console"
            ),
        ]
    );
}

#[test]
fn one_batch_for_a_signal() {
    let (config, problems) = of_version_1(
        "logger_provider:
  processors:
    - batch: {schedule_delay: 9, exporter: {console: }}
    - batch: {schedule_delay: 8, exporter: {otlp_http: }}",
    );
    assert_eq!(config.logs.batch.schedule_delay.unwrap().as_millis(), 9);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].variable, "otel.yaml:5:15 logger_provider.processors[1].batch.schedule_delay");
    assert_eq!(problems[0].fallback, "logger_provider.processors[0].batch.schedule_delay");
}

#[test]
fn headers_of_both_kinds_and_their_secrets() {
    let (config, problems) = of_version_1(
        "tracer_provider:
  processors:
    - batch:
        exporter:
          otlp_http:
            headers_list: api-key=from%20list,b=2,hunter1
            headers:
              - {name: Authorization, value: 'Basic dXNlcjpwYXNz, = %41'}
              - {name: none, value: }
              - {name: 'not a name', value: hunter2}
              - {name: control, value: \"hunter3\\n\"}
              - hunter4",
    );
    let headers: Vec<_> = config.traces.otlp.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(headers, ["api-key: from list", "b: 2", "authorization: Basic dXNlcjpwYXNz, = %41"]);
    assert_eq!(problems.len(), 4, "{problems:#?}");
    assert!(!format!("{problems:?} {config:?}").contains("hunter"), "{problems:#?}");
}

#[test]
fn the_names_of_earlier_versions() {
    let (config, problems) = read(
        "
file_format: '0.4'
log_level: warn
propagator: {composite: [tracecontext, b3: ]}
tracer_provider:
  processors: [{batch: {exporter: {otlp_http: {certificate_file: /ca.pem, client_key_file: /k, client_certificate_file: /c}}}}]",
    );
    assert_eq!((problems, config.propagators.len()), (vec![], 2));
    let file = config.traces.otlp.certificate.unwrap();
    assert_eq!(file.path.to_str(), Some("/ca.pem"));
    assert_eq!(file.variable, "otel.yaml:6:48 tracer_provider.processors[0].batch.exporter.otlp_http.certificate_file");
}

#[test]
fn grpc_where_it_is_built_in() {
    let (config, problems) = of_version_1(
        "tracer_provider: {processors: [{batch: {exporter: {otlp_grpc: {endpoint: 'c:4317', tls: {insecure: true}}}}}]}",
    );
    if cfg!(feature = "otlp-grpc") {
        assert_eq!((config.traces.otlp.protocol, problems), (OtlpProtocol::Grpc, vec![]));
        assert_eq!(config.traces.otlp.endpoint, "http://c:4317");
    } else {
        assert!(
            problems.iter().any(|problem| problem.to_string().contains("cargo feature `otlp-grpc`")),
            "{problems:?}"
        );
    }
}

#[test]
fn aliases_and_quotes() {
    let (config, problems) = of_version_1(
        "
tracer_provider:
  processors:
    - batch: &batch
        max_queue_size: '9'
        exporter: {console: }
logger_provider:
  processors:
    - batch: *batch
resource:
  attributes:
    - {name: service.version, value: 1.0}
    - {name: \"quoted\", value: !!str 7}
    - {name: shop, value: \"${SHOP}\"}
    - {name: '${SHOP}', value: '$${SHOP}'}",
    );
    assert_eq!(problems, []);
    assert_eq!((config.traces.batch.max_queue_size, config.logs.batch.max_queue_size), (9, 9));
    let attributes: Vec<_> = config.resource_attributes.iter().map(|kv| format!("{}={}", kv.key, kv.value)).collect();
    assert_eq!(attributes, ["service.version=1.0", "quoted=7", "shop=shop", "shop=${SHOP}"]);
}
