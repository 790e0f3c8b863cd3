//! No secret stands in anything that is printed or exported: at no log level, for no exporter, in no error.
//!
//! Everything that may hold a credential holds [`MARK`]: user info, header values, paths and queries, those of proxies
//! too. Then everything that can go wrong does, in a program that prints all of `tracing` and `log`.

use std::fmt::Write as _;

use otel_core::config::{SETTINGS, SettingDoc};
use otel_core::startup;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::collector::{Collector, dead};
#[cfg(feature = "config-file")]
use crate::config_file::{file, run_with};
#[cfg(feature = "otlp-grpc")]
use crate::endpoints::answering_raw;
use crate::process::{Outcome, run};

const MARK: &str = "s3c^ret";
/// The same as a URL, or a list of headers, has it.
const ENCODED: &str = "s3c%5Eret";
/// `user:s3c^ret` as a header has it.
const BASIC: &str = "dXNlcjpzM2NecmV0";

fn assert_no_secret(outcome: &Outcome) {
    let all = format!("{}\n{}", outcome.stdout, outcome.stderr);
    for line in all.lines() {
        for secret in [MARK, ENCODED, BASIC, "s3c", "S3C", "czNjcmV0", "pzM2NyZXQ"] {
            assert!(!line.contains(secret), "{line}");
        }
    }
}

/// The time for an export whose failure matters, not its end.
const SHORT: (&str, &str) = ("OTEL_EXPORTER_OTLP_TIMEOUT", "100");

/// Prints every event, every record and every span, with all of its fields.
struct Everything;

struct Fields(String);

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Everything {
    fn on_new_span(
        &self,
        span: &tracing::span::Attributes<'_>,
        _: &tracing::span::Id,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        let mut fields = Fields(String::new());
        span.record(&mut fields);
        println!("SPAN {} {}{}", span.metadata().name(), span.metadata().target(), fields.0);
    }

    fn on_record(
        &self,
        _: &tracing::span::Id,
        values: &tracing::span::Record<'_>,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        let mut fields = Fields(String::new());
        values.record(&mut fields);
        println!("SPAN{}", fields.0);
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        println!("EVENT {} {}{}", event.metadata().level(), event.metadata().target(), fields.0);
    }
}

#[test]
#[ignore = "started by other tests"]
fn everything_is_printed() {
    tracing_subscriber::registry().with(Everything).with(otel_core::logs::layer()).init();
    let telemetry = startup::init();
    println!("{telemetry:?} {:?}", startup::builder().exporter_otlp_headers([("key", MARK)]));
    opentelemetry::global::meter("child").u64_counter("things").build().add(2, &[]);
    opentelemetry::trace::Tracer::in_span(&opentelemetry::global::tracer("child"), "span", |_| {
        log::info!("sold");
    });
    let diagnosis = otel_core::diagnosis::diagnose();
    println!("{diagnosis} {diagnosis:?}");
    telemetry.shutdown();
}

/// Runs the program against an endpoint, and returns what it printed.
fn everything(protocol: &str, endpoint: &str, others: &[(&str, &str)]) -> Outcome {
    let headers = format!("api-key={ENCODED},x-token=Bearer%20{ENCODED}");
    let mut environment = vec![
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_EXPORTER_OTLP_HEADERS", headers.as_str()),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1000"),
        ("OTEL_TRACES_EXPORTER", "otlp,console"),
        ("OTEL_LOG_LEVEL", "trace"),
    ];
    environment.extend_from_slice(others);
    let outcome = run("secrets::everything_is_printed", &environment);
    assert!(outcome.success && outcome.stdout.contains("EVENT "), "{outcome:?}");
    outcome
}

fn protocols() -> impl Iterator<Item = &'static str> {
    ["http/protobuf", "http/json", "grpc"].into_iter().filter(|name| *name != "grpc" || cfg!(feature = "otlp-grpc"))
}

#[test]
fn endpoints_that_cannot_be_reached() {
    for protocol in protocols() {
        for scheme in ["http", "https"] {
            let host = dead().replace("http://", "");
            let outcome =
                everything(protocol, &format!("{scheme}://user:{MARK}@{host}/{ENCODED}?token={ENCODED}"), &[]);
            assert!(outcome.stderr.contains(&host) || outcome.stdout.contains(&host), "{outcome:?}");
            assert_no_secret(&outcome);
        }
    }
}

