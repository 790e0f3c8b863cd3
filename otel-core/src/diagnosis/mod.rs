//! The reasons why telemetry does not arrive: [`diagnose`] looks for the usual ones.
//!
//! With `OTEL_LOG_LEVEL=debug` the same is reported a second after the first request, or ten seconds after the start if
//! there is none.

mod replaced;
mod report;

use std::fmt;

use crate::findings::Noted;
pub use crate::findings::{Finding, Global, OpenTelemetryVersion};
pub(crate) use report::report_soon;

/// The result of [`diagnose`]. Displays as text for people: the state of telemetry, then each finding and its cure.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// `true` if telemetry was started and has not been shut down.
    pub running: bool,
    /// How many apps, services and handlers were instrumented. Each worker of a server has its own.
    pub instrumented: usize,
    /// `true` if a request that is not excluded has reached one of them.
    pub request_seen: bool,
    /// The reasons that were found, the likeliest first.
    pub findings: Vec<Finding>,
}

/// Looks for the reasons why telemetry may not arrive. It exports all queued telemetry, to see whether that works, and
/// may take as long as shutting down may: call it to find a fault, not for every request.
///
/// It blocks; in an async handler call it with `web::block` or `spawn_blocking`.
///
/// | finding | how it is found |
/// |---|---|
/// | not started, disabled, shut down already | |
/// | a process that was forked after the start | its id is not the one that started telemetry |
/// | settings that were not understood, a sampler that records nothing, no exporter of spans | from start-up |
/// | a second version of `opentelemetry` in the build | by `#[auto_instrument]` on `main`, in `Cargo.lock`; not without the attribute |
/// | a provider or propagator that was replaced | the globals lead somewhere else |
/// | no server is instrumented | no layer was made, no request was seen |
/// | a layer that is not the outermost | in builds with debug assertions and debug information |
/// | a place that takes no exports | the last export failed |
/// | losses so far | more items were recorded than exported |
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
    /// Returns `true` if there are no findings.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line_whatever_is_in_it() {
        let finding = Finding::ExportFailing {
            destination: "http://collector".to_owned(),
            reason: "busy\n3. forged\u{1b}[31m".to_owned(),
        };
        let findings = vec![Finding::NotStarted, finding];
        let text = Diagnosis { running: true, instrumented: 1, request_seen: true, findings }.to_string();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.contains(r"2. export to http://collector fails: busy\n3. forged\u{1b}[31m; "), "{text}");
    }
}
