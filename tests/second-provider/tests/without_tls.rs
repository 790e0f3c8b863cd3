//! The default features bring no TLS: an `https://` endpoint is one warning, which names the features that do.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a test fails by panicking, and its child prints")]

use std::process::{Command, Stdio};

use otel_actix::opentelemetry::global;
use otel_actix::opentelemetry::trace::Tracer as _;

#[test]
#[ignore = "started by the other test"]
fn application() {
    let telemetry = otel_actix::init();
    global::tracer("application").in_span("span", |_| ());
    global::meter("application").u64_counter("things").build().add(1, &[]);
    println!("{}", otel_actix::diagnose());
    telemetry.shutdown();
    println!("the end");
}

#[test]
fn an_https_endpoint_is_one_warning_that_names_the_features() {
    let grpc = ["grpc"].into_iter().filter(|_| cfg!(feature = "otlp-grpc"));
    for protocol in ["http/protobuf", "http/json"].into_iter().chain(grpc) {
        // gRPC without a scheme means TLS.
        let without_scheme = (protocol == "grpc").then_some("127.0.0.1:1");
        for endpoint in ["https://127.0.0.1:1", "HTTPS://127.0.0.1:1"].into_iter().chain(without_scheme) {
            let mut application = Command::new(std::env::current_exe().unwrap());
            application.args(["--quiet", "--nocapture", "--include-ignored", "--exact", "application"]).env_clear();
            application.env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol).env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
            let output = application.stdin(Stdio::null()).output().unwrap();
            let [printed, warned] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
            assert!(printed.contains("the end"), "{printed}{warned}");
            let warnings: Vec<_> = warned.lines().filter(|line| line.starts_with("otel-actix: WARN")).collect();
            assert_eq!(warnings.len(), 1, "{protocol} {endpoint}: {warned}");
            for text in [warnings[0], printed.as_str()] {
                for part in ["OTEL_EXPORTER_OTLP_ENDPOINT", "tls-ring", "tls-aws-lc"] {
                    assert!(text.contains(part), "{protocol} {endpoint}: {text}");
                }
            }
        }
    }
}
