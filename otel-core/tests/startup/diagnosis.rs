//! The findings of `diagnose()`, each in a process with that fault.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use crate::collector::{Collector, dead, silent};
use crate::process::{Outcome, command, run};

const CONSOLE: [(&str, &str); 3] =
    [("OTEL_TRACES_EXPORTER", "console"), ("OTEL_LOGS_EXPORTER", "none"), ("OTEL_METRICS_EXPORTER", "none")];

/// The state in a diagnosis, and its findings.
fn diagnosis(outcome: &Outcome) -> (&str, Vec<&str>) {
    assert!(outcome.success, "{outcome:?}");
    let (_, text) = outcome.stdout.split_once("telemetry ").unwrap_or_else(|| panic!("{outcome:?}"));
    let mut lines = text.lines();
    let state = lines.next().unwrap();
    (state, lines.take_while(|line| line.starts_with(|first: char| first.is_ascii_digit())).collect())
}

/// Runs a program of this module; checks that its only finding has all `parts`.
fn finds(program: &str, variables: &[(&str, &str)], parts: &[&str]) {
    let outcome = run(&format!("diagnosis::programs::{program}"), variables);
    let (_, findings) = diagnosis(&outcome);
    let [finding] = findings[..] else { panic!("{program}: {outcome:?}") };
    for part in parts {
        assert!(finding.contains(part), "{program}: {part}: {finding}");
    }
}

#[test]
fn nothing_is_wrong() {
    let outcome = run("diagnosis::programs::of_a_request", &CONSOLE);
    let (state, findings) = diagnosis(&outcome);
    let expected = "runs; apps, services and handlers instrumented: 1; requests were seen; nothing wrong was found";
    assert_eq!((state, findings), (expected, vec![]));
    assert_eq!(outcome.spans().len(), 1, "exported, to see whether that works");
}

#[test]
fn what_start_up_came_to() {
    finds("before_the_start", &[], &["not started", "`#[auto_instrument]` on `main`", "otel_actix::init()"]);
    finds("of_a_guard_that_was_dropped", &CONSOLE, &["was shut down", "let _telemetry = init()"]);
    finds("of_a_request", &[("OTEL_SDK_DISABLED", "true")], &["OTEL_SDK_DISABLED=true: unset it"]);
    finds("without_an_app", &CONSOLE, &["no server is instrumented", "HttpServer::new", "HttpTelemetry::new()"]);
}

#[test]
fn settings() {
    let [_, logs, metrics] = CONSOLE;
    finds(
        "of_a_request",
        &[("OTEL_TRACES_EXPORTER", "none"), logs, metrics],
        &["not exported anywhere", "OTEL_TRACES_EXPORTER"],
    );
    let typo = [CONSOLE[0], logs, metrics, ("OTEL_BSP_MAX_QUEUE_SIZE", "many")];
    finds("of_a_request", &typo, &["OTEL_BSP_MAX_QUEUE_SIZE=\"many\"", "using 2048"]);
    for (sampler, argument) in [("always_off", ""), ("parentbased_always_off", ""), ("traceidratio", "0")] {
        let sampler = [("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", argument)];
        let variables = [CONSOLE[0], logs, metrics, sampler[0], sampler[1]];
        finds("of_a_request", &variables, &[sampler[0].1, "records no new trace", "parentbased_always_on"]);
    }
}

#[test]
fn what_somebody_replaced() {
    let all = [CONSOLE[0], CONSOLE[1], ("OTEL_METRICS_EXPORTER", "console")];
    for (program, global, setter) in [
        ("with_another_tracer_provider", "tracer provider", "set_tracer_provider"),
        ("with_another_meter_provider", "meter provider", "set_meter_provider"),
        ("with_another_propagator", "propagator", "set_text_map_propagator"),
    ] {
        finds(program, &all, &[&format!("the global {global} was replaced"), setter, "=none"]);
    }
    // Not a provider of ours, so its loss is no finding.
    let outcome = run("diagnosis::programs::with_another_meter_provider", &CONSOLE);
    assert!(diagnosis(&outcome).1.is_empty(), "{outcome:?}");
}

#[test]
fn several_versions() {
    let parts =
        ["more than one version", " 0.32.1 (old 1.0.0), 0.33.1 (otel-core 0.1.0);", "otel_actix::opentelemetry"];
    finds("with_two_versions", &CONSOLE, &parts);
}

#[test]
fn a_collector_that_is_not_there() {
    let url = dead();
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), CONSOLE[1], CONSOLE[2]];
    // The export is retried for longer than this program waits.
    let parts = [url.as_str(), "fails", "refused", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_EXPORTER=console"];
    finds("of_a_request_with_little_patience", &variables, &parts);
}

