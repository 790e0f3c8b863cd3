//! No environment keeps a server from starting or from answering.

use std::{collections::BTreeMap, path::Path};

use examples::{
    client::{Args, send},
    compare::{Failure, Server, Stop},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use otel_core::config::{SETTINGS, SettingDoc};
use workspace_tests::with_programs;

/// A value that cannot be understood, and the fallback in its warning. The variables for one signal get the same
/// nonsense as the general one.
const NONSENSE: &[(&str, &str, &str)] = &[
    ("OTEL_RESOURCE_ATTRIBUTES", "nonsense", "the other attributes"),
    ("OTEL_SDK_DISABLED", "yes", "false"),
    ("OTEL_CONFIG_FILE", "/does/not/exist.yaml", "no telemetry at all"),
    ("OTEL_LOG_LEVEL", "loud", "info"),
    ("OTEL_TRACES_EXPORTER", "zipkin", "otlp"),
    ("OTEL_METRICS_EXPORTER", "statsd", "otlp"),
    ("OTEL_LOGS_EXPORTER", "stdout", "otlp"),
    ("OTEL_PROPAGATORS", "w3c", "tracecontext,baggage"),
    ("OTEL_TRACES_SAMPLER", "sometimes", "parentbased_always_on"),
    ("OTEL_TRACES_SAMPLER_ARG", "half", "1"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", ""),
    ("OTEL_EXPORTER_OTLP_PROTOCOL", "tcp", "http/protobuf"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "a b=c", "the other headers"),
    ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "10000 ms"),
    ("OTEL_EXPORTER_OTLP_COMPRESSION", "rar", "none"),
    ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/does/not/exist.pem", "the system's certificates"),
    ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/does/not/exist.pem", "no client certificate"),
    ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/does/not/exist.pem", "no client certificate"),
    ("OTEL_EXPORTER_OTLP_INSECURE", "1", "false"),
    ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "both", "cumulative"),
    ("OTEL_METRIC_EXPORT_INTERVAL", "1m", "the exporter's own interval"),
    ("OTEL_METRIC_EXPORT_TIMEOUT", "0", "the exporter's own timeout"),
    ("OTEL_METRICS_EXEMPLAR_FILTER", "all", "always_off"),
    ("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "linear", "explicit_bucket_histogram"),
    ("OTEL_RUST_RESOURCE_DETECTORS", "cloud", "none"),
    ("OTEL_RUST_DISABLED_INSTRUMENTATIONS", "curl", "none"),
    ("OTEL_RUST_DB_RETURNED_ROWS", "1", "false"),
    ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "1e2", "128"),
    ("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "-1", "no limit"),
    ("OTEL_BSP_SCHEDULE_DELAY", "5s", "the exporter's own delay"),
    ("OTEL_BLRP_SCHEDULE_DELAY", "-1", "the exporter's own delay"),
    ("OTEL_BSP_EXPORT_TIMEOUT", "99999999999999999999", "the exporter's own timeout"),
    ("OTEL_BLRP_EXPORT_TIMEOUT", "1.5", "the exporter's own timeout"),
    ("OTEL_BSP_MAX_QUEUE_SIZE", "18446744073709551615", "2048"),
    ("OTEL_BLRP_MAX_QUEUE_SIZE", "0", "2048"),
    ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4096", "2048"),
    ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "1e3", "512"),
    ("OTEL_ATTRIBUTE_COUNT_LIMIT", "seven", "128"),
    ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "-1", "128"),
    ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "4294967296", "128"),
    ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "1 2", "128"),
    ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "none", "no limit"),
    ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "x", "no limit"),
    ("OTEL_SPAN_EVENT_COUNT_LIMIT", "0x10", "128"),
    ("OTEL_SPAN_LINK_COUNT_LIMIT", "٣", "128"),
    ("OTEL_SEMCONV_STABILITY_OPT_IN", "http/new", "http"),
    ("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", "events", "span events"),
    ("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "G T", "CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,TRACE,QUERY"),
    ("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST", "(", "the other members"),
    ("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE", "*", "the other members"),
    ("OTEL_INSTRUMENTATION_HTTP_SERVER_CAPTURE_REQUEST_HEADERS", "[", "the other members"),
    ("OTEL_INSTRUMENTATION_HTTP_SERVER_CAPTURE_RESPONSE_HEADERS", "x{1000000}", "the other members"),
    ("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST", "(", "the other members"),
    ("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE", "+", "the other members"),
    ("OTEL_INSTRUMENTATION_HTTP_CLIENT_CAPTURE_REQUEST_HEADERS", "?", "the other members"),
    ("OTEL_INSTRUMENTATION_HTTP_CLIENT_CAPTURE_RESPONSE_HEADERS", "(?P<", "the other members"),
    ("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS", "(", "[REDACTED] for every header"),
    ("OTEL_RUST_HTTP_UNREDACTED_HEADERS", "(", "the other members"),
    ("OTEL_RUST_EXCLUDED_URLS", "(", "the other members"),
    ("OTEL_RUST_TRUST_FORWARDED_HEADERS", "some", "no trust in this one"),
    ("OTEL_RUST_TRACE_RESPONSE_HEADER", "on", "false"),
    ("OTEL_RUST_HTTP_BODY_SIZES", "1", "false"),
    ("OTEL_RUST_HTTP_SYNTHETIC_USER_AGENTS", "TRUE!", "false"),
    ("OTEL_RUST_HTTP_EXCLUDE_LONG_LIVED_DURATIONS", "never", "false"),
    ("OTEL_EXPORTER_PROMETHEUS_PORT", "70000", "9464"),
    ("OTEL_RUST_RUNTIME_METRICS", "yes", "false"),
    ("OTEL_RUST_CONSOLE_FORMAT", "xml", "json"),
    ("OTEL_RUST_VIEWER_PORT", "-1", "4319"),
    ("OTEL_RUST_VIEWER_MEMORY", "0", "64"),
];

