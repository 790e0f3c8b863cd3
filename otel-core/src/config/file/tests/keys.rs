//! Every key that is understood, set, unset, empty and invalid.

use super::of_version_1;
use crate::config::tests::MISPLACED_SECRETS;
use crate::config::{Config, ConfiguredFile};

/// One key: a file with `<key: @>` in place of a value, the setting that it changes, its default, a valid and an
/// invalid value.
struct Row {
    file: &'static str,
    show: fn(&Config) -> String,
    unset: &'static str,
    set: (&'static str, &'static str),
    /// An invalid value, the fallback that is used instead, and the setting with it.
    invalid: Option<(&'static str, &'static str, &'static str)>,
}

macro_rules! key {
    ($file:expr, $show:expr, unset $unset:literal, $set:literal => $effect:literal) => {
        Row { file: $file, show: $show, unset: $unset, set: ($set, $effect), invalid: None }
    };
    ($file:expr, $show:expr, unset $unset:literal, $set:literal => $effect:literal, invalid $bad:literal => $fallback:literal) => {
        key!($file, $show, unset $unset, $set => $effect, invalid $bad => $fallback, $unset)
    };
    ($file:expr, $show:expr, unset $unset:literal, $set:literal => $effect:literal,
     invalid $bad:literal => $fallback:literal, $shown:literal) => {
        Row { file: $file, show: $show, unset: $unset, set: ($set, $effect), invalid: Some(($bad, $fallback, $shown)) }
    };
}

fn file(file: Option<&ConfiguredFile>) -> String {
    file.map(|file| file.path.display().to_string()).unwrap_or_default()
}

fn names<T: ToString>(names: &[T]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn attributes(config: &Config) -> String {
    config.resource_attributes.iter().map(|kv| format!("{}={:?}", kv.key, kv.value)).collect::<Vec<_>>().join(",")
}

fn general() -> Vec<Row> {
    vec![
        key!("<disabled: @>", |c| c.sdk_disabled.to_string(), unset "false", "true" => "true", invalid "yes" => "false"),
        key!("<log_level: @>", |c| c.log_level.to_string(), unset "info", "warn3" => "warn", invalid "loud" => "info"),
        key!("<log_level: @>", |c| c.log_level.to_string(), unset "info", "fatal" => "error", invalid "5" => "info"),
        key!("attribute_limits: {<attribute_count_limit: @>}", |c| c.traces.limits.attributes_per_link.to_string(),
             unset "128", "0x10" => "16", invalid "-1" => "128"),
        key!("attribute_limits: {<attribute_value_length_limit: @>}",
             |c| format!("{:?}", c.traces.limits.nested_attribute_value_length),
             unset "None", "10" => "Some(10)", invalid "ten" => "no limit"),
        key!("propagator: {<composite: @>}", |c| names(&c.propagators), unset "",
             "[tracecontext: , b3multi: {}]" => "tracecontext,b3multi", invalid "[ottrace: ]" => "the other propagators"),
        key!("propagator: {<composite_list: @>}", |c| names(&c.propagators), unset "",
             "'b3,jaeger'" => "b3,jaeger", invalid "w3c" => "tracecontext,baggage", "tracecontext,baggage"),
        key!("propagator: {composite: [b3: ], <composite_list: @>}", |c| names(&c.propagators), unset "b3",
             "'b3,xray'" => "b3,xray", invalid "w3c" => "b3"),
        key!("resource: {detection/development: {<detectors: @>}}", |c| names(&c.resource_detectors), unset "",
             "[process: , service: , host: {}]" => "process,host", invalid "[cloud: ]" => "the other detectors"),
        key!("resource: {<attributes_list: @>}", attributes, unset "",
             "'a=1%2C2,b='" => "a=String(Owned(\"1,2\")),b=String(Owned(\"\"))", invalid "a" => "the other attributes"),
        key!("resource: {<attributes: @>}", attributes, unset "",
             "[{name: a, value: true, type: bool}, {name: b, value: }, {name: c, value: 1, type: int}]"
             => "a=Bool(true),c=I64(1)",
             invalid "[{name: a, value: x, type: int}]" => "the other attributes"),
        key!("resource: {<attributes: @>}", attributes, unset "",
             "[{name: a, value: [1, 2.5], type: double_array}, {name: b, value: 1, type: double}]"
             => "a=Array(F64([1.0, 2.5])),b=F64(1.0)",
             invalid "[{name: a, value: [1, x], type: int_array}]" => "the other attributes"),
        key!("resource: {<attributes: @>}", attributes, unset "",
             "[{name: a, value: [true], type: bool_array}, {name: b, value: [7], type: int_array}]"
             => "a=Array(Bool([true])),b=Array(I64([7]))",
             invalid "[{name: a, value: 1, type: float}]" => "the other attributes"),
        key!("resource: {<attributes: @>}", attributes, unset "",
             "[{name: a, value: [x, '1'], type: string_array}]"
             => "a=Array(String([Owned(\"x\"), Owned(\"1\")]))",
             invalid "[{value: 1}]" => "the other attributes"),
        key!("resource: {attributes_list: 'a=list,b=list', <attributes: @>}",
             |c| crate::resource::detect(c, &[]).get(&"a".into()).unwrap().to_string(),
             unset "list", "[{name: a, value: own}]" => "own"),
    ]
}

fn traces() -> Vec<Row> {
    let mut rows = vec![
        key!("tracer_provider: {processors: [{<batch: @>}]}", |c| names(&c.traces.exporters), unset "",
             "{exporter: {console: }}" => "console", invalid "{exporter: {stdout: }}" => "the other exporters"),
        key!("tracer_provider: {processors: [{batch: {exporter: {console: }, <schedule_delay: @>}}]}",
             |c| format!("{:?}", c.traces.batch.schedule_delay), unset "None", "0" => "Some(1ms)",
             invalid "1s" => "the exporter's own delay"),
        key!("tracer_provider: {processors: [{batch: {exporter: {console: }, <export_timeout: @>}}]}",
             |c| format!("{:?}", c.traces.batch.export_timeout), unset "None", "0" => "None",
             invalid "-1" => "the exporter's own timeout"),
        key!("tracer_provider: {processors: [{batch: {exporter: {console: }, <max_queue_size: @>}}]}",
             |c| c.traces.batch.max_queue_size.to_string(), unset "2048", "9" => "9", invalid "0" => "2048"),
        key!("tracer_provider: {processors: [{batch: {exporter: {console: }, <max_export_batch_size: @>}}]}",
             |c| c.traces.batch.max_export_batch_size.to_string(), unset "512", "9" => "9", invalid "[]" => "the default"),
        key!("tracer_provider: {processors: [{<simple: @>}]}",
             |c| format!("{} {:?}", names(&c.traces.exporters), c.traces.batch.schedule_delay), unset " None",
             "{exporter: {otlp_http: }}" => "otlp Some(100ms)", invalid "{exporter: }" => "the default", " None"),
        key!("tracer_provider: {processors: [{batch: {exporter: {otlp_http: }}}], <sampler: @>}",
             |c| c.traces.sampler.to_string(), unset "parentbased_always_on", "{always_off: }" => "always_off",
             invalid "{jaeger_remote/development: {endpoint: x}}" => "parent_based with always_on"),
        key!("tracer_provider: {processors: [], sampler: {trace_id_ratio_based: {<ratio: @>}}}",
             |c| c.traces.sampler.to_string(), unset "traceidratio 1", "0.25" => "traceidratio 0.25", invalid "1.5" => "1"),
        key!("tracer_provider: {processors: [], sampler: {parent_based: {<root: @>}}}",
             |c| c.traces.sampler.to_string(), unset "parentbased_always_on",
             "{trace_id_ratio_based: {ratio: 0.1}}" => "parentbased_traceidratio 0.1",
             invalid "{parent_based: }" => "parent_based with always_on"),
        key!("tracer_provider: {processors: [], sampler: {parent_based: {<remote_parent_sampled: @>}}}",
             |c| c.traces.sampler.to_string(), unset "parentbased_always_on", "{always_on: }" => "parentbased_always_on",
             invalid "{always_off: }" => "always_on"),
        key!("tracer_provider: {processors: [], <id_generator: @>}", |_| String::new(), unset "", "{random: }" => "",
             invalid "{xray: }" => "random"),
    ];
    macro_rules! limit {
        ($key:literal, $field:ident) => {
            key!(concat!("tracer_provider: {processors: [], limits: {<", $key, ": @>}}"),
                 |c| c.traces.limits.$field.to_string(), unset "128", "7" => "7", invalid "x" => "128")
        };
    }
    rows.extend([
        limit!("attribute_count_limit", attributes),
        limit!("event_count_limit", events),
        limit!("link_count_limit", links),
        limit!("event_attribute_count_limit", attributes_per_event),
        limit!("link_attribute_count_limit", attributes_per_link),
        key!("tracer_provider: {processors: [], limits: {<attribute_value_length_limit: @>}}",
             |c| format!("{:?}", c.traces.limits.attribute_value_length), unset "None", "7" => "Some(7)",
             invalid "1.5" => "no limit"),
    ]);
    rows
}

/// The keys of an OTLP exporter, once for each signal.
macro_rules! otlp {
    ($signal:ident, $before:literal, $after:literal, $path:literal) => {
        vec![
            key!(concat!($before, "<endpoint: @>", $after), |c| c.$signal.otlp.endpoint.clone(),
                 unset $path, "http://c:1/x" => "http://c:1/x", invalid "localhost:4318" => $path),
            key!(concat!($before, "<headers: @>", $after), |c| format!("{:?}", c.$signal.otlp.headers), unset "[]",
                 "[{name: A, value: 'b c'}]" => "[(\"a\", \"b c\")]", invalid "[{name: a b, value: c}]" => "the other headers"),
            key!(concat!($before, "<headers_list: @>", $after), |c| format!("{:?}", c.$signal.otlp.headers), unset "[]",
                 "a=b%20c" => "[(\"a\", \"b c\")]", invalid "a" => "the other headers"),
            key!(concat!($before, "<compression: @>", $after), |c| c.$signal.otlp.compression.to_string(),
                 unset "none", "gzip" => "gzip", invalid "rar" => "none"),
            key!(concat!($before, "<timeout: @>", $after), |c| c.$signal.otlp.timeout.as_millis().to_string(),
                 unset "10000", "0" => "4294967295", invalid "10s" => "10000 ms"),
            key!(concat!($before, "<encoding: @>", $after), |c| c.$signal.otlp.protocol.to_string(),
                 unset "http/protobuf", "json" => "http/json", invalid "xml" => "protobuf"),
            key!(concat!($before, "tls: {<ca_file: @>}", $after), |c| file(c.$signal.otlp.certificate.as_ref()),
                 unset "", "/ca.pem" => "/ca.pem", invalid "[]" => "the default"),
            key!(concat!($before, "tls: {<key_file: @>}", $after), |c| file(c.$signal.otlp.client_key.as_ref()),
                 unset "", "/key.pem" => "/key.pem", invalid "{}" => "the default"),
            key!(concat!($before, "tls: {<cert_file: @>}", $after), |c| file(c.$signal.otlp.client_certificate.as_ref()),
                 unset "", "/me.pem" => "/me.pem", invalid "{a: b}" => "the default"),
        ]
    };
}

fn otlp() -> Vec<Row> {
    let mut rows = otlp!(
        traces,
        "tracer_provider: {processors: [{batch: {exporter: {otlp_http: {",
        "}}}}]}",
        "http://localhost:4318/v1/traces"
    );
    rows.extend(otlp!(
        metrics,
        "meter_provider: {readers: [{periodic: {exporter: {otlp_http: {",
        "}}}}]}",
        "http://localhost:4318/v1/metrics"
    ));
    rows.extend(otlp!(
        logs,
        "logger_provider: {processors: [{simple: {exporter: {otlp_http: {",
        "}}}}]}",
        "http://localhost:4318/v1/logs"
    ));
    rows
}

fn metrics_and_logs() -> Vec<Row> {
    vec![
        key!("meter_provider: {<readers: @>}", |c| names(&c.metrics.exporters), unset "",
             "[{periodic: {exporter: {console: }}}, {periodic: {exporter: {otlp_http: }}}]" => "console,otlp",
             invalid "{}" => "the default"),
        key!("meter_provider: {readers: [{periodic: {exporter: {console: }, <interval: @>}}]}",
             |c| format!("{:?}", c.metrics.export_interval), unset "None", "500" => "Some(500ms)",
             invalid "1m" => "the exporter's own interval"),
        key!("meter_provider: {readers: [{periodic: {exporter: {console: }, <timeout: @>}}]}",
             |c| format!("{:?}", c.metrics.export_timeout), unset "None", "500" => "Some(500ms)",
             invalid "-5" => "the exporter's own timeout"),
        key!("meter_provider: {readers: [], <exemplar_filter: @>}", |_| String::new(), unset "", "always_off" => "",
             invalid "trace_based" => "always_off"),
        key!("meter_provider: {readers: [{periodic: {exporter: {otlp_http: {<temporality_preference: @>}}}}]}",
             |c| c.metrics.temporality.to_string(), unset "cumulative", "low_memory" => "lowmemory",
             invalid "lowmemory" => "cumulative"),
        key!("meter_provider: {readers: [{periodic: {exporter: {otlp_http: {<default_histogram_aggregation: @>}}}}]}",
             |c| c.metrics.histogram_aggregation.to_string(), unset "explicit_bucket_histogram",
             "base2_exponential_bucket_histogram" => "base2_exponential_bucket_histogram",
             invalid "sum" => "explicit_bucket_histogram"),
        key!("logger_provider: {processors: [], limits: {<attribute_count_limit: @>}}",
             |c| c.logs.limits.attributes.to_string(), unset "128", "7" => "7", invalid "x" => "128"),
        key!("logger_provider: {processors: [], limits: {<attribute_value_length_limit: @>}}",
             |c| format!("{:?}", c.logs.limits.attribute_value_length), unset "None", "7" => "Some(7)",
             invalid "1.5" => "no limit"),
        key!("logger_provider: {processors: [{<batch: @>}]}", |c| names(&c.logs.exporters), unset "",
             "{exporter: {console: }}" => "console", invalid "{exporter: {otlp_file/development: }}" => "the other exporters"),
        key!("logger_provider: {processors: [{batch: {exporter: {console: }, <schedule_delay: @>}}]}",
             |c| format!("{:?}", c.logs.batch.schedule_delay), unset "None", "7" => "Some(7ms)",
             invalid "x" => "the exporter's own delay"),
        key!("logger_provider: {processors: [{batch: {exporter: {console: }, <export_timeout: @>}}]}",
             |c| format!("{:?}", c.logs.batch.export_timeout), unset "None", "7" => "Some(7ms)",
             invalid "x" => "the exporter's own timeout"),
        key!("logger_provider: {processors: [{batch: {exporter: {console: }, <max_queue_size: @>}}]}",
             |c| c.logs.batch.max_queue_size.to_string(), unset "2048", "9" => "9", invalid "1e3" => "2048"),
        key!("logger_provider: {processors: [{batch: {exporter: {console: }, <max_export_batch_size: @>}}]}",
             |c| c.logs.batch.max_export_batch_size.to_string(), unset "512", "9" => "9", invalid "0" => "512"),
    ]
}

macro_rules! http {
    ($before:literal, $key:literal, $after:literal) => {
        concat!("instrumentation/development: {", $before, "<", $key, ": @>", $after, "}")
    };
    ($key:literal) => {
        http!("rust: {otel_actix: {", $key, "}}")
    };
}

fn instrumentation() -> Vec<Row> {
    vec![
        key!(http!("general: {http: {server: {", "request_captured_headers", "}}}"),
             |c| format!("{:?}", c.http.headers.request), unset "[]", "[Accept, 'x-.{1,3}']" => "[\"Accept\", \"x-.{1,3}\"]",
             invalid "['(']" => "the other members"),
        key!(http!("general: {http: {server: {", "response_captured_headers", "}}}"),
             |c| format!("{:?}", c.http.headers.response), unset "[]", "[etag]" => "[\"etag\"]",
             invalid "etag" => "the default"),
        key!(http!("general: {http: {client: {", "request_captured_headers", "}}}"),
             |c| format!("{:?}", c.http.client_headers.request), unset "[]", "[etag]" => "[\"etag\"]",
             invalid "['*']" => "the other members"),
        key!(http!("general: {http: {client: {", "response_captured_headers", "}}}"),
             |c| format!("{:?}", c.http.client_headers.response), unset "[]", "[etag]" => "[\"etag\"]",
             invalid "[[]]" => "the default"),
        key!(http!("general: {http: {server: {", "known_methods", "}}}"), |c| c.http.known_methods.join(","),
             unset "CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,TRACE,QUERY", "[GET, PURGE]" => "GET,PURGE",
             invalid "['G T']" => "CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,TRACE,QUERY"),
        key!(http!("general: {http: {semconv: {", "version", "}}}"), |c| format!("{:?}", c.http.semconv),
             unset "Stable", "0" => "Old", invalid "2" => "1"),
        key!(http!("general: {http: {semconv: {", "dual_emit", "}}}"), |c| format!("{:?}", c.http.semconv),
             unset "Stable", "true" => "Dup", invalid "both" => "false"),
        key!(http!("general: {http: {semconv: {", "experimental", "}}}"), |c| format!("{:?}", c.http.semconv),
             unset "Stable", "false" => "Stable", invalid "true" => "the default"),
        key!(http!("general: {", "stability_opt_in_list", "}"), |c| format!("{:?}", c.http.semconv),
             unset "Stable", "'database,http/dup'" => "Dup", invalid "http/new" => "http"),
        key!(http!("general: {http: {semconv: {version: 1}}, ", "stability_opt_in_list", "}"),
             |c| format!("{:?}", c.http.semconv), unset "Stable", "http/dup" => "Stable"),
        key!(http!("rust: {otel_actix: {redacted_query_keys: [more]}}, general: {sanitization: {url: {",
                   "sensitive_query_parameters", "}}}"),
             |c| c.http.redacted_query_keys.join(","),
             unset "AWSAccessKeyId,Signature,sig,X-Goog-Signature,X-Amz-Signature,X-Amz-Credential,X-Amz-Security-Token,more",
             "[only]" => "only,more", invalid "only" => "the default", "more"),
        key!(http!("general: {sanitization: {url: {", "sensitive_query_parameters", "}}}"),
             |c| c.http.redacted_query_keys.len().to_string(), unset "7", "[]" => "0"),
        key!(http!("redacted_query_keys"), |c| c.http.redacted_query_keys.len().to_string(), unset "7", "['a,b']" => "8",
             invalid "a" => "the default"),
        key!(http!("excluded_urls"), |c| format!("{:?}", c.http.excluded_urls), unset "[]",
             "['^/a{1,2}$']" => "[\"^/a{1,2}$\"]", invalid "['(']" => "the other members"),
        key!(http!("excluded_routes"), |c| c.http.excluded_routes.join(" "), unset "", "['/{id}', '/b']" => "/{id} /b",
             invalid "{}" => "the default"),
        key!(http!("trust_forwarded_headers"),
             |c| format!("{} {}", c.http.trusted_proxies.any, c.http.trusted_proxies.networks.len()),
             unset "false 0", "true" => "true 0", invalid "some" => "no trust in this one"),
        key!(http!("trust_forwarded_headers"),
             |c| format!("{} {}", c.http.trusted_proxies.any, c.http.trusted_proxies.networks.len()),
             unset "false 0", "['10.0.0.0/8', '::1']" => "false 2", invalid "[x]" => "no trust in this one"),
        key!(http!("trace_response_header"), |c| c.http.trace_response_header.to_string(), unset "false",
             "true" => "true", invalid "1" => "false"),
        key!(http!("http_body_sizes"), |c| c.http.body_sizes.to_string(), unset "false", "true" => "true",
             invalid "on" => "false"),
        key!(http!("http_synthetic_user_agents"), |c| c.http.synthetic_user_agents.to_string(), unset "false",
             "true" => "true", invalid "on" => "false"),
        key!(http!("http_exclude_long_lived_durations"), |c| c.http.exclude_long_lived_durations.to_string(),
             unset "false", "true" => "true", invalid "on" => "false"),
        key!(http!("http_unredacted_headers"), |c| format!("{:?}", c.http.headers.unredacted), unset "[]",
             "[cookie]" => "[\"cookie\"]", invalid "['?']" => "the other members"),
        key!(http!("http_capture_headers_sanitize_fields"), |c| format!("{:?}", c.http.headers.sanitize), unset "[]",
             "[x-key]" => "[\"x-key\"]", invalid "['(']" => "[REDACTED] for every header", "[\".*\"]"),
        key!(http!("disabled_instrumentations"), |c| names(&c.disabled_libraries), unset "", "[awc, sqlx]" => "awc,sqlx",
             invalid "[curl]" => "none"),
        key!(http!("db_returned_rows"), |c| c.returned_rows.to_string(), unset "false", "true" => "true",
             invalid "1" => "false"),
        key!(http!("exception_signal"), |c| format!("{:?}", c.http.exception_signal), unset "SpanEvent",
             "logs/dup" => "Both", invalid "events" => "span events"),
    ]
}

fn rows() -> impl Iterator<Item = Row> {
    [general(), traces(), otlp(), metrics_and_logs(), instrumentation()].into_iter().flatten()
}

#[test]
fn no_misplaced_secret_is_part_of_a_problem() {
    for Row { file, .. } in rows() {
        for secret in MISPLACED_SECRETS {
            let quoted = format!("{secret:?}");
            for value in [
                quoted.clone(),
                format!("[{quoted}]"),
                format!("[[{quoted}]]"),
                format!("[{{name: {quoted}, value: {quoted}}}]"),
                format!("{{{quoted}: {quoted}}}"),
                format!("{{{quoted}: 1, {quoted}: 2}}"),
                format!("[{{{quoted}: {{{quoted}: }}}}]"),
            ] {
                let text = file.replace('@', &value).replace(['<', '>'], "");
                let (_, problems) = of_version_1(&text);
                let shown = problems.iter().map(ToString::to_string).collect::<String>();
                assert!(!format!("{problems:?} {shown}").contains("s3cret"), "{text}: {shown}");
            }
        }
    }
}

#[test]
fn every_key_set_unset_empty_and_invalid() {
    for Row { file, show, unset, set: (value, effect), invalid } in rows() {
        let (before, rest) = file.split_once('<').unwrap();
        let (key, after) = rest.split_once('>').unwrap();
        let with = |value: &str| of_version_1(&format!("{before}{}{after}", key.replace('@', value)));
        let key_alone = key.split(':').next().unwrap();
        // Another test looks at components without a required key; all other keys may be left out.
        let without = of_version_1(&format!("{before}{after}"));
        if !file.contains("[{<") && !file.contains("{<readers") {
            assert_eq!((show(&without.0).as_str(), without.1), (unset, vec![]), "{file} without");
            let (config, problems) = with("");
            assert_eq!((show(&config).as_str(), problems), (unset, vec![]), "{file} empty");
        }
        let (config, problems) = with(value);
        assert_eq!((show(&config).as_str(), problems), (effect, vec![]), "{file} with {value}");
        if let Some((bad, fallback, shown)) = invalid {
            let (config, problems) = with(bad);
            let [problem] = problems.as_slice() else { panic!("{file} with {bad}: {problems:?}") };
            assert_eq!((show(&config).as_str(), problem.fallback.as_str()), (shown, fallback), "{file} with {bad}");
            assert!(problem.variable.starts_with("otel.yaml:2:"), "{problem}");
            assert!(problem.variable.contains(key_alone), "{problem}");
        }
    }
}
