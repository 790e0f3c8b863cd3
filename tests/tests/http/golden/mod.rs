//! The records of OpenTelemetry Python's agent for Flask and `FastAPI`, compared with ours for the same requests: equal
//! except for the [`differences`], in each generation of the conventions.

mod apps;
mod differences;
mod request;

use crate::support::{TestServer, Trace, serve_plain};
use actix_web::{App, web};
use opentelemetry::Value as OtelValue;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;
use otel_actix::{HttpSettings, HttpTelemetry};
use otel_core::http::settings::SemconvMode;
use request::Request;
use serde_json::{Map, Value, json};

/// One request of a golden run, and its record.
struct Recorded {
    request: Request,
    status: u64,
    name: String,
    span_status: String,
    attributes: Map<String, Value>,
    events: Vec<Value>,
}

impl Recorded {
    fn of(case: &Value) -> Self {
        let text = |key: &str| case[key].as_str().unwrap().to_owned();
        assert_eq!(case["kind"], "SERVER");
        Self {
            request: Request::parse(&text("request")),
            status: case["status"].as_u64().unwrap(),
            name: text("name"),
            span_status: text("span_status"),
            attributes: case["attributes"].as_object().unwrap().clone(),
            events: case["events"].as_array().unwrap().clone(),
        }
    }
}

fn runs(name: &str) -> Vec<Recorded> {
    let golden: Value = serde_json::from_str(&workspace_tests::golden("python-agent.json").unwrap()).unwrap();
    golden[name].as_array().unwrap().iter().map(Recorded::of).collect()
}

fn serve(app: fn(&mut web::ServiceConfig), semconv: SemconvMode) -> TestServer {
    serve_plain!(move || {
        let mut settings = HttpSettings::default();
        settings.semconv = semconv;
        App::new().configure(app).wrap(HttpTelemetry::new().with_settings(settings))
    })
}

/// Replays every request of a run.
fn replay(run: &str, requests: usize, app: fn(&mut web::ServiceConfig), semconv: SemconvMode) {
    let server = serve(app, semconv);
    let recorded = runs(run);
    assert_eq!(recorded.len(), requests, "the golden file is complete");
    for mut theirs in recorded {
        let request = theirs.request.clone();
        let trace = Trace::new();
        let response = server.send_raw(&request.head(trace));
        let span = trace.server_span();
        assert_eq!(response[9..12].parse(), Ok(theirs.status), "{run}, {request:?}: {response}");

        differences::apply(&mut theirs);
        assert_eq!(span.name, theirs.name, "{run}, {request:?}");
        assert_eq!(span.span_kind, SpanKind::Server);
        assert_eq!(status(&span), theirs.span_status, "{run}, {request:?}");
        let events: Vec<Value> = span.events.iter().map(|event| json!(event.name)).collect();
        assert_eq!(events, theirs.events, "{run}, {request:?}");
        let ours = attributes(&span, &server);
        assert_eq!(pretty(&ours), pretty(&theirs.attributes), "{run}, {request:?}");
    }
}

fn status(span: &SpanData) -> &'static str {
    match span.status {
        Status::Unset => "UNSET",
        Status::Ok => "OK",
        Status::Error { .. } => "ERROR",
    }
}

/// Sorted by name, one per line, for a readable difference.
fn pretty(attributes: &Map<String, Value>) -> String {
    let mut lines: Vec<_> = attributes.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    lines.sort();
    lines.join("\n")
}

/// Attributes in the notation of the golden file: the server's port is 8082 there, and a client's is left out.
fn attributes(span: &SpanData, server: &TestServer) -> Map<String, Value> {
    let mut attributes = Map::new();
    for attribute in &span.attributes {
        let key = attribute.key.as_str();
        let value = match (key, &attribute.value) {
            ("network.peer.port" | "net.peer.port", OtelValue::I64(1..=65535)) => json!("<port>"),
            ("host.port" | "net.host.port", OtelValue::I64(port)) if *port == i64::from(server.address.port()) => {
                json!(8082)
            }
            (_, OtelValue::I64(number)) => json!(number),
            (_, OtelValue::String(text)) => json!(text.as_str()),
            (_, other) => panic!("{key} is {other:?}"),
        };
        assert!(attributes.insert(key.to_owned(), value).is_none(), "{key} is recorded twice");
    }
    attributes
}

#[test]
fn flask_by_the_stable_conventions() {
    replay("flask_http", 23, apps::flask, SemconvMode::Stable);
}

#[test]
fn flask_by_both_conventions() {
    replay("flask_httpdup", 23, apps::flask, SemconvMode::Dup);
}

#[test]
fn flask_by_the_old_conventions() {
    replay("flask_unset", 23, apps::flask, SemconvMode::Old);
}

#[test]
fn fastapi_by_the_stable_conventions() {
    replay("fastapi_http", 12, apps::fastapi, SemconvMode::Stable);
}

#[test]
fn fastapi_by_both_conventions() {
    replay("fastapi_httpdup", 12, apps::fastapi, SemconvMode::Dup);
}

#[test]
fn fastapi_by_the_old_conventions() {
    replay("fastapi_unset", 12, apps::fastapi, SemconvMode::Old);
}

#[test]
fn every_difference_is_one() {
    let of_frameworks = |framework: &str| ["http", "httpdup", "unset"].map(|mode| format!("{framework}_{mode}"));
    let names: Vec<String> = ["flask", "fastapi"].iter().flat_map(|framework| of_frameworks(framework)).collect();
    for (index, difference) in differences::DIFFERENCES.iter().enumerate() {
        let differs = |recorded: &mut Recorded| {
            let before = (recorded.name.clone(), recorded.attributes.clone());
            difference(recorded);
            before != (recorded.name.clone(), recorded.attributes.clone())
        };
        let anything = names.iter().flat_map(|name| runs(name)).any(|mut recorded| differs(&mut recorded));
        assert!(anything, "difference {index} is none any more");
    }
}