#[test]
fn endpoints_that_are_no_urls() {
    // The two protocols of HTTP read endpoints alike.
    for protocol in protocols().filter(|protocol| *protocol != "http/json") {
        for endpoint in [
            "http://user:s3c^ret@h:port",
            "http://user:s3c^ret/@h",
            "user:s3c^ret@h:4318",
            "ftp://s3c^ret",
            "http://h/ s3c^ret",
            "http://user:s3c#^ret@[::1",
            "http://user:s3c?^ret@h:66666",
            "http://user:s3cret%40h:4318",
            "http://s3cret%40h:4318",
            "http://user:s3cret",
            "user:s3cret",
        ] {
            assert_no_secret(&everything(protocol, endpoint, &[SHORT]));
        }
    }
}

/// Every setting has a credential in place of its value; a new setting is tested with the others.
#[test]
fn values_that_belong_elsewhere() {
    // These are data that telemetry carries, or are printed on purpose: the viewer's link.
    const PRINTED: [&str; 3] = ["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_RUST_VIEWER_TOKEN"];
    for misplaced in [
        "http://user:s3cret@h:4318",
        "http://user:s3cret%40h:4318",
        "http://user:s3cret",
        "user:s3cret@h",
        "endpoint=http://user:s3cret@h,interval=5",
        "api-key=s3cret,other=s3cret",
        "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----",
    ] {
        let names: Vec<_> = SETTINGS.iter().flat_map(SettingDoc::names).collect();
        let value = |name: &str| match name {
            // What is exported stays in this process.
            _ if name.ends_with("_EXPORTER") => format!("console,{misplaced}"),
            "OTEL_RESOURCE_ATTRIBUTES" => "a=s3cret%ff,s3cret,b=s3cret%ff".to_owned(),
            _ => misplaced.to_owned(),
        };
        let values: Vec<_> = names
            .iter()
            .filter(|name| !PRINTED.contains(&name.as_str()) && *name != "OTEL_CONFIG_FILE")
            .chain(names.iter().filter(|name| *name == "OTEL_RESOURCE_ATTRIBUTES"))
            .map(|name| (name.as_str(), value(name)))
            .collect();
        let environment: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let outcome = run("secrets::everything_is_printed", &environment);
        assert!(outcome.success, "{outcome:?}");
        for reported in ["OTEL_SDK_DISABLED", "OTEL_METRICS_EXPORTER", "OTEL_TRACES_SAMPLER", "OTEL_BSP_SCHEDULE_DELAY"]
        {
            assert!(outcome.stdout.contains(&format!("{reported}=")), "{reported}: {outcome:?}");
        }
        assert!(outcome.stdout.contains("a=…") && outcome.stdout.contains("member 3"), "{outcome:?}");
        assert_no_secret(&outcome);
        let outcome = run("secrets::everything_is_printed", &[("OTEL_CONFIG_FILE", misplaced)]);
        assert!(outcome.stdout.contains("OTEL_CONFIG_FILE"), "{outcome:?}");
        assert_no_secret(&outcome);
        #[cfg(feature = "prometheus")]
        {
            let host = ("OTEL_EXPORTER_PROMETHEUS_HOST", misplaced);
            let off = [("OTEL_TRACES_EXPORTER", "none"), ("OTEL_LOGS_EXPORTER", "none")];
            let outcome = run(
                "secrets::everything_is_printed",
                &[&[host, ("OTEL_METRICS_EXPORTER", "prometheus")], &off[..]].concat(),
            );
            assert!(outcome.stdout.contains("Prometheus cannot scrape"), "{outcome:?}");
            assert_no_secret(&outcome);
        }
    }
}

#[test]
fn collectors_that_repeat_what_they_were_sent() {
    const REFUSAL: &str = "HTTP/1.1 403 Forbidden\r\nX: s3c^ret\r\nContent-Length: 14\r\n\r\nkey is s3c^ret";
    const REMARK: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 75\r\n\r\n\
                          {\"partialSuccess\":{\"rejectedSpans\":1,\"errorMessage\":\"not for key s3c^ret\"}}";
    const REDIRECT: &str = "HTTP/1.1 302 Found\r\nLocation: http://h/s3c^ret\r\nContent-Length: 0\r\n\r\n";
    const GARBAGE: &str = "s3c^ret s3c^ret s3c^ret\r\n\r\n";
    for answer in [REFUSAL, REMARK, REDIRECT, GARBAGE] {
        let collector = Collector::answering(answer);
        for protocol in ["http/protobuf", "http/json"] {
            let outcome = everything(protocol, &format!("{}/{ENCODED}", collector.url()), &[]);
            assert_no_secret(&outcome);
            if (answer, protocol) == (REMARK, "http/json") {
                assert!(outcome.stdout.contains("not for key REDACTED"), "the remark is shown: {outcome:?}");
            }
        }
    }
}

/// Headers or user info, and how a collector repeats them.
#[test]
fn collectors_that_repeat_parts_of_a_setting_in_other_forms() {
    for (user_info, headers, repeated) in [
        ("s3cret@", "a=b", "unknown key s3cret"),
        ("s3cret:x@", "a=b", "unknown key s3cret"),
        ("", "authorization=Token%20token=s3cret", "no token s3cret"),
        ("", "authorization=Digest%20username=\"me\"%2C%20response=\"s3cret\"", "wrong response s3cret"),
        ("", "cookie=sid=s3cret%3B%20theme=dark", "no session s3cret"),
        ("", "x-key=s3c", "no key 's3c'"),
        ("", "x-key=s3cret", "no key S3CRET"),
        ("", "x-key=s3c%5Eret", "no key s3c%5eret"),
        ("", "x-key=s3cret", "no key czNjcmV0"),
        ("", "x-key=s3cret", "authorization was Basic dXNlcjpzM2NyZXQ="),
    ] {
        let body =
            serde_json::json!({ "partialSuccess": { "rejectedSpans": 1, "errorMessage": repeated } }).to_string();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json";
        let collector = Collector::answering(format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).leak());
        let endpoint = collector.url().replace("http://", &format!("http://{user_info}"));
        let outcome = everything("http/json", &endpoint, &[("OTEL_EXPORTER_OTLP_HEADERS", headers)]);
        assert!(outcome.stdout.contains("spans lost: 1"), "{repeated}: {outcome:?}");
        assert_no_secret(&outcome);
    }
}

