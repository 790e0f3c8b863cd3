//! The expected telemetry, written from the conventions.

use examples::compare::Failure;
use serde_json::{Value, json};

use super::{
    export::{Part, Telemetry},
    run::{PARENT, Sent, TRACE, TRACE_STATE, USER_AGENT},
};
use crate::attributes::{Attributes, attributes};

/// Bucket boundaries of `http.server.request.duration`, in seconds.
const BOUNDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1., 2.5, 5., 7.5, 10.];

/// Compares all values that are known; panics at a difference.
pub(crate) fn check(telemetry: &Telemetry, sent: &Sent) -> Result<(), Failure> {
    let [user, failed] = check_all_but_metrics(telemetry, sent)?;
    duration(metric(telemetry, "http.server.request.duration")?, [user, failed]);
    active_requests(metric(telemetry, "http.server.active_requests")?);
    Ok(())
}

/// The check without numbers, which Rotel's JSON decoder drops: it is built with `opentelemetry-proto` 0.29, which
/// accepts no 64-bit integer as a string, although OTLP/JSON requires strings (see
/// [openobserve#12615](https://github.com/openobserve/openobserve/pull/12615)).
pub(crate) fn check_after_json_by_rotel(telemetry: &Telemetry, sent: &Sent) -> Result<(), Failure> {
    check_all_but_metrics(telemetry, sent)?;
    let duration = metric(telemetry, "http.server.request.duration")?;
    assert_eq!(duration["unit"], "s");
    assert!(duration["histogram"].is_null(), "Rotel has learnt it: this exception can go");
    assert_eq!(metric(telemetry, "http.server.active_requests")?["unit"], "{request}");
    Ok(())
}

/// Returns the spans.
fn check_all_but_metrics<'a>(telemetry: &'a Telemetry, sent: &Sent) -> Result<[&'a Value; 2], Failure> {
    resource(telemetry, sent);
    let [user, failed] = &items(&telemetry.spans)[..] else { return Err(format!("{:?}", telemetry.spans).into()) };
    assert_span(user, user_span(sent));
    assert_span(failed, failed_span(sent));
    assert_ne!(failed["traceId"], TRACE);
    exception(telemetry, failed)?;
    Ok([*user, *failed])
}

/// Every signal names the same resource.
fn resource(telemetry: &Telemetry, sent: &Sent) {
    let instance = &telemetry.spans[0].resource["service.instance.id"];
    assert_eq!(instance.as_str().map(str::len), Some(36), "{instance}");
    let expected = map(json!({
        "deployment.environment.name": "t\u{e9}st",
        "run": sent.run,
        "service.instance.id": instance,
        "service.name": "shop",
        "telemetry.distro.name": "otel-actix",
        "telemetry.distro.version": env!("CARGO_PKG_VERSION"),
        "telemetry.sdk.language": "rust",
        "telemetry.sdk.name": "opentelemetry",
        "telemetry.sdk.version": telemetry.spans[0].resource["telemetry.sdk.version"],
    }));
    for part in telemetry.parts() {
        assert_eq!(part.resource, expected);
    }
}

/// A whole span, except its times and its ids.
fn user_span(sent: &Sent) -> Value {
    json!({
        "name": "GET /users/{id}",
        "kind": 2,
        "traceId": TRACE,
        "parentSpanId": PARENT,
        "traceState": TRACE_STATE,
        // Sampled, and the parent is known to be remote.
        "flags": 0x301,
        "status": {},
        "attributes": {
            "http.request.method": "GET",
            "http.response.status_code": 200,
            "http.route": "/users/{id}",
            "url.path": "/users/7",
            "url.query": "sig=REDACTED&page=2",
            "url.scheme": "http",
            "server.address": "127.0.0.1",
            "server.port": sent.server,
            "client.address": "127.0.0.1",
            "network.peer.address": "127.0.0.1",
            "network.peer.port": sent.clients[0],
            "network.protocol.version": "1.1",
            "user_agent.original": USER_AGENT,
        },
    })
}

fn failed_span(sent: &Sent) -> Value {
    json!({
        "name": "GET /fail",
        "kind": 2,
        // Sampled, with a random trace id, and it is known that there is no remote parent.
        "flags": 0x103,
        "status": { "code": 2, "message": "the stock is unknown" },
        "attributes": {
            "error.type": "500",
            "http.request.method": "GET",
            "http.response.status_code": 500,
            "http.route": "/fail",
            "url.path": "/fail",
            "url.scheme": "http",
            "server.address": "127.0.0.1",
            "server.port": sent.server,
            "client.address": "127.0.0.1",
            "network.peer.address": "127.0.0.1",
            "network.peer.port": sent.clients[1],
            "network.protocol.version": "1.1",
        },
    })
}

