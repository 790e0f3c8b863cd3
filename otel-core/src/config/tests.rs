#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption should fail the test")]

use std::time::Duration;

use super::*;

fn read(variables: &[(&str, &str)]) -> (Config, Vec<Problem>) {
    Config::from_lookup(|name| {
        variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
    })
}

/// One variable: how a value shows in the configuration, a valid value with its effect, and an invalid one with the
/// fallback that its problem names, and with that fallback's effect.
struct Row {
    variable: &'static str,
    show: fn(&Config) -> String,
    unset: &'static str,
    set: (&'static str, &'static str),
    invalid: Option<(&'static str, &'static str, &'static str)>,
}

macro_rules! row {
    ($variable:literal, $show:expr, unset $unset:literal, $set:literal => $effect:literal) => {
        Row { variable: $variable, show: $show, unset: $unset, set: ($set, $effect), invalid: None }
    };
    ($variable:literal, $show:expr, unset $unset:literal, $set:literal => $effect:literal,
     invalid $bad:literal => $fallback:literal) => {
        Row {
            variable: $variable,
            show: $show,
            unset: $unset,
            set: ($set, $effect),
            invalid: Some(($bad, $fallback, $unset)),
        }
    };
}

mod http;
mod local;
mod signals;

fn joined<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn pairs(pairs: &[(String, String)]) -> String {
    joined(&pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>())
}

fn attributes(attributes: &[KeyValue]) -> String {
    joined(&attributes.iter().map(|kv| format!("{}={}", kv.key, kv.value)).collect::<Vec<_>>())
}

fn file(file: Option<&ConfiguredFile>) -> String {
    file.map(|file| file.path.display().to_string()).unwrap_or_default()
}

fn rows() -> Vec<Row> {
    let otlp_rows = vec![
        row!("OTEL_EXPORTER_OTLP_ENDPOINT", |c| c.traces.otlp.endpoint.clone(), unset "http://localhost:4318/v1/traces",
             "http://c:1/x" => "http://c:1/x/v1/traces", invalid "c:1" => "http://localhost:4318"),
        row!("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", |c| c.traces.otlp.endpoint.clone(),
             unset "http://localhost:4318/v1/traces", "http://c:1/x" => "http://c:1/x",
             invalid "grpc://c" => "http://localhost:4318/v1/traces"),
        row!("OTEL_EXPORTER_OTLP_PROTOCOL", |c| c.traces.otlp.protocol.to_string(), unset "http/protobuf",
             "http/json" => "http/json", invalid "http/xml" => "http/protobuf"),
        row!("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", |c| c.traces.otlp.protocol.to_string(), unset "http/protobuf",
             "HTTP/JSON" => "http/json", invalid "tcp" => "http/protobuf"),
        row!("OTEL_EXPORTER_OTLP_HEADERS", |c| pairs(&c.traces.otlp.headers), unset "",
             " api-key = a%20b , X=1,," => "api-key=a b x=1", invalid "nonsense" => "the other headers"),
        row!("OTEL_EXPORTER_OTLP_TRACES_HEADERS", |c| pairs(&c.traces.otlp.headers), unset "",
             "a=b=c" => "a=b=c", invalid "a b=c" => "the other headers"),
        row!("OTEL_EXPORTER_OTLP_COMPRESSION", |c| c.traces.otlp.compression.to_string(), unset "none",
             "gzip" => "gzip", invalid "brotli" => "none"),
        row!("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", |c| c.traces.otlp.compression.to_string(), unset "none",
             "gzip" => "gzip", invalid "1" => "none"),
        row!("OTEL_EXPORTER_OTLP_TIMEOUT", |c| c.traces.otlp.timeout.as_millis().to_string(), unset "10000",
             "250" => "250", invalid "10s" => "10000 ms"),
        row!("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", |c| c.traces.otlp.timeout.as_millis().to_string(), unset "10000",
             "1" => "1", invalid "0" => "10000 ms"),
        row!("OTEL_EXPORTER_OTLP_CERTIFICATE", |c| file(c.traces.otlp.certificate.as_ref()), unset "",
             "ca.pem" => "ca.pem"),
        row!("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", |c| file(c.traces.otlp.certificate.as_ref()), unset "",
             "ca.pem" => "ca.pem"),
        row!("OTEL_EXPORTER_OTLP_CLIENT_KEY", |c| file(c.traces.otlp.client_key.as_ref()), unset "",
             "key.pem" => "key.pem"),
        row!("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", |c| file(c.traces.otlp.client_certificate.as_ref()),
             unset "", "me.pem" => "me.pem"),
        row!("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", |c| file(c.traces.otlp.client_key.as_ref()), unset "",
             "key.pem" => "key.pem"),
        row!("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", |c| file(c.traces.otlp.client_certificate.as_ref()),
             unset "", "me.pem" => "me.pem"),
        row!("OTEL_EXPORTER_OTLP_INSECURE", |c| c.traces.otlp.insecure.to_string(), unset "false",
             "true" => "true", invalid "yes" => "false"),
        row!("OTEL_EXPORTER_OTLP_TRACES_INSECURE", |c| c.traces.otlp.insecure.to_string(), unset "false",
             "TRUE" => "true", invalid "1" => "false"),
    ];
    let batch_and_limit_rows = vec![
        row!("OTEL_BSP_SCHEDULE_DELAY", |c| format!("{:?}", c.traces.batch.schedule_delay), unset "None",
             "50" => "Some(50ms)", invalid "-1" => "the exporter's own delay"),
        row!("OTEL_BSP_EXPORT_TIMEOUT", |c| format!("{:?}", c.traces.batch.export_timeout), unset "None",
             "9" => "Some(9ms)", invalid "99999999999999" => "the exporter's own timeout"),
        row!("OTEL_BSP_MAX_QUEUE_SIZE", |c| c.traces.batch.max_queue_size.to_string(), unset "2048",
             "3000" => "3000", invalid "0" => "2048"),
        row!("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", |c| c.traces.batch.max_export_batch_size.to_string(), unset "512",
             "2048" => "2048", invalid "1e3" => "512"),
        row!("OTEL_ATTRIBUTE_COUNT_LIMIT", |c| joined(&[c.traces.limits.attributes, c.traces.limits.attributes_per_event]),
             unset "128 128", "7" => "7 7", invalid "seven" => "128"),
        row!("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", |c| format!("{:?}", c.traces.limits.nested_attribute_value_length),
             unset "None", "10" => "Some(10)", invalid "-1" => "no limit"),
        row!("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", |c| c.traces.limits.attributes.to_string(), unset "128",
             "0" => "0", invalid "4294967296" => "128"),
        row!("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", |c| format!("{:?}", c.traces.limits.attribute_value_length),
             unset "None", "5" => "Some(5)", invalid "x" => "no limit"),
        row!("OTEL_SPAN_EVENT_COUNT_LIMIT", |c| c.traces.limits.events.to_string(), unset "128",
             "1" => "1", invalid "x" => "128"),
        row!("OTEL_SPAN_LINK_COUNT_LIMIT", |c| c.traces.limits.links.to_string(), unset "128",
             "1" => "1", invalid "x" => "128"),
        row!("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", |c| c.traces.limits.attributes_per_event.to_string(), unset "128",
             "1" => "1", invalid "1.5" => "128"),
        row!("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", |c| c.traces.limits.attributes_per_link.to_string(), unset "128",
             "1" => "1", invalid "x" => "128"),
    ];
    let mut rows = vec![
        row!("OTEL_SDK_DISABLED", |c| c.sdk_disabled.to_string(), unset "false",
             "True" => "true", invalid "1" => "false"),
        row!("OTEL_SERVICE_NAME", |c| format!("{:?}", c.service_name), unset "None", "shop" => "Some(\"shop\")"),
        row!("OTEL_RESOURCE_ATTRIBUTES", |c| attributes(&c.resource_attributes), unset "",
             " a = 1%2C2 ,b=,é=%C3%A9" => "a=1,2 b= é=é", invalid "a" => "the other attributes"),
        row!("OTEL_LOG_LEVEL", |c| c.log_level.to_string(), unset "info", "WARNING" => "warn", invalid "loud" => "info"),
        row!("OTEL_TRACES_EXPORTER", |c| joined(&c.traces.exporters), unset "otlp",
             "console, otlp,console" => "console otlp", invalid "zipkin" => "otlp"),
        row!("OTEL_PROPAGATORS", |c| joined(&c.propagators), unset "tracecontext baggage",
             "baggage,,TraceContext,baggage" => "baggage tracecontext", invalid "w3c" => "tracecontext,baggage"),
        row!("OTEL_TRACES_SAMPLER", |c| c.traces.sampler.to_string(), unset "parentbased_always_on",
             "always_off" => "always_off", invalid "jaeger_remote" => "parentbased_always_on"),
        row!("OTEL_SEMCONV_STABILITY_OPT_IN", |c| format!("{:?}", c.http.semconv), unset "Stable",
             "database, http/old" => "Old", invalid "http/new" => "http"),
        row!("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", |c| joined(&c.http.known_methods),
             unset "CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT TRACE QUERY", "get,PURGE" => "get PURGE",
             invalid "G T" => "CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,TRACE,QUERY"),
    ];
    rows.extend(http::rows());
    rows.extend(signals::rows());
    rows.extend(local::rows());
    rows.extend(otlp_rows);
    rows.extend(batch_and_limit_rows);
    rows
}

#[test]
fn every_variable_unset_empty_set_and_invalid() {
    for Row { variable, show, unset, set: (value, effect), invalid } in rows() {
        for empty in ["", "  "] {
            let (config, problems) = read(&[(variable, empty)]);
            assert_eq!((show(&config).as_str(), problems.as_slice()), (unset, &[][..]), "{variable}={empty:?}");
        }
        assert_eq!(show(&Config::default()), unset, "{variable}");
        let (config, problems) = read(&[(variable, value)]);
        assert_eq!((show(&config).as_str(), problems.as_slice()), (effect, &[][..]), "{variable}={value}");
        if let Some((bad, fallback, effect)) = invalid {
            let (config, problems) = read(&[(variable, bad)]);
            assert_eq!(show(&config), effect, "{variable}={bad}");
            let [problem] = problems.as_slice() else { panic!("{variable}={bad}: {problems:?}") };
            assert_eq!((problem.variable.as_str(), problem.fallback.as_str()), (variable, fallback));
        }
    }
}

/// Variables with tests of their own: one names a file, and the other has an effect only beside another variable.
const ELSEWHERE: [&str; 2] = ["OTEL_CONFIG_FILE", "OTEL_TRACES_SAMPLER_ARG"];

#[test]
fn the_table_of_settings_names_every_variable_that_is_read_and_no_other() {
    use std::collections::BTreeSet;
    let asked = std::cell::RefCell::new(BTreeSet::new());
    let _ = Config::from_lookup(|name| {
        // Names with a dot are keys of a configuration file.
        if !name.contains('.') {
            asked.borrow_mut().insert(name.to_owned());
        }
        // The sampler that takes an argument, so that it is read, too.
        (name == "OTEL_TRACES_SAMPLER").then(|| "traceidratio".to_owned())
    });
    asked.borrow_mut().insert("OTEL_CONFIG_FILE".to_owned());
    let documented: BTreeSet<String> = SETTINGS.iter().flat_map(SettingDoc::names).collect();
    assert_eq!(documented, asked.into_inner());

    let tested: BTreeSet<String> = rows().iter().map(|row| row.variable).chain(ELSEWHERE).map(str::to_owned).collect();
    assert_eq!(documented, tested, "every variable has its tests");
}

#[test]
fn defaults_are_what_the_table_says() {
    for row in SETTINGS {
        let SettingDefault::Value(value) = row.default else { continue };
        for variable in row.variables {
            assert_eq!(read(&[(variable, value)]), (Config::default(), vec![]), "{variable}={value}");
        }
    }
}

#[test]
fn lists_report_each_unknown_member_and_keep_the_rest() {
    let (config, problems) = read(&[("OTEL_TRACES_EXPORTER", "bogus,console,zipkin")]);
    assert_eq!(config.traces.exporters, [ExporterName::Console]);
    let values: Vec<_> = problems.iter().map(|problem| (problem.value.as_str(), problem.fallback.as_str())).collect();
    assert_eq!(values, [("bogus", "console"), ("zipkin", "console")]);
}

#[test]
fn none_empties_a_list_but_not_beside_other_values() {
    assert_eq!(read(&[("OTEL_PROPAGATORS", "none")]).0.propagators, []);
    assert_eq!(read(&[("OTEL_TRACES_EXPORTER", "None")]), {
        let mut config = Config::default();
        config.traces.exporters.clear();
        (config, Vec::new())
    });
    let (config, problems) = read(&[("OTEL_TRACES_EXPORTER", "none,console")]);
    assert_eq!((config.traces.exporters, problems.len()), (vec![ExporterName::Console], 1));
}

#[test]
fn sampler_arguments() {
    let ratio = |argument| read(&[("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", argument)]);
    assert_eq!(ratio("0.25").0.traces.sampler, SamplerChoice::TraceIdRatio(0.25));
    for unset in ["", " "] {
        let (config, problems) = ratio(unset);
        assert_eq!((config.traces.sampler, problems.len()), (SamplerChoice::TraceIdRatio(1.0), 0));
    }
    for invalid in ["1.1", "-0.1", "NaN", "inf", "half"] {
        let (config, problems) = ratio(invalid);
        assert_eq!(config.traces.sampler, SamplerChoice::TraceIdRatio(1.0));
        assert_eq!((problems[0].variable.as_str(), problems[0].fallback.as_str()), ("OTEL_TRACES_SAMPLER_ARG", "1"));
    }
    let parent = [("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0")];
    assert_eq!(read(&parent).0.traces.sampler, SamplerChoice::ParentBasedTraceIdRatio(0.0));
    let unused = [("OTEL_TRACES_SAMPLER", "always_on"), ("OTEL_TRACES_SAMPLER_ARG", "unused")];
    assert_eq!(read(&unused).1, [], "the argument belongs to other samplers");
}

#[test]
fn a_signal_setting_wins_and_its_error_falls_back_to_the_general_one() {
    let (config, problems) = read(&[
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "nope"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "5"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "6"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=1,b=2"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "c=3"),
        ("OTEL_EXPORTER_OTLP_INSECURE", "true"),
        ("OTEL_EXPORTER_OTLP_TRACES_INSECURE", "false"),
    ]);
    let otlp = config.traces.otlp;
    assert_eq!(otlp.protocol, OtlpProtocol::HttpJson);
    assert_eq!(otlp.timeout, Duration::from_millis(6));
    assert_eq!(otlp.headers, [("c".to_owned(), "3".to_owned())]);
    assert!(!otlp.insecure);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].fallback, "http/json");
}