#[cfg(feature = "otlp-grpc")]
#[test]
fn grpc_servers_that_repeat_what_they_were_sent() {
    for status in ["16 s3c^ret", "0 \x0a\x0b\x08\x02\x12\x07s3c^ret"] {
        let (url, _calls) = crate::grpc::collector(status);
        assert_no_secret(&everything("grpc", &url, &[]));
    }
    // SETTINGS, and a GOAWAY with a reason in words: the export is retried.
    let url = answering_raw(b"\0\0\0\x04\0\0\0\0\0\0\0\x0f\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0bs3c^ret");
    let mut outcome = everything("grpc", &url, &[]);
    assert!(outcome.stdout.contains("the server ended the connection"), "{outcome:?}");
    // `h2` and `tonic` print the frame by themselves, at the levels `debug` and `trace`: only the application can turn that
    // off.
    let is_ours = |line: &&str| {
        let is_theirs = line.contains(" h2::") || line.contains(" tonic::");
        !(is_theirs && line.to_lowercase().contains("goaway"))
    };
    outcome.stdout = outcome.stdout.lines().filter(is_ours).fold(String::new(), |text, line| text + line + "\n");
    assert_no_secret(&outcome);
}

#[test]
fn proxies() {
    let proxy = dead().replace("http://", &format!("http://user:{ENCODED}@"));
    let refusing = Collector::answering("HTTP/1.1 407 s3c^ret\r\nContent-Length: 0\r\n\r\n");
    let refusing = refusing.url().replace("http://", &format!("http://user:{ENCODED}@"));
    for proxy in [proxy, refusing] {
        for scheme in ["http", "https"] {
            let endpoint = format!("{scheme}://user:{MARK}@collector.example/{ENCODED}");
            let proxies = [("HTTP_PROXY", proxy.as_str()), ("HTTPS_PROXY", proxy.as_str())];
            let outcome = everything("http/protobuf", &endpoint, &proxies);
            assert!(outcome.stdout.contains(&format!("{}_PROXY", scheme.to_uppercase())), "{outcome:?}");
            assert_no_secret(&outcome);
        }
    }
}

