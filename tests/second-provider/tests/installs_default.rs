//! The default provider of a process belongs to the application: it installs its own before or after the start of
//! telemetry, and nothing of ours has taken the place.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};

use otel_actix::opentelemetry::global;
use otel_actix::opentelemetry::trace::Tracer as _;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};

mod collector;

fn install() {
    assert!(CryptoProvider::get_default().is_none());
    assert!(ring::default_provider().install_default().is_ok());
}

fn record() -> otel_actix::TelemetryGuard {
    let telemetry = otel_actix::init();
    global::tracer("application").in_span("span", |_| ());
    telemetry
}

#[test]
#[ignore = "started by the other test"]
fn before_the_start() {
    install();
    record().shutdown();
    let _ = ServerConfig::builder();
}

#[test]
#[ignore = "started by the other test"]
fn after_the_start() {
    let telemetry = record();
    install();
    let _ = ServerConfig::builder();
    telemetry.shutdown();
}

#[test]
#[ignore = "started by the other test"]
fn after_an_export() {
    record().shutdown();
    install();
    let _ = ServerConfig::builder();
}

#[test]
fn an_application_installs_its_default_provider() {
    for application in ["before_the_start", "after_the_start", "after_an_export"] {
        let collector = collector::start();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--quiet", "--nocapture", "--include-ignored", "--exact", application]).env_clear();
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url).stdin(Stdio::null());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{application}: {output:?}");
        assert!(collector.paths().contains(&"/v1/traces".to_owned()), "{application}: {output:?}");
    }
}
