//! A process that forks after the start: its child has no thread that exports.

use std::time::Duration;

use crate::process::run;

const REASON: &str = "telemetry was started before this process was forked";

/// Each child reports the fault once, and ends without waiting. The parent's telemetry is not affected.
#[test]
fn a_child_reports_once_that_it_exports_nothing() {
    for child in ["that_serves", "that_diagnoses", "that_flushes", "that_exits", "of_a_child"] {
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

    use ::fork::{Fork, fork, waitpid};
    use otel_core::findings::instrumented;
    use otel_core::startup::{self, TelemetryGuard};

    use crate::child_work::{failing_request, spans};

    /// Runs `child` in a child of this process, and waits for its end.
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