#[test]
fn answers_that_hold_a_secret_decoded_or_cut() {
    // The password alone, behind so many words that the remark is cut within it.
    let message = format!("{}{MARK}", "x".repeat(297));
    let body = format!(r#"{{"partialSuccess":{{"rejectedSpans":1,"errorMessage":"{message}"}}}}"#);
    let answer =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let collector = Collector::answering(answer.leak());
    let endpoint = collector.url().replace("http://", &format!("http://user:{ENCODED}@"));
    for (endpoint, headers) in [(endpoint.as_str(), ""), (&format!("{}/{ENCODED}", collector.url()), "a=b")] {
        let environment = [("OTEL_EXPORTER_OTLP_HEADERS", headers)];
        let outcome = everything("http/json", endpoint, &environment);
        // Cut after 300 characters, and not before.
        assert!(outcome.stdout.contains("xRED") && !outcome.stdout.contains("xREDA"), "{outcome:?}");
        assert_no_secret(&outcome);
    }
}

#[test]
fn headers_that_cannot_be_read() {
    for headers in
        ["api-key: s3c^ret", "s3c^ret", "key=s3c%zz", "key=a,s3cret=%", "=s3c^ret", "k=%01s3c^ret", "s3c^ret=x"]
    {
        let environment = [("OTEL_EXPORTER_OTLP_HEADERS", headers)];
        let outcome = everything("http/protobuf", &dead(), &environment);
        assert!(outcome.stdout.contains("OTEL_EXPORTER_OTLP_HEADERS"), "{headers}: {outcome:?}");
        assert_no_secret(&outcome);
    }
}

#[test]
fn proxies_that_are_no_urls() {
    for proxy in
        ["http://user:s3c^ret@h:port", "user:s3c^ret@[::1", "s3c^ret s3c^ret", "socks5://user:s3c^ret@127.0.0.1:1"]
    {
        for variable in ["HTTP_PROXY", "ALL_PROXY"] {
            assert_no_secret(&everything("http/protobuf", "http://collector.invalid/", &[(variable, proxy)]));
        }
    }
}

/// Configuration files with a secret, all of which have a fault.
#[cfg(feature = "config-file")]
#[test]
fn configuration_files() {
    const EXPORTER: &str =
        "file_format: '1.0'\ntracer_provider:\n  processors:\n  - batch:\n      exporter:\n        otlp_http:\n";
    for (text, reported) in [
        ("          endpoint: http://user:s3c^ret@h:port\n", "port"),
        ("          endpoint: [http://user:s3c^ret@h]\n", "endpoint"),
        ("          headers: {api-key: s3c^ret}\n", "headers"),
        ("          headers: [{name: api-key, value: [s3c^ret]}]\n", "headers"),
        ("          headers: [{name: 'api key', value: s3c^ret}]\n", "headers"),
        ("          headers: [{name: api-key, value: s3c^ret, more: s3c^ret}]\n", "more"),
        ("          headers_list: s3c^ret\n", "headers"),
        ("          headers_list: api-key=${SECRET\n          token: ${SECRET}\n", "token"),
        ("          headers_list: api-key=${SECRET:?}\n", "${"),
        ("          api_key: s3c^ret\n", "api_key"),
        ("          headers_list: 'api-key=s3c^ret\n", "line"),
        ("          headers_list: !secret s3c^ret\n", "tags"),
        ("          headers_list: *s3c\n", "line"),
        ("          headers_list: @s3c^ret\n", "line"),
        ("          encoding: json\n         s3c^ret\n", "line"),
        ("          tls: {ca_file: \"-----BEGIN PRIVATE KEY-----\\ns3c^ret\"}\n", "found another text"),
        ("          tls: {key_file: \"-----BEGIN PRIVATE KEY-----\\ns3c^ret\", cert_file: x}\n", "cert_file"),
    ] {
        let file = file("secrets", &format!("{EXPORTER}{text}"));
        let outcome = run_with(&file, "secrets::everything_is_printed", &[("SECRET", MARK)]);
        assert!(outcome.success && outcome.stdout.contains(reported), "{text}: {outcome:?}");
        assert_no_secret(&outcome);
    }
}

#[test]
fn keys_in_place_of_files() {
    let armoured = format!("-----BEGIN PRIVATE KEY-----\n{MARK}\n-----END PRIVATE KEY-----");
    let body = "MC4CAQAwBQYDK2VwBCIEIHN/s3cret/+";
    let keys = [armoured.as_str(), body, &body.repeat(40), &format!("{}.s3cret.x", "eyJhbGciOiJIUzI1NiJ9".repeat(4))];
    // All protocols report files alike.
    for (protocol, key) in protocols().map(|protocol| (protocol, body)).chain(keys.map(|key| ("http/protobuf", key))) {
        let variables =
            ["CERTIFICATE", "CLIENT_KEY", "CLIENT_CERTIFICATE"].map(|name| format!("OTEL_EXPORTER_OTLP_{name}"));
        for variables in [&variables[..1], &variables[1..], &variables[1..2]] {
            let files = variables.iter().map(|variable| (variable.as_str(), key));
            let environment: Vec<_> = files.chain([SHORT]).collect();
            let outcome = everything(protocol, "https://127.0.0.1:1", &environment);
            assert!(
                outcome.stdout.contains("found another text") || outcome.stdout.contains("needs its key"),
                "{outcome:?}"
            );
            assert_no_secret(&outcome);
        }
    }
}

#[test]
fn files_that_cannot_be_used() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/startup/certificates/client.key");
    for protocol in protocols() {
        let outcome = everything(
            protocol,
            &format!("https://user:{MARK}@127.0.0.1:1"),
            &[
                ("OTEL_EXPORTER_OTLP_CERTIFICATE", file),
                ("OTEL_EXPORTER_OTLP_CLIENT_KEY", file),
                ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", file),
            ],
        );
        assert_no_secret(&outcome);
    }
}
