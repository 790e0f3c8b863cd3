//! Collectors that are absent or faulty: the program ends in time and reports its losses once.

use std::time::Duration;

use crate::collector::{Collector, dead, silent};
use crate::process::{Outcome, run};

/// The only warning.
fn warning(outcome: &Outcome) -> &str {
    assert!(outcome.success, "{outcome:?}");
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    warning
}

#[test]
fn nobody_listens() {
    let url = dead();
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    let warning = warning(&outcome);
    for part in [url.as_str(), "/v1/traces", "refused", "spans lost: 3"] {
        assert!(warning.contains(part), "{warning}");
    }
    assert!(outcome.took < Duration::from_secs(5), "{:?}", outcome.took);
}

#[test]
fn nobody_answers_within_the_export_timeout() {
    let (_listener, url) = silent();
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url), ("OTEL_BSP_EXPORT_TIMEOUT", "300")]);
    let warning = warning(&outcome);
    for part in [url.as_str(), "no answer in time", "spans lost: 3"] {
        assert!(warning.contains(part), "{warning}");
    }
}

#[test]
fn nobody_answers_within_the_deadline() {
    let (_listener, url) = silent();
    let outcome = run("three_spans_with_little_patience", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    assert!(warning(&outcome).contains("did not end within 300ms; spans lost: 3"), "{outcome:?}");
    assert!(outcome.took < Duration::from_secs(4), "{:?}", outcome.took);
}

#[test]
fn nobody_answers_and_nothing_is_set() {
    let (_listener, url) = silent();
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    assert!(warning(&outcome).contains("did not end within 5s; spans lost: 3"), "{outcome:?}");
    assert!((4..9).contains(&outcome.took.as_secs()), "{:?}", outcome.took);
}

#[test]
fn a_refusal_names_its_status() {
    let refusing = Collector::answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &refusing.url())]);
    assert!(warning(&outcome).contains("status code: 404"), "{outcome:?}");
}

#[test]
fn what_a_collector_rejects_is_lost() {
    let json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 61\r\n\r\n\
                {\"partialSuccess\":{\"rejectedSpans\":\"2\",\"errorMessage\":\"old\"}}";
    let protobuf = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 9\r\n\r\n\
                    \n\x07\x08\x02\x12\x03old";
    for (protocol, answer) in [("http/json", json), ("http/protobuf", protobuf)] {
        let picky = Collector::answering(answer);
        let environment =
            [("OTEL_EXPORTER_OTLP_ENDPOINT", picky.url()), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.to_owned())];
        let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
        let outcome = run("three_spans", &environment);
        let warning = warning(&outcome);
        assert!(warning.ends_with("the collector rejected 2: old; spans lost: 2"), "{warning}");
    }
}

#[test]
fn a_redirect_does_not_carry_the_headers_away() {
    let other = Collector::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let location = format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", other.url());
    let redirecting = Collector::answering(location.leak());
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &redirecting.url())]);
    assert!(warning(&outcome).contains("307"), "{outcome:?}");
}

#[test]
fn an_answer_that_is_not_http() {
    let garbage = Collector::answering("\0\x01 garbage\r\n\r\n");
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &garbage.url())]);
    assert!(warning(&outcome).contains("spans lost: 3"), "{outcome:?}");
}

#[test]
fn an_outage_of_one_exporter_leaves_the_other_alone() {
    let (_listener, url) = silent();
    let outcome = run(
        "three_spans_with_little_patience",
        &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url), ("OTEL_TRACES_EXPORTER", "otlp,console")],
    );
    assert_eq!(outcome.spans().len(), 3, "{outcome:?}");
}

#[test]
fn spans_that_the_queue_has_no_room_for_are_counted() {
    let environment = [
        ("OTEL_TRACES_EXPORTER", "console"),
        ("OTEL_METRICS_EXPORTER", "console"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "2"),
        ("OTEL_BSP_SCHEDULE_DELAY", "60000"),
    ];
    let outcome = run("a_thousand_spans", &environment);
    let shown = outcome.spans().iter().filter(|line| line.get("kind").is_some()).count();
    assert!(shown < 1000, "the queue was too fast to be full: {shown}");
    let dropped = format!("\"value\":{},", 1000 - shown);
    let metric = outcome.stdout.split("otel.sdk.processor.span.processed").nth(1);
    assert!(metric.is_some_and(|metric| metric.contains(&dropped) && metric.contains("queue_full")), "{metric:?}");
    // The recorder may have reported earlier drops; the last report has the total.
    let warnings = outcome.messages("WARN");
    assert!(warnings.iter().all(|warning| warning.contains("console")), "{warnings:?}");
    let total = format!(": {};", 1000 - shown);
    assert!(warnings.last().is_some_and(|last| last.contains(&total)), "{shown} {warnings:?}");
}
