//! Why does nothing arrive? [`diagnose`] looks for what usually is the reason.
//!
//! `OTEL_LOG_LEVEL=debug` reports the same of its own accord, a second after the first request, or ten seconds after the
//! start if none comes.

mod replaced;
mod report;

use std::fmt;

use crate::findings::Noted;
pub use crate::findings::{Finding, Global, OpenTelemetryVersion};
pub(crate) use report::report_soon;

/// What [`diagnose`] found. Displays as text for people: how things are, then each finding with what to do about it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// Whether telemetry runs: it was started, and has not been shut down.
    pub running: bool,
    /// How many apps, services and handlers were instrumented. Each worker of a server has its own.
    pub instrumented: usize,
    /// Whether a request has reached one of them, and was not excluded.
    pub request_seen: bool,
    /// What is wrong, the likeliest reason first.
    pub findings: Vec<Finding>,
}

/// Looks for the reasons why telemetry may not arrive. For the moments when somebody wonders, not for every request: it
/// exports what is queued, to see whether that works, and may take as long as shutting down may.
///
/// It blocks; in an async handler call it with `web::block` or `spawn_blocking`.
///
/// | finding | how it is seen |
/// |---|---|
/// | not started, disabled, shut down already | |
/// | settings that were not understood, a sampler that records nothing, no exporter of spans | from start-up |
/// | a second version of `opentelemetry` in the build | by `#[auto_instrument]` on `main`, in `Cargo.lock`; not without the attribute |
/// | a provider or propagator that was replaced | the globals lead somewhere else |
/// | no server is instrumented | no layer was made, no request was seen |
/// | a layer that is not the outermost | in builds with debug assertions and debug information |
/// | a place that takes no exports | the last export failed |
/// | losses so far | items that went in and have not come out |
///
/// ```
/// let diagnosis = otel_core::diagnosis::diagnose();
/// println!("{diagnosis}");
/// assert!(!diagnosis.is_healthy(), "nothing was started here");
/// ```
#[must_use]
pub fn diagnose() -> Diagnosis {
    let noted = Noted::now();
    let exports = noted.exports();
    let running = exports.is_some();
    let mut findings = noted.findings(running);
    if let Some(exports) = exports {
        findings.extend(replaced::replaced(noted.measures()).map(Finding::Replaced));
        findings.extend(exports);
    }
    let Noted { instrumented, request_seen, .. } = noted;
    Diagnosis { running, instrumented, request_seen, findings }
}

impl Diagnosis {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.findings.is_empty()
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { running, instrumented, request_seen, findings } = self;
        let running = if *running { "runs" } else { "does not run" };
        let seen = if *request_seen { "were seen" } else { "were not seen yet" };
        write!(f, "telemetry {running}; apps, services and handlers instrumented: {instrumented}; requests {seen}; ")?;
        match findings.len() {
            0 => f.write_str("nothing wrong was found"),
            count => {
                write!(f, "findings: {count}")?;
                findings.iter().enumerate().try_for_each(|(index, finding)| write!(f, "\n{}. {finding}", index + 1))
            }
        }
    }
}
