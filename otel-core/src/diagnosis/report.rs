//! `OTEL_LOG_LEVEL=debug`: a diagnosis soon after the start.

use std::thread;
use std::time::{Duration, Instant};

use super::{Finding, diagnose};
use crate::config::LogLevel;
use crate::findings::was_request_seen;
use crate::self_log;

/// How long to wait for the first request, and after it for its telemetry.
const WITHOUT_REQUEST: Duration = Duration::from_secs(10);
const AFTER_REQUEST: Duration = Duration::from_secs(1);

const STEP: Duration = Duration::from_millis(100);

/// Reports soon after the first request, or after ten seconds without one. Its thread does not delay the end of the
/// process.
pub(crate) fn report_soon() {
    let waiting = || {
        let start = Instant::now();
        while !was_request_seen() && start.elapsed() < WITHOUT_REQUEST {
            thread::sleep(STEP);
        }
        thread::sleep(AFTER_REQUEST);
        report();
    };
    if let Err(error) = thread::Builder::new().name("otel-actix".to_owned()).spawn(waiting) {
        self_log::debug(format_args!("no diagnosis: {error}"));
    }
}

fn report() {
    let mut diagnosis = diagnose();
    if !diagnosis.running {
        // It was shut down in the meantime.
        return;
    }
    if crate::logs::is_unused() {
        self_log::debug(format_args!(
            "log records are exported, but the application makes none: add `logs::layer()` to its `tracing` subscriber, \
             wrap its logger in `logs::ExportingLogger`, or, if it has neither, call `logs::try_init()`"
        ));
    }
    // Reported at the start.
    diagnosis.findings.retain(|finding| !matches!(finding, Finding::Setting(_)));
    let level = if diagnosis.is_healthy() { LogLevel::Debug } else { LogLevel::Warn };
    self_log::lines(level, format_args!("{diagnosis}"));
}