#[test]
fn what_code_says_of_all_signals_wins_over_the_environment() {
    let code = |name: &str| (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| Setting::Text("http://code".to_owned()));
    let environment = |name: &str| match name {
        "OTEL_EXPORTER_OTLP_ENDPOINT" => Some("http://environment".to_owned()),
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" => Some("http://environment/traces".to_owned()),
        "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT" => Some("7".to_owned()),
        _ => None,
    };
    let (config, problems) = layers::read(&code, &environment, &|_| Err("not asked".to_owned()));
    assert_eq!((config.traces.otlp.endpoint.as_str(), problems), ("http://code/v1/traces", vec![]));
    assert_eq!(config.traces.otlp.timeout.as_millis(), 7, "of this code says nothing");
}

/// Credentials as they stand in wrong places, and with slips of the pen. `s3cret` is the secret of each.
pub(super) const MISPLACED_SECRETS: [&str; 14] = [
    "http://user:s3cret@h:4318",
    "http://user:s3cret%40h:4318",
    "http://user:s3cret",
    "user:s3cret@h",
    "http://s3cret%40h",
    "http://user:1,s3cret,2@h",
    "http://user:s3cret#@h:x",
    "https://h:4318/s3cret?key=s3cret",
    "otlp,http://user:s3cret@h",
    "none,console,http://user:s3cret@h",
    "endpoint=http://user:s3cret@h,pollingIntervalMs=5000",
    "api-key=s3cret%ff",
    "authorization=Bearer s3cret,x=%ff",
    "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----",
];

