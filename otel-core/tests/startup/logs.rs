//! The export of log records.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use prost::Message as _;
use serde_json::Value;

use crate::collector::{Collector, dead};
use crate::process::{Outcome, run};

const CONSOLE: [(&str, &str); 3] =
    [("OTEL_TRACES_EXPORTER", "console"), ("OTEL_LOGS_EXPORTER", "console"), ("OTEL_METRICS_EXPORTER", "none")];
const TARGET: &str = "startup::child";

/// The log records among the printed objects, and the one span.
fn printed(outcome: &Outcome) -> (Vec<Value>, Value) {
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    let (records, spans): (Vec<_>, Vec<_>) =
        outcome.spans().into_iter().partition(|object| object.get("severity_number").is_some());
    let [span] = spans.as_slice() else { panic!("{spans:?}") };
    (records, span.clone())
}

#[test]
fn events_of_an_application_that_prints_nothing() {
    let outcome = run("events_that_are_only_exported", &CONSOLE);
    let (records, span) = printed(&outcome);
    let [record] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((&record["body"], &record["severity_text"]), (&"sold".into(), &"INFO".into()));
    assert_eq!(record["attributes"]["item"], 7);
    assert_eq!(record["trace_id"], span["context"]["trace_id"]);
    assert_eq!(record["span_id"], span["context"]["span_id"]);
    assert_eq!(record["resource"], span["resource"]);
    assert!(outcome.messages("INFO")[0].contains("logs to console;"), "{outcome:?}");
}

#[test]
fn an_applications_own_subscriber_keeps_printing() {
    let outcome = run("events_with_a_subscriber_set_after_the_start", &CONSOLE);
    assert!(outcome.stdout.contains(&format!("PRINTED {TARGET}")), "{outcome:?}");
    let (records, span) = printed(&outcome);
    let sold: Vec<_> = records.iter().filter(|record| record["body"] == "sold").collect();
    assert_eq!((sold.len(), &sold[0]["trace_id"]), (1, &span["context"]["trace_id"]));

    for scenario in ["events_with_a_subscriber_that_only_prints", "events_with_a_logger_that_prints"] {
        let outcome = run(scenario, &CONSOLE);
        assert!(outcome.stdout.contains(&format!("PRINTED {TARGET}")), "{scenario}: {outcome:?}");
        assert!(printed(&outcome).0.is_empty(), "{scenario}: left alone: {outcome:?}");
    }
}

/// The application may set its own subscriber and logger at any time, and each is exported from then on.
#[test]
fn logging_that_is_set_up_late_finds_its_places_free() {
    for scenario in ["a_subscriber_and_a_logger_set_after_a_request", "logging_initialised_within_a_request"] {
        let outcome = run(scenario, &CONSOLE);
        assert!(outcome.success, "{scenario}: {outcome:?}");
        assert_eq!(outcome.stdout.matches(&format!("PRINTED {TARGET}")).count(), 1, "{scenario}: {outcome:?}");
        let objects = outcome.spans();
        let bodies: Vec<_> = objects.iter().filter_map(|object| object["body"].as_str()).collect();
        assert_eq!(bodies.iter().filter(|body| **body == "sold").count(), 2, "{scenario}: {bodies:?}");
        assert!(!bodies.contains(&"early"), "{scenario}: {bodies:?}");
    }
    let outcome = run("logging_initialised_after_the_shutdown", &CONSOLE);
    assert!(outcome.success && outcome.stdout.contains("PRINTED"), "{outcome:?}");
}

#[test]
fn places_that_are_taken_stay_as_they_are() {
    let outcome = run("logging_initialised_in_vain", &CONSOLE);
    assert!(outcome.stdout.contains(&format!("PRINTED {TARGET}")), "{outcome:?}");
    assert!(printed(&outcome).0.is_empty(), "{outcome:?}");
}

#[test]
fn records_of_an_application_that_prints_nothing() {
    let outcome = run("records_that_are_only_exported", &CONSOLE);
    let (records, span) = printed(&outcome);
    let [record] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((&record["body"], &record["severity_text"]), (&"sold".into(), &"INFO".into()));
    let attributes =
        serde_json::json!({"item": 7, "price": 2.5, "paid": true, "more": u64::MAX.to_string(), "what": "shoe"});
    assert_eq!(record["attributes"], attributes);
    assert_eq!(record["trace_id"], span["context"]["trace_id"]);
    assert_eq!(record["span_id"], span["context"]["span_id"]);
}

