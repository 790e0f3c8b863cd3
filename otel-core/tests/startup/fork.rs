//! A process that forks after the start: its child has no thread that exports.

use std::time::Duration;

use crate::process::run;

const REASON: &str = "telemetry was started before this process was forked";

/// Each child reports the fault once, and ends without waiting. The parent's telemetry is not affected.
#[test]
fn a_child_reports_once_that_it_exports_nothing() {
    for child in [
        "that_serves",
        "that_makes_spans",
        "that_ends_a_span",
        "that_logs",
        "that_logs_events",
        "that_measures",
        "that_diagnoses",
        "that_flushes",
        "that_exits",
        "of_a_child",
        "that_has_a_subscriber",
    ] {
        let outcome = run(
            &format!("fork::programs::{child}"),
            &[
                ("OTEL_TRACES_EXPORTER", "console"),
                ("OTEL_METRICS_EXPORTER", "console"),
                ("OTEL_LOGS_EXPORTER", "console"),
            ],
        );
        assert!(outcome.success, "{child}: {outcome:?}");
        let [warning] = outcome.messages("WARN")[..] else { panic!("{child}: {outcome:?}") };
        assert!(warning.starts_with(REASON), "{child}: {warning}");
        let objects = outcome.spans();
        let names: Vec<_> = objects.iter().filter_map(|object| object["name"].as_str()).collect();
        assert_eq!(names, ["span 0"], "{child}: the parent's: {outcome:?}");
        assert!(outcome.took < Duration::from_secs(4), "{child}: {:?}", outcome.took);
        if child == "that_diagnoses" {
            assert!(outcome.stdout.contains(&format!("findings: 1\n1. {REASON}")), "{outcome:?}");
        }
    }
}

mod programs {
    use std::process::exit;
    use std::time::{Duration, Instant};

    use ::fork::{Fork, fork, waitpid};
    use opentelemetry::global;
    use opentelemetry::logs::{Logger as _, LoggerProvider as _};
    use opentelemetry::trace::Tracer as _;
    use otel_core::findings::instrumented;
    use otel_core::startup::{self, TelemetryGuard};
    use tracing_subscriber::layer::SubscriberExt as _;

    use crate::child_work::{Printing, failing_request, spans};

    /// Runs `child` in a child of this process, and waits for its end. The child's guard is not dropped.
    fn fork_and(child: impl FnOnce()) {
        match fork().unwrap() {
            Fork::Parent(id) => {
                waitpid(id).unwrap();
            }
            Fork::Child => {
                child();
                exit(0);
            }
        }
    }

    fn started() -> TelemetryGuard {
        instrumented();
        let telemetry = startup::init();
        spans(1);
        telemetry
    }

    #[test]
    #[ignore = "started by other tests"]
    fn that_serves() {
        let telemetry = started();
        let mut telemetry = Some(telemetry);
        fork_and(|| {
            failing_request(|| spans(3));
            drop(telemetry.take());
        });
    }

    /// The process id is read now and then, so a child that works for less than a millisecond may be missed.
    fn for_a_millisecond(mut work: impl FnMut()) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(1) {
            work();
        }
    }

    #[test]
    #[ignore = "started by other tests"]
    fn that_makes_spans() {
        let _telemetry = started();
        fork_and(|| for_a_millisecond(|| spans(1)));
    }

    /// The span started before the fork.
    #[test]
    #[ignore = "started by other tests"]
    fn that_ends_a_span() {
        let _telemetry = started();
        let mut span = Some(global::tracer("child").start("open"));
        fork_and(|| for_a_millisecond(|| drop(span.take())));
        // The parent's own span ends without an export, so that the child's would be seen.
        std::mem::forget(span);
    }

    #[test]
    #[ignore = "started by other tests"]
    fn that_logs() {
        let _telemetry = started();
        let logger = otel_core::logs::GlobalLoggerProvider.logger("child");
        fork_and(|| for_a_millisecond(|| logger.emit(logger.create_log_record())));
    }

    #[test]
    #[ignore = "started by other tests"]
    fn that_logs_events() {
        let _telemetry = started();
        otel_core::logs::try_init().unwrap();
        fork_and(|| for_a_millisecond(|| tracing::info!("sold")));
    }

    #[test]
    #[ignore = "started by other tests"]
    fn that_measures() {
        let _telemetry = started();
        fork_and(|| global::meter("child").u64_counter("things").build().add(1, &[]));
    }

    /// A span may end while its subscriber holds a lock that it takes for each event as well. So the report is no event.
    #[test]
    #[ignore = "started by other tests"]
    fn that_has_a_subscriber() {
        let _telemetry = started();
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Printing)).unwrap();
        fork_and(|| for_a_millisecond(|| spans(1)));
    }

    #[test]
    #[ignore = "started by other tests"]
    fn that_diagnoses() {
        let _telemetry = started();
        fork_and(|| {
            failing_request(|| ());
            println!("{}\n", otel_core::diagnosis::diagnose());
        });
    }

    #[test]
    #[ignore = "started by other tests"]
    fn that_flushes() {
        let telemetry = started();
        fork_and(|| {
            spans(3);
            assert!(!telemetry.force_flush(), "nothing is exported");
        });
    }

    #[test]
    #[ignore = "started by other tests"]
    fn that_exits() {
        let _telemetry = started();
        fork_and(|| {
            spans(3);
            startup::exit(0);
        });
    }

    /// A fork as for a daemon.
    #[test]
    #[ignore = "started by other tests"]
    fn of_a_child() {
        let _telemetry = started();
        fork_and(|| {
            fork_and(|| {
                failing_request(|| ());
                startup::exit(0);
            });
        });
    }
}