/// A new setting is tested with the others.
#[test]
fn no_misplaced_secret_is_part_of_a_problem() {
    for variable in SETTINGS.iter().flat_map(SettingDoc::names) {
        for value in MISPLACED_SECRETS {
            let environment = |name: &str| (name == variable).then(|| value.to_owned());
            let (_, problems) = layers::read(&|_| None, &environment, &layers::read_file);
            let text = format!("{problems:?} {}", joined(&problems)).to_lowercase();
            assert!(!text.contains("s3cret"), "{variable}={value}: {text}");
        }
    }
}

#[test]
fn secrets_reach_neither_problems_nor_debug_output() {
    let (config, problems) = read(&[
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=%01hunter2,hunter3,good=hunter4,hunter5=%01"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "htp://me:hunter5@host/?token=hunter6"),
    ]);
    assert_eq!(problems.len(), 4);
    let text = format!("{problems:?} {config:?} {}", joined(&problems));
    assert!(!text.contains("hunter"), "{text}");
    assert!(text.contains("api-key=…"), "{text}");
}

#[test]
fn batches_fit_into_the_queue() {
    let (config, problems) = read(&[("OTEL_BSP_MAX_QUEUE_SIZE", "100")]);
    assert_eq!((config.traces.batch.max_export_batch_size, problems.len()), (100, 0));
    let (config, problems) = read(&[("OTEL_BSP_MAX_QUEUE_SIZE", "100"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "200")]);
    assert_eq!(config.traces.batch.max_export_batch_size, 100);
    assert_eq!((problems[0].value.as_str(), problems[0].fallback.as_str()), ("200", "100"));
}

