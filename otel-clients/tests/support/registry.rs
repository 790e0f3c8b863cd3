//! Spans and metrics, checked with the official registry of the semantic conventions.
#![allow(dead_code, reason = "each test program uses some of it")]

use std::path::Path;
use std::process::Command;

use opentelemetry::trace::SpanKind;
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData};
use opentelemetry_sdk::trace::SpanData;
use serde_json::{Value as Json, json};

use super::{opentelemetry, opentelemetry_sdk};

/// Checks CLIENT spans. `group` is their definition.
pub(crate) fn check_spans(group: &str, spans: &[SpanData]) {
    let count = spans.len();
    let spans: Vec<_> = spans.iter().map(otlp_span).collect();
    let line = json!({ "resourceSpans": [{ "scopeSpans": [{ "spans": spans }] }] });
    check(group, &line, &format!("{{\"span\": {count}}}"));
}

/// Runs the check of one line of OTLP/JSON. `group` is the definition of its spans.
pub(crate) fn check(group: &str, line: &Json, checked: &str) {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("tests/semconv"));
    let semconv = folders.into_iter().find(|folder| folder.exists()).unwrap();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{group}.jsonl"));
    std::fs::write(&file, line.to_string()).unwrap();
    let mut check = Command::new("python3");
    check.arg(semconv.join("check.py")).arg(semconv.join("registry-1.44.0.json")).arg(&file);
    let output = check.arg(format!("--span-group=client={group}")).output().unwrap();
    let verdict = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{group}: {verdict}{}", String::from_utf8_lossy(&output.stderr));
    assert!(verdict.contains(checked), "{group}: {verdict}");
    // An attribute that the definition of the span or the metric does not list. Definitions for one system have a text that
    // demands `db.system.name`, but do not list it.
    let mut unlisted = verdict.lines().filter(|line| line.contains("not_listed_for_signal"));
    assert!(unlisted.all(|line| group.starts_with("span.db.") && line.contains(" db.system.name ")), "{verdict}");
}

fn otlp_span(span: &SpanData) -> Json {
    assert_eq!(span.span_kind, SpanKind::Client);
    json!({ "name": span.name, "kind": 3, "attributes": otlp_attributes(span.attributes.iter()) })
}

pub(crate) fn otlp_metric(metric: &Metric) -> Json {
    let (name, unit) = (metric.name(), metric.unit());
    match metric.data() {
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
            let points =
                histogram.data_points().map(|point| json!({ "attributes": otlp_attributes(point.attributes()) }));
            json!({ "name": name, "unit": unit, "histogram": { "dataPoints": points.collect::<Vec<_>>() } })
        }
        AggregatedMetrics::I64(MetricData::Sum(sum)) => {
            let points = sum.data_points().map(|point| json!({ "attributes": otlp_attributes(point.attributes()) }));
            let (points, is_monotonic) = (points.collect::<Vec<_>>(), sum.is_monotonic());
            json!({ "name": name, "unit": unit, "sum": { "dataPoints": points, "isMonotonic": is_monotonic } })
        }
        other => panic!("{other:?}"),
    }
}

fn otlp_attributes<'a>(attributes: impl Iterator<Item = &'a KeyValue>) -> Vec<Json> {
    let attributes = attributes.map(|kv| {
        let value = match &kv.value {
            Value::Bool(value) => json!({ "boolValue": value }),
            Value::I64(value) => json!({ "intValue": value.to_string() }),
            Value::F64(value) => json!({ "doubleValue": value }),
            Value::String(value) => json!({ "stringValue": value.as_str() }),
            other => panic!("{other:?}"),
        };
        json!({ "key": kv.key.as_str(), "value": value })
    });
    attributes.collect()
}
