//! Collectors that are busy for a while.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::collector::{Collector, dead};
use crate::process::{command, run};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const BAD_GATEWAY: &str = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
const IN_A_SECOND: &str = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
const IN_AN_HOUR: &str = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n";

#[test]
fn what_is_refused_for_now_is_sent_again() {
    let collector = Collector::answering_in_turn(vec![BAD_GATEWAY, BAD_GATEWAY, OK]);
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url())]);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    let bodies = [collector.next().body, collector.next().body, collector.next().body];
    assert!(bodies.iter().all(|body| *body == bodies[0]), "the same spans");
}

#[test]
fn a_collector_is_given_the_time_it_asks_for_even_at_the_end() {
    let collector = Collector::answering_in_turn(vec![IN_A_SECOND, IN_A_SECOND, OK]);
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url())]);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    assert!(outcome.took >= Duration::from_secs(2), "{:?}", outcome.took);
}

#[test]
fn more_time_than_there_is_ends_the_export_at_once() {
    let collector = Collector::answering(IN_AN_HOUR);
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url())]);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains("status code: 429") && warning.contains("spans lost: 3"), "{warning}");
    assert!(outcome.took < Duration::from_secs(1), "{:?}", outcome.took);
}

#[test]
fn a_collector_that_stays_busy_does_not_keep_the_program() {
    let collector = Collector::answering(BAD_GATEWAY);
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url())]);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains("status code: 502") && warning.contains("spans lost: 3"), "{warning}");
    assert!(outcome.took < Duration::from_secs(3), "{:?}", outcome.took);
}

#[test]
fn nobody_has_to_wait_for_the_timeout_to_learn_that_nobody_answers() {
    for protocol in ["http/protobuf", "grpc"] {
        if protocol == "grpc" && cfg!(not(feature = "otlp-grpc")) {
            continue;
        }
        let url = dead();
        let environment = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "60000"),
            ("OTEL_METRICS_EXPORTER", "none"),
            ("OTEL_BSP_SCHEDULE_DELAY", "10"),
        ];
        let started = Instant::now();
        let mut child =
            command("a_span_and_then_wait_for_the_end_of_input", &environment).stdin(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let warning = lines.find(|line| line.contains("WARN")).unwrap();
        for part in [url.as_str(), "is retried: ", "OTEL_TRACES_EXPORTER=none"] {
            assert!(warning.contains(part), "{warning}");
        }
        drop(child.stdin.take());
        let rest: Vec<String> = lines.collect();
        assert!(child.wait().unwrap().success());
        assert!(rest.iter().any(|line| line.contains("spans lost: 1")), "{rest:?}");
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    }
}