/// Compares a span except for the values that differ from run to run, which must exist.
fn assert_span(span: &Value, mut expected: Value) {
    let mut actual = span.clone();
    actual["attributes"] = json!(attributes(&span["attributes"]));
    assert_eq!(span["spanId"].as_str().map(str::len), Some(16), "{span}");
    assert_eq!(span["traceId"].as_str().map(str::len), Some(32), "{span}");
    assert!(nanoseconds(span) > 0., "{span}");
    for varies in ["spanId", "startTimeUnixNano", "endTimeUnixNano"] {
        expected[varies] = span[varies].clone();
    }
    if expected["traceId"].is_null() {
        expected["traceId"] = span["traceId"].clone();
    }
    assert_eq!(actual, expected);
}

/// The duration of the span.
fn nanoseconds(span: &Value) -> f64 {
    let time = |name: &str| span[name].as_str().and_then(|time| time.parse::<u64>().ok()).unwrap_or_default();
    #[allow(clippy::cast_precision_loss, reason = "a few seconds at most")]
    let duration = time("endTimeUnixNano").saturating_sub(time("startTimeUnixNano")) as f64;
    duration
}

/// One point per route, with the duration of the span.
fn duration(metric: &Value, spans: [&Value; 2]) {
    assert_eq!(metric["unit"], "s");
    let histogram = &metric["histogram"];
    assert_eq!(histogram["aggregationTemporality"], 2, "cumulative");
    let points = histogram["dataPoints"].as_array().unwrap();
    assert_eq!(points.len(), spans.len(), "{metric}");
    for span in spans {
        let span_attributes = attributes(&span["attributes"]);
        let of_metric = [
            "error.type",
            "http.request.method",
            "http.response.status_code",
            "http.route",
            "network.protocol.version",
            "url.scheme",
        ];
        let expected: Attributes =
            span_attributes.into_iter().filter(|(name, _)| of_metric.contains(&name.as_str())).collect();
        let point = points.iter().find(|point| attributes(&point["attributes"]) == expected);
        let point = point.unwrap_or_else(|| panic!("no point {expected:?} in {points:?}"));
        assert_eq!(point["count"], "1");
        assert_eq!(point["explicitBounds"], json!(BOUNDS));
        assert_eq!(point["bucketCounts"].as_array().unwrap().len(), BOUNDS.len() + 1);
        let seconds = point["sum"].as_f64().unwrap();
        assert!((seconds * 1e9 - nanoseconds(span)).abs() < 1., "{seconds} s, {span}");
    }
}

fn active_requests(metric: &Value) {
    assert_eq!(metric["unit"], "{request}");
    let sum = &metric["sum"];
    assert!(sum["isMonotonic"].is_null(), "it goes down, too: {metric}");
    let [point] = &sum["dataPoints"].as_array().unwrap()[..] else { panic!("{metric}") };
    assert_eq!(point["asInt"], "0");
    let expected = map(json!({ "http.request.method": "GET", "url.scheme": "http" }));
    assert_eq!(attributes(&point["attributes"]), expected);
}

/// The failed request's log record belongs to its span.
fn exception(telemetry: &Telemetry, span: &Value) -> Result<(), Failure> {
    let records = items(&telemetry.logs);
    let record = records.iter().find(|record| record["eventName"] == "exception").ok_or("no log record")?;
    assert_eq!((&record["traceId"], &record["spanId"]), (&span["traceId"], &span["spanId"]));
    // The flags of the span: sampled, with a random trace id.
    assert_eq!((&record["severityNumber"], &record["flags"]), (&json!(17), &json!(3)));
    assert_eq!(attributes(&record["attributes"])["exception.message"], "the stock is unknown");
    Ok(())
}

fn metric<'a>(telemetry: &'a Telemetry, name: &str) -> Result<&'a Value, Failure> {
    // Cumulative: the last export holds everything.
    let last = telemetry.metrics.last().ok_or("no metrics")?;
    let mut metrics = last.items.iter().map(|(_, metric)| metric);
    metrics.find(|metric| metric["name"] == name).ok_or_else(|| format!("no {name} in {last:?}").into())
}

/// The items of our own scope.
fn items(parts: &[Part]) -> Vec<&Value> {
    let scope = json!({ "name": "otel-actix", "version": env!("CARGO_PKG_VERSION") });
    parts.iter().flat_map(|part| &part.items).filter(|(of, _)| *of == scope).map(|(_, item)| item).collect()
}

fn map(object: Value) -> Attributes {
    serde_json::from_value(object).unwrap()
}