/// Variables for which every value is valid.
const ANYTHING_GOES: [&str; 5] = [
    "OTEL_SERVICE_NAME",
    "OTEL_RUST_EXCLUDED_ROUTES",
    "OTEL_RUST_REDACTED_QUERY_KEYS",
    "OTEL_EXPORTER_PROMETHEUS_HOST",
    "OTEL_RUST_VIEWER_TOKEN",
];

/// A certificate of the tests of `otel-core`.
const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../otel-core/tests/startup/certificates/client.pem");

/// No server listens there.
const NOWHERE: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");

/// All variables, also those for one signal, with their nonsense.
fn nonsense() -> BTreeMap<String, (&'static str, &'static str)> {
    let mut all = BTreeMap::new();
    for row in SETTINGS {
        for name in row.names().filter(|name| !ANYTHING_GOES.contains(&name.as_str())) {
            let general = ["TRACES_", "METRICS_", "LOGS_"]
                .iter()
                .fold(name.clone(), |name, signal| if row.per_signal { name.replacen(signal, "", 1) } else { name });
            let found = NONSENSE.iter().find(|(variable, ..)| *variable == general);
            let (_, value, fallback) = found.unwrap_or_else(|| panic!("no nonsense for {name}"));
            all.insert(name, (*value, *fallback));
        }
    }
    all
}

/// The warnings of a server with this environment. Fails if the server does not answer.
async fn warnings(program: &Path, environment: &[(&str, &str)]) -> Result<Vec<String>, Failure> {
    let server = Server::start(program, environment).await?;
    let url = format!("http://{}/users/7?q=1", server.address());
    assert_eq!(send(&Args::parse(["--url".to_owned(), url], "")?).await?.status, 200, "{environment:?}");
    let output = server.stop(Stop::Interrupt).await?;
    let lines = output.stderr.lines().filter_map(|line| line.strip_prefix("otel-actix: WARN "));
    // No collector listens at the endpoint.
    Ok(lines.filter(|line| !line.starts_with("export to ")).map(str::to_owned).collect())
}

#[test]
fn every_variable_is_told_nonsense() {
    let known: Vec<String> = SETTINGS.iter().flat_map(SettingDoc::names).collect();
    for (variable, ..) in NONSENSE {
        assert!(known.iter().any(|name| name == variable), "{variable} is read by nobody");
    }
    assert_eq!(nonsense().len() + ANYTHING_GOES.len(), known.len());
}