#[test]
fn a_collector_that_refuses() {
    let refusing = Collector::answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", &*refusing.url()), CONSOLE[1], CONSOLE[2]];
    let outcome = run("diagnosis::programs::of_a_request", &variables);
    let (_, findings) = diagnosis(&outcome);
    let [failing, lost] = findings[..] else { panic!("{outcome:?}") };
    assert!(failing.contains(&refusing.url()) && failing.contains("404"), "{failing}");
    assert!(lost.contains("spans lost because exports to") && lost.ends_with("failed: 1"), "{lost}");
}

#[test]
fn a_collector_that_does_not_answer() {
    let (_listener, url) = silent();
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), CONSOLE[1], CONSOLE[2]];
    finds("of_a_request_with_little_patience", &variables, &["not exported within 300ms", "does it answer?"]);
}

#[test]
fn spans_that_the_queue_had_no_room_for() {
    let queue = [("OTEL_BSP_MAX_QUEUE_SIZE", "1"), ("OTEL_BSP_SCHEDULE_DELAY", "60000")];
    let variables = [CONSOLE[0], CONSOLE[1], CONSOLE[2], queue[0], queue[1]];
    let outcome = run("diagnosis::programs::of_a_thousand_spans", &variables);
    let (_, findings) = diagnosis(&outcome);
    let lost = format!(
        "1. spans lost on the way to console: {}; the queue was full: raise {}",
        1001 - outcome.spans().len(),
        queue[0].0
    );
    assert_eq!(findings, [lost], "{outcome:?}");
}

/// A diagnosis on standard error while the program runs, without a call of `diagnose()`.
#[test]
fn at_the_level_debug() {
    for (program, wanted) in [
        ("a_request_until_the_end_of_input", "DEBUG telemetry runs;"),
        ("no_sampling_until_the_end_of_input", "records no new trace"),
    ] {
        let variables = [CONSOLE[0], CONSOLE[1], CONSOLE[2], ("OTEL_LOG_LEVEL", "debug")];
        let mut child =
            command(&format!("diagnosis::programs::{program}"), &variables).stdin(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains(wanted)), "{program}");
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success());
    }
}

/// The programs of the child processes.
mod programs {

    use opentelemetry::global;
    use opentelemetry::trace::Tracer as _;
    use opentelemetry_sdk::metrics::SdkMeterProvider;
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use otel_core::config::SamplerChoice;
    use otel_core::diagnosis::{OpenTelemetryVersion, diagnose};
    use otel_core::findings::{found_versions, instrumented};
    use otel_core::http::ResponseFacts;
    use otel_core::startup;

    use super::Duration;

    fn request() {
        instrumented();
        crate::child_work::request(ResponseFacts::with_status(200), || ());
    }

    fn show() {
        println!("{}\n", diagnose());
    }

    fn until_the_end_of_input() {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    }

    macro_rules! programs {
        ($($name:ident $body:block)+) => {
            $(
                #[test]
                #[ignore = "started by other tests"]
                fn $name() $body
            )+
        };
    }

    programs! {
        before_the_start {
            request();
            show();
        }

        of_a_guard_that_was_dropped {
            drop(startup::init());
            request();
            show();
        }

        of_a_request {
            let _telemetry = startup::init();
            request();
            show();
        }

        of_a_request_with_little_patience {
            let _telemetry = startup::builder().shutdown_timeout(Duration::from_millis(300)).init();
            request();
            show();
        }

        without_an_app {
            let _telemetry = startup::init();
            show();
        }

        of_a_thousand_spans {
            let _telemetry = startup::init();
            request();
            (0..1000).for_each(|_| global::tracer("child").in_span("span", |_| ()));
            show();
        }

        with_another_tracer_provider {
            let _telemetry = startup::init();
            request();
            global::set_tracer_provider(SdkTracerProvider::builder().build());
            show();
        }

        with_another_meter_provider {
            let _telemetry = startup::init();
            request();
            global::set_meter_provider(SdkMeterProvider::builder().build());
            show();
        }

        with_another_propagator {
            let _telemetry = startup::init();
            request();
            global::set_text_map_propagator(TraceContextPropagator::new());
            show();
        }

        with_two_versions {
            let version = OpenTelemetryVersion::new;
            found_versions(vec![version("0.32.1", "old 1.0.0"), version("0.33.1", "otel-core 0.1.0")]);
            let _telemetry = startup::init();
            request();
            show();
        }

        a_request_until_the_end_of_input {
            let _telemetry = startup::init();
            request();
            until_the_end_of_input();
        }

        no_sampling_until_the_end_of_input {
            let _telemetry = startup::builder().traces_sampler(SamplerChoice::AlwaysOff).init();
            request();
            until_the_end_of_input();
        }
    }
}