#[cfg(not(feature = "otlp-grpc"))]
#[test]
fn a_feature_that_is_off_is_named() {
    let (config, problems) = read(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]);
    assert_eq!(config.traces.otlp.protocol, OtlpProtocol::HttpProtobuf);
    assert!(problems[0].to_string().contains("cargo feature `otlp-grpc`"), "{problems:?}");
}

#[cfg(all(feature = "otlp-grpc", feature = "_tls"))]
#[test]
fn grpc_endpoints_have_no_path_and_may_lack_the_scheme() {
    let endpoint = |variables: &[(&str, &str)]| {
        let (config, problems) = read(&[&[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")], variables].concat());
        assert_eq!(problems, []);
        config.traces.otlp.endpoint
    };
    assert_eq!(endpoint(&[]), "http://localhost:4317");
    assert_eq!(endpoint(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:1")]), "http://c:1");
    assert_eq!(endpoint(&[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "c:1")]), "https://c:1");
    let insecure = ("OTEL_EXPORTER_OTLP_INSECURE", "true");
    assert_eq!(endpoint(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "c:1"), insecure]), "http://c:1");
}

#[cfg(not(feature = "config-file"))]
#[test]
fn a_configuration_file_is_not_ignored_in_silence() {
    let environment = |name: &str| (name == "OTEL_CONFIG_FILE").then(|| "otel.yaml".to_owned());
    let (config, problems) = layers::read(&|_| None, &environment, &|_| Err("not asked".to_owned()));
    assert!(config.sdk_disabled && config.traces.exporters.is_empty());
    assert!(problems[0].to_string().contains("cargo feature `config-file`"), "{problems:?}");
}

#[test]
fn text_that_is_not_utf8_is_a_problem_like_any_other() {
    let (_, problems) = read(&[("OTEL_TRACES_EXPORTER", "con\u{fffd}ole")]);
    assert_eq!(problems.len(), 1);
}

#[test]
fn no_garbage_breaks_the_reader() {
    use rand::{RngExt as _, SeedableRng as _};
    const ALPHABET: &[char] =
        &['a', 'h', 't', 'p', ':', '/', '=', ',', '%', '2', 'C', ' ', '@', '[', ']', '?', 'é', '\n', '-', '.'];
    let mut random = rand::rngs::SmallRng::seed_from_u64(7);
    for row in rows() {
        for _ in 0..15 {
            let length = random.random_range(0..24);
            let value: String = (0..length).map(|_| ALPHABET[random.random_range(0..ALPHABET.len())]).collect();
            let (_, problems) = read(&[(row.variable, &value)]);
            assert!(problems.iter().all(|problem| problem.to_string().lines().count() == 1));
        }
    }
}