/// The other variables without which this one has no effect.
fn beside<'a>(variable: &str, other: &'a str) -> BTreeMap<&'a str, &'static str> {
    let mut environment = BTreeMap::from([
        NOWHERE,
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
    ]);
    if variable == "OTEL_TRACES_SAMPLER_ARG" {
        environment.insert("OTEL_TRACES_SAMPLER", "traceidratio");
    }
    if is_file(variable) {
        // A file is read when the exporter is built.
        let exporter = match variable.trim_start_matches("OTEL_EXPORTER_OTLP_") {
            own if own.starts_with("METRICS") => "OTEL_METRICS_EXPORTER",
            own if own.starts_with("LOGS") => "OTEL_LOGS_EXPORTER",
            _ => "OTEL_TRACES_EXPORTER",
        };
        environment.insert(exporter, "otlp");
    }
    if !other.is_empty() {
        environment.insert(other, CERTIFICATE);
    }
    environment
}

fn is_file(variable: &str) -> bool {
    variable.ends_with("CERTIFICATE") || variable.ends_with("CLIENT_KEY")
}

/// A client's certificate needs its key, and a key its certificate.
fn other_half(variable: &str) -> String {
    match variable.strip_suffix("CLIENT_KEY") {
        Some(prefix) => format!("{prefix}CLIENT_CERTIFICATE"),
        None if variable.ends_with("CLIENT_CERTIFICATE") => variable.replace("CLIENT_CERTIFICATE", "CLIENT_KEY"),
        None => String::new(),
    }
}

/// Starts a server with one nonsensical variable.
async fn one(program: &Path, variable: String, value: &str, fallback: &str) -> Result<(), Failure> {
    let other = other_half(&variable);
    let mut environment = beside(&variable, &other).into_iter().collect::<Vec<_>>();
    environment.retain(|(name, _)| *name != variable);
    environment.push((&variable, value));
    let warnings = warnings(program, &environment).await?;
    let [warning] = warnings.as_slice() else { panic!("{variable}={value}: {warnings:#?}") };
    // Of a list, a message shows only names, and these members have none.
    let shown = match variable.as_str() {
        "OTEL_RESOURCE_ATTRIBUTES" => "member 1",
        _ if variable.ends_with("_HEADERS") && value == "a b=c" => "header 1",
        _ => value,
    };
    assert!(warning.starts_with(&format!("{variable}={shown:?}: ")), "{variable}={value}: {warning}");
    let said = warning.rsplit_once("; using ").map_or("", |(_, said)| said);
    assert!(said == fallback || (fallback.is_empty() && said.starts_with("http")), "{variable}={value}: {warning}");
    Ok(())
}

#[test]
fn one_nonsense_is_one_warning_and_the_server_answers() {
    with_programs(|programs| async move {
        let runs = nonsense().into_iter().map(|(variable, (value, fallback))| {
            let program = programs.server_auto.clone();
            async move { one(&program, variable, value, fallback).await }
        });
        // Stopping a server is mostly waiting.
        stream::iter(runs).buffer_unordered(8).try_collect::<Vec<()>>().await?;
        Ok(())
    })
    .unwrap();
}

#[test]
fn all_nonsense_at_once_is_one_warning_each() {
    with_programs(|programs| async move {
        let mut all = nonsense();
        // It would replace all others.
        all.remove("OTEL_CONFIG_FILE");
        // None of the samplers takes an argument.
        all.remove("OTEL_TRACES_SAMPLER_ARG");
        let environment: Vec<_> = all.iter().map(|(name, (value, _))| (name.as_str(), *value)).collect();
        let warnings = warnings(&programs.server_auto, &environment).await?;
        let mut expected = 0;
        for (variable, _) in &environment {
            // Files of one signal are read instead of the general ones, and a key is read only with its certificate.
            let of_one = ["TRACES", "METRICS", "LOGS"].iter().any(|signal| variable.contains(signal));
            let is_read = !is_file(variable) || (of_one && !variable.ends_with("CLIENT_KEY"));
            let told = warnings.iter().filter(|warning| warning.starts_with(&format!("{variable}="))).count();
            assert_eq!(told, usize::from(is_read), "{variable}: {warnings:#?}");
            expected += told;
        }
        assert_eq!(warnings.len(), expected, "{warnings:#?}");
        Ok(())
    })
    .unwrap();
}