#[test]
fn the_attributes_of_records_are_limited() {
    for (count, length, kept, longest) in [
        ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", 2, 3),
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", 4, 2),
    ] {
        let (kept_text, longest_text) = (kept.to_string(), longest.to_string());
        let limits = [(count, kept_text.as_str()), (length, longest_text.as_str())];
        let outcome = run("records_that_are_only_exported", &[&CONSOLE[..], &limits].concat());
        let (records, _) = printed(&outcome);
        let attributes = records[0]["attributes"].as_object().unwrap();
        assert_eq!(attributes.len(), kept, "{count}: {attributes:?}");
        let reports: Vec<_> = outcome.messages("INFO").into_iter().filter(|text| text.contains("dropped")).collect();
        let [report] = reports[..] else { panic!("{outcome:?}") };
        assert!(report.contains(&format!("more than {kept} attributes")) && report.contains(count), "{report}");
        let texts: Vec<_> = attributes.values().filter_map(Value::as_str).collect();
        assert!(texts.iter().all(|text| text.len() <= longest), "{length}: {texts:?}");
        assert!(kept < 4 || texts.iter().any(|text| text.len() == longest), "{length}: {texts:?}");
    }
}

#[test]
fn an_applications_own_logger_prints_and_exports() {
    let outcome = run("records_with_a_logger_that_prints_and_exports", &CONSOLE);
    assert!(outcome.stdout.contains(&format!("PRINTED {TARGET}")), "{outcome:?}");
    let (records, span) = printed(&outcome);
    let [record] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((&record["body"], &record["trace_id"]), (&"sold".into(), &span["context"]["trace_id"]));
}

#[test]
fn to_a_collector_by_default() {
    let collector = Collector::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let environment = [
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()),
    ];
    let outcome = run("events_that_are_only_exported", &environment);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    let request = collector.next();
    assert_eq!(request.line, "POST /v1/logs HTTP/1.1");
    let decoded = ExportLogsServiceRequest::decode(request.body.as_slice()).unwrap();
    let scope = &decoded.resource_logs[0].scope_logs[0];
    assert_eq!(scope.scope.as_ref().map(|scope| scope.name.as_str()), Some(TARGET));
    let body = scope.log_records[0].body.clone().and_then(|body| body.value);
    assert_eq!(body, Some(Any::StringValue("sold".to_owned())));
    assert_eq!((scope.log_records[0].trace_id.len(), scope.log_records[0].span_id.len()), (16, 8));
}

#[test]
fn nobody_listens_and_three_signals_share_one_warning() {
    let outcome = run("events_that_are_only_exported", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &dead())]);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    for part in ["spans lost: 1", "log records lost: 1", "exports of metrics lost: 1", "OTEL_LOGS_EXPORTER=none"] {
        assert!(warning.contains(part), "{part}: {warning}");
    }
}

#[test]
fn records_that_the_queue_has_no_room_for_are_counted() {
    let [traces, logs, metrics] = CONSOLE;
    let queue = [("OTEL_BLRP_MAX_QUEUE_SIZE", "1"), ("OTEL_BLRP_SCHEDULE_DELAY", "60000")];
    let outcome = run("a_thousand_events", &[traces, logs, metrics, queue[0], queue[1]]);
    let shown = outcome.spans().len();
    assert!(shown < 1000, "the queue was too fast to be full: {shown}");
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains(&format!("log records lost on the way to console: {};", 1000 - shown)), "{warning}");
}

#[test]
fn exceptions_are_events_or_records_or_both() {
    for (opt_in, events, wanted) in [("", 1, 0), ("logs", 0, 1), ("logs/dup", 1, 1)] {
        let [traces, logs, metrics] = CONSOLE;
        let opt_in = ("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", opt_in);
        let outcome = run("events_that_are_only_exported", &[traces, logs, metrics, opt_in]);
        let (records, span) = printed(&outcome);
        assert_eq!(span["events"].as_array().map(Vec::len), Some(events), "{opt_in:?}: {span}");
        assert_eq!(span["status"]["description"], "out of stock");
        let exceptions: Vec<_> = records.iter().filter(|record| record["event_name"] == "exception").collect();
        assert_eq!(exceptions.len(), wanted, "{opt_in:?}: {records:?}");
        for exception in exceptions {
            assert_eq!(exception["attributes"], serde_json::json!({"exception.message": "out of stock"}));
            assert_eq!((&exception["severity_number"], &exception["severity_text"]), (&17.into(), &"ERROR".into()));
            assert_eq!(exception["trace_id"], span["context"]["trace_id"]);
            assert_eq!(exception["span_id"], span["context"]["span_id"]);
            assert_eq!(exception["timestamp"], span["end_time"]);
        }
    }
    // Logs are not sampled.
    let [traces, logs, metrics] = CONSOLE;
    let unsampled = [("OTEL_TRACES_SAMPLER", "always_off"), ("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", "logs")];
    let outcome = run("events_that_are_only_exported", &[traces, logs, metrics, unsampled[0], unsampled[1]]);
    assert_eq!(outcome.spans().iter().filter(|object| object["event_name"] == "exception").count(), 1, "{outcome:?}");
}
