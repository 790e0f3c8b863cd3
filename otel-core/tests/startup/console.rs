//! The console exporter, piped.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::process::{command, run};

const CONSOLE: (&str, &str) = ("OTEL_TRACES_EXPORTER", "console");

#[test]
fn spans_are_lines_of_json() {
    let outcome = run("three_spans", &[CONSOLE, ("OTEL_SERVICE_NAME", "shop")]);
    assert!(outcome.success, "{outcome:?}");
    let spans = outcome.spans();
    assert_eq!(spans.len(), 3);
    assert_eq!(spans[2]["name"], "span 2");
    assert_eq!(spans[0]["kind"], "SpanKind.INTERNAL");
    assert_eq!(spans[0]["attributes"]["n"], 1);
    assert_eq!(spans[0]["resource"]["attributes"]["service.name"], "shop");
    assert_eq!(spans[0]["resource"]["attributes"]["telemetry.distro.name"], "otel-actix");
    assert_eq!(outcome.messages("WARN"), [""; 0]);
    let [info] = outcome.messages("INFO")[..] else { panic!("{outcome:?}") };
    for part in ["service shop", "spans to console", "parentbased_always_on", "tracecontext, baggage"] {
        assert!(info.contains(part), "{info}");
    }
}

#[test]
fn a_panic_or_an_exit_loses_no_span() {
    for scenario in [
        "three_spans_then_a_panic",
        "three_spans_then_exit",
        "three_spans_in_a_current_thread_runtime",
        "three_spans_then_our_exit",
        "three_spans_then_our_exit_on_another_thread",
        "three_spans_then_our_exit_in_a_current_thread_runtime",
        "three_spans_and_an_exit_during_shutdown",
        "shut_down_twice_and_before_the_start",
    ] {
        let outcome = run(scenario, &[CONSOLE]);
        assert_eq!((outcome.spans().len(), outcome.success), (3, true), "{scenario}: {outcome:?}");
    }
}

/// The purpose of `exit`. The delay of the queue is long here, so that no span is exported before.
#[test]
fn a_plain_exit_loses_what_is_queued() {
    let patient = [CONSOLE, ("OTEL_BSP_SCHEDULE_DELAY", "60000")];
    for (scenario, exported) in [("three_spans_then_a_plain_exit", 0), ("three_spans_then_our_exit", 3)] {
        let outcome = run(scenario, &patient);
        assert_eq!((outcome.spans().len(), outcome.success), (exported, true), "{scenario}: {outcome:?}");
    }
}

#[test]
fn an_exit_keeps_the_deadline() {
    let (_listener, url) = crate::collector::silent();
    let environment = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), ("OTEL_BSP_EXPORT_TIMEOUT", "300")];
    let outcome = run("three_spans_then_our_exit", &environment);
    assert!(outcome.success && outcome.took < Duration::from_secs(5), "{outcome:?}");
    assert!(outcome.messages("WARN")[0].contains("spans lost: 3"), "{outcome:?}");
}

#[test]
fn what_is_suppressed_is_not_exported() {
    let outcome = run("a_suppressed_span_among_three", &[CONSOLE, ("OTEL_LOGS_EXPORTER", "console")]);
    let names: Vec<_> = outcome.spans().into_iter().map(|span| span["name"].clone()).collect();
    assert_eq!(names, ["span 0", "span 0", "span 1"], "{outcome:?}");
}

#[test]
fn a_span_shows_while_the_program_runs() {
    let mut child =
        command("a_span_and_then_wait_for_the_end_of_input", &[CONSOLE]).stdin(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let line = lines.find(|line| line.starts_with('{'));
    let took = started.elapsed();
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(line.unwrap().contains("span 0"));
    // The batch processor's own delay would be five seconds.
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn a_reader_that_left_is_one_warning() {
    let scenario = "three_spans_after_the_end_of_input_then_exit";
    let mut child = command(scenario, &[CONSOLE]).stdin(Stdio::piped()).spawn().unwrap();
    // The test harness fails if it cannot print, so its output is read first.
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("running 1 test") {
        line.clear();
        assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "the child started");
    }
    drop(stdout);
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stderr.matches(" WARN ").count(), 1, "{stderr}");
    assert!(stderr.contains("export to console failed") && stderr.contains("spans lost: 3"), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
}

/// Without an exporter of spans nothing is recorded, but callees still get ids and the sampling decision.
#[test]
fn spans_that_go_nowhere_are_not_recorded() {
    for (exporter, sampler, recording, sampled) in [
        ("console", "parentbased_always_on", true, true),
        ("none", "parentbased_always_on", false, true),
        ("none", "always_off", false, false),
        ("console", "always_off", false, false),
    ] {
        let environment = [
            ("OTEL_TRACES_EXPORTER", exporter),
            ("OTEL_TRACES_SAMPLER", sampler),
            ("OTEL_METRICS_EXPORTER", "none"),
            ("OTEL_LOGS_EXPORTER", "none"),
        ];
        let outcome = run("the_span_of_a_request", &environment);
        assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
        let expected = serde_json::json!({"recording": recording, "valid": true, "sampled": sampled});
        assert!(outcome.spans().contains(&expected), "{exporter} {sampler}: {outcome:?}");
    }
}
