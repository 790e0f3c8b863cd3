//! `cargo otel` and the attribute record the same metrics and log records. `compare -- --zero-code` compares the spans.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod normal;
mod sockets;
#[path = "../../../otel-viewer/tests/support/mod.rs"]
mod support;

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use examples::{
    client::{Args, send},
    compare::{Failure, Server, Stop, build_zero_code, spans, zero_code},
};
use normal::normal;
use serde_json::Value;
use support::{Running, after, http, wait_for};
use workspace_tests::with_programs;

const TARGETS: [&str; 6] = ["/users/1", "/users/2", "/fail", "/missing", "/stream", "/health"];

/// The output of a server for a few requests: metrics and log records.
async fn signals(program: &Path) -> Result<[Vec<Value>; 2], Failure> {
    let environment = [
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_METRICS_EXPORTER", "console"),
        ("OTEL_LOGS_EXPORTER", "console"),
        ("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", "logs"),
        ("OTEL_SERVICE_NAME", "example"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "3600000"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "3600000"),
    ];
    let server = Server::start(program, &environment).await?;
    for target in TARGETS {
        send(&Args::parse(["--url".to_owned(), format!("http://{}{target}", server.address())], "")?).await?;
    }
    let port = server.address().port();
    let output = server.stop(Stop::Terminate).await?;
    let objects = output.stdout.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let (metrics, logs): (Vec<Value>, Vec<Value>) = objects
        .filter(Value::is_object)
        .map(|object| normal(object, u64::from(port)))
        .partition(|object| object.get("resource_metrics").is_some());
    Ok([metrics, logs])
}

#[test]
#[ignore = "builds the runtime of cargo-otel, which takes minutes the first time"]
fn metrics_and_log_records_are_those_of_the_attribute() {
    with_programs(|programs| async move {
        let zero_code = build_zero_code().await?;
        let [metrics, logs] = signals(&programs.server_auto).await?;
        let [zero_code_metrics, zero_code_logs] = signals(&zero_code).await?;
        let series = |metrics: &[Value]| {
            metrics.iter().map(|metrics| metrics.to_string().matches("http.route").count()).sum::<usize>()
        };
        assert!(series(&metrics) >= 4, "{metrics:#?}");
        assert_eq!(metrics, zero_code_metrics);
        assert_eq!(logs.len(), 1, "{logs:#?}");
        assert_eq!(logs, zero_code_logs);
        Ok(())
    })
    .unwrap();
}

#[test]
#[ignore = "builds the runtime of cargo-otel, which takes minutes the first time"]
fn no_span_is_lost_on_ctrl_c_and_kill() {
    with_programs(|_| async move {
        let program = build_zero_code().await?;
        for stop in [Stop::Interrupt, Stop::Terminate] {
            let environment = [("OTEL_TRACES_EXPORTER", "console"), ("OTEL_BSP_SCHEDULE_DELAY", "3600000")];
            let server = Server::start(&program, &environment).await?;
            for number in 0..20 {
                let url = format!("http://{}/users/{number}", server.address());
                send(&Args::parse(["--url".to_owned(), url], "")?).await?;
            }
            let output = server.stop(stop).await?;
            assert_eq!(spans(output.stdout.iter().map(String::as_str)).len(), 20, "{stop:?}");
        }
        Ok(())
    })
    .unwrap();
}

#[test]
#[ignore = "builds the runtime of cargo-otel, which takes minutes the first time"]
fn one_command_shows_the_requests_of_an_unmodified_server() {
    with_programs(|_| async move {
        let mut command = zero_code(&["run", "--viewer"]).await?.into_std();
        command
            .envs([
                ("OTEL_RUST_VIEWER_PORT", "0"),
                ("OTEL_RUST_VIEWER_TOKEN", "secret"),
                ("SERVER_ADDRESS", "127.0.0.1:0"),
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = Running(command.spawn()?);
        let link = after("viewer: http://", process.0.stderr.take().unwrap());
        let server: SocketAddr = after("listening on http://", process.0.stdout.take().unwrap()).parse()?;
        let viewer: SocketAddr = link.split('/').next().unwrap().parse()?;

        assert_eq!(http::send(server, "GET /users/42", &[("host", "localhost")], b"").status, 200);
        let bearer = [("host", "localhost"), ("authorization", "Bearer secret")];
        let trace = wait_for("the trace", || {
            let traces = http::send(viewer, "GET /api/traces?text=users", &bearer, b"").json();
            traces["traces"][0].is_object().then(|| traces["traces"][0].clone())
        });
        assert_eq!(trace["name"], "GET /users/{id}", "{trace}");
        assert_eq!(http::send(viewer, "GET /", &[("host", "localhost")], b"").status, 401);
        Ok(())
    })
    .unwrap();
}
